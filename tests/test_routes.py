"""The map of addresses: every POST is protected, every page of staff refuses a stranger."""

import re
from collections.abc import Awaitable, Callable, Iterator
from uuid import uuid4

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from awards.actor import Actor
from awards.web.routes import ADMIN, API, JUDGE
from tests.digest import digest

OPEN_CALLS = {"api:tokens", "api:ballots"}
"""POSTs of programs: they carry a code or a Bearer token, and no cookie counts there."""


def flat(routes: list[BaseRoute]) -> Iterator[Route]:
    """Every route, wherever it is mounted."""
    for route in routes:
        if isinstance(route, Mount) and route.routes:
            yield from flat(route.routes)
        elif isinstance(route, Route):
            yield route


def unprotected(routes: list[BaseRoute]) -> list[str]:
    """The names of POSTs that no CSRF check wraps."""
    return [
        route.name
        for route in flat(routes)
        if "POST" in (route.methods or ())
        and not hasattr(route.endpoint, "handler")
        and route.name not in OPEN_CALLS
    ]


def filled(path: str) -> str:
    """The route's address with something in each place."""
    values = {"int": "101", "uuid": str(uuid4()), "str": "nothing"}
    return re.sub(r"{\w+(?::(\w+))?}", lambda found: values[found[1] or "str"], path)


def test_every_post_is_protected(app: Starlette) -> None:
    assert unprotected(app.routes) == []


def test_a_planted_post_is_caught(app: Starlette) -> None:
    async def careless(_request: object) -> Response:
        return Response()

    planted = Route("/planted", careless, name="site:planted", methods=["POST"])

    assert unprotected([*app.routes, planted]) == ["site:planted"]


def test_names_and_addresses_are_said_once(app: Starlette) -> None:
    routes = list(flat(app.routes))
    names = [route.name for route in routes]
    places = [
        (route.path, method)
        for route in routes
        for method in route.methods or ()
        if method != "HEAD"
    ]

    assert sorted(names) == sorted(set(names))
    assert sorted(places) == sorted(set(places))


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://haoren.test:81"])
async def test_every_post_refuses_another_origin(
    app: Starlette, client: httpx.AsyncClient, origin: str
) -> None:
    before = await digest()
    posts = [route for route in flat(app.routes) if "POST" in (route.methods or ())]

    for route in posts:
        if route.name in OPEN_CALLS:
            continue
        answer = await client.post(filled(route.path), headers={"origin": origin}, data={"a": "b"})
        assert (route.name, answer.status_code) == (route.name, 403)

    assert await digest() == before


async def test_every_post_refuses_without_a_token(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    before = await digest()

    for route in flat(app.routes):
        if "POST" in (route.methods or ()) and route.name not in OPEN_CALLS:
            answer = await client.post(filled(route.path), data={"words": "typed before"})
            assert (route.name, answer.status_code) == (route.name, 403)
            assert 'value="typed before"' in answer.text

    assert await digest() == before


async def test_every_page_of_staff_sends_a_visitor_to_sign_in(client: httpx.AsyncClient) -> None:
    for route in flat([*JUDGE, *ADMIN]):
        if "GET" in (route.methods or ()):
            answer = await client.get(filled(route.path))
            assert (route.name, answer.status_code) == (route.name, 303)
            assert answer.headers["location"].startswith("/sign-in?back=/")


async def test_every_page_of_staff_refuses_a_stranger(
    stranger: Actor, signed_in: Callable[[Actor], Awaitable[httpx.AsyncClient]]
) -> None:
    client = await signed_in(stranger)

    for route in flat([*JUDGE, *ADMIN]):
        if "GET" in (route.methods or ()):
            answer = await client.get(filled(route.path))
            assert (route.name, answer.status_code) == (route.name, 403)


def test_api_routes_are_named() -> None:
    assert all(route.name.startswith("api:") for route in flat(API))
