"""The demonstration: a living season, with ballots that a recount confirms."""

import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette

from awards import clock
from awards.campaigns.queries import list_public_campaigns, stage_of
from awards.campaigns.rules import StageKind
from awards.config import Config
from awards.demo.load import DemoSummary, load_demo
from awards.errors import Conflict
from awards.honours.queries import every_profile
from awards.nominations.models import Candidate, Consent, Nomination
from awards.portal.models import Article
from awards.portal.queries import home_columns, list_sections, newest_of_kind
from awards.results.queries import find_result
from awards.voting.actions import cast_vote
from awards.voting.ballot_box import BallotBox
from awards.voting.counting import count_ballots, recount
from awards.voting.rules import Channel, VotingToken
from awards.words import Words
from tests import make


@pytest.fixture
async def season(database: None, config: Config) -> DemoSummary:
    started = time.process_time()
    summary = await load_demo(config)
    # The work of a first start, whatever else the machine is busy with.
    assert time.process_time() - started < 4
    return summary


async def test_the_season_has_one_award_of_each_kind(season: DemoSummary) -> None:
    stages = {each.slug: stage_of(each, clock.now()) for each in await list_public_campaigns()}

    assert [season.campaigns, season.winners, season.articles] == [3, 5, 52]
    assert {slug: stage.kind for slug, stage in stages.items()} == {
        "2025-wanghe-good-neighbours": None,
        "2026-wanghe-hometown": StageKind.VOTING,
        "2026-winter-kindness": StageKind.NOMINATION,
    }


async def test_ballots_are_of_the_voting_time_and_a_recount_agrees(season: DemoSummary) -> None:
    campaigns = await list_public_campaigns()
    recounts = [await recount(each.id) for each in campaigns]

    assert all(each.agrees for each in recounts)
    assert sum(each.ballots for each in recounts) == season.ballots
    assert season.ballots > 1000
    for campaign in campaigns:
        window = next(each for each in campaign.stages if each.kind == StageKind.VOTING)
        everything = await count_ballots(campaign.id)
        assert (await count_ballots(campaign.id, until=window.starts_at)).ballots == 0
        assert await count_ballots(campaign.id, until=window.ends_at) == everything


async def test_votes_follow_the_liking_and_every_candidate_has_some(season: DemoSummary) -> None:
    voting = next(each for each in await list_public_campaigns() if "hometown" in each.slug)

    votes = (await count_ballots(voting.id)).votes

    assert len(votes) == 15
    assert max(votes, key=lambda number: votes[number]) == 105


async def test_a_made_up_voter_keeps_to_the_rule_and_a_real_one_can_vote(
    season: DemoSummary, app: Starlette
) -> None:
    box: BallotBox = app.state.ballot_box
    paper = await box.papers.find("2026-wanghe-hometown")
    token = VotingToken(paper.campaign, Channel.EMAIL, b"a real voter....")

    receipt = await cast_vote(
        box, token=token, choices=[105], day=paper.day(clock.now()), source="page"
    )

    assert receipt.is_new
    assert (await recount(paper.campaign)).agrees


async def test_the_finished_award_names_its_winners(season: DemoSummary) -> None:
    done = next(each for each in await list_public_campaigns() if "neighbours" in each.slug)

    result = await find_result(done.id)
    winners = {each.slug: each.candidate_id for each in await every_profile()}

    assert result is not None
    won = {line.number for line in result.lines if line.won}
    people = await Candidate.filter(campaign_id=done.id, number__in=won)
    assert set(winners.values()) == {each.id for each in people}
    assert "maimaiti" in winners
    assert result.published_at is not None
    assert result.published_at < clock.now() - timedelta(days=300)


async def test_nobody_is_public_without_consent_and_work_waits(
    season: DemoSummary,
) -> None:
    consents = {
        public: await Consent.filter(nomination__candidate__published_at__isnull=not public)
        for public in (True, False)
    }

    assert await Candidate.filter(published_at__isnull=False).count() == 24
    assert [(each.state, each.how) for each in consents[True]] == [("granted", "link")] * 24
    assert {each.state for each in consents[False]} == {"requested"}
    states = await Nomination.filter(campaign__slug="2026-winter-kindness").values_list(
        "state", flat=True
    )

    assert sorted(map(str, states)) == [
        "approved",
        "returned",
        "submitted",
        "submitted",
        "submitted",
    ]


async def test_every_section_has_something_to_read_in_both_languages(season: DemoSummary) -> None:
    articles = await Article.all().prefetch_related("section")
    filled = {each.section.slug for each in articles}

    assert filled == {
        each.slug for each in await list_sections() if each.kind in ("articles", "gallery")
    }
    assert all(each.published_at and each.published_at <= clock.now() for each in articles)
    assert len(await home_columns(now=clock.now(), most=5)) == 3
    assert len(await newest_of_kind("gallery", now=clock.now(), most=3)) == 3
    texts: list[Words] = []
    for article in await Article.all():
        texts += [article.title, article.summary, article.body]
    for person in await Candidate.filter(published_at__isnull=False):
        texts += [person.name, person.one_liner, person.summary, person.story]

    assert [each for each in texts if not (each.zh and each.en)] == []


async def test_it_refuses_a_database_with_a_campaign(database: None, config: Config) -> None:
    await make.campaign()

    with pytest.raises(Conflict, match=r"demo\.not_empty"):
        await load_demo(config)

    assert await Article.all().count() == 0


async def test_it_looks_the_same_at_any_hour(
    database: None, config: Config, frozen_at: object
) -> None:
    frozen_at(datetime(2027, 3, 1, 0, 5, tzinfo=UTC))  # type: ignore[operator]

    season = await load_demo(config)

    assert [season.campaigns, season.winners] == [3, 5]
    moments = [each.published_at for each in await Article.all()]
    assert all(each and each <= clock.now() for each in moments)


async def test_the_whole_site_is_alive(season: DemoSummary, client: httpx.AsyncClient) -> None:
    for address in ("/", "/showcase", "/showcase/maimaiti", "/sections/news", "/campaigns"):
        shown = await client.get(address)

        assert shown.status_code == 200
    assert "陆春芳" in (await client.get("/")).text
