"""The operator's commands. What goes wrong is one sentence and a code, never a traceback."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from awards.cli import main
from awards.config import Config
from awards.db import in_transaction
from tests.test_docs import commands

ROOT = Path(__file__).parents[1]
KEY = "a-key-of-the-tests-0123456789-abcdef"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> None:
    """The database of this test, everything else below its folder."""
    for name in Config.model_fields:
        monkeypatch.delenv(f"AWARDS_{name.upper()}", raising=False)
    monkeypatch.setenv("AWARDS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AWARDS_DATABASE_URL", database_url)


@pytest.fixture
def run(settings: None, capsys: pytest.CaptureFixture[str]) -> Run:
    """One command: its code, and what it printed on both channels."""

    def run_one(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return run_one


def started(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """`python server.py …`, to its end."""
    return subprocess.run(
        [sys.executable, "server.py", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **{f"AWARDS_{k}": v for k, v in settings.items()}},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def assert_is_one_sentence(ended: subprocess.CompletedProcess[str], *words: str) -> None:
    assert (ended.returncode, ended.stdout) == (2, "")
    assert len(ended.stderr.splitlines()) == 1
    assert [word for word in words if word not in ended.stderr] == []


@pytest.mark.sqlite
def test_a_wrong_setting_ends_the_start(tmp_path: Path) -> None:
    ended = started(DATA_DIR=str(tmp_path), ZONE="Asia/Nowhere")

    assert_is_one_sentence(ended, "AWARDS_ZONE", "Asia/Shanghai")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite
def test_a_database_that_cannot_be_written_ends_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ended = started(DATA_DIR=str(tmp_path), DATABASE_URL=f"sqlite://{tmp_path}/file/haoren.db")

    assert_is_one_sentence(ended, f"{tmp_path}/file/haoren.db", "AWARDS_DATABASE_URL")


@pytest.mark.sqlite
def test_a_folder_that_cannot_be_written_ends_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ended = started(DATA_DIR=str(tmp_path / "file" / "var"))

    assert_is_one_sentence(ended, f"{tmp_path}/file/var", "AWARDS_DATA_DIR")


@pytest.mark.sqlite
def test_a_port_in_use_ends_the_start(tmp_path: Path, taken_port: int) -> None:
    ended = started("--port", str(taken_port), DATA_DIR=str(tmp_path))

    assert_is_one_sentence(ended, f"Port {taken_port}", "in use", "--port")


@pytest.mark.sqlite
def test_several_workers_need_postgresql(tmp_path: Path) -> None:
    ended = started("--workers", "2", DATA_DIR=str(tmp_path))

    assert_is_one_sentence(ended, "--workers", "AWARDS_DATABASE_URL")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "url", ["postgresql://u:p@127.0.0.1:{}/x", "postgresql://u@nowhere.invalid/x"]
)
def test_a_database_that_does_not_answer_ends_the_start(tmp_path: Path, url: str) -> None:
    ended = started(
        "--port", str(free_port()), DATA_DIR=str(tmp_path), DATABASE_URL=url.format(free_port())
    )

    assert_is_one_sentence(ended, "AWARDS_DATABASE_URL does not answer", "start it or mend")


@pytest.mark.postgres
def test_a_wrong_password_ends_the_start(tmp_path: Path, database_url: str) -> None:
    ended = started(
        "--port", str(free_port()), DATA_DIR=str(tmp_path),
        DATABASE_URL=re.sub(r":[^:@/]+@", ":wrong@", database_url),
    )  # fmt: skip

    assert_is_one_sentence(ended, "AWARDS_DATABASE_URL does not answer", "password")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("value", "word"), [("{}/text.db", "not a database"), ("{}", "unable to open")]
)
def test_what_is_no_database_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, run: Run, value: str, word: str
) -> None:
    (tmp_path / "text.db").write_text("Once upon a time there was a cook. " * 100)
    monkeypatch.setenv("AWARDS_DATABASE_URL", f"sqlite://{value.format(tmp_path)}")

    code, out, err = run("migrate")

    assert (code, out) == (2, "")
    assert word in err and len(err.splitlines()) == 1


def test_an_address_of_another_machine_is_named(run: Run) -> None:
    for host in ("192.0.2.1", "nowhere.invalid"):
        code, out, err = run("serve", "--host", host, "--port", str(free_port()))

        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert host in err


@contextlib.contextmanager
def serving(*arguments: str, **settings: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The program, from its start until it is ready; stopped at the end."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "server.py", "--port", str(port), *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **{f"AWARDS_{k}": v for k, v in settings.items()}},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{address}/health/ready").status_code == 200:
                    break
            assert process.poll() is None
            time.sleep(0.1)
        yield address, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def test_the_program_serves_until_it_is_asked_to_stop(tmp_path: Path, database_url: str) -> None:
    with serving(
        DATA_DIR=str(tmp_path), DATABASE_URL=database_url, SECRET_KEYS=KEY,
        BASE_URL="https://haoren.test",
    ) as (address, process):  # fmt: skip
        answer = httpx.get(f"{address}/sign-in")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)

    assert answer.status_code == 200
    assert "__Host-visitor=" in answer.headers["set-cookie"]
    assert (out, err) == ("Serving on https://haoren.test\n", "")
    assert process.returncode == -signal.SIGTERM  # the lifespan has ended before


@pytest.mark.postgres
def test_two_workers_serve_together(tmp_path: Path, database_url: str) -> None:
    with serving(
        "--workers", "2", DATA_DIR=str(tmp_path), DATABASE_URL=database_url, SECRET_KEYS=KEY,
        BASE_URL="https://haoren.test",
    ) as (address, _process):  # fmt: skip
        answers = [httpx.get(f"{address}/sign-in").status_code for _ in range(8)]

    assert answers == [200] * 8


def test_help_names_every_command(run: Run) -> None:
    code, out, err = run("--help")

    assert (code, err) == (0, "")
    top = {each.split()[0] for each in commands()}
    assert {"check", "test", "serve", "user"} <= top
    assert [name for name in top if not re.search(rf"^│ {name} ", out, re.MULTILINE)] == []


@pytest.mark.parametrize("command", [*commands(), "user", "campaign", "codes"])
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    try:
        code = main([*command.split(), "--help"])
    except SystemExit as end:  # the checkers' own parser
        code = int(end.code or 0)

    assert code == 0
    assert len(capsys.readouterr().out) > 100


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing"],
        ["--nothing"],
        ["serve", "--port", "x"],
        ["serve", "--port", "0"],
        ["serve", "--workers", "0"],
        ["user", "add", "顾小雨", "--role", "king"],
        ["user", "add", "顾小雨"],
        ["codes", "issue", "--campaign", "x", "--count", "100001"],
    ],
)
def test_a_command_that_does_not_fit_is_refused(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert "Traceback" not in err and err != ""


def test_somebody_is_added_listed_and_let_in(run: Run) -> None:
    added = run("user", "add", "顾[小]雨", "--role", "moderator", "--role", "editor")
    listed = run("user", "list", "--json")
    shown = run("user", "list")
    link = run("user", "link", "顾[小]雨")

    assert added == (0, "Added 顾[小]雨.\n", "")
    assert json.loads(listed[1]) == {"顾[小]雨": ["moderator", "editor"]}
    assert "顾[小]雨: " in shown[1]
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/sign-in/[\w-]{43}\n", link[1])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["user", "add", "organiser", "--role", "editor"], "already somebody called organiser"),
        (["user", "add", "x" * 61, "--role", "editor"], "at most 60 letters"),
        (["user", "add", "new", "--role", "editor", "--campaign", "nothing"], "campaign"),
        (["user", "link", "nobody"], "no"),
        (["recount", "--campaign", "nothing"], "campaign"),
        (["codes", "issue", "--campaign", "nothing", "--count", "1"], "campaign"),
    ],
)
def test_what_is_refused_is_one_sentence(run: Run, arguments: list[str], sentence: str) -> None:
    run("user", "add", "organiser", "--role", "admin")

    code, out, err = run(*arguments)

    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert sentence in err


def test_a_kit_that_cannot_be_read_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.toml").write_bytes(b"\xff\xd8")

    for file in (tmp_path / "nothing.toml", tmp_path / "picture.toml", tmp_path):
        code, out, err = run("campaign", "import", str(file))

        assert (code, out, len(err.splitlines())) == (2, "", 1)
        assert str(file) in err


def test_the_schema_is_brought_up_to_date_again_and_again(run: Run) -> None:
    assert [run("migrate")[:2] for _ in range(2)] == [(0, "The database is up to date.\n")] * 2


def test_the_doctor_finds_nothing_wrong(run: Run, tmp_path: Path) -> None:
    run("user", "add", "organiser", "--role", "admin")

    code, out, _err = run("doctor", "--json")

    assert code == 0
    assert json.loads(out) == {
        "settings": "ok",
        "database": Config.from_env().engine,
        "records": 2,
        "chain": "ok",
        "keys": str(tmp_path / "keys"),
    }


async def test_the_doctor_finds_a_changed_record(
    database: None, tmp_path: Path, database_url: str
) -> None:
    async with in_transaction() as connection:
        await connection.execute_query(
            "INSERT INTO audit_record"
            " (number, at, actor, action, subject, details, previous, digest)"
            " VALUES (1, '2026-11-23 04:00:00+00:00', 'x', 'x', 'x', '{}', '', '')"
        )

    ended = await asyncio.to_thread(
        started, "doctor", DATA_DIR=str(tmp_path), DATABASE_URL=database_url
    )

    assert (ended.returncode, ended.stderr) == (1, "")
    assert "chain: broken at 1" in ended.stdout
