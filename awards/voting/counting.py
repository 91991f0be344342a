"""Counting anew: every ballot of a campaign, at one moment, on a connection that holds up nobody.

Grouping ten million rows at once makes SQLite sort them on disk. A ballot's tag is a keyed digest,
so any range of tags holds its share of the ballots: the rows are grouped range by range, each small
enough for memory, on as many connections as there are cores, and added up here.
"""

import asyncio
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connections

from awards.campaigns.rules import Channel
from awards.db import dialect, in_transaction, placeholders
from awards.voting.queries import BALLOTS_ROW
from awards.voting.rules import CAST_WINDOW, Counts, unpack

AT_ONCE = 10_000
"""Rows that are grouped together, more or less."""
READERS = min(4, os.cpu_count() or 1)
"""Threads that count; SQLite lets others go on while it works."""
SAMPLE = 4096
"""One part in so many of the tags is counted to know how many rows there are."""
TAGS = 1 << 32
FOREVER = 2**31 - 1

GROUPS = (
    "SELECT state, channel, choices, count(*) AS n FROM ballot "
    "WHERE campaign = ? AND cast_window < ?{range} GROUP BY choices, channel, state"
)
RANGE = " AND period = ? AND tag >= ? AND tag < ?"
SIZE = "SELECT count(*) FROM ballot WHERE campaign = ? AND period = ? AND tag >= ? AND tag < ?"
TALLY = "SELECT candidate, n FROM tally WHERE campaign = ?"
Said = Callable[[int, int], None]
"""Told how many parts are done, of how many."""
Group = tuple[str, str, bytes, int]


@dataclass(frozen=True)
class Recount:
    """All ballots of a campaign, by state and channel, and the running tally of the same moment."""

    parts: dict[tuple[str, Channel], Counts]
    tally: Counts

    @cached_property
    def valid(self) -> Counts:
        """The ballots that count."""
        return _sum(counts for (state, _channel), counts in self.parts.items() if state == "valid")

    @property
    def ballots(self) -> int:
        """How many ballots count."""
        return self.valid.ballots

    @property
    def votes(self) -> Mapping[int, int]:
        """Each candidate's votes."""
        return self.valid.votes

    @property
    def held(self) -> int:
        """How many ballots are kept and not counted."""
        return sum(counts.ballots for (state, _), counts in self.parts.items() if state == "held")

    @property
    def by_channel(self) -> dict[Channel, Counts]:
        """The ballots that count, apart by the way to vote."""
        return {
            channel: self.parts["valid", channel]
            for channel in Channel
            if ("valid", channel) in self.parts
        }

    @property
    def agrees(self) -> bool:
        """Whether the running tally says what the ballots say."""
        running = {number: n for number, n in self.tally.votes.items() if n}
        return (self.tally.ballots, running) == (self.valid.ballots, dict(self.valid.votes))


async def recount(
    campaign: int, *, until: datetime | None = None, said: Said | None = None
) -> Recount:
    """Count every ballot that came before `until`."""
    last = int(until.timestamp()) // CAST_WINDOW if until else FOREVER
    connection: Any = get_connections().get("default")
    if isinstance(connection, TransactionalDBClient):
        # What this transaction has written itself counts too.
        return await _count_through(connection, campaign, last)
    if dialect() == "sqlite":
        return await asyncio.to_thread(_count_file, Path(connection.filename), campaign, last, said)
    async with in_transaction() as connection:
        await connection.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return await _count_through(connection, campaign, last)


async def count_ballots(campaign: int, *, until: datetime | None = None) -> Counts:
    """The valid ballots, of those that came before `until`."""
    return (await recount(campaign, until=until)).valid


async def _count_through(connection: Any, campaign: int, last: int) -> Recount:
    statement = placeholders(GROUPS.format(range=""))
    groups = await connection.execute_query_dict(statement, [campaign, last])
    lines = await connection.execute_query_dict(placeholders(TALLY), [campaign])
    found = [(row["state"], row["channel"], bytes(row["choices"]), row["n"]) for row in groups]
    return _added(found, {row["candidate"]: row["n"] for row in lines})


def _count_file(path: Path, campaign: int, last: int, said: Said | None) -> Recount:
    with _readers(path) as readers, ThreadPoolExecutor(len(readers)) as pool:
        free: SimpleQueue[sqlite3.Connection] = SimpleQueue()
        for reader in readers:
            free.put(reader)

        def count(place: tuple[int, bytes, bytes]) -> list[Group]:
            reader = free.get()
            try:
                return reader.execute(
                    GROUPS.format(range=RANGE), (campaign, last, *place)
                ).fetchall()
            finally:
                free.put(reader)

        lines = dict(readers[0].execute(TALLY, (campaign,)))
        groups: Counter[tuple[str, str, bytes]] = Counter()
        ranges = list(_ranges(readers[0], campaign))
        for done, found in enumerate(pool.map(count, ranges), 1):
            for state, channel, choices, n in found:
                groups[state, channel, choices] += n
            if said:
                said(done, len(ranges))
    return _added(((*group, n) for group, n in groups.items()), lines)


@contextmanager
def _readers(path: Path) -> Iterator[list[sqlite3.Connection]]:
    """Connections that see the file as it was at one moment: while they open, nobody writes."""
    with ExitStack() as opened:
        gate = opened.enter_context(closing(sqlite3.connect(path, timeout=10)))
        gate.execute("BEGIN IMMEDIATE")
        readers = []
        for _n in range(READERS):
            reader = sqlite3.connect(_only_to_read(path), uri=True, check_same_thread=False)
            readers.append(opened.enter_context(closing(reader)))
            reader.execute("BEGIN")
            reader.execute("SELECT 1 FROM ballot LIMIT 1").fetchone()  # What is seen is set here.
        gate.execute("ROLLBACK")
        yield readers


def _only_to_read(path: Path) -> str:
    return path.absolute().as_uri() + "?mode=ro"


def _ranges(connection: sqlite3.Connection, campaign: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Period, first and last tag of every part."""
    for (period,) in connection.execute(
        "SELECT DISTINCT period FROM ballot WHERE campaign = ?", (campaign,)
    ).fetchall():
        sample = (campaign, period, _tag(0), _tag(TAGS // SAMPLE))
        (found,) = connection.execute(SIZE, sample).fetchone()
        parts = max(1, found * SAMPLE // AT_ONCE)
        edges = [_tag(TAGS * n // parts) for n in range(parts)] + [b"\xff" * 17]
        yield from zip([period] * parts, edges[:-1], edges[1:], strict=True)


def _tag(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _added(groups: Iterable[Group], lines: dict[int, int]) -> Recount:
    ballots: Counter[tuple[str, Channel]] = Counter()
    votes: dict[tuple[str, Channel], Counter[int]] = {}
    for state, channel, choices, n in groups:
        part = (state, Channel(channel))
        ballots[part] += n
        for number in unpack(choices):
            votes.setdefault(part, Counter())[number] += n
    tally = Counts(lines.get(BALLOTS_ROW, 0), {k: n for k, n in lines.items() if k != BALLOTS_ROW})
    return Recount({part: Counts(n, dict(votes[part])) for part, n in ballots.items()}, tally)


def _sum(parts: Iterable[Counts]) -> Counts:
    ballots, votes = 0, Counter[int]()
    for part in parts:
        ballots += part.ballots
        votes.update(part.votes)
    return Counts(ballots, dict(votes))
