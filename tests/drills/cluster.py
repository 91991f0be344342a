"""A PostgreSQL server that a drill may kill: fsync is on, and its files are its own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import asyncpg

from tests.drills.site import free_port

SETTINGS = (
    "fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=60",
    "recovery_init_sync_method=syncfs",
)  # fmt: skip


def program(name: str) -> str | None:
    """Where a program of PostgreSQL's server lies; Debian keeps them out of PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(debian[-1]) if debian else shutil.which(name)


def account() -> str | None:
    """Who the server runs as; it refuses to be root."""
    return "postgres" if os.geteuid() == 0 else None


class Cluster:
    """One server; `start` after `kill` is what a machine does that comes back. Its tables may lie
    on a disk of their own, apart from its log of writes.
    """

    def __init__(self, disk: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="haoren-drill-"))
        self._data = (disk or self.folder) / "data"
        self.port = free_port()
        self._who = account()
        self._process: subprocess.Popen[bytes] | None = None
        initdb, postgres = program("initdb"), program("postgres")
        assert initdb and postgres
        self._postgres = postgres
        if self._who:
            shutil.chown(self.folder, self._who)
        subprocess.run(
            [initdb, "-D", str(self._data), "-U", "haoren", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync", "-X", str(self.folder / "wal")],
            check=True, capture_output=True, cwd=self.folder, user=self._who, env=self._env,
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"postgresql://haoren@127.0.0.1:{self.port}/postgres"

    @property
    def _env(self) -> dict[str, str]:
        home = pwd.getpwnam(self._who).pw_dir if self._who else os.environ.get("HOME", "/")
        return {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8"}

    async def start(self) -> None:
        """Start, and wait until it lets somebody in. What a killed one left must end first."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch()
            try:
                connection = await asyncpg.connect(self.url, timeout=2)
            except (OSError, asyncpg.PostgresError, TimeoutError):
                time.sleep(0.03)  # noqa: ASYNC251 - nothing else is to happen
                continue
            await connection.close()
            return
        raise AssertionError((self.folder / "log.txt").read_text()[-2000:])

    def _launch(self) -> subprocess.Popen[bytes]:
        given = [part for setting in SETTINGS for part in ("-c", setting)]
        where = ["-D", str(self._data), "-k", str(self.folder), "-h", "127.0.0.1"]
        with (self.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [self._postgres, *where, "-p", f"{self.port}", *given],
                stdout=log, stderr=log, cwd=self.folder, user=self._who, env=self._env,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """The postmaster alone, as the kernel does it when memory is short."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)

    def remove(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)
