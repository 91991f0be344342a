"""Ballots of paper on the pages of two people who type them."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette

from awards.actor import Actor, Role
from awards.campaigns.models import Campaign
from awards.voting.models import PaperBatch, TypedPaper
from awards.voting.queries import read_tally
from tests import make
from tests.digest import digest
from tests.web.conftest import send
from tests.web.site.voter import text_of

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def campaign(database: None) -> Campaign:
    made = await make.campaign(preset="up_to_ten", slug="urns", channels="paper")
    for number in (101, 102):
        await make.candidate(made, number)
    return made


@pytest.fixture
async def readers(app: Starlette) -> list[httpx.AsyncClient]:
    """Two people, each at a desk of their own."""
    return [await _reader(app), await _reader(app)]


async def _reader(app: Starlette) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(transport=transport, base_url="http://haoren.test")
    session = await make.session(await make.person(Role.MODERATOR))
    client.cookies.set("session", session, domain="haoren.test")
    client.cookies.set("language", "en", domain="haoren.test")
    return client


async def typed(client: httpx.AsyncClient, address: str, serial: int, marks: str) -> httpx.Response:
    return await send(client, f"{address}/readings", page=address, serial=str(serial), marks=marks)


async def test_two_people_type_a_batch_and_it_is_cast(
    campaign: Campaign, readers: list[httpx.AsyncClient]
) -> None:
    first, second = readers
    taken = await send(first, "/admin/papers", campaign="urns", count="2", label="三号票箱")
    address = taken.headers["location"]
    assert taken.status_code == 303

    await typed(first, address, 1, "101 102")
    shown = await second.get(address)
    assert 'value="1"' in shown.text and "101 102" not in shown.text
    assert 'value="2"' in (await first.get(address)).text
    await typed(first, address, 2, "")
    await typed(second, address, 2, "")
    await typed(second, address, 1, "101")
    differing = text_of(await second.get(address))
    assert "Read differently" in differing and "101, 102" in differing
    corrected = await second.get(f"{address}?serial=1")
    assert 'name="marks" type="text" value="101"' in corrected.text
    await typed(second, address, 1, "102,101")
    done = await send(first, f"{address}/closure", page=address)

    assert done.status_code == 303
    row = await PaperBatch.get()
    assert (row.valid, row.invalid) == (1, 1)
    assert dict((await read_tally(campaign.id)).votes) == {101: 1, 102: 1}
    after = await first.get(address)
    assert "readings" not in after.text and "closure" not in after.text
    assert "三号票箱" in (await first.get("/admin/papers")).text


async def test_what_is_no_number_is_kept_to_be_mended(
    campaign: Campaign, readers: list[httpx.AsyncClient]
) -> None:
    taken = await send(readers[0], "/admin/papers", campaign="urns", count="2")
    address = taken.headers["location"]
    before = await digest()

    for serial, marks in (("1", "1O1"), ("", "101"), ("3", "101")):
        answer = await send(
            readers[0], f"{address}/readings", page=address, serial=serial, marks=marks
        )
        assert answer.status_code == 422
        assert re.search(rf'name="marks"[^>]* value="{marks}"', answer.text)

    early = await send(readers[0], f"{address}/closure", page=address)
    assert early.status_code == 409
    assert await digest() == before and await TypedPaper.all().count() == 0


@pytest.mark.parametrize("role", [Role.CODE_OFFICER, Role.ORGANISER, Role.ADMIN])
async def test_others_type_no_papers(campaign: Campaign, signed_in: SignedIn, role: Role) -> None:
    client = await signed_in(await make.person(role))

    assert (await client.get("/admin/papers")).status_code == 403
