"""Databases as a measurement sees them: a place, and questions that have a number for an answer."""

import asyncio
import re
import sqlite3
from dataclasses import dataclass

import asyncpg

SQLITE = "sqlite://"
DURABLE = "journal_mode=WAL&synchronous=FULL&busy_timeout=10000&journal_size_limit=67108864"


@dataclass(frozen=True)
class Database:
    """`sqlite:///path` or `postgresql://…`."""

    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith(SQLITE)

    @property
    def path(self) -> str:
        """The file of SQLite."""
        return self.url.removeprefix(SQLITE)

    @property
    def of_tortoise(self) -> str:
        """As Tortoise names it, with the settings of SQLite that are durable and quick."""
        if self.is_sqlite:
            return f"{self.url}?{DURABLE}"
        return self.url.replace("postgresql://", "asyncpg://", 1)

    def ask(self, question: str) -> int:
        """One number, read on a connection of its own."""
        if not self.is_sqlite:
            return asyncio.run(self._ask_postgres(question))
        file = sqlite3.connect(self.path)
        try:
            return int(file.execute(question).fetchone()[0])
        finally:
            file.close()

    async def _ask_postgres(self, question: str) -> int:
        connection = await asyncpg.connect(self.url)
        try:
            return int(await connection.fetchval(question))
        finally:
            await connection.close()

    def another(self, name: str) -> "Database":
        """A new, empty database beside this one on the same PostgreSQL server."""
        asyncio.run(self._create(name))
        return Database(re.sub(r"/[^/]*$", f"/{name}", self.url))

    async def _create(self, name: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(f"DROP DATABASE IF EXISTS {name}")
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()
