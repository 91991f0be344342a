"""The order in which rows lie tells who voted when: it is that of the keys, which are digests.

SQLite's tables of the vote are their own index and never lie otherwise. PostgreSQL keeps rows as
they come, so each night they are laid anew; a copy (`server.py backup`) is in order at any time.
"""

import structlog
from asyncpg import LockNotAvailableError

from awards.db import dialect, in_transaction

log = structlog.get_logger()

TABLES = ("voter", "printed_code", "ballot", "quota")
PATIENCE = "2s"
"""How long votes may wait for this to begin: it wants each table for itself."""


async def keep_in_key_order() -> None:
    """Lay the rows of every table of the vote in the order of its key. A table that is in use all
    the time is left for the next night; another process that does the same is left alone.
    """
    if dialect() != "postgres":
        return
    for table in TABLES:
        try:
            async with in_transaction() as connection:
                mine = await connection.execute_query_dict(
                    "SELECT pg_try_advisory_xact_lock(hashtext($1)) AS mine", [f"order of {table}"]
                )
                if mine[0]["mine"]:
                    await connection.execute_query(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                    await connection.execute_query(f"CLUSTER {table} USING {table}_pkey")
        except LockNotAvailableError as error:
            log.warning("rows not laid in order", table=table, reason=str(error))
