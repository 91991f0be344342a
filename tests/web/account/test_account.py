"""One's own page."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx

from awards.accounts.models import Session
from awards.accounts.queries import find_session
from awards.actor import Actor
from tests import make
from tests.web.conftest import send

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


async def test_the_page_says_what_one_may_do(
    moderator: Actor, stranger: Actor, signed_in: SignedIn
) -> None:
    client = await signed_in(moderator)
    client.cookies.set("language", "en", domain="haoren.test")
    own = (await client.get("/account")).text
    nobodys = (await (await signed_in(stranger)).get("/account")).text

    assert ("Moderator" in own, "To my desk" in own) == (True, True)
    assert ("You have no role yet." in nobodys, "To my desk" in nobodys) == (True, False)


async def test_another_device_is_signed_out(moderator: Actor, signed_in: SignedIn) -> None:
    client = await signed_in(moderator)
    there = await find_session(await make.session(moderator))
    assert there

    answer = await send(client, f"/account/sessions/{there.session}/end", page="/account")

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert await Session.all().count() == 1
    assert str(there.session) not in (await client.get("/account")).text


async def test_somebody_elses_session_is_not_found(
    moderator: Actor, admin: Actor, signed_in: SignedIn
) -> None:
    theirs = await find_session(await make.session(admin))
    assert theirs
    client = await signed_in(moderator)

    for id in (theirs.session, uuid4()):
        answer = await send(client, f"/account/sessions/{id}/end", page="/account")
        assert answer.status_code == 404

    assert await Session.all().count() == 2
