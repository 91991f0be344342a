import asyncpg
import pytest
from tortoise.connection import get_connections

from awards.config import Config
from awards.db import postgres_credentials
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
