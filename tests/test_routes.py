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
from awards.web.assets import static
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


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def taken(app: Starlette, path: str) -> set[str]:
    """The methods that some line of the map takes at this address."""
    here = (route for route in flat(app.routes) if route.path_regex.match(path))
    return {method for route in here for method in route.methods or ()}


async def test_every_address_says_which_methods_it_takes(
    app: Starlette, client: httpx.AsyncClient
) -> None:
    before, places = await digest(), {filled(route.path) for route in flat(app.routes)}
    client.cookies.set("language", "en", domain="haoren.test")
    wrong = []

    for path in sorted(places):
        takes, is_api = taken(app, path), path.startswith("/api/")
        kind = "application/problem+json" if is_api else "text/html; charset=utf-8"
        for method in METHODS:
            if method in takes:
                continue
            answer = await client.request(method, path, headers={"accept": "text/html"})
            allow = set(answer.headers.get("allow", "").split(", "))
            if (answer.status_code, allow, answer.headers["content-type"]) != (405, takes, kind):
                wrong.append((method, path, answer.status_code, allow))

    assert wrong == []
    assert await digest() == before


async def test_head_is_answered_like_get(app: Starlette, client: httpx.AsyncClient) -> None:
    wrong = []

    for route in flat(app.routes):
        path = filled(route.path)
        takes = taken(app, path)
        head = await client.head(path)
        status = (await client.get(path)).status_code if "GET" in takes else 405
        if head.status_code != status:
            wrong.append((route.name, head.status_code, status))

    assert wrong == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "This address does not take this method."), ("zh-CN,zh;q=0.9", "不接受这种请求方法")],
)
async def test_a_program_is_told_in_its_language(
    client: httpx.AsyncClient, language: str, sentence: str
) -> None:
    answer = await client.get("/api/v1/campaigns/x/ballots", headers={"accept-language": language})

    assert answer.status_code == 405
    assert answer.json() | {"title": ""} == {
        "type": "about:blank", "title": "", "status": 405, "code": "http.405",
    }  # fmt: skip
    assert sentence in answer.json()["title"]


async def test_static_files_are_read_alone(client: httpx.AsyncClient) -> None:
    answer = await client.post(static("css/tokens.css"))

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_an_address_that_nothing_has_is_unknown_to_every_method(
    client: httpx.AsyncClient,
) -> None:
    for path in ("/nothing", "/api/v1/nothing", "/api", "/media/x/1.webp"):
        answers = [await client.request(method, path) for method in METHODS]
        assert {answer.status_code for answer in answers} == {404}


def test_api_routes_are_named() -> None:
    assert all(route.name.startswith("api:") for route in flat(API))
