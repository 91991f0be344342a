"""Whole programs, started and stopped by the bench: each on a free port, on cores of its own."""

import contextlib
import ctypes
import http.client
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from awards.bootstrap import ROOT

OUTPUT = ROOT / "var" / "bench"
SHIM = ROOT / "bench" / "shim" / "slow_fsync.c"
START, STOP = 60.0, 20.0
"""Seconds that a program may take to be ready, and to end."""
CORES = sorted(os.sched_getaffinity(0))
SERVER, LOAD = frozenset(CORES[:1]), frozenset(CORES[-1:])
"""The server has one core and the load the other, with PostgreSQL where there is one."""
ALL = frozenset(CORES)
DIE_WITH_PARENT = 1


class NotStarted(Exception):
    """A program did not start. The text says what it said."""


@dataclass(frozen=True)
class Running:
    """A program that answers."""

    port: int
    pid: int


def anonymous_kib(pid: int) -> int:
    """The memory that is this process's own."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1])


def settled(cores: frozenset[int]) -> Callable[[], None]:
    """What a new process does first: go to its cores, take all the files it may
    have, and end when the bench does.
    """

    def settle() -> None:
        os.sched_setaffinity(0, cores)
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)

    return settle


@contextlib.contextmanager
def folder(name: str) -> Iterator[Path]:
    """An empty folder for the data of one program, gone at the end."""
    path = OUTPUT / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def running(
    arguments: Sequence[str],
    *,
    name: str,
    ready: str = "/",
    settings: dict[str, str] | None = None,
    cores: frozenset[int] = SERVER,
) -> Iterator[Running]:
    """Run `python ARGUMENTS` until the end of the block. `{port}` in them is its port."""
    port = free_port()
    OUTPUT.mkdir(parents=True, exist_ok=True)
    said = OUTPUT / f"{name}.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [each.replace("{port}", str(port)) for each in arguments],
            cwd=ROOT,
            env=clean_environment() | (settings or {}),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=settled(cores),
        )
    try:
        wait_until_ready(process, port, ready, said)
        yield Running(port, process.pid)
    finally:
        stop(process)


def finish(arguments: Sequence[str], *, settings: dict[str, str] | None = None) -> str:
    """Run a command to its end; what it said."""
    ended = subprocess.run(
        arguments,
        cwd=ROOT,
        env=clean_environment() | (settings or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if ended.returncode != 0:
        raise NotStarted(f"{' '.join(arguments)} failed:\n{ended.stderr[-2000:]}")
    return ended.stdout


def clean_environment() -> dict[str, str]:
    """The environment without settings of ours: a bench measures what it sets up itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWARDS_")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int, path: str, said: Path) -> None:
    given_up = time.monotonic() + START
    while time.monotonic() < given_up and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.05)
    raise NotStarted(
        f"{said.stem} did not start:\n{said.read_text(encoding='utf-8', errors='replace')[-2000:]}"
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End it in order, and otherwise at once."""
    process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server that keeps what it says it kept, thrown away at the end; its address."""
    if shutil.which("pg_virtualenv") is None:
        raise NotStarted("PostgreSQL is missing (Debian: apt install postgresql).")
    tell = 'echo "url postgresql://$PGUSER:$PGPASSWORD@127.0.0.1:$PGPORT/postgres"; read -r _ || :'
    # Debian's defaults, and so fsync and synchronous_commit are on.
    command = ["pg_virtualenv", "-t", "-c", "--locale=C.UTF-8 --encoding=UTF8", "sh", "-c", tell]
    OUTPUT.mkdir(parents=True, exist_ok=True)
    said = OUTPUT / "postgres.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=clean_environment(),
            preexec_fn=settled(LOAD),
        )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
    try:
        told = next((line for line in process.stdout if line.startswith("url ")), None)
        if told is None:
            raise NotStarted(said.read_text(encoding="utf-8", errors="replace"))
        yield told.removeprefix("url ").strip()
    finally:
        process.communicate()  # Closes its input, and waits until the cluster is dropped.


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def uvicorn(app: str, *, workers: int = 1) -> list[str]:
    """The command of a peer: served as our own program is."""
    return python(
        *("-m", "uvicorn", app, "--port", "{port}", "--workers", str(workers)),
        *("--no-access-log", "--log-level", "warning"),
    )


def slower_fsync(milliseconds: float) -> dict[str, str]:
    """The settings under which a program waits so much longer for each fsync."""
    return {"LD_PRELOAD": str(compiled_shim()), "BENCH_FSYNC_MS": str(milliseconds)}


def compiled_shim() -> Path:
    """The shim, compiled when it is not yet."""
    made = OUTPUT / "slow_fsync.so"
    if made.exists() and made.stat().st_mtime >= SHIM.stat().st_mtime:
        return made
    compiler = shutil.which("cc")
    if compiler is None:
        raise NotStarted("A C compiler is missing for slow fsyncs (Debian: apt install gcc).")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(made), str(SHIM), "-ldl"]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        raise NotStarted(f"The shim for slow fsyncs did not compile:\n{ended.stderr}")
    return made
