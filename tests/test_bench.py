"""The bench measures rightly: its statistics, its load, and what it refuses to print."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from awards.campaigns.kit import read_kit
from awards.voting.rules import unpack
from bench import __main__ as command
from bench.figures import FIGURES, Figure, Run
from bench.growth import DAYS, PARTS, SQLITE, Crowd
from bench.listeners import Listeners
from bench.load import Answers, Load, Log, Orders, Seen, percentile, sum_up
from bench.plot import MUST, draw, place
from bench.rounds import Mismatch, Samples, check, indented, ratios
from bench.votes import CANDIDATES, form_post, kit_text

FIGURES_OF_THE_ISSUE = {
    "vote_sqlite_vs_bare_post", "vote_postgres_vs_bare_post", "vote_postgres_2w_vs_bare_post_2w",
    "vote_sqlite_vs_naive_orm", "vote_postgres_vs_naive_orm", "vote_postgres_vs_django",
    "vote_slow_fsync_vs_naive_orm", "vote_p99_vs_bare_post_p99",
    "light_load_p50_vs_raw_transaction", "overload_accepted_vs_peak", "vote_at_10m_vs_empty",
    "recount_10m_sqlite", "recount_10m_postgres", "bytes_per_ballot_sqlite",
    "bytes_per_ballot_postgres", "rss_one_worker", "page_vs_bare_bytes",
    "not_modified_vs_bare_bytes", "sse_per_client", "sse_fanout_5000",
}  # fmt: skip
GOOD = b"HTTP/1.1 303 See Other\r\ncontent-length: 2\r\n\r\nok"
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n"
REQUEST = b"POST /vote HTTP/1.1\r\ncontent-length: 1\r\n\r\n"
SQL = Path(__file__).parents[1] / "awards" / "voting" / "sql" / "sqlite.sql"
pytestmark = pytest.mark.sqlite


# --- the load -------------------------------------------------------------------------------------


def test_answers_are_cut_wherever_the_bytes_come_apart() -> None:
    stream = GOOD + BUSY + GOOD

    for size in range(1, len(stream) + 1):
        answers = Answers()
        pieces = [stream[place : place + size] for place in range(0, len(stream), size)]
        assert [each for piece in pieces for each in answers.feed(piece)] == [GOOD, BUSY, GOOD]


def test_an_answer_in_pieces_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="in pieces"):
        list(Answers().feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"))


class Toy:
    """A server that says what it is told to, by the number in the request; of nothing it hangs
    up.
    """

    def __init__(self, *answers: bytes) -> None:
        self.answers = answers
        self.requests = 0
        self.open: set[asyncio.Transport] = set()


class Line(asyncio.Protocol):
    """One connection to the toy."""

    def __init__(self, toy: Toy) -> None:
        self.toy = toy
        self.read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.toy.open.add(transport)

    def data_received(self, data: bytes) -> None:
        self.read += data
        while len(self.read) > len(REQUEST):
            number, self.read = self.read[len(REQUEST)], self.read[len(REQUEST) + 1 :]
            self.toy.requests += 1
            answer = self.toy.answers[number - ord("0")]
            self.transport.write(answer) if answer else self.transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.toy.open.discard(self.transport)


@asynccontextmanager
async def serving(*answers: bytes) -> AsyncIterator[tuple[Toy, int]]:
    """A toy server and its port."""
    toy = Toy(*answers)
    listening = await asyncio.get_running_loop().create_server(lambda: Line(toy), "127.0.0.1", 0)
    async with listening:
        yield toy, listening.sockets[0].getsockname()[1]
        while toy.open:  # noqa: ASYNC110 - the load closes its ends
            await asyncio.sleep(0.001)


async def test_each_connection_sends_when_it_has_its_answer() -> None:
    async with serving(GOOD) as (server, port):
        orders = Orders(port=port, connections=3, seconds=5, warm_up=0)
        seen = await Load(orders, [REQUEST + b"0"] * 50).run()

    assert seen.statuses == {"303": 50}
    assert server.requests == 50
    assert (seen.broken, seen.unanswered) == (0, 0)
    assert seen.sample == ((REQUEST + b"0").decode(), GOOD.decode())


async def test_requests_are_repeated_until_the_time_is_over() -> None:
    async with serving(GOOD) as (server, port):
        orders = Orders(port=port, connections=2, seconds=0.2, warm_up=0.1, repeats=True)
        seen = await Load(orders, [REQUEST + b"0"]).run()

    assert seen.count(303) == server.requests > sum(seen.measured.values()) > 2
    assert seen.seconds == pytest.approx(0.2)
    assert 0 < seen.p50 <= seen.p99


async def test_the_clock_decides_when_the_loop_is_open() -> None:
    async with serving(GOOD) as (server, port):
        orders = Orders(port=port, connections=20, seconds=0.3, warm_up=0, rate=200, repeats=True)
        await Load(orders, [REQUEST + b"0"]).run()

    assert 40 <= server.requests <= 61


async def test_who_is_told_to_come_back_does() -> None:
    async with serving(BUSY, GOOD) as (server, port):
        orders = Orders(
            port=port, connections=4, seconds=0.2, warm_up=0, rate=100, retries=True, repeats=False
        )
        seen = await Load(orders, [REQUEST + b"0", *[REQUEST + b"1"] * 200]).run()

    assert seen.count(503) > 1
    assert seen.unadvised == 0
    assert sum(seen.statuses.values()) == server.requests


async def test_a_connection_that_breaks_is_counted() -> None:
    async with serving(GOOD, b"") as (_server, port):
        orders = Orders(port=port, connections=1, seconds=1, warm_up=0)
        seen = await Load(orders, [REQUEST + b"0", REQUEST + b"1"]).run()

    assert (seen.count(303), seen.broken, seen.unanswered) == (1, 1, 0)


async def test_news_is_told_when_all_have_heard_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = b"HTTP/1.1 200 OK\r\n\r\ndata: {}\n\n"
    async with serving(told) as (toy, port):
        listening = asyncio.create_task(Listeners(port, 3, REQUEST + b"0").run())
        while toy.requests < 3 or not (said := capsys.readouterr().out):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        listening.cancel()
        for each in list(toy.open):
            each.abort()

    assert {**json.loads(said), "span": 0} == {"news": 0, "heard": 3, "span": 0}


# --- statistics -----------------------------------------------------------------------------------


def test_percentiles_are_values_that_were_seen() -> None:
    assert percentile([], 0.99) == 0
    assert percentile([1, 2, 3], 0.5) == 2
    assert percentile(list(range(100)), 0.99) == 99


def test_refusals_and_the_warm_up_are_left_out_of_the_rate() -> None:
    log = Log([(0.5, 9.0, 303), (1.5, 0.010, 303), (2.5, 0.030, 303), (2.6, 0.001, 503)])

    seen = sum_up(log, begun=1.0, ended=3.0)

    assert (seen.rate, round(seen.p99, 6)) == (1.0, 30.0)
    assert (seen.statuses, seen.measured) == ({"303": 3, "503": 1}, {"303": 2, "503": 1})


def seen(**more: Any) -> Seen:
    """What a round may have seen."""
    usual: dict[str, Any] = {
        "rate": 100.0, "p50": 1.0, "p99": 2.0, "statuses": {"303": 100}, "measured": {"303": 100},
        "seconds": 1.0, "broken": 0, "unadvised": 0, "unanswered": 0,
    }  # fmt: skip
    return Seen(**usual | more)


def test_a_ratio_is_of_one_round_and_the_median_of_all() -> None:
    pairs = [(seen(rate=rate), seen(rate=100.0)) for rate in (50.0, 300.0, 120.0)]

    samples = ratios(pairs, lambda each: each.rate)

    assert (list(samples.values), samples.median) == ([0.5, 3.0, 1.2], 1.2)


@dataclass
class Kept:
    """A target with so many rows."""

    after: int
    name: str = "toy"
    port: int = 0
    repeats: bool = False
    accepted: int = 303

    def requests(self, count: int) -> list[bytes]:
        return []

    def rows(self) -> int:
        return self.after


def test_all_that_was_acknowledged_is_there() -> None:
    check(Kept(after=107), seen(), 7)


@pytest.mark.parametrize(
    ("after", "what", "words"),
    [
        (106, {}, "acknowledged 100 votes and keeps 99"),
        (108, {}, "acknowledged 100 votes and keeps 101"),
        (107, {"statuses": {"303": 100, "403": 1}}, "answered {'403': 1}"),
        (107, {"statuses": {"303": 100, "503": 1}}, "answered {'503': 1}"),
        (107, {"broken": 1}, "1 connections broke"),
        (107, {"unanswered": 2}, "2 have no answer"),
    ],
)
def test_no_figure_of_what_was_not_meant(after: int, what: dict[str, Any], words: str) -> None:
    with pytest.raises(Mismatch, match=words):
        check(Kept(after=after), seen(**what), 7)


# --- the command ----------------------------------------------------------------------------------


def test_every_figure_of_the_issue_is_there() -> None:
    assert FIGURES_OF_THE_ISSUE <= set(FIGURES)
    assert {each.unit for each in FIGURES.values()} <= {
        "ratio", "ms", "MB", "KiB", "B", "s", "count",
    }  # fmt: skip


def test_an_unknown_figure_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["vote_on_paper"])

    assert "vote_on_paper is no figure; --list says which there are" in capsys.readouterr().err


@pytest.fixture
def two_figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A figure that can be taken, and one that can't."""

    def fails(run: Run) -> Samples:
        raise Mismatch("toy acknowledged 2 votes and keeps 1.")

    monkeypatch.setattr(
        command,
        "FIGURES",
        {
            "good": Figure("good", "ratio", lambda run: Samples([1.0, 3.0, 2.0]), "Good."),
            "bad": Figure("bad", "ratio", fails, "Bad."),
        },
    )
    yield


@pytest.mark.usefixtures("two_figures")
def test_figures_are_written_as_json(tmp_path: Path) -> None:
    assert command.main(["good", "--json", str(tmp_path / "figures.json")]) == 0

    assert json.loads((tmp_path / "figures.json").read_text()) == {
        "figures": {"good": {"median": 2.0, "min": 1.0, "max": 3.0, "unit": "ratio"}}
    }


@pytest.mark.usefixtures("two_figures")
def test_a_figure_that_can_not_be_taken_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--json", str(tmp_path / "figures.json")]) == 1

    assert list(json.loads((tmp_path / "figures.json").read_text())["figures"]) == ["good"]
    assert "bad: no figure. toy acknowledged 2 votes and keeps 1." in capsys.readouterr().out


def test_ratios_are_drawn_beside_what_they_must_be() -> None:
    drawn = draw(
        {"vote_sqlite_vs_bare_post": {"median": 1.25, "min": 1.1, "max": 1.4, "unit": "ratio"}}
    )

    picture = ElementTree.fromstring(drawn)  # noqa: S314 - our own words
    words = [each.text for each in picture.iter() if each.tag.endswith("}text")]
    assert words == ["0.1", "1", "10", "100", "vote_sqlite_vs_bare_post", "1.25"]
    assert set(MUST) <= set(FIGURES)
    assert place(0.01) == place(0.1) < place(1) < place(10) < place(100) == place(1000)


# --- what is sent and written ---------------------------------------------------------------------


def test_a_vote_travels_as_from_a_browser_behind_a_proxy() -> None:
    sent = form_post("/campaigns/bench/ballots", "a=b", "candidate=101", voter=300).decode()

    head, _empty, body = sent.partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert lines[0] == "POST /campaigns/bench/ballots HTTP/1.1"
    assert {
        "Origin: https://vote.bench.example", "Content-Length: 13", "Cookie: a=b",
        "X-Forwarded-For: 198.18.1.44", "X-Forwarded-Proto: https",
    } <= set(lines)  # fmt: skip
    assert body == "candidate=101"


def test_the_kit_of_the_campaign_can_be_read() -> None:
    kit = read_kit(kit_text(datetime(2026, 11, 23, 12, 0, tzinfo=UTC)))

    assert (kit.plan.slug, len(kit.candidates), kit.published) == ("bench", CANDIDATES, True)


def test_a_body_of_many_bytes_is_not_printed() -> None:
    assert indented("A: b\r\n\r\n" + "x" * 301) == "    A: b\n    (301 bytes)"


def test_a_crowd_leaves_what_its_votes_would() -> None:
    file = sqlite3.connect(":memory:")
    file.executescript(SQL.read_text(encoding="utf-8"))

    for statement in Crowd(campaign=7, voters=3).statements(SQLITE):
        file.execute(statement)

    counts = {table: len(file.execute(f"SELECT * FROM {table}").fetchall()) for table in PARTS}  # noqa: S608
    assert counts == {
        "voter": 3, "ballot": 300, "quota": 3 * DAYS, "tally": 1 + CANDIDATES, "leaf_outbox": 300,
    }  # fmt: skip
    choices = {unpack(row[0]) for row in file.execute("SELECT choices FROM ballot")}
    file.close()
    assert choices == {(number,) for number in range(101, 131)}


def test_the_load_is_a_program_of_its_own() -> None:
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "import bench.load, sys; print('awards.app' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )

    assert ended.stdout == "False\n"
