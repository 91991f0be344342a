"""The result: before, and once it is published; and the two presses of the organiser."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx
import pytest
from starlette.applications import Starlette
from time_machine import Traveller

from awards.actor import Actor, Role, system
from awards.db import in_transaction
from awards.nominations.models import Candidate
from awards.results.actions import count_result, publish_result
from awards.results.queries import find_result
from tests import make
from tests.results.election import Election, hold
from tests.web.site.voter import Voter, text_of

Freeze = Callable[[datetime], Traveller]
SignIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
ORGANISER = system("organiser", [Role.ORGANISER])


@pytest.fixture
async def held(app: Starlette, client: httpx.AsyncClient, frozen_at: Freeze) -> Election:
    """A campaign that is closed and not counted."""
    client.cookies.set("language", "en", domain="haoren.test")
    return await hold(app, frozen_at)


async def test_before_publication_the_page_says_when(
    held: Election, client: httpx.AsyncClient
) -> None:
    await count_result(by=ORGANISER, campaign=held.campaign)
    shown = await client.get("/campaigns/held/results")

    assert shown.status_code == 200
    assert "Voting closed on" in text_of(shown)
    assert "results on" in text_of(shown)
    assert "Candidate 101" not in shown.text


async def test_while_voting_the_page_says_so(
    app: Starlette, client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    await hold(app, frozen_at, closed=False)
    shown = await client.get("/campaigns/held/results")

    assert "Voting is still open" in text_of(shown)


async def test_a_published_result_shows_winners_figures_and_the_tie(
    held: Election, client: httpx.AsyncClient
) -> None:
    await count_result(by=ORGANISER, campaign=held.campaign)
    await publish_result(by=ORGANISER, campaign=held.campaign)
    shown = text_of(await client.get("/campaigns/held/results"))

    assert "5 ballots" in shown
    assert "8 votes" in shown
    assert "Chosen · 3 votes" in shown
    assert "A tie at the last place" in shown
    assert "Candidate 201 and Candidate 202" in shown
    assert "tie, decided by lot" in shown
    assert "Nobody was chosen in this category." in shown
    assert "python3 server.py recount" in shown


async def test_who_withdrew_is_shown_unranked(held: Election, client: httpx.AsyncClient) -> None:
    async with in_transaction():
        await Candidate.filter(number=201).update(state="withdrawn")
    await count_result(by=ORGANISER, campaign=held.campaign)
    await publish_result(by=ORGANISER, campaign=held.campaign)
    shown = text_of(await client.get("/campaigns/held/results"))

    assert "withdrawn, not ranked" in shown
    assert "A tie at the last place" not in shown


async def test_an_organiser_counts_looks_and_publishes(
    held: Election, signed_in: SignIn, organiser: Actor
) -> None:
    client = await signed_in(organiser)
    voter = Voter(client, "held")
    before = await client.get("/admin/campaigns/held/result")
    counted = await _press(client, "/counts")
    looked = await client.get(counted.headers["location"])
    published = await _press(client, "/publication")
    after = await client.get(published.headers["location"])

    assert "Count the ballots" in text_of(before)
    assert (counted.status_code, published.status_code) == (303, 303)
    assert "Publish this result" in text_of(looked)
    assert "Candidate 101" in text_of(looked)
    assert "See the public page" in text_of(after)
    assert await find_result(held.campaign.id) is not None
    assert (await voter.get("/results")).status_code == 200


async def test_publishing_without_a_count_is_said_on_the_page(
    held: Election, signed_in: SignIn, organiser: Actor
) -> None:
    client = await signed_in(organiser)
    refused = await _press(client, "/publication")

    assert refused.status_code == 409
    assert "There is no count yet" in text_of(refused)


async def test_counting_too_early_is_said_on_the_page(
    app: Starlette, frozen_at: Freeze, signed_in: SignIn, organiser: Actor
) -> None:
    await hold(app, frozen_at, closed=False)
    client = await signed_in(organiser)
    client.cookies.set("language", "en", domain="haoren.test")
    shown = await client.get("/admin/campaigns/held/result")
    refused = await _press(client, "/counts")

    assert "disabled" in shown.text
    assert refused.status_code == 409
    assert "Voting is still open" in text_of(refused)


async def test_an_organiser_of_another_campaign_sees_no_count(
    held: Election, signed_in: SignIn
) -> None:
    other = await make.person(Role.ORGANISER, campaign=held.campaign.id + 1)
    client = await signed_in(other)

    assert (await client.get("/admin/campaigns/held/result")).status_code == 403
    assert (await _press(client, "/counts")).status_code == 403


async def _press(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """Press a button of the organiser's page."""
    voter = Voter(client, "held")
    return await voter.send(f"/admin/campaigns/held/result{path}")
