"""What every test stands on: a fresh database of the engine under test, the program, and a cast of
people.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
import time_machine
from starlette.applications import Starlette

from awards import sqlite_engine
from awards.actor import Actor, Role
from awards.config import Config
from awards.db import migrate
from tests import make
from tests.program import start_program

ENGINE = os.environ.get("AWARDS_TEST_DATABASE", "sqlite")
SERVER = os.environ.get("AWARDS_TEST_POSTGRES_URL", "")
BASE = "http://haoren.test"
KEYS = "an-older-key-of-the-tests-0123456789,the-newest-key-of-the-tests-0123456789"


def _plain(url: str) -> str:
    return url.replace("asyncpg://", "postgresql://")


def _database_named(name: str) -> str:
    return _plain(SERVER).rsplit("/", 1)[0] + f"/{name}"


def _on_server(statement: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(_plain(SERVER))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


async def _on_server_async(statement: str) -> None:
    connection = await asyncpg.connect(_plain(SERVER))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated, empty database that every test copies: a file, or a database's name."""
    if ENGINE == "sqlite":
        path = tmp_path_factory.mktemp("template") / "template.sqlite3"
        asyncio.run(migrate(Config(database_url=f"sqlite://{path}", data_dir=path.parent)))
        return str(path)
    name = f"template_{uuid4().hex[:8]}"
    _on_server(f'CREATE DATABASE "{name}"')
    asyncio.run(migrate(Config(database_url=_database_named(name))))
    return name


@pytest.fixture
async def database_url(
    template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    """A fresh database for one test, and a write turn of its loop."""
    monkeypatch.setattr(sqlite_engine, "write_turn", asyncio.Lock())
    if ENGINE == "sqlite":
        path = tmp_path / "haoren.sqlite3"
        shutil.copy(template, path)
        yield f"sqlite://{path}"
        return
    name = f"test_{uuid4().hex[:12]}"
    # Copying the files is quicker than writing every page into the log (PostgreSQL 15 and later).
    await _on_server_async(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
    yield _database_named(name)
    await _on_server_async(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """Settings of a developer's machine, everything below the test's own folder."""
    return Config(data_dir=tmp_path, database_url=database_url, secret_keys=KEYS)


@pytest.fixture
async def app(config: Config) -> AsyncIterator[Starlette]:
    """The program, started; its jobs are run by the test, where it wants them."""
    app = start_program(config, with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def database(app: Starlette) -> None:
    """The database alone, for tests of actions and queries."""


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without JavaScript: it keeps cookies and follows nothing by itself."""
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


@pytest.fixture
def frozen_at() -> Iterator[Callable[[datetime], time_machine.Traveller]]:
    """Stop the clock: `frozen_at(moment)`; the returned object can `shift` and `move_to`."""
    travels: list[time_machine.travel] = []

    def freeze(moment: datetime) -> time_machine.Traveller:
        travels.append(time_machine.travel(moment, tick=False))
        return travels[-1].start()

    yield freeze
    for travel in reversed(travels):
        travel.stop()


@pytest.fixture
async def organiser(database: None) -> Actor:
    return await make.person(Role.ORGANISER)


@pytest.fixture
async def moderator(database: None) -> Actor:
    return await make.person(Role.MODERATOR)


@pytest.fixture
async def editor(database: None) -> Actor:
    return await make.person(Role.EDITOR)


@pytest.fixture
async def admin(database: None) -> Actor:
    return await make.person(Role.ADMIN)


@pytest.fixture
async def stranger(database: None) -> Actor:
    """Somebody with an account and no role at all."""
    return await make.person()


@pytest.fixture
def signed_in(client: httpx.AsyncClient) -> Callable[[Actor], Awaitable[httpx.AsyncClient]]:
    """Sign somebody in: `await signed_in(moderator)` gives the client back with their session."""

    async def sign_in(actor: Actor) -> httpx.AsyncClient:
        client.cookies.set("session", await make.session(actor), domain="haoren.test")
        return client

    return sign_in
