"""The commands `check` and `test`: what must hold of the code, and of the program."""

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from awards.bootstrap import ROOT, apt_install, apt_update

OUTPUT = ROOT / "var" / "test"

CHECKS = {
    "format": ["ruff", "format", "--check", "--quiet", "."],
    "lint": ["ruff", "check", "--quiet", "."],
    "types": ["mypy", "--strict"],
    "templates": ["djlint", "templates", "--lint", "--quiet"],
    "architecture": ["pytest", "--quiet", "--noconftest", "tests/test_architecture.py"],
}


@dataclass(frozen=True, kw_only=True)
class Need:
    """What some tests need beside Python, where Debian has it, and what is left out without it."""

    program: str
    packages: tuple[str, ...]
    left_out: str

    @property
    def is_met(self) -> bool:
        return shutil.which(self.program) is not None

    @property
    def absence(self) -> str:
        remedy = f"apt install {' '.join(self.packages)}"
        return f"{self.left_out}, for want of {self.program} (Debian: {remedy})"


BROWSER = Need(
    program="chromium",
    packages=("chromium", "fonts-noto-cjk", "libatomic1"),
    left_out="the tests in the browser",
)
POSTGRES = Need(
    program="pg_virtualenv",
    packages=("postgresql", "postgresql-common"),
    left_out="the run on PostgreSQL",
)
COMPILER = Need(
    program="gcc",
    packages=("gcc", "libc6-dev"),
    left_out="the drill K2, of a disk that forgets",
)
NEEDS = (BROWSER, POSTGRES, COMPILER)

# Tests that belong to one engine are marked with its name; those in the browser run on SQLite.
SELECTION = {"sqlite": "not postgres", "postgres": "not sqlite and (not browser or season)"}
DRILLS = (
    "k1", "k2", "k3", "k5", "k6", "d1", "d2", "d3", "d4", "model", "p2", "s3", "s4", "x1",
    "presets",
)  # fmt: skip
"""The names are markers of tests; docs/drills.md says what each proves."""
PASSED = (0, 5)
"""pytest's codes: passed, and nothing to run, as for a drill that is about the other engine."""
OF_BOTH = tuple(f"awards/voting/{name}.py" for name in ("store_postgres", "order", "counting"))
TITLES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


class ServerFailed(Exception):
    """The throw-away PostgreSQL server did not start; the text holds what it said."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How one run of the tests ended."""

    engine: str
    code: int
    text: str

    @property
    def closing_line(self) -> str:
        lines = re.findall(r"^=+ .* in [\d.]+s.* =+$", self.text, re.MULTILINE)
        return str(lines[-1]) if lines else "ended before pytest could close"

    @property
    def remarks(self) -> list[str]:
        """Each test that failed or was skipped, with its reason."""
        return re.findall(r"^(?:FAILED|ERROR|SKIPPED|XFAIL) .*$", self.text, re.MULTILINE)


def main(arguments: list[str]) -> int:
    os.chdir(ROOT)
    try:
        return {"check": check, "test": test}[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        return 130


def check(arguments: list[str]) -> int:
    """Format, lint, types, templates, architecture: a line for each, and what was found."""
    argparse.ArgumentParser(prog="server.py check", description=check.__doc__).parse_args(arguments)
    # The types take as long as all the others, so two run at a time and they are first.
    names = sorted(CHECKS, key=lambda name: name != "types")
    with ThreadPoolExecutor(max_workers=2) as pool:
        return 0 if all(list(pool.map(passes, names))) else 1


def passes(name: str) -> bool:
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", *CHECKS[name]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    verdict = "ok" if ended.returncode == 0 else "FAILED"
    found = "" if ended.returncode == 0 else f"\n{ended.stdout.rstrip()}"
    print(f"{name:<14}{verdict:<8}{time.monotonic() - started:5.1f} s{found}", flush=True)
    return ended.returncode == 0


def test(arguments: list[str]) -> int:
    """Run every test on SQLite, and beside it on PostgreSQL all but those in the browser.

    A season in the browser runs on both. On Debian, root gets what is missing from apt; elsewhere
    it is named, with the tests that are left out.
    """
    parser = argparse.ArgumentParser(
        prog="server.py test",
        usage="server.py test [--coverage] [--postgres] [--drill NAME] [pytest arguments]",
        description=test.__doc__,
        epilog="With pytest arguments, one run is made with them: on SQLite, or on PostgreSQL with "
        "--postgres. AWARDS_TEST_BALLOTS names the folder with the real ballots. --drill runs one "
        "of docs/drills.md at its full size, on one engine after the other; `all` runs every one.",
        # pytest's own options must not be taken for the beginning of ours.
        allow_abbrev=False,
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--postgres", action="store_true", help="run on PostgreSQL alone")
    choice.add_argument(
        "--coverage",
        action="store_true",
        help="measure on both engines, and fail unless what decides on votes is covered wholly",
    )
    parser.add_argument("--drill", metavar="NAME", help="run this drill alone, at its full size")
    options, pytest_arguments = parser.parse_known_args(arguments)

    if options.drill:
        return drill(options.drill, pytest_arguments, postgres=options.postgres)
    left_out = provide(NEEDS)
    engines = chosen_engines(postgres=options.postgres, narrowed=pytest_arguments != [])
    outcomes = run_engines(engines, pytest_arguments, coverage=options.coverage)
    covered = not options.coverage or report_coverage(engines)
    report(outcomes, left_out)
    return 0 if covered and outcomes and all(o.code == 0 for o in outcomes) else 1


def drill(name: str, pytest_arguments: list[str], *, postgres: bool) -> int:
    """Run one drill at its full size, with what it says; no two engines at a time."""
    if name not in DRILLS and name != "all":
        print(f"{name} is no drill; there are {', '.join(DRILLS)} and all.", file=sys.stderr)
        return 2
    os.environ["AWARDS_TEST_DRILL"] = name
    marks = name if name in DRILLS else " or ".join(DRILLS)
    left_out = provide(NEEDS)
    outcomes = []
    for engine in chosen_engines(postgres=postgres, narrowed=False):
        with_words = ["--capture=no", "-o", "faulthandler_timeout=0", *pytest_arguments]
        outcomes.append(run(engine, with_words, seen=True, marks=marks))
    report(outcomes, left_out, seen=len(outcomes))
    return 0 if outcomes and all(o.code in PASSED for o in outcomes) else 1


def chosen_engines(*, postgres: bool, narrowed: bool) -> list[str]:
    if not POSTGRES.is_met:
        return [] if postgres else ["sqlite"]
    if postgres:
        return ["postgres"]
    return ["sqlite"] if narrowed else ["sqlite", "postgres"]


def provide(needs: Sequence[Need]) -> list[str]:
    """Install what is missing where that can be done; say what is left out for want of it."""
    if os.geteuid() == 0 and shutil.which("dpkg-query") is not None:
        missing = [name for need in needs for name in need.packages if not is_installed(name)]
        if missing:
            print(f"Installing {', '.join(missing)} ...", flush=True)
            _ = apt_install(*missing) or (apt_update() and apt_install(*missing))
    return [need.absence for need in needs if not need.is_met]


def is_installed(package: str) -> bool:
    ended = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package],
        capture_output=True,
        text=True,
    )
    return ended.stdout == "installed"


def run_engines(engines: list[str], arguments: list[str], *, coverage: bool) -> list[Outcome]:
    """Run side by side: the first is seen as it goes, the other when it has ended."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        others = [pool.submit(run, engine, arguments, coverage=coverage) for engine in engines[1:]]
        first = [run(engine, arguments, seen=True, coverage=coverage) for engine in engines[:1]]
        return first + [other.result() for other in others]


def run(
    engine: str,
    arguments: list[str],
    *,
    seen: bool = False,
    coverage: bool = False,
    marks: str = "",
) -> Outcome:
    """Run pytest on one engine; its output is kept in a file."""
    selection = SELECTION[engine] if BROWSER.is_met else f"({SELECTION[engine]}) and not browser"
    selection = f"({selection}) and ({marks})" if marks else selection
    measured = ["coverage", "run", f"--data-file={_measured(engine)}", "-m"] if coverage else []
    command = [
        *(sys.executable, "-m", *measured),
        *("pytest", "-m", selection, "-o", f"cache_dir=.pytest_cache/{engine}", *arguments),
    ]
    OUTPUT.mkdir(parents=True, exist_ok=True)
    path = OUTPUT / f"{engine}.txt"
    try:
        with server_of(engine) as setting, path.open("wb") as file:
            code = record(command, {**os.environ, **setting}, [file.fileno()] + [1] * seen)
    except ServerFailed as error:
        return Outcome(engine=engine, code=2, text=str(error))
    return Outcome(
        engine=engine, code=code, text=path.read_text(encoding="utf-8", errors="replace")
    )


def record(command: list[str], environment: dict[str, str], targets: list[int]) -> int:
    """Run a command and write what it says to each target at once."""
    sys.stdout.flush()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        bufsize=0,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        while chunk := process.stdout.read(1 << 16):
            for target in targets:
                os.write(target, chunk)
    return process.returncode


@contextlib.contextmanager
def server_of(engine: str) -> Iterator[dict[str, str]]:
    """The settings by which the tests find their database."""
    if engine == "sqlite":
        yield {"AWARDS_TEST_DATABASE": "sqlite"}
        return
    with postgres_cluster() as url:
        yield {"AWARDS_TEST_DATABASE": "postgres", "AWARDS_TEST_POSTGRES_URL": url}


@contextlib.contextmanager
def postgres_cluster() -> Iterator[str]:
    """A PostgreSQL server of our own, thrown away at the end, or when this process dies.

    The shell in it tells the address and then waits for its input to close. Nothing that is
    written there outlives the tests, so it need not reach the disk.
    """
    tell = 'echo "url asyncpg://$PGUSER:$PGPASSWORD@127.0.0.1:$PGPORT/postgres"; read -r _ || true'
    command = [
        *("pg_virtualenv", "-t", "-c", "--locale=C.UTF-8 --encoding=UTF8"),
        *("-o", "fsync=off", "-o", "synchronous_commit=off", "-o", "full_page_writes=off"),
        *("sh", "-c", tell),
    ]
    said = OUTPUT / "postgres-server.txt"
    with said.open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101 - both are pipes
    try:
        told = next((line for line in process.stdout if line.startswith("url ")), None)
        if told is None:
            raise ServerFailed(said.read_text(encoding="utf-8", errors="replace"))
        yield told.removeprefix("url ").strip()
    finally:
        process.communicate()  # Closes its input, and waits until the cluster is dropped.


def _measured(engine: str) -> str:
    return str(OUTPUT / f"coverage.{engine}")


def report_coverage(engines: Sequence[str]) -> bool:
    """Show what of the deciding code no run has covered; say whether that is nothing. What speaks
    to both engines is left out where only one of them was there.
    """
    print("\nBranch coverage of what decides on votes, people and results:", flush=True)
    data = f"--data-file={OUTPUT / 'coverage'}"
    coverage = [sys.executable, "-m", "coverage"]
    subprocess.run([*coverage, "combine", "--quiet", data, *map(_measured, engines)])
    left_out = [] if len(engines) == len(SELECTION) else [f"--omit={','.join(OF_BOTH)}"]
    return subprocess.run([*coverage, "report", data, *left_out]).returncode == 0


def report(outcomes: list[Outcome], left_out: list[str], *, seen: int = 1) -> None:
    """How each run ended. Those that were not seen as they went are shown where they failed."""
    for outcome in outcomes[seen:]:
        if outcome.code != 0:
            print(f"\n{TITLES[outcome.engine]}\n{outcome.text}")
    for outcome in outcomes:
        print(f"\n{TITLES[outcome.engine]}: exit code {outcome.code}\n{outcome.closing_line}")
        for remark in outcome.remarks:
            print(f"  {remark}")
    for what in left_out:
        print(f"\nLeft out: {what}")
