"""Signing in and out, at the pages."""

from collections.abc import Awaitable, Callable

import httpx
import pyotp
import pytest

from awards import clock
from awards.accounts.actions import set_credential
from awards.accounts.models import Credential, Session
from awards.actor import Actor
from awards.db import in_transaction
from tests import make
from tests.digest import digest
from tests.web.conftest import send

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "lantern river noodle"
SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


def code() -> str:
    return pyotp.TOTP(SECRET).at(clock.now())


@pytest.fixture
async def staff(moderator: Actor) -> Actor:
    """A moderator with password and app."""
    await set_credential(by=moderator, password=PASSWORD, totp_secret=SECRET, code=code())
    async with in_transaction():
        await Credential.all().update(totp_last_step=0)
    return moderator


async def test_somebody_signs_in_and_comes_back_to_their_page(
    client: httpx.AsyncClient, staff: Actor
) -> None:
    address = "/judge?state=waiting"

    answer = await send(
        client, "/sign-in", name=staff.name, password=PASSWORD, code=code(), back=address
    )

    assert (answer.status_code, answer.headers["location"]) == (303, address)
    assert staff.name in (await client.get("/account")).text


@pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example", ""])
async def test_nobody_is_sent_elsewhere_after_signing_in(
    client: httpx.AsyncClient, staff: Actor, back: str
) -> None:
    answer = await send(
        client, "/sign-in", name=staff.name, password=PASSWORD, code=code(), back=back
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "do not fit together"), ("zh-Hans", "不")]
)
async def test_a_failure_keeps_the_name_and_nothing_else(
    client: httpx.AsyncClient, staff: Actor, language: str, sentence: str
) -> None:
    client.cookies.set("language", language, domain="haoren.test")
    wrong = {"name": staff.name, "password": "wrong river", "code": "123456", "back": "/judge"}

    answer = await send(client, "/sign-in", **wrong)

    assert answer.status_code == 401
    assert sentence in answer.text
    assert f'value="{staff.name}"' in answer.text and 'name="back" value="/judge"' in answer.text
    assert "wrong river" not in answer.text
    assert await Session.all().count() == 0


async def test_an_unknown_name_looks_like_a_wrong_password(
    client: httpx.AsyncClient, staff: Actor
) -> None:
    pages = [
        await send(client, "/sign-in", name=name, password="wrong river", code="123456")
        for name in (staff.name, "nobody of ours")
    ]

    said = [page.text.partition('role="alert"')[2].partition("</div>")[0] for page in pages]
    assert [page.status_code for page in pages] == [401, 401]
    assert said[0] == said[1] != ""


async def test_too_many_guesses_are_told_to_wait(client: httpx.AsyncClient, staff: Actor) -> None:
    wrong = {"name": staff.name, "password": "x", "code": "1"}

    statuses = [(await send(client, "/sign-in", **wrong)).status_code for _ in range(11)]

    assert statuses == [401] * 10 + [429]


@pytest.mark.parametrize("missing", ["name", "password", "code"])
async def test_what_is_missing_is_named(
    client: httpx.AsyncClient, staff: Actor, missing: str
) -> None:
    fields = {"name": staff.name, "password": PASSWORD, "code": code(), missing: ""}

    answer = await send(client, "/sign-in", **fields)

    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text
    assert PASSWORD not in answer.text


async def test_a_sign_in_makes_a_new_session(
    client: httpx.AsyncClient, staff: Actor, signed_in: SignedIn
) -> None:
    await signed_in(staff)
    before = client.cookies["session"]

    await send(client, "/sign-in", name=staff.name, password=PASSWORD, code=code())

    assert client.cookies["session"] != before
    assert await Session.all().count() == 1


async def test_a_link_is_used_by_the_button_alone(client: httpx.AsyncClient, staff: Actor) -> None:
    address = f"/sign-in/{await make.link(staff)}"
    before = await digest()
    for _ in range(3):
        assert (await client.get(address)).status_code == 200
    assert await digest() == before

    answers = [await send(client, address) for _ in range(2)]

    assert [each.status_code for each in answers] == [303, 401]
    assert answers[0].headers["location"] == "/account/credential"
    assert await Session.all().count() == 1


async def test_an_unknown_link_says_who_can_help(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")

    answer = await send(client, "/sign-in/nothing")

    assert answer.status_code == 401
    assert "server.py user link" in answer.text


async def test_signing_out_ends_the_session(
    client: httpx.AsyncClient, staff: Actor, signed_in: SignedIn
) -> None:
    await signed_in(staff)
    stolen = client.cookies["session"]

    answer = await send(client, "/sign-out", page="/account")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert await Session.all().count() == 0
    client.cookies.set("session", stolen, domain="haoren.test")
    assert (await client.get("/account")).status_code == 303


async def test_signing_out_twice_is_signing_out(client: httpx.AsyncClient) -> None:
    answer = await send(client, "/sign-out", page="/sign-in")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
