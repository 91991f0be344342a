"""All campaigns, one campaign in each of its states, its candidates as they are looked for."""

from collections.abc import Callable, Iterable
from datetime import datetime

import httpx
import pytest
from starlette.applications import Starlette
from time_machine import Traveller

from awards import clock
from awards.actor import Role, system
from awards.campaigns.actions import pause_voting
from awards.campaigns.models import Campaign, Region, Stage
from awards.campaigns.queries import find_campaign
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.nominations.models import Candidate
from awards.results.actions import count_result, publish_result
from awards.words import Words
from tests import make
from tests.results.election import hold
from tests.web.site.conftest import CountQueries
from tests.web.site.voter import text_of

Freeze = Callable[[datetime], Traveller]
ORGANISER = system("organiser", [Role.ORGANISER])


@pytest.fixture(autouse=True)
def english(client: httpx.AsyncClient) -> None:
    """Read the pages in English."""
    client.cookies.set("language", "en", domain="haoren.test")


async def _standing(campaign: Campaign, numbers: Iterable[int] = (101, 102, 201)) -> None:
    for number in numbers:
        await make.candidate(campaign, number)


def _numbers(shown: httpx.Response) -> list[int]:
    return [int(part.split('"', 1)[0]) for part in shown.text.split('data-number="')[1:]]


# --- all campaigns --------------------------------------------------------------------------------


async def test_without_campaigns_the_page_says_so(client: httpx.AsyncClient) -> None:
    shown = await client.get("/campaigns")

    assert shown.status_code == 200
    assert "No award is open yet" in text_of(shown)


async def test_every_public_campaign_stands_under_what_can_be_done(
    client: httpx.AsyncClient,
) -> None:
    for stage in StageKind:
        await make.campaign(stage=stage, slug=stage.value, title=Words(en=f"Award {stage}"))
    await make.campaign(slug="secret", title=Words(en="Secret"), published_at=None)
    shown = text_of(await client.get("/campaigns"))

    assert [part in shown for part in ("Voting now", "Nominations are open", "Under way")] == [
        True
    ] * 3
    assert all(f"Award {stage}" in shown for stage in StageKind)
    assert "Secret" not in shown
    assert (
        shown.index("Award voting") < shown.index("Award nomination") < shown.index("Award review")
    )


# --- one campaign ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "tag", "sentence"),
    [
        (StageKind.NOMINATION, "Nominations are open", "Nominate a neighbour"),
        (StageKind.REVIEW, "Under review", "Everybody nominated is asked first."),
        (StageKind.CANDIDATES, "Candidates on display", "Meet the candidates."),
        (StageKind.VOTING, "Voting now", "Voting closes in"),
        (StageKind.CHECKING, "Being checked", "Voting closed on"),
        (StageKind.RESULT, "Being checked", "Voting closed on"),
        (StageKind.HONOURS, "Being checked", "Voting closed on"),
    ],
)
async def test_each_stage_says_where_it_stands(
    client: httpx.AsyncClient, stage: StageKind, tag: str, sentence: str
) -> None:
    campaign = await make.campaign(stage=stage, slug="one")
    await _standing(campaign)
    shown = await client.get("/campaigns/one")

    assert shown.status_code == 200
    assert tag in text_of(shown)
    assert sentence in text_of(shown)
    assert ("data-vote=" in shown.text) is (stage is StageKind.VOTING)


async def test_before_its_first_stage_a_campaign_opens_soon(
    client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    campaign = await make.campaign(stage=StageKind.NOMINATION, slug="soon")
    first = await Stage.get(campaign_id=campaign.id, kind=StageKind.NOMINATION)
    frozen_at(first.starts_at.replace(year=first.starts_at.year - 1))

    assert "Opens soon" in text_of(await client.get("/campaigns/soon"))


async def test_after_its_last_stage_a_campaign_has_finished(
    client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    campaign = await make.campaign(stage=StageKind.HONOURS, slug="over")
    last = await Stage.get(campaign_id=campaign.id, kind=StageKind.HONOURS)
    frozen_at(last.ends_at)

    assert "Finished" in text_of(await client.get("/campaigns/over"))


@pytest.mark.parametrize(
    ("gone", "moment", "sentence"),
    [
        (StageKind.CANDIDATES, StageKind.CANDIDATES, "Voting opens on"),
        (StageKind.REVIEW, StageKind.REVIEW, "Next comes Candidates on display"),
        (StageKind.CHECKING, StageKind.CHECKING, "Voting closed on"),
    ],
)
async def test_between_two_stages_the_next_one_is_named(
    client: httpx.AsyncClient, gone: StageKind, moment: StageKind, sentence: str
) -> None:
    campaign = await make.campaign(stage=moment, slug="gap")
    async with in_transaction():
        await campaign.stages.filter(kind=gone).delete()

    assert sentence in text_of(await client.get("/campaigns/gap"))


async def test_a_paused_vote_offers_none(client: httpx.AsyncClient) -> None:
    campaign = await make.campaign(slug="paused")
    await _standing(campaign)
    await pause_voting(by=ORGANISER, campaign=await find_campaign("paused"))
    shown = await client.get("/campaigns/paused")

    assert "Voting is paused" in text_of(shown)
    assert "data-vote=" not in shown.text


async def test_a_published_result_shows_the_winners(
    app: Starlette, client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    election = await hold(app, frozen_at)
    await count_result(by=ORGANISER, campaign=election.campaign)
    await publish_result(by=ORGANISER, campaign=election.campaign)
    shown = text_of(await client.get("/campaigns/held"))

    assert "The result is out" in shown
    assert "Winners The whole result Winners Candidate 101" in shown
    assert "The votes shown are those of the published result." in shown


async def test_a_campaign_that_is_not_public_is_there_for_its_staff_alone(
    client: httpx.AsyncClient,
) -> None:
    await make.campaign(slug="secret", published_at=None)
    stranger = await client.get("/campaigns/secret")
    organiser = await make.person(Role.ORGANISER)
    client.cookies.set("session", await make.session(organiser), domain="haoren.test")

    assert stranger.status_code == 404
    assert (await client.get("/campaigns/secret")).status_code == 200


async def test_the_page_is_the_same_for_everybody(client: httpx.AsyncClient) -> None:
    await _standing(await make.campaign(slug="one"))
    shown = await client.get("/campaigns/one")

    assert "csrf_token" not in shown.text.replace('data-csrf-name="csrf_token"', "")
    assert "set-cookie" not in shown.headers


async def test_the_rules_say_how_to_vote(client: httpx.AsyncClient) -> None:
    client.cookies.set("language", "en", domain="haoren.test")
    await make.campaign(slug="one", channels="email")
    await make.campaign(slug="two", channels="email paper")

    one = (await client.get("/campaigns/one/rules")).text
    two = (await client.get("/campaigns/two/rules")).text

    assert "By an e-mail address" in one and "counted apart" not in one
    assert "On paper;" in two and "counted apart" in two


async def test_the_rules_name_the_times_and_the_places(client: httpx.AsyncClient) -> None:
    await make.campaign(slug="one", rules_text=Words(en="Voting is **free**."))
    shown = await client.get("/campaigns/one/rules")

    assert "Each person has 10 votes a day." in text_of(shown)
    assert "<strong>free</strong>" in shown.text
    assert "Public vote" in text_of(shown)
    assert "Bravery 1 winner" in text_of(shown)


# --- counts ---------------------------------------------------------------------------------------


async def test_live_counts_are_shown(
    app: Starlette, client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    await hold(app, frozen_at, visibility="live", closed=False)
    shown = await client.get("/campaigns/held")

    assert "<b>3</b> votes" in shown.text
    assert "Votes shown move once a minute at most" in text_of(shown)


async def test_hidden_counts_are_not_in_the_page_at_all(
    app: Starlette, client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    election = await hold(app, frozen_at, visibility="hidden", closed=False)
    pages = ["/campaigns/held", "/campaigns/held/candidates/101", "/campaigns/held?order=shuffle"]
    open_pages = [await client.get(path) for path in pages]
    await election.close()
    closed_pages = [await client.get(path) for path in pages]

    for shown in [*open_pages, *closed_pages]:
        assert shown.status_code == 200
        assert "candidate__count" not in shown.text
        assert "from the public so far" not in shown.text
    assert "Votes are not shown before the result is published." in text_of(open_pages[0])


async def test_counts_posted_daily_wait_for_their_hour(
    app: Starlette, client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    await hold(app, frozen_at, visibility="daily@18:00", closed=False)
    shown = await client.get("/campaigns/held")

    assert "Votes are posted each day at 18:00." in text_of(shown)
    assert "<b>0</b> votes" in shown.text


# --- looking for somebody -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [101, 102, 201]),
        ("find=102", [102]),
        ("find=10", []),
        ("find=candidate%20201", [201]),
        ("find=%E9%99%86%E6%98%A5", [101, 102, 201]),
        ("find=nobody", []),
        ("category=bravery", [201]),
        ("category=unknown", []),
        ("region=south", [102]),
        ("category=helping&region=south", [102]),
        ("order=number", [101, 102, 201]),
        ("order=votes", [101, 102, 201]),
        ("page=abc", [101, 102, 201]),
    ],
)
async def test_candidates_are_found_by_number_name_category_and_region(
    client: httpx.AsyncClient, query: str, expected: list[int]
) -> None:
    campaign = await make.campaign(slug="one")
    await _standing(campaign)
    async with in_transaction():
        south = await Region.get(campaign_id=campaign.id, slug="south")
        await Candidate.filter(number=102).update(region_id=south.id)
    shown = await client.get(f"/campaigns/one?{query}")

    assert shown.status_code == 200
    assert _numbers(shown) == expected
    assert ("Nobody fits this search" in text_of(shown)) is (not expected)


async def test_the_shuffled_order_is_the_same_all_day_and_another_tomorrow(
    client: httpx.AsyncClient, frozen_at: Freeze
) -> None:
    hour = frozen_at(clock.now())
    await _standing(await make.campaign(slug="one"), range(101, 121))
    today = [_numbers(await client.get("/campaigns/one?order=shuffle")) for _time in range(2)]
    hour.shift(24 * 3600)
    tomorrow = _numbers(await client.get("/campaigns/one?order=shuffle"))

    assert today[0] == today[1]
    assert sorted(today[0]) == sorted(tomorrow) == list(range(101, 121))
    assert today[0] != tomorrow


async def test_many_candidates_have_pages_that_keep_the_search(client: httpx.AsyncClient) -> None:
    await _standing(await make.campaign(slug="one"), range(101, 131))
    first = await client.get("/campaigns/one?category=helping")
    second = await client.get("/campaigns/one?category=helping&page=2")
    beyond = await client.get("/campaigns/one?category=helping&page=3")

    assert _numbers(first) == list(range(101, 125))
    assert "/campaigns/one?category=helping&amp;page=2" in first.text
    assert _numbers(second) == list(range(125, 131))
    assert beyond.status_code == 404


async def test_a_withdrawn_candidate_keeps_the_place_without_a_vote(
    client: httpx.AsyncClient,
) -> None:
    campaign = await make.campaign(slug="one")
    await _standing(campaign, (101, 102))
    async with in_transaction():
        await Candidate.filter(number=101).update(state="withdrawn")
    shown = await client.get("/campaigns/one")

    assert _numbers(shown) == [101, 102]
    assert "No longer a candidate" in text_of(shown)
    assert shown.text.count("data-vote=") == 1


async def test_a_list_page_asks_the_database_no_more_for_more_candidates(
    app: Starlette, client: httpx.AsyncClient, queries_of: CountQueries
) -> None:
    campaign = await make.campaign(slug="one")
    await make.candidate(campaign, 101)
    await client.get("/campaigns/one")
    with_one = await queries_of("/campaigns/one?find=")
    await _standing(campaign, (102, 103))
    with_three = await queries_of("/campaigns/one?find=")

    assert with_one == with_three
