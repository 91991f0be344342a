"""The poster of a candidate, and what a page offers for passing it on."""

import re

import httpx
import pytest

from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.nominations.models import Candidate
from awards.web.site.posters import code_of
from tests import make

POSTER = "/campaigns/award/candidates/101/poster"


async def test_it_says_who_and_what_for(client: httpx.AsyncClient, database: None) -> None:
    await make.candidate(await make.campaign(slug="award"), 101)
    client.cookies.set("language", "en", domain="haoren.test")
    shown = await client.get(POSTER)
    words = re.sub(r"<[^>]+>|\s+", " ", shown.text)

    assert shown.status_code == 200
    for part in ("Candidate 101", "101", "Helping others", "Good People of Wanghe", "Print"):
        assert part in words
    assert "A vote costs nothing." in words
    assert 'name="robots" content="noindex"' in shown.text


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_nothing_on_it_counts_or_hurries(
    client: httpx.AsyncClient, database: None, language: str
) -> None:
    await make.candidate(await make.campaign(slug="award"), 101)
    client.cookies.set("language", language, domain="haoren.test")
    shown = (await client.get(POSTER)).text

    assert "countdown" not in shown and "candidate__count" not in shown
    assert " data-upright" in shown if language == "zh-Hans" else " data-upright" not in shown


async def test_its_code_leads_to_the_story_and_nowhere_else(
    client: httpx.AsyncClient, database: None
) -> None:
    await make.candidate(await make.campaign(slug="award"), 101)
    there = "http://haoren.test/campaigns/award/candidates/101"
    story = await client.get(there)

    assert str(code_of(there)) in (await client.get(POSTER)).text
    assert f'data-copy="{there}"' in story.text and f'href="{POSTER}"' in story.text


@pytest.mark.parametrize("state", ["withdrawn", "disqualified"])
async def test_who_has_left_has_no_poster(
    client: httpx.AsyncClient, database: None, state: str
) -> None:
    await make.candidate(await make.campaign(slug="award"), 101)
    async with in_transaction():
        await Candidate.filter(number=101).update(state=state)

    assert (await client.get(POSTER)).status_code == 404
    assert POSTER not in (await client.get("/campaigns/award/candidates/101")).text


@pytest.mark.parametrize("stage", [StageKind.CHECKING, StageKind.HONOURS])
async def test_after_voting_it_asks_for_no_vote(
    client: httpx.AsyncClient, database: None, stage: StageKind
) -> None:
    await make.candidate(await make.campaign(slug="award", stage=stage), 101)
    client.cookies.set("language", "en", domain="haoren.test")

    assert "vote costs" not in (await client.get(POSTER)).text


async def test_a_draft_has_none(client: httpx.AsyncClient, database: None) -> None:
    await make.candidate(await make.campaign(slug="award", published_at=None), 101)

    assert (await client.get(POSTER)).status_code == 404
