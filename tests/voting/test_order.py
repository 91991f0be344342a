import os
import sqlite3
from contextlib import closing

import asyncpg
import pytest
from tortoise.connection import get_connections

from awards.config import Config
from awards.db import postgres_credentials, sqlite_path
from awards.voting import order
from awards.voting.order import keep_in_key_order
from awards.voting.queries import read_tally
from tests.conftest import ENGINE
from tests.voting.conftest import OpenBooth


async def tags(table: str, by: str = "") -> list[bytes]:
    """The tags as they lie, or sorted."""
    connection = get_connections().get("default")
    rows = await connection.execute_query_dict(f"SELECT tag FROM {table} {by}")  # noqa: S608 - ours
    return [bytes(row["tag"]) for row in rows]


def log_of_writes(config: Config) -> int:
    """How long SQLite's is."""
    return os.path.getsize(f"{sqlite_path(config)}-wal")


async def test_rows_lie_in_the_order_of_their_keys(open_booth: OpenBooth) -> None:
    booth = await open_booth("daily_tap")
    for _each in range(40):
        await booth.cast(booth.voter(), 101)
    sorted_tags = {table: await tags(table, "ORDER BY tag") for table in ("ballot", "quota")}
    assert (await tags("ballot") == sorted_tags["ballot"]) is (ENGINE == "sqlite")

    await keep_in_key_order()

    assert {table: await tags(table) for table in ("ballot", "quota")} == sorted_tags
    assert (await read_tally(booth.campaign.id)).ballots == 40
    assert (await booth.cast(booth.voter(), 101)).is_new


@pytest.mark.postgres
async def test_rows_do_not_keep_the_number_of_their_transaction(open_booth: OpenBooth) -> None:
    booth, connection = await open_booth("daily_tap"), get_connections().get("default")
    numbers = "SELECT count(DISTINCT xmin::text) AS n FROM ballot"

    for night in (1, 2):
        for _each in range(20):
            await booth.cast(booth.voter(), 101)
        assert (await connection.execute_query_dict(numbers))[0]["n"] == 19 + min(night, 2)
        await keep_in_key_order()

        assert (await connection.execute_query_dict(numbers))[0]["n"] == 1


@pytest.mark.postgres
async def test_rows_of_an_earlier_night_are_left_alone(
    open_booth: OpenBooth, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth, connection = await open_booth("daily_tap"), get_connections().get("default")
    numbers = "SELECT xmin::text AS number, count(*) AS n FROM ballot GROUP BY 1 ORDER BY n"
    monkeypatch.setattr(order, "CROWD", 20)
    for many in (20, 3):
        for _each in range(many):
            await booth.cast(booth.voter(), 101)
        await keep_in_key_order()

    assert [row["n"] for row in await connection.execute_query_dict(numbers)] == [3, 20]


@pytest.mark.sqlite
async def test_the_log_of_writes_is_emptied(open_booth: OpenBooth, config: Config) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)
    assert log_of_writes(config) > 0

    await keep_in_key_order()

    assert log_of_writes(config) == 0
    assert (await booth.cast(booth.voter(), 101)).is_new


@pytest.mark.sqlite
async def test_a_large_file_is_left_as_it_is(
    open_booth: OpenBooth, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)
    monkeypatch.setattr(order, "MOST_BYTES", 1000)

    await keep_in_key_order()

    assert log_of_writes(config) > 0


@pytest.mark.sqlite
async def test_a_file_in_use_is_left_for_the_next_night(
    open_booth: OpenBooth, config: Config
) -> None:
    booth = await open_booth("daily_tap")
    with closing(sqlite3.connect(sqlite_path(config), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await keep_in_key_order()
        other.execute("ROLLBACK")

    assert (await booth.cast(booth.voter(), 101)).is_new


@pytest.mark.postgres
async def test_another_process_that_does_the_same_is_left_alone(
    open_booth: OpenBooth, config: Config
) -> None:
    booth = await open_booth("daily_tap")
    for _each in range(10):
        await booth.cast(booth.voter(), 101)
    before = await tags("ballot")
    other = await asyncpg.connect(**postgres_credentials(config))
    try:
        async with other.transaction():
            await other.execute("SELECT pg_advisory_xact_lock(hashtext('order of ballot'))")
            await keep_in_key_order()
    finally:
        await other.close()

    assert await tags("ballot") == before


@pytest.mark.postgres
async def test_a_table_in_use_is_left_for_the_next_night(
    open_booth: OpenBooth, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    booth = await open_booth("daily_tap")
    await booth.cast(booth.voter(), 101)
    monkeypatch.setattr(order, "PATIENCE", "50ms")
    reader = await asyncpg.connect(**postgres_credentials(config))
    try:
        async with reader.transaction():
            await reader.fetch("SELECT * FROM ballot")
            await keep_in_key_order()
    finally:
        await reader.close()

    assert (await booth.cast(booth.voter(), 101)).is_new
