"""The organiser opens ways to vote; some only where the operator has set them up."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from awards.actor import Actor, Role
from awards.campaigns.models import Campaign
from awards.campaigns.rules import StageKind
from awards.config import Config
from tests import make
from tests.digest import digest
from tests.web.forms import forms_of
from tests.web.site.voter import text_of

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


async def opened(organiser: httpx.AsyncClient, campaign: Campaign, *ways: str) -> httpx.Response:
    """Send the form of the campaign as it stands, with these ways ticked."""
    address = f"/admin/campaigns/{campaign.slug}"
    shown = await organiser.get(f"{address}/edition")
    form = next(each for each in forms_of(shown) if "channels" in each.fields)
    fields = {**form.filled(lambda _name, each: each.value), "channels": list(ways)}
    return await organiser.post(form.action, data=fields)


@pytest.fixture
async def campaign(database: None) -> Campaign:
    return await make.campaign(
        stage=StageKind.NOMINATION, slug="ways", channels="email", enquiry_phone="0100-12345"
    )


async def test_text_messages_are_opened_where_there_is_a_gateway(
    signed_in: SignedIn, campaign: Campaign
) -> None:
    organiser = await signed_in(await make.person(Role.ORGANISER))
    organiser.cookies.set("language", "en", domain="haoren.test")

    kept = await opened(organiser, campaign, "email", "sms")

    assert kept.status_code == 303, text_of(kept)
    assert (await Campaign.get(id=campaign.id)).channels == "email sms"


async def test_without_a_gateway_the_form_says_who_sets_it_up(
    signed_in: SignedIn, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    organiser = await signed_in(await make.person(Role.ORGANISER))
    organiser.cookies.set("language", "en", domain="haoren.test")
    monkeypatch.setattr(Config, "equipment", frozenset())
    before = await digest()

    refused = await opened(organiser, campaign, "email", "sms")

    assert refused.status_code == 422
    assert "AWARDS_SMS_URL" in text_of(refused)
    assert await digest() == before
