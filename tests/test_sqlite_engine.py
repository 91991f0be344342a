"""The engine: a write has its turn, and gives it back whatever happens."""

import asyncio

import pytest
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from awards import sqlite_engine
from awards.accounts.models import Person
from awards.clock import now
from awards.db import in_transaction
from tests import make

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("database")]


async def test_a_write_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OperationalError, match="outside in_transaction"):
        await Person.create(name="nobody", created_at=now())

    assert await Person.all().count() == 0


async def test_pragmas_are_durable() -> None:
    connection = get_connections().get("default")

    found = {
        name: (await connection.execute_query(f"PRAGMA {name}"))[1][0][0]
        for name in ("synchronous", "journal_mode", "foreign_keys", "busy_timeout")
    }

    assert found == {
        "synchronous": 2,
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


async def test_a_failed_begin_gives_the_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(self: object) -> None:
        raise OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(sqlite_engine.ImmediateWrapper, "begin", fail)
        for _ in range(3):
            with pytest.raises(OperationalError, match="disk I/O error"):
                async with in_transaction():
                    pass

    people = await asyncio.wait_for(asyncio.gather(*(make.person() for _ in range(100))), 30)
    assert len(people) == 100
    assert await Person.all().count() == 100


async def test_cancelled_transactions_leave_the_file_writable() -> None:
    async def write(n: int) -> None:
        async with in_transaction():
            await Person.create(name=f"person-{n}", created_at=now())
            await asyncio.sleep(0)

    tasks = [asyncio.create_task(write(n)) for n in range(200)]
    for n, task in enumerate(tasks):
        if n % 2:
            await asyncio.sleep(0)
            task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    await asyncio.wait_for(make.person(name="afterwards"), 5)
    assert not sqlite_engine.write_turn.locked()
    assert await Person.filter(name="afterwards").count() == 1


async def test_a_failed_transaction_keeps_nothing() -> None:
    with pytest.raises(ZeroDivisionError):
        async with in_transaction():
            await Person.create(name="half", created_at=now())
            raise ZeroDivisionError

    assert await Person.all().count() == 0
