"""The voters' roll: who proved an address, and which codes were printed. Keyed names alone, in the
order of their keys: nothing here tells when.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from awards.db import dialect, placeholders

VOTER = "INSERT INTO voter (campaign, channel, pid) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
CODES = "INSERT INTO printed_code (campaign, pid, batch) VALUES {rows}"
CODES_AT_ONCE = 200


async def add_voter(connection: BaseDBAsyncClient, voter: tuple[int, str, bytes]) -> None:
    """Keep who proved an address, in which campaign: nothing else, and no time."""
    await _run(connection, VOTER, list(voter))


async def add_codes(
    connection: BaseDBAsyncClient, *, campaign: int, batch: UUID, pids: Sequence[bytes]
) -> None:
    """Keep the names of printed codes, in their own order, which tells nothing of the printing."""
    waiting = sorted(pids)
    while waiting:
        some, waiting = waiting[:CODES_AT_ONCE], waiting[CODES_AT_ONCE:]
        values = [value for pid in some for value in (campaign, pid, _uuid(batch))]
        await _run(connection, CODES.format(rows=", ".join(["(?, ?, ?)"] * len(some))), values)


def _uuid(value: UUID) -> UUID | str:
    """As the engine keeps it: SQLite has no such type."""
    return str(value) if dialect() == "sqlite" else value


async def _run(connection: BaseDBAsyncClient, statement: str, values: list[Any]) -> None:
    await connection.execute_query_dict(placeholders(statement), values)
