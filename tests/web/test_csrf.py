"""A change needs a form of ours: from our own origin, with a token of this browser."""

import html
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from awards.accounts.models import Person, Session
from awards.actor import Actor
from tests import make
from tests.digest import digest
from tests.web.conftest import hidden, send

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]
SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
TYPED = {"words": "“早点铺”\r\n<b>&amp;</b>", "password": "lantern river", "code": "012345"}


async def token(client: httpx.AsyncClient, page: str = "/sign-in") -> str:
    return dict(hidden(await client.get(page)))["csrf_token"]


async def test_a_token_is_another_one_on_every_page(client: httpx.AsyncClient) -> None:
    tokens = [await token(client) for _ in range(5)]

    assert len(set(tokens)) == 5
    ends = {each.rpartition(".")[2] for each in tokens}
    assert len(ends) == 5


async def test_a_token_of_this_browser_is_taken(client: httpx.AsyncClient) -> None:
    answer = await send(client, "/sign-in", name="nobody", password="x", code="000000")

    assert answer.status_code == 401


@pytest.mark.parametrize("forged", ["", "x", "x" * 5000, "WyJ4Il0.ab.cd", "好", "\x00"])
async def test_a_forged_token_is_refused(client: httpx.AsyncClient, forged: str) -> None:
    await client.get("/sign-in")

    answer = await client.post("/sign-in", data={"csrf_token": forged, **TYPED})

    assert answer.status_code == 403


async def test_a_token_of_another_browser_is_refused(
    client: httpx.AsyncClient, other_browser: httpx.AsyncClient
) -> None:
    await client.get("/sign-in")
    theirs = await token(other_browser)

    answer = await client.post("/sign-in", data={"csrf_token": theirs, **TYPED})

    assert answer.status_code == 403


async def test_a_token_without_its_cookie_is_refused(client: httpx.AsyncClient) -> None:
    mine = await token(client)
    client.cookies.clear()

    answer = await client.post("/sign-in", data={"csrf_token": mine, **TYPED})

    assert answer.status_code == 403


async def test_a_token_lasts_a_week(client: httpx.AsyncClient, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    mine = await token(client)

    clock.move_to(NOON + timedelta(days=7))
    assert (await client.post("/sign-in", data={"csrf_token": mine})).status_code == 422
    clock.move_to(NOON + timedelta(days=7, seconds=1))

    assert (await client.post("/sign-in", data={"csrf_token": mine})).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "https://haoren.test"},
        {"origin": "http://haoren.test.elsewhere.example"},
        {"origin": "http://["},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://haoren.test"},
    ],
)
async def test_a_form_from_elsewhere_is_refused_though_its_token_is_good(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    mine = await token(client)
    before = await digest()

    answer = await client.post("/sign-in", data={"csrf_token": mine, **TYPED}, headers=headers)

    assert answer.status_code == 403
    assert "lantern river" not in answer.text
    assert TYPED["words"] not in html.unescape(answer.text)
    assert await digest() == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://haoren.test"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "http://haoren.test"},
    ],
)
async def test_a_form_of_ours_is_taken(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    mine = await token(client)

    answer = await client.post("/sign-in", data={"csrf_token": mine}, headers=headers)

    assert answer.status_code == 422


async def test_behind_a_proxy_the_origin_is_the_address_people_type(
    secure: httpx.AsyncClient,
) -> None:
    mine = await token(secure)
    inside = {"host": "127.0.0.1:8000", "origin": "https://haoren.test"}

    ours = await secure.post("/sign-in", data={"csrf_token": mine}, headers=inside)
    inside["origin"] = "https://127.0.0.1:8000"
    theirs = await secure.post("/sign-in", data={"csrf_token": mine}, headers=inside)

    assert (ours.status_code, theirs.status_code) == (422, 403)


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "please send it once more"), ("zh-Hans", "再")]
)
async def test_a_stale_page_keeps_what_was_typed(
    client: httpx.AsyncClient, language: str, sentence: str
) -> None:
    client.cookies.set("language", language, domain="haoren.test")

    answer = await client.post(
        "/feedback?from=menu", data={"csrf_token": "stale", "topic": ["a", "b"], **TYPED}
    )

    assert answer.status_code == 403
    assert sentence in answer.text
    kept = hidden(answer)
    assert [pair for pair in kept if pair[0] != "csrf_token"] == [
        ("topic", "a"),
        ("topic", "b"),
        ("words", TYPED["words"]),
    ]
    assert 'action="/feedback?from=menu"' in answer.text
    assert "lantern river" not in answer.text and "012345" not in answer.text


async def test_what_a_stale_page_kept_can_be_sent(client: httpx.AsyncClient, admin: Actor) -> None:
    client.cookies.set("session", await make.session(admin), domain="haoren.test")
    kept = await client.post("/admin/people", data={"csrf_token": "stale", "name": "顾小雨"})
    assert await Person.filter(name="顾小雨").count() == 0

    answer = await client.post("/admin/people", data=dict(hidden(kept)))

    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/people")
    assert await Person.filter(name="顾小雨").count() == 1


async def test_a_stale_form_with_photos_says_that_they_are_gone(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")

    with_photo = await client.post(
        "/feedback", data={"words": "typed"}, files={"photo": ("a.jpg", b"...", "image/jpeg")}
    )
    without = await client.post("/feedback", data={"words": "typed"}, files={"photo": ("", b"")})

    sentence = "Photos can’t be kept this way."
    assert (sentence in with_photo.text, sentence in without.text) == (True, False)
    assert dict(hidden(with_photo))["words"] == "typed"


async def test_a_session_that_ends_while_somebody_types_loses_nothing(
    admin: Actor, signed_in: SignedIn
) -> None:
    client = await signed_in(admin)
    client.cookies.set("language", "en", domain="haoren.test")
    mine = await token(client, "/admin/people")
    await make.end_sessions(admin)

    kept = await client.post("/admin/people", data={"csrf_token": mine, "name": "顾小雨"})

    assert kept.status_code == 401
    assert "sign in on another tab" in kept.text
    assert re.search(r'href="/sign-in" target="_blank"', kept.text)
    # On the other tab:
    await send(client, f"/sign-in/{await make.link(admin)}")
    # Back on this one:
    answer = await client.post("/admin/people", data=dict(hidden(kept)))
    assert answer.status_code == 303
    assert await Person.filter(name="顾小雨").count() == 1


async def test_a_form_outlives_signing_out_and_in_again(admin: Actor, signed_in: SignedIn) -> None:
    client = await signed_in(admin)
    mine = await token(client, "/admin/people")

    await send(client, "/sign-out", page="/account")
    await send(client, f"/sign-in/{await make.link(admin)}")
    answer = await client.post("/admin/people", data={"csrf_token": mine, "name": "顾小雨"})

    assert answer.status_code == 303


async def test_a_get_changes_nothing(client: httpx.AsyncClient, admin: Actor) -> None:
    secret = await make.link(admin)
    before = await digest()

    for address in (f"/sign-in/{secret}", "/sign-in", "/account", "/sign-out", "/admin/people"):
        await client.get(address)

    assert await digest() == before
    assert await Session.all().count() == 0
