"""Ballots in SQLite: one writer, in a thread of its own, with a connection of its own.

The thread waits for the disk while the pages go on. Python's sqlite3 gives up the interpreter at
each statement and has to win it back from a busy loop, so a batch is few statements: many rows
each, in powers of two, which keeps every statement in the connection's cache.
"""

import asyncio
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from awards import sqlite_engine
from awards.voting.rules import Ballot
from awards.voting.store import Answer, Outcome, standing, tally_lines

T = TypeVar("T")

PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "busy_timeout = 10000",
    "foreign_keys = OFF",  # VERSION has found the campaign, in the same transaction.
    "cache_size = -65536",
    "temp_store = MEMORY",
    "mmap_size = 268435456",
    "wal_autocheckpoint = 16000",
    "journal_size_limit = 67108864",
)
MOST_ROWS = 256
SWITCH = 0.0005
"""Seconds after which a busy loop lets the writer go on. Python's own 5 ms would be a batch's."""
BALLOT = (
    "INSERT INTO ballot (campaign, period, tag, cast_window, channel, source, choices, state) "
    "VALUES {} ON CONFLICT DO NOTHING"
)
QUOTA = (
    "INSERT INTO quota (campaign, period, tag, used, most) VALUES {} ON CONFLICT DO UPDATE "
    "SET used = used + excluded.used WHERE used + excluded.used <= most"
)
TALLY = (
    "INSERT INTO tally (campaign, candidate, n) VALUES {} "
    "ON CONFLICT DO UPDATE SET n = n + excluded.n"
)
LEAF = "INSERT INTO leaf_outbox (leaf) VALUES {}"
VERSION = "SELECT version FROM campaign WHERE id = ? AND published_at IS NOT NULL"
STANDING = "SELECT cast_window, choices FROM ballot WHERE campaign = ? AND period = ? AND tag = ?"


class SqliteStore:
    """The one writer of ballots. Each batch waits for the write turn, which it shares with the
    engine of everything else.
    """

    at_once = 1
    poison: tuple[type[Exception], ...] = (
        sqlite3.IntegrityError,
        sqlite3.DataError,
        sqlite3.InterfaceError,
        OverflowError,
    )

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ballots")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        sys.setswitchinterval(SWITCH)
        self._connection = await self._there(connect, self._path)

    async def commit(self, ballots: Sequence[Ballot]) -> list[Answer]:
        async with sqlite_engine.write_turn:
            return await self._there(commit, self._connection, ballots)

    async def close(self) -> None:
        if self._connection is not None:
            await self._there(self._connection.close)
        self._thread.shutdown()

    async def _there(self, work: Callable[..., T], *given: Any) -> T:
        """Run in the writer's thread. Who is cancelled meanwhile still waits for it, or the write
        turn would go on to the next while a transaction is open.
        """
        loop = asyncio.get_running_loop()
        told: asyncio.Future[None] = loop.create_future()
        ended = self._thread.submit(work, *given)
        # Told at once: in a full house each turn of the loop is long, and an executor's way takes
        # two more of them.
        ended.add_done_callback(lambda _ended: loop.call_soon_threadsafe(_tell, told))
        try:
            await told
        except asyncio.CancelledError:
            await asyncio.wait([asyncio.wrap_future(ended)])
            raise
        return ended.result()


def _tell(told: "asyncio.Future[None]") -> None:
    if not told.done():
        told.set_result(None)


def connect(path: Path) -> sqlite3.Connection:
    """The writer's connection. Transactions are begun and ended by our own words alone."""
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def commit(connection: sqlite3.Connection, ballots: Sequence[Ballot]) -> list[Answer]:
    """One transaction for many ballots: all of them as new, or else each by itself."""
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")  # The last one could not even be rolled back.
        connection.execute("BEGIN IMMEDIATE")
        answers = _settle(connection, ballots)
        connection.execute("COMMIT")
        return answers
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _settle(connection: sqlite3.Connection, ballots: Sequence[Ballot]) -> list[Answer]:
    stale = _stale(connection, ballots)
    current = [each for each in ballots if each.paper.campaign not in stale]
    if len(current) == len(ballots) and not any(each.is_late for each in ballots):
        connection.execute("SAVEPOINT all_new")
        if _write(connection, ballots):
            _count(connection, ballots)
            return [Answer(Outcome.NEW, each.cast_window) for each in ballots]
        connection.execute("ROLLBACK TO all_new")
    return [
        Answer(Outcome.STALE) if each.paper.campaign in stale else _one(connection, each)
        for each in ballots
    ]


def _stale(connection: sqlite3.Connection, ballots: Sequence[Ballot]) -> set[int]:
    """The campaigns that are no longer what these ballots were judged by."""
    judged_by = {(each.paper.campaign, each.paper.version) for each in ballots}
    return {
        campaign
        for campaign, version in judged_by
        if connection.execute(VERSION, (campaign,)).fetchone() != (version,)
    }


def _one(connection: sqlite3.Connection, ballot: Ballot) -> Answer:
    if not ballot.is_late:
        connection.execute("SAVEPOINT one")
        if _write(connection, [ballot]):
            _count(connection, [ballot])
            connection.execute("RELEASE one")
            return Answer(Outcome.NEW, ballot.cast_window)
        connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
    key = (ballot.paper.campaign, ballot.period, ballot.tag)
    found = connection.execute(STANDING, key).fetchone()
    if found is None:
        return Answer(Outcome.LATE if ballot.is_late else Outcome.QUOTA)
    return standing(ballot, *found)


def _write(connection: sqlite3.Connection, ballots: Sequence[Ballot]) -> bool:
    """Whether every ballot was new and every quota had room."""
    if _many(connection, BALLOT, [_row(each) for each in ballots]) < len(ballots):
        return False
    draws = [
        (each.paper.campaign, draw.period, draw.tag, 1, draw.most)
        for each in ballots
        for draw in each.draws
    ]
    return _many(connection, QUOTA, draws) == len(draws)


def _row(ballot: Ballot) -> tuple[Any, ...]:
    return (
        ballot.paper.campaign, ballot.period, ballot.tag, ballot.cast_window,
        ballot.token.channel.value, ballot.source, ballot.packed, ballot.state,
    )  # fmt: skip


def _count(connection: sqlite3.Connection, ballots: Sequence[Ballot]) -> None:
    _many(connection, TALLY, tally_lines(ballots))
    _many(connection, LEAF, [(each.leaf,) for each in ballots])


def _many(connection: sqlite3.Connection, words: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Run one statement for many rows; how many it changed."""
    changed = 0
    for chunk in _chunks(rows):
        statement = _statement(words, len(chunk), len(chunk[0]))
        values = tuple(chain.from_iterable(chunk))
        changed += connection.execute(statement, values).rowcount
    return changed


def _chunks(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """The rows in powers of two, largest first."""
    start, size = 0, MOST_ROWS
    while start < len(rows):
        while size > len(rows) - start:
            size //= 2
        yield rows[start : start + size]
        start += size


@cache
def _statement(words: str, rows: int, columns: int) -> str:
    row = f"({', '.join('?' * columns)})"
    return words.format(", ".join([row] * rows))
