"""What the whole database says, in one digest: “changes nothing” is measured with it."""

import hashlib

from tortoise.connection import get_connections

from awards.db import dialect

LEFT_OUT = {"session", "tortoise_migrations", "sqlite_sequence"}
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}


async def digest() -> str:
    """SHA-256 over all rows of all tables but sessions."""
    connection = get_connections().get("default")
    _count, tables = await connection.execute_query(TABLES[dialect()])
    total = hashlib.sha256()
    for name in sorted(row["name"] for row in tables):
        if name not in LEFT_OUT:
            _count, rows = await connection.execute_query(f'SELECT * FROM "{name}"')  # noqa: S608
            total.update(f"{name}\n".encode())
            total.update(
                "\n".join(sorted(repr(tuple(dict(row).values())) for row in rows)).encode()
            )
    return total.hexdigest()
