"""The statements of the vote path, for both engines. They run inside `in_transaction` alone.

`RETURNING` tells how many rows a statement changed: for an INSERT on PostgreSQL Tortoise says 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from awards.db import dialect, in_transaction, placeholders
from awards.voting.queries import BALLOTS_ROW
from awards.voting.rules import Ballot


class Outcome(StrEnum):
    """What became of a ballot."""

    NEW = "new"
    AGAIN = "again"
    OTHER = "other"
    QUOTA = "quota"


BALLOT = (
    "INSERT INTO ballot (campaign, period, tag, cast_window, channel, source, choices) "
    "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1 AS kept"
)
QUOTA = (
    "INSERT INTO quota (campaign, period, tag, used, most) VALUES {rows} "
    "ON CONFLICT (campaign, period, tag) DO UPDATE SET used = quota.used + excluded.used "
    "WHERE quota.used + excluded.used <= quota.most RETURNING 1 AS kept"
)
TALLY = (
    "INSERT INTO tally (campaign, candidate, n) VALUES {rows} "
    "ON CONFLICT (campaign, candidate) DO UPDATE SET n = tally.n + excluded.n"
)
LEAF = "INSERT INTO leaf_outbox (leaf) VALUES (?)"
STANDING = "SELECT cast_window, choices FROM ballot WHERE campaign = ? AND period = ? AND tag = ?"


@dataclass(frozen=True)
class Standing:
    """The ballot that stands under a tag."""

    cast_window: int
    choices: bytes


async def keep(connection: BaseDBAsyncClient, ballot: Ballot) -> tuple[Outcome, Standing]:
    """Keep one ballot with all that belongs to it, or say what stands in its way."""
    try:
        async with in_transaction() as savepoint:
            await _write(savepoint, ballot)
    except _NotAllKept:
        there = await find_standing(connection, ballot)
        if there is None:
            return Outcome.QUOTA, _standing(ballot)
        return (Outcome.AGAIN if there.choices == ballot.packed else Outcome.OTHER), there
    await _count(connection, ballot)
    await _run(connection, LEAF, [ballot.leaf])
    return Outcome.NEW, _standing(ballot)


VOTER = "INSERT INTO voter (campaign, channel, pid) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
CODE = "INSERT INTO printed_code (campaign, pid, batch) VALUES {rows}"
CODES_AT_ONCE = 200


async def add_voter(connection: BaseDBAsyncClient, voter: tuple[int, str, bytes]) -> None:
    """Keep who proved an address, in which campaign: nothing else, and no time."""
    await _run(connection, VOTER, voter)


async def add_codes(
    connection: BaseDBAsyncClient, *, campaign: int, batch: UUID, pids: Sequence[bytes]
) -> None:
    """Keep the names of printed codes, in their own order, which tells nothing of the printing."""
    rows = [(campaign, pid, _uuid(batch)) for pid in sorted(pids)]
    for start in range(0, len(rows), CODES_AT_ONCE):
        await _run_many(connection, CODE, rows[start : start + CODES_AT_ONCE])


async def hold_still(connection: BaseDBAsyncClient) -> None:
    """Let everything that this transaction reads be of one moment. SQLite's are so anyway."""
    if dialect() == "postgres":
        await connection.execute_query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _uuid(value: UUID) -> UUID | str:
    """As the engine keeps it: SQLite has no such type."""
    return str(value) if dialect() == "sqlite" else value


async def find_standing(connection: BaseDBAsyncClient, ballot: Ballot) -> Standing | None:
    """The ballot that stands under this one's tag, if there is one."""
    key = (ballot.paper.campaign, ballot.period, ballot.tag)
    found = await _run(connection, STANDING, key)
    return Standing(found[0]["cast_window"], bytes(found[0]["choices"])) if found else None


def _standing(ballot: Ballot) -> Standing:
    return Standing(ballot.cast_window, ballot.packed)


class _NotAllKept(Exception):
    """Takes the savepoint back: the ballot stands already, or a quota is short."""


async def _write(connection: BaseDBAsyncClient, ballot: Ballot) -> None:
    campaign, token = ballot.paper.campaign, ballot.token
    row = (
        campaign, ballot.period, ballot.tag, ballot.cast_window, token.channel.value,
        ballot.source, ballot.packed,
    )  # fmt: skip
    if not await _run(connection, BALLOT, row):
        raise _NotAllKept
    draws = [(campaign, draw.period, draw.tag, 1, draw.most) for draw in ballot.draws]
    if draws and len(await _run_many(connection, QUOTA, draws)) < len(draws):
        raise _NotAllKept


async def _count(connection: BaseDBAsyncClient, ballot: Ballot) -> None:
    # Sorted, as the draws are: two writers that meet here never wait for each other in a ring.
    lines = [(ballot.paper.campaign, number, 1) for number in (BALLOTS_ROW, *ballot.choices)]
    await _run_many(connection, TALLY, lines)


async def _run_many(
    connection: BaseDBAsyncClient, statement: str, rows: Sequence[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    places = ", ".join(f"({', '.join('?' * len(row))})" for row in rows)
    return await _run(connection, statement.format(rows=places), [x for row in rows for x in row])


async def _run(
    connection: BaseDBAsyncClient, statement: str, values: Iterable[Any]
) -> list[dict[str, Any]]:
    return await connection.execute_query_dict(placeholders(statement), list(values))
