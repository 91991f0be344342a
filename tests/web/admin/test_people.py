"""Staff, at the page."""

import re
from collections.abc import Awaitable, Callable
from uuid import uuid4

import httpx
import pytest

from awards.accounts.models import Person
from awards.accounts.queries import actor_of, find_person
from awards.actor import Actor, Grant, Role
from tests import make
from tests.digest import digest
from tests.web.conftest import send

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


async def test_somebody_is_added_trusted_and_let_in(
    admin: Actor, signed_in: SignedIn, other_browser: httpx.AsyncClient
) -> None:
    client, campaign = await signed_in(admin), await make.campaign()
    await send(client, "/admin/people", name=" 顾小雨 ")
    someone = await find_person("顾小雨")
    roles = {"role": "moderator", "campaign": str(campaign.id)}

    granted = await send(client, f"/admin/people/{someone.id}/roles", page="/admin/people", **roles)
    shown = await send(client, f"/admin/people/{someone.id}/link", page="/admin/people")

    assert granted.status_code == 303
    assert actor_of(await find_person("顾小雨")).grants == {Grant(Role.MODERATOR, campaign.id)}
    link = re.search(r"http://haoren\.test(/sign-in/[\w-]+)<", shown.text)
    assert link and shown.headers["cache-control"] == "private, no-store"
    assert (await send(other_browser, link[1])).status_code == 303
    assert "顾小雨" in (await other_browser.get("/account")).text
    assert link[1] not in (await client.get("/admin/people")).text


async def test_a_role_is_taken_back(admin: Actor, moderator: Actor, signed_in: SignedIn) -> None:
    client = await signed_in(admin)
    address = f"/admin/people/{moderator.person}/roles/withdrawal"

    answer = await send(client, address, page="/admin/people", role="moderator", campaign="0")

    assert answer.status_code == 303
    assert actor_of(await find_person(moderator.name)).grants == frozenset()


async def test_nobody_takes_their_own_administration(admin: Actor, signed_in: SignedIn) -> None:
    client = await signed_in(admin)
    client.cookies.set("language", "en", domain="haoren.test")
    before = await digest()
    address = f"/admin/people/{admin.person}/roles/withdrawal"

    answer = await send(client, address, page="/admin/people", role="admin", campaign="0")

    assert answer.status_code == 409
    assert "Somebody else has to take this role from you." in answer.text
    assert await digest() == before


@pytest.mark.parametrize("verb", ["roles", "roles/withdrawal"])
@pytest.mark.parametrize(
    "fields", [{"role": "king", "campaign": "0"}, {"role": "editor", "campaign": "77"}, {}]
)
async def test_an_unknown_role_changes_nothing(
    admin: Actor, stranger: Actor, signed_in: SignedIn, verb: str, fields: dict[str, str]
) -> None:
    client = await signed_in(admin)
    before = await digest()

    answer = await send(
        client, f"/admin/people/{stranger.person}/{verb}", page="/admin/people", **fields
    )

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert await digest() == before


async def test_somebody_unknown_is_not_found(admin: Actor, signed_in: SignedIn) -> None:
    client = await signed_in(admin)
    fields = {"role": "editor", "campaign": "0"}

    answers = [
        await send(client, f"/admin/people/{uuid4()}/{verb}", page="/admin/people", **fields)
        for verb in ("roles", "link")
    ]

    assert [each.status_code for each in answers] == [404, 404]


@pytest.mark.parametrize("name", ["", "x", "x" * 61, "taken"])
async def test_a_name_that_does_not_fit_is_kept_and_named(
    admin: Actor, signed_in: SignedIn, name: str
) -> None:
    client = await signed_in(admin)
    await make.person(name="taken")
    before = await digest()

    answer = await send(client, "/admin/people", name=name)

    assert answer.status_code == (409 if name == "taken" else 422)
    assert f'value="{name}"' in answer.text and 'href="#name"' in answer.text
    assert await digest() == before


async def test_a_page_of_people_asks_the_same_of_one_and_of_many(
    admin: Actor, signed_in: SignedIn, queries: list[str]
) -> None:
    client = await signed_in(admin)
    await client.get("/admin/people")
    queries.clear()
    await client.get("/admin/people")
    with_one = len(queries)
    for _ in range(3):
        await make.person(Role.EDITOR, Role.MODERATOR)

    queries.clear()
    await client.get("/admin/people")

    assert len(queries) == with_one
    assert await Person.all().count() == 4
