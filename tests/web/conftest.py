"""Browsers: one on a developer's machine (`client`), one on a real site with https (`secure`)."""

import html
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from tortoise.connection import get_connections

from awards.config import Config
from tests.conftest import KEYS
from tests.program import start_program

HOME = "https://haoren.test"
HIDDEN = re.compile(r'<input(?=[^>]* type="hidden")[^>]* name="([^"]+)"[^>]* value="([^"]*)"')


def hidden(page: httpx.Response) -> list[tuple[str, str]]:
    """The hidden fields of a page, as a browser sends them."""
    return [(name, html.unescape(value)) for name, value in HIDDEN.findall(page.text)]


async def send(
    client: httpx.AsyncClient, address: str, *, page: str = "", **fields: str
) -> httpx.Response:
    """Fill in the form of a page and send it to an address, by default the page's own."""
    token = dict(hidden(await client.get(page or address)))["csrf_token"]
    return await client.post(address, data={"csrf_token": token, **fields})


@pytest.fixture
def secure_config(database_url: str, tmp_path: Path) -> Config:
    return Config(data_dir=tmp_path, database_url=database_url, secret_keys=KEYS, base_url=HOME)


@pytest.fixture
async def secure_app(secure_config: Config) -> AsyncIterator[Starlette]:
    app = start_program(secure_config, with_jobs=False)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def secure(secure_app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the site with https."""
    transport = httpx.ASGITransport(app=secure_app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        yield client


@pytest.fixture
def other_browser(app: Starlette) -> Iterator[httpx.AsyncClient]:
    """Somebody else, with cookies of their own."""
    transport = httpx.ASGITransport(app=app, client=("127.0.0.2", 50000))
    yield httpx.AsyncClient(transport=transport, base_url="http://haoren.test")


@pytest.fixture
def queries(database: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question to the database from here on."""
    asked: list[str] = []
    connection = get_connections().get("default")
    ask = connection.execute_query

    async def listen(statement: str, values: list[Any] | None = None) -> Any:
        asked.append(statement)
        return await ask(statement, values)

    monkeypatch.setattr(connection, "execute_query", listen)
    return asked
