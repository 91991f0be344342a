"""The order in which rows lie tells who voted when: it is that of the keys, which are digests.

SQLite's tables of the vote are their own index, but within a page of the file the rows lie as they
came; PostgreSQL keeps rows as they come, and with each the number of its transaction. So each night
they are laid anew. A copy (`server.py backup`) is in order at any time.
"""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import structlog
from asyncpg import LockNotAvailableError
from tortoise.connection import get_connections

from awards import sqlite_engine
from awards.db import dialect, in_transaction

log = structlog.get_logger()

TABLES = ("voter", "printed_code", "ballot", "quota")
PATIENCE = "2s"
"""How long votes may wait for this to begin: it wants each table for itself."""
CROWD = 2_000
"""So many rows of one transaction are those of an earlier night: a batch of votes has fewer."""
MOST_BYTES = 128 << 20
"""A larger file would be held up for seconds, and the rows of one page are of any time."""
# CLUSTER keeps the number of each row's transaction, which tells the order as well as the place.
# Nobody may write meanwhile: votes take their rows in another order than this does.
ALONE = "LOCK TABLE {table} IN EXCLUSIVE MODE"
ONE_NUMBER = """
UPDATE {table} SET campaign = campaign WHERE xmin::text IN (
    SELECT xmin::text FROM {table} GROUP BY 1 HAVING count(*) < {crowd}
)"""
IN_ORDER = "CLUSTER {table} USING {table}_pkey"


async def keep_in_key_order() -> None:
    """Lay the rows of every table of the vote in the order of its key. A table that is in use all
    the time is left for the next night; another process that does the same is left alone.
    """
    if dialect() == "sqlite":
        await _lay_file_anew()
        return
    for table in TABLES:
        try:
            await _run_alone(table, ALONE, ONE_NUMBER)
            await _run_alone(table, IN_ORDER)
        except LockNotAvailableError as error:
            log.warning("rows not laid in order", table=table, reason=str(error))


async def _run_alone(table: str, *statements: str) -> None:
    async with in_transaction() as connection:
        mine = await connection.execute_query_dict(
            "SELECT pg_try_advisory_xact_lock(hashtext($1)) AS mine", [f"order of {table}"]
        )
        if mine[0]["mine"]:
            await connection.execute_query(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            for statement in statements:
                await connection.execute_query(statement.format(table=table, crowd=CROWD))


async def _lay_file_anew() -> None:
    connection: Any = get_connections().get("default")
    path = Path(connection.filename)
    async with sqlite_engine.write_turn:
        try:
            await asyncio.to_thread(_vacuum, path)
        except sqlite3.OperationalError as error:
            log.warning("rows not laid in order", reason=str(error))


def _vacuum(path: Path) -> None:
    """Write every page anew, and empty the log of writes, where the last ones lie as they came."""
    if path.stat().st_size > MOST_BYTES:
        return
    with closing(sqlite3.connect(path, isolation_level=None, timeout=2)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
