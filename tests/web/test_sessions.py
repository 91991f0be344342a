"""Cookies: which, when, with which flags; and sessions that stay while they are used."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from awards.accounts.models import Session
from awards.actor import Actor, Role
from tests import make
from tests.digest import digest
from tests.web.conftest import send

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]
SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


def cookies(answer: httpx.Response) -> dict[str, set[str]]:
    """Each cookie that an answer sets, with its flags."""
    lines = [line.split("; ") for line in answer.headers.get_list("set-cookie")]
    return {line[0].partition("=")[0]: {each.lower() for each in line[1:]} for line in lines}


async def test_on_https_cookies_belong_to_the_host_alone(secure: httpx.AsyncClient) -> None:
    shown = await secure.get("/sign-in")

    assert cookies(shown) == {
        "__Host-visitor": {"httponly", "max-age=31536000", "path=/", "samesite=lax", "secure"}
    }


async def test_on_https_the_session_is_secure_and_ends_with_the_browser(
    secure: httpx.AsyncClient,
) -> None:
    someone = await make.person(Role.EDITOR)
    secret = await make.link(someone)

    entered = await send(secure, f"/sign-in/{secret}")

    assert (entered.status_code, entered.headers["location"]) == (303, "/account/credential")
    assert cookies(entered)["__Host-session"] == {"httponly", "path=/", "samesite=lax", "secure"}
    assert (await secure.get("/account")).status_code == 200


async def test_on_https_a_cookie_without_the_prefix_counts_for_nothing(
    secure: httpx.AsyncClient,
) -> None:
    someone = await make.person(Role.EDITOR)
    secure.cookies.set("session", await make.session(someone), domain="haoren.test")

    assert (await secure.get("/account")).status_code == 303


async def test_in_development_cookies_do_without_https(client: httpx.AsyncClient) -> None:
    shown = await client.get("/sign-in")

    assert cookies(shown) == {"visitor": {"httponly", "max-age=31536000", "path=/", "samesite=lax"}}


@pytest.mark.parametrize(
    "address", ["/", "/campaigns", "/search?q=x", "/nothing", "/feeds/articles.atom"]
)
async def test_who_only_reads_gets_no_cookie(client: httpx.AsyncClient, address: str) -> None:
    before = await digest()

    answer = await client.get(address)

    assert cookies(answer) == {}
    assert await digest() == before


async def test_a_visitor_keeps_the_cookie_they_have(client: httpx.AsyncClient) -> None:
    await client.get("/sign-in")
    first = client.cookies["visitor"]

    assert cookies(await client.get("/sign-in")) == {}
    assert client.cookies["visitor"] == first


async def test_a_page_in_use_keeps_the_session(
    moderator: Actor, signed_in: SignedIn, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    client = await signed_in(moderator)

    for _ in range(10):
        clock.shift(25 * 60)
        assert (await client.get("/account")).status_code == 200
    clock.shift(30 * 60 + 1)

    assert (await client.get("/account")).status_code == 303


async def test_a_session_is_noted_at_most_once_a_minute(
    moderator: Actor, signed_in: SignedIn, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    client = await signed_in(moderator)
    seen = []

    for seconds in (59, 1, 30, 29, 1):
        clock.shift(seconds)
        await client.get("/account")
        seen.append((await Session.get()).seen_at - NOON)

    assert [moment // timedelta(seconds=1) for moment in seen] == [0, 60, 60, 60, 120]


async def test_an_unknown_session_is_a_visitor(client: httpx.AsyncClient) -> None:
    for value in ("x", "x" * 4000, "%00", "ü", '"quoted"'):
        line = [(b"cookie", f"session={value}".encode("latin-1"))]
        assert (await client.get("/account", headers=line)).status_code == 303
