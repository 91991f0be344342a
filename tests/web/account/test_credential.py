"""Choosing a password and setting up the app, at the page."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pyotp
import pytest
import time_machine

from awards import clock
from awards.accounts.models import Credential, Session
from awards.actor import Actor
from tests import make
from tests.digest import digest
from tests.web.conftest import hidden

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
PASSWORD = "lantern river noodle"
ADDRESS = "/account/credential"
SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


async def offered(client: httpx.AsyncClient) -> tuple[dict[str, str], str]:
    """The hidden fields of the page, and the secret that it shows."""
    shown = await client.get(ADDRESS)
    secret = re.search(r'<span class="code">([A-Z2-7]{32})</span>', shown.text)
    assert secret and "<svg" in shown.text
    return dict(hidden(shown)), secret[1]


def filled(fields: dict[str, str], secret: str, **changes: str) -> dict[str, str]:
    code = pyotp.TOTP(secret).at(clock.now())
    return {**fields, "password": PASSWORD, "again": PASSWORD, "code": code, **changes}


async def test_a_new_member_of_staff_sets_up_both(moderator: Actor, signed_in: SignedIn) -> None:
    client = await signed_in(moderator)
    await make.session(moderator)
    fields, secret = await offered(client)

    answer = await client.post(ADDRESS, data=filled(fields, secret))

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert (await Credential.get()).totp_secret == secret
    assert await Session.all().count() == 1
    assert (await client.get("/account")).status_code == 200


async def test_each_visit_offers_another_secret(moderator: Actor, signed_in: SignedIn) -> None:
    client = await signed_in(moderator)

    assert len({(await offered(client))[1] for _ in range(3)}) == 3


@pytest.mark.parametrize(
    ("changes", "status", "blamed"),
    [
        ({"password": "short", "again": "short"}, 422, "password"),
        ({"again": "lantern river noodles"}, 422, "again"),
        ({"code": "abc"}, 401, "code"),
        ({"code": ""}, 422, "code"),
        ({"password": "", "again": ""}, 422, "password"),
    ],
)
async def test_what_does_not_fit_is_shown_with_the_same_secret(
    moderator: Actor, signed_in: SignedIn, changes: dict[str, str], status: int, blamed: str
) -> None:
    client = await signed_in(moderator)
    fields, secret = await offered(client)
    before = await digest()

    answer = await client.post(ADDRESS, data=filled(fields, secret, **changes))

    assert answer.status_code == status
    assert f'href="#{blamed}"' in answer.text
    assert secret in answer.text and PASSWORD not in answer.text
    assert await digest() == before
    again = await client.post(ADDRESS, data=filled(dict(hidden(answer)), secret))
    assert again.status_code == 303


async def test_a_secret_that_we_did_not_offer_is_refused(
    moderator: Actor, admin: Actor, signed_in: SignedIn
) -> None:
    client = await signed_in(moderator)
    fields, secret = await offered(client)
    client = await signed_in(admin)
    before = await digest()

    answers = [
        await client.post(ADDRESS, data=filled({**fields, "offer": offer}, secret))
        for offer in (fields["offer"], secret, "", "x.y.z")
    ]

    assert [each.headers["location"] for each in answers] == [ADDRESS] * 4
    assert await digest() == before


async def test_an_offer_lasts_an_hour(
    moderator: Actor,
    signed_in: SignedIn,
    frozen_at: Callable[[datetime], time_machine.Traveller],
) -> None:
    clock = frozen_at(NOON)
    client = await signed_in(moderator)
    fields, secret = await offered(client)
    for _ in range(3):
        clock.shift(1201)
        await client.get("/account")

    answer = await client.post(ADDRESS, data=filled(fields, secret))

    assert answer.headers["location"] == ADDRESS
    assert await Credential.all().count() == 0
