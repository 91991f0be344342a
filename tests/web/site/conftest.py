"""How many questions a page asks the database."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from tortoise.connection import get_connections

CountQueries = Callable[[str], Awaitable[int]]
METHODS = ("execute_query", "execute_query_dict", "execute_query_dict_with_affected")


@pytest.fixture
def queries_of(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> CountQueries:
    """`await queries_of("/campaigns")` reads the page and tells how many statements it took: the
    fewest of three reads, since once a second some read what is kept in memory as well.
    """

    async def count(path: str) -> int:
        return min([await once(path) for _time in range(3)])

    async def once(path: str) -> int:
        asked: list[str] = []
        connection = get_connections().get("default")
        with monkeypatch.context() as patch:
            for name in METHODS:
                original = getattr(connection, name, None)
                if original is not None:
                    patch.setattr(connection, name, _counting(original, asked))
            shown = await client.get(path)
        assert shown.status_code == 200
        assert asked
        return len(asked)

    return count


def _counting(original: Callable[..., Awaitable[Any]], asked: list[str]) -> Any:
    async def counted(statement: str, *values: Any, **more: Any) -> Any:
        asked.append(statement)
        return await original(statement, *values, **more)

    return counted
