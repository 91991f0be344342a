"""Tortoise's SQLite engine, made safe for two writers: see docs/decisions/0003-sqlite-engine.md.

Every transaction begins IMMEDIATE, under one fair lock, the *write turn*, and a write outside a
transaction is
refused. Tortoise's own begins DEFERRED, keeps its lock for ever when BEGIN fails, and leaves a
transaction open when the
caller is cancelled. The module's name must hold the word sqlite: Tortoise picks its schema editor
by it.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

write_turn = asyncio.Lock()
"""Fair. Whoever writes to the file holds it for the length of the transaction."""

READS = ("SELECT", "PRAGMA", "EXPLAIN", "WITH")


class ImmediateWrapper(SqliteTransactionWrapper):
    """A transaction that takes the file's write lock when it begins."""

    async def begin(self) -> None:
        await self._connection.execute("BEGIN IMMEDIATE")


class WriteTransaction(SqliteTransactionContext):
    """Gives the lock back whatever happens: a failed BEGIN, a cancelled one, a cancelled caller."""

    async def __aenter__(self) -> TransactionalDBClient:
        await write_turn.acquire()
        begin = asyncio.ensure_future(self._begin())
        try:
            await asyncio.shield(begin)
        except BaseException:
            begin.add_done_callback(lambda done: asyncio.ensure_future(self._abandon(done)))
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        connection: TransactionalDBClient = self.connection
        return connection

    async def _begin(self) -> None:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise

    async def _abandon(self, begin: "asyncio.Future[None]") -> None:
        try:
            if begin.exception() is None:
                try:
                    await self.connection.rollback()
                finally:
                    self._trxlock.release()
        finally:
            write_turn.release()

    async def __aexit__(self, *error: Any) -> None:
        try:
            await super().__aexit__(*error)
        finally:
            write_turn.release()


class ImmediateClient(SqliteClient):
    """The connection: reads as they come, writes inside `in_transaction` alone."""

    def _in_transaction(self) -> TransactionContext:
        return WriteTransaction(ImmediateWrapper(self), self._lock)

    async def execute_insert(self, query: str, values: list[Any]) -> int:
        raise OperationalError(f"a write outside in_transaction: {query[:60]}")

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        raise OperationalError(f"a write outside in_transaction: {query[:60]}")

    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[Any, Any]]]:
        if not query.lstrip().upper().startswith(READS):
            raise OperationalError(f"a write outside in_transaction: {query[:60]}")
        count, rows = await super().execute_query(query, values)
        return count, rows


client_class = ImmediateClient
