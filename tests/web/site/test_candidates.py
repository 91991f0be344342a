"""A candidate's page: the person, what was checked, the neighbours, and the way to the vote."""

from zoneinfo import ZoneInfo

import httpx
import pytest

from awards import clock
from awards.campaigns.models import Campaign
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.nominations.models import Candidate, Consent
from awards.words import Words
from tests import make
from tests.web.site.voter import text_of


@pytest.fixture
async def campaign(client: httpx.AsyncClient) -> Campaign:
    """A campaign in voting with three candidates, read in English."""
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(slug="one")
    await make.candidate(campaign, 101)
    await make.candidate(
        campaign,
        102,
        gender="f",
        birth_month="1963-02",
        facts=[{"figure": "19", "unit": {"en": "years"}, "label": {"en": "of soup"}}],
        past_honours=[{"year": 2019, "title": {"en": "Good neighbour"}}],
        story=Words(en="<script>alert(1)</script> At **four**."),
    )
    await make.candidate(campaign, 201)
    return campaign


async def test_a_candidate_is_shown_with_all_that_is_told(
    campaign: Campaign, client: httpx.AsyncClient
) -> None:
    shown = await client.get("/campaigns/one/candidates/102")
    text = text_of(shown)

    assert shown.status_code == 200
    assert "woman, aged 6" in text
    assert "of soup 19 years" in text
    assert "Good neighbour" in text
    assert "<strong>four</strong>" in shown.text
    assert "<script>alert" not in shown.text
    assert "Agreed to take part and to be shown" in text
    assert "On public display" in text
    assert 'href="/campaigns/one/ballot?choice=102"' in shown.text
    assert "Vote for her" in text


async def test_the_neighbours_are_those_by_number(
    campaign: Campaign, client: httpx.AsyncClient
) -> None:
    first = await client.get("/campaigns/one/candidates/101")
    middle = await client.get("/campaigns/one/candidates/102")
    last = await client.get("/campaigns/one/candidates/201")

    assert [part in text_of(first) for part in ("Previous", "102 Candidate 102")] == [False, True]
    assert "101 Candidate 101" in text_of(middle)
    assert "201 Candidate 201" in text_of(middle)
    assert "102 Candidate 102" in text_of(last)


async def test_the_day_of_consent_is_told(campaign: Campaign, client: httpx.AsyncClient) -> None:
    papers = await make.nomination(campaign)
    now = clock.now()
    async with in_transaction():
        await Consent.create(
            nomination=papers,
            digest=b"0" * 32,
            state="granted",
            how="link",
            recorded_by="nominee",
            requested_at=now,
            expires_at=now,
            decided_at=now,
        )
        await Candidate.filter(number=101).update(nomination_id=papers.id)
    shown = text_of(await client.get("/campaigns/one/candidates/101"))

    day = now.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"Agreed to take part and to be shown {day:%-d %B}" in shown


async def test_a_whole_ballot_asks_to_be_put_on_it(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(slug="paper", preset="up_to_ten")
    await make.candidate(campaign, 101)
    shown = await client.get("/campaigns/paper/candidates/101")

    assert "Put on my ballot" in text_of(shown)


async def test_outside_the_vote_nothing_leads_to_it(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    campaign = await make.campaign(slug="early", stage=StageKind.CANDIDATES)
    await make.candidate(campaign, 101)
    shown = await client.get("/campaigns/early/candidates/101")

    assert "/ballot?" not in shown.text
    assert "Voting opens on" in text_of(shown)


async def test_who_withdrew_is_said_and_gets_no_vote(
    campaign: Campaign, client: httpx.AsyncClient
) -> None:
    async with in_transaction():
        await Candidate.filter(number=102).update(
            state="withdrawn", summary=Words(), story=Words(), one_liner=Words(), occupation=Words()
        )
    shown = await client.get("/campaigns/one/candidates/102")

    assert shown.status_code == 200
    assert "No longer a candidate" in text_of(shown)
    assert "/ballot?" not in shown.text


@pytest.mark.parametrize("number", ["999", "0", "abc"])
async def test_an_unknown_number_is_not_found(
    campaign: Campaign, client: httpx.AsyncClient, number: str
) -> None:
    assert (await client.get(f"/campaigns/one/candidates/{number}")).status_code == 404


async def test_nobody_is_shown_before_they_are_public(
    campaign: Campaign, client: httpx.AsyncClient
) -> None:
    async with in_transaction():
        await Candidate.filter(number=201).update(state="preliminary", published_at=None)

    assert (await client.get("/campaigns/one/candidates/201")).status_code == 404
    assert "Candidate 201" not in (await client.get("/campaigns/one")).text
