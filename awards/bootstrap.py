"""Makes the environment that the program runs in, `.venv` beside server.py, and enters it.

Standard library alone, because nothing else is there yet; and readable by Python 3.8, so that an
old one can say what is wrong. An environment is finished when its stamp names the locks that it
was made from; the stamp is written last, so an interrupted installation is started over.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from pathlib import Path
from typing import Iterator, NoReturn

OLDEST_PYTHON = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "awards" / "locks"
NEEDS_DEV = frozenset({"check", "test", "bench"})
# Debian keeps pip's wheel outside of Python; its `python3` alone has none.
DEBIAN_WHEELS = Path("/usr/share/python-wheels")
DEBIAN_PIP = "python3-pip-whl"


class SetupError(Exception):
    """The environment cannot be made; the text says why, and what to do."""


def enter(arguments: list[str]) -> None:
    """Return inside a finished environment: at once, or by running the same command again in it."""
    try:
        if no := python_objection(sys.version_info[:2]):
            raise SetupError(no)
        environment = Environment(ROOT / ".venv", LOCKS)
        environment.ensure(dev=not NEEDS_DEV.isdisjoint(arguments[:1]))
        if not environment.is_running:
            environment.run_again()
    except SetupError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def python_objection(version: tuple[int, ...]) -> str | None:
    """Why this Python may not run the program, or None."""
    if version >= OLDEST_PYTHON:
        return None
    return (
        f"Haoren needs Python {dotted(OLDEST_PYTHON)} or newer, and this is Python "
        f"{dotted(version)}: install a newer one and run server.py with it."
    )


def dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)


class Environment:
    """A virtual environment that holds what the locks say, and a stamp that proves it."""

    def __init__(self, folder: Path, locks: Path) -> None:
        self.folder = folder
        self.locks = locks
        self.python = folder / "bin" / "python"
        self.stamp = folder / "stamp.txt"
        self.log = folder / "install.log"

    @property
    def is_running(self) -> bool:
        return os.path.realpath(sys.prefix) == os.path.realpath(self.folder)

    def ensure(self, *, dev: bool) -> None:
        """Make or complete the environment, unless it is finished already."""
        if self.has(self.wanted(dev=dev)):
            return
        try:
            with alone(self.folder.parent) as turn:
                # Another process may have made it while this one waited.
                if not self.has(self.wanted(dev=dev)):
                    self.make(dev=dev, turn=turn)
        except OSError as error:
            raise SetupError(
                f"The environment {self.folder} cannot be written ({error.strerror}): make its "
                "folder writable and its disk not full, then run the same command again."
            ) from error

    def wanted(self, *, dev: bool) -> list[str]:
        """The lines of the stamp: what the environment is made of and for."""
        names = ["runtime", "dev"] if dev else ["runtime"]
        return [f"python {dotted(sys.version_info[:2])}"] + [
            f"{name} {hashlib.sha256(self.lock(name).read_bytes()).hexdigest()}" for name in names
        ]

    def lock(self, name: str) -> Path:
        return self.locks / f"{name}.txt"

    def has(self, wanted: list[str]) -> bool:
        """Whether it is finished with all these lines; `dev` holds all of `runtime`, and more."""
        return self.python.exists() and set(wanted) <= set(self.stamped())

    def stamped(self) -> list[str]:
        try:
            return self.stamp.read_text(encoding="ascii").splitlines()
        except OSError:
            return []

    def make(self, *, dev: bool, turn: int) -> None:
        started = time.monotonic()
        if self.stamped() == self.wanted(dev=False) and self.python.exists():
            self.stamp.unlink()  # Only the development packages are missing.
        else:
            self.create()
        self.install(self.lock("dev" if dev else "runtime"), turn)
        self.write_stamp(self.wanted(dev=dev))
        say(f"Ready after {time.monotonic() - started:.0f} s.")

    def create(self) -> None:
        wheel = find_pip_wheel() or install_pip_wheel()
        say(f"Making the environment {self.folder.name} ...")
        with contextlib.suppress(FileNotFoundError):
            self.stamp.unlink()  # First of all: an environment half removed is not finished.
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=False).create(self.folder)
        # Unpacking is all the installation that pip's wheel needs, and a tenth of ensurepip's time.
        packages = self.folder / "lib" / f"python{dotted(sys.version_info[:2])}" / "site-packages"
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)

    def install(self, lock: Path, turn: int) -> None:
        count = sum(line[:1].isalpha() for line in lock.read_text(encoding="ascii").splitlines())
        say(f"Installing the packages ({count}), once; a minute at most on a good network ...")
        command = [
            *(str(self.python), "-m", "pip", "install", "--requirement", str(lock)),
            *("--require-hashes", "--no-deps", "--only-binary=:all:"),
            # Python compiles what it imports, when it first does; most of it never is.
            *("--no-compile", "--no-input", "--disable-pip-version-check"),
            *("--no-warn-script-location", "--progress-bar=off", "--retries=2"),
        ]
        with self.log.open("w", encoding="utf-8") as log:
            # pip holds the turn too: where it outlives this process, the next start waits for it.
            ended = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[turn]
            )
        if ended.returncode != 0:
            raise SetupError(install_failure(self.log))

    def write_stamp(self, lines: list[str]) -> None:
        draft = self.stamp.with_suffix(".new")
        draft.write_text("\n".join(lines) + "\n", encoding="ascii")
        draft.replace(self.stamp)

    def run_again(self) -> NoReturn:
        """Replace this process by the same command in the environment."""
        sys.stdout.flush()
        sys.stderr.flush()
        os.environ.pop("PYTHONHOME", None)  # It would take the new process out of it again.
        os.execv(self.python, [str(self.python), *sys.orig_argv[1:]])


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[int]:
    """Let one process at a time pass, also when another was killed inside."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another start that is installing ...")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def find_pip_wheel() -> Path | None:
    """The pip that comes with this Python: in `ensurepip`, or where a distribution keeps it."""
    folders = [
        Path(sysconfig.get_config_var("WHEEL_PKG_DIR") or DEBIAN_WHEELS),
        Path(sysconfig.get_path("stdlib")) / "ensurepip" / "_bundled",
        DEBIAN_WHEELS,
    ]
    wheels = [wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))]
    return wheels[0] if wheels else None


def install_pip_wheel() -> Path:
    """Debian and its kin leave pip's wheel out of `python3`; as root we can fetch it."""
    if shutil.which("apt-get") is None:
        raise SetupError(
            "This Python comes without pip: install the package of your system that has Python's "
            "ensurepip (often python3-pip), then run the same command again."
        )
    if os.geteuid() != 0:
        raise SetupError(
            "This Python comes without pip: run `sudo apt install python3-venv`, "
            "then run the same command again."
        )
    say(f"Installing Debian's {DEBIAN_PIP} ...")
    if not (apt_install(DEBIAN_PIP) or (apt_update() and apt_install(DEBIAN_PIP))):
        raise SetupError(
            "This Python comes without pip, and apt could not install it: run "
            "`apt update && apt install python3-venv`, then run the same command again."
        )
    wheel = find_pip_wheel()
    if wheel is None:
        raise SetupError("Run `apt install python3-venv`, then run the same command again.")
    return wheel


def apt_install(*packages: str) -> bool:
    return apt("install", "--yes", "--no-install-recommends", *packages)


def apt_update() -> bool:
    return apt("update")


def apt(*arguments: str) -> bool:
    ended = subprocess.run(
        ["apt-get", "--quiet=2", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
    )
    return ended.returncode == 0


def install_failure(log: Path) -> str:
    """One sentence for what pip wrote at length."""
    text = log.read_text(encoding="utf-8", errors="replace")
    details = f"details are in {log}."
    if "No space left on device" in text:
        return f"The disk is full: make room, then run the same command again; {details}"
    if "DO NOT MATCH THE HASHES" in text:
        return (
            "A package is not the one that the lock names, and was refused: check the package "
            f"index that pip is set up to use, then run the same command again; {details}"
        )
    if any(sign in text for sign in ("NewConnectionError", "connection broken by", "Timeout")):
        return (
            "The packages could not be fetched: check the network, and pip's settings if you use "
            f"a mirror or a proxy, then run the same command again; {details}"
        )
    return (
        "The packages could not be installed: they need Linux or macOS on a common processor; "
        f"{details}"
    )


def say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
