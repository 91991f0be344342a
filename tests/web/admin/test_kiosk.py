"""A booth from both sides: the staff’s page, and the device that voters use."""

import html
import re
from collections.abc import Awaitable, Callable

import httpx
import pytest
from starlette.applications import Starlette

from awards.actor import Actor, Role
from awards.campaigns.models import Campaign
from awards.voting.counting import recount
from awards.voting.models import VotingBooth
from awards.voting.rules import Channel, Counts
from tests import make
from tests.digest import digest
from tests.web.conftest import send
from tests.web.site.voter import Voter, text_of

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
LINK = re.compile(r'<p class="code">http://haoren\.test(/booth/devices/[^<]+)</p>')


@pytest.fixture
async def campaign(database: None) -> Campaign:
    made = await make.campaign(preset="up_to_ten", slug="place", channels="kiosk")
    for number in (101, 102):
        await make.candidate(made, number)
    return made


@pytest.fixture
async def desk(signed_in: SignedIn) -> httpx.AsyncClient:
    return await signed_in(await make.person(Role.CODE_OFFICER))


@pytest.fixture
async def device(app: Starlette) -> httpx.AsyncClient:
    """Another browser than that of the staff."""
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(transport=transport, base_url="http://haoren.test")
    client.cookies.set("language", "en", domain="haoren.test")
    return client


async def opened(desk: httpx.AsyncClient, device: httpx.AsyncClient) -> VotingBooth:
    shown = await send(desk, "/admin/booths", campaign="place", label="东关图书馆")
    link = LINK.search(shown.text)
    assert link
    made = await send(device, html.unescape(link[1]))
    assert (made.status_code, made.headers["location"]) == (303, "/booth")
    return await VotingBooth.get()


async def press(desk: httpx.AsyncClient, booth: VotingBooth, what: str) -> httpx.Response:
    address = f"/admin/booths/{booth.id}/{what}"
    return await send(desk, address, page="/admin/booths", campaign="place")


async def test_one_voter_after_the_other(
    campaign: Campaign, desk: httpx.AsyncClient, device: httpx.AsyncClient
) -> None:
    booth = await opened(desk, device)
    assert device.cookies["mode"] == "care"

    for number in (101, 102):
        assert "Please ask the staff" in text_of(await device.get("/booth"))
        assert (await press(desk, booth, "admissions")).status_code == 303
        assert "Please come in" in text_of(await device.get("/booth"))
        entered = await send(device, "/booth/voter", page="/booth")
        assert entered.headers["location"] == "/campaigns/place/ballot"
        sheet = await device.get("/campaigns/place/ballot")
        assert "You vote at the booth." in text_of(sheet) and "Not you?" not in sheet.text
        cast = await Voter(device, "place").vote(number)
        receipt = await device.get(cast.headers["location"])
        assert "Your ballot is recorded" in text_of(receipt) and "I am done" in receipt.text
        again = await Voter(device, "place").vote(101 if number == 102 else 102)
        assert again.status_code == 409
        done = await send(device, "/booth/end", page="/booth")
        assert done.headers["location"] == "/booth"
        assert not {"vote", "voting_as", "receipt"} & set(device.cookies)

    assert (await VotingBooth.get()).admissions == 2
    assert (await recount(campaign.id)).by_channel == {Channel.KIOSK: Counts(2, {101: 1, 102: 1})}


async def test_a_visit_that_nobody_goes_on_with_is_asked_for_and_ended(
    campaign: Campaign, desk: httpx.AsyncClient, device: httpx.AsyncClient
) -> None:
    booth = await opened(desk, device)
    await press(desk, booth, "admissions")
    await send(device, "/booth/voter", page="/booth")

    shown = await device.get("/booth")
    assert "Are you still voting?" in text_of(shown) and "data-leave" in shown.text
    refused = await press(desk, booth, "admissions")
    assert refused.status_code == 409
    assert (await press(desk, booth, "release")).status_code == 303
    assert "Please ask the staff" in text_of(await device.get("/booth"))


async def test_reading_a_link_or_the_booth_changes_nothing(
    campaign: Campaign, desk: httpx.AsyncClient, device: httpx.AsyncClient
) -> None:
    booth = await opened(desk, device)
    await press(desk, booth, "admissions")
    before = await digest()

    for address in ("/booth", "/booth/devices/x", "/booth"):
        answer = await device.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-store"

    assert await digest() == before


async def test_no_device_becomes_a_booth_by_a_wrong_link_or_with_staff_on_it(
    campaign: Campaign, desk: httpx.AsyncClient, device: httpx.AsyncClient
) -> None:
    wrong = await send(device, "/booth/devices/nothing")
    assert wrong.status_code == 409 and "booth" not in device.cookies

    shown = await send(desk, "/admin/booths", campaign="place")
    link = LINK.search(shown.text)
    assert link
    staffed = await send(desk, html.unescape(link[1]))
    assert staffed.status_code == 409 and "booth" not in desk.cookies


async def test_a_device_that_is_no_booth_lets_nobody_vote(
    campaign: Campaign, desk: httpx.AsyncClient, device: httpx.AsyncClient
) -> None:
    booth = await opened(desk, device)
    await press(desk, booth, "closure")

    refused = await send(device, "/booth/voter", page="/booth/devices/x")

    assert refused.status_code == 409 and "vote" not in device.cookies
    assert "This device is no booth" in text_of(await device.get("/booth"))


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ORGANISER, Role.MODERATOR])
async def test_who_runs_the_voting_opens_no_booth(signed_in: SignedIn, role: Role) -> None:
    client = await signed_in(await make.person(role))

    assert (await client.get("/admin/booths")).status_code == 403
