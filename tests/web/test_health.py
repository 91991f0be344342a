"""Alive, and ready."""

import asyncpg
import httpx
import pytest
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError


async def test_a_program_that_runs_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    for address in ("/health/live", "/health/ready"):
        answer = await client.get(address)

        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        OperationalError("database is locked"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.AdminShutdownError("terminating connection"),
    ],
)
async def test_without_its_database_it_is_alive_and_not_ready(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def gone(*_statement: object) -> None:
        raise error

    monkeypatch.setattr(get_connections().get("default"), "execute_query", gone)

    live, ready = [await client.get(f"/health/{each}") for each in ("live", "ready")]

    assert (live.status_code, ready.status_code) == (200, 503)
    assert ready.json() == {"status": "unavailable"}
