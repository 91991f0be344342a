"""The demonstration season: one award decided, one in voting, one taking nominations, and a portal
around them. Everything is loaded in one transaction, with days counted from today.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from awards import clock
from awards.actor import system
from awards.campaigns.actions import create_campaign, publish_campaign
from awards.campaigns.models import Campaign
from awards.campaigns.queries import count_campaigns, find_campaign, timeline_of
from awards.campaigns.rules import StageKind
from awards.config import Config
from awards.db import in_transaction
from awards.demo.album import Album
from awards.demo.ballots import cast_all, electorate
from awards.demo.people import (
    candidates_of,
    load_candidates,
    load_queue,
    pictures_of_papers,
    pictures_of_people,
)
from awards.demo.portal import load_portal, pictures_of_articles
from awards.demo.season import ZONE, Calendar, Entry, plan_of, read, words
from awards.errors import Conflict
from awards.honours.actions import create_profile, publish_profile
from awards.honours.models import Profile
from awards.i18n import mark as _
from awards.media.store import open_store
from awards.nominations.models import Candidate
from awards.results.actions import count_result, publish_result
from awards.results.models import Result
from awards.voting.papers import load_paper

LOADER = system("demonstration")
READ_MORE = 37
"""Times a winner's page was read, for each place in the list: nobody's views look alike."""


@dataclass(frozen=True)
class DemoSummary:
    """What was loaded."""

    campaigns: int
    candidates: int
    nominations: int
    ballots: int
    winners: int
    articles: int
    seconds: float


async def load_demo(config: Config) -> DemoSummary:
    """Load the season into a database that has no campaign yet."""
    if await count_campaigns():
        raise Conflict(
            "demo.not_empty",
            _("There are campaigns already; the demonstration is for a new database."),
        )
    started, calendar = time.monotonic(), Calendar(clock.now())
    album = Album(open_store(config.storage))
    await album.prepare(*sorted(_pictures()))
    async with in_transaction() as connection:
        articles = await load_portal(album, calendar)
        campaigns = [
            await _load_campaign(entry, config, album, calendar)
            for entry in read("campaigns")["campaign"]
        ]
        ballots = [await _vote(campaign, config, calendar, connection) for campaign in campaigns]
        winners = [await _honour(campaign, calendar) for campaign in campaigns]
        waiting = [await load_queue(campaign, calendar, album) for campaign in campaigns]
    return DemoSummary(
        campaigns=len(campaigns),
        candidates=await Candidate.all().count(),
        nominations=sum(waiting),
        ballots=sum(ballots),
        winners=sum(winners),
        articles=articles,
        seconds=time.monotonic() - started,
    )


def _pictures() -> set[str]:
    covers = {entry["cover"] for entry in read("campaigns")["campaign"]}
    return covers | pictures_of_articles() | pictures_of_people() | pictures_of_papers()


async def _load_campaign(
    entry: Entry, config: Config, album: Album, calendar: Calendar
) -> Campaign:
    content = read("campaigns")
    regions = {each["slug"]: words(each, "title") for each in content["region"]}
    plan = plan_of(entry, regions, calendar)
    campaign = await create_campaign(by=LOADER, plan=plan, keys_folder=config.keys_folder)
    await publish_campaign(by=LOADER, campaign=campaign)
    begun = min(window.start for window in plan.stages.values())
    await Campaign.filter(id=campaign.id).update(
        cover_id=await album.public(entry["cover"]), created_at=begun, published_at=begun
    )
    campaign = await find_campaign(plan.slug)
    await load_candidates(campaign, album)
    return campaign


async def _vote(campaign: Campaign, config: Config, calendar: Calendar, connection: Any) -> int:
    """Votes from the opening until now, or until voting closed."""
    window = timeline_of(campaign).window(StageKind.VOTING)
    if window is None or calendar.now < window.start:
        return 0
    weights = {int(each["number"]): each["votes"] for each in candidates_of(campaign.slug)}
    paper = await load_paper(config.keys_folder, campaign.id)
    until = min(window.end, calendar.now)
    return await cast_all(connection, electorate(paper, weights, until=until))


async def _honour(campaign: Campaign, calendar: Calendar) -> int:
    """Count, publish and honour, once the day of honours has passed; how many won."""
    stages = timeline_of(campaign)
    honours, shown = stages.window(StageKind.HONOURS), stages.window(StageKind.RESULT)
    if not (honours and shown) or calendar.now < honours.end:
        return 0
    await count_result(by=LOADER, campaign=campaign)
    result = await publish_result(by=LOADER, campaign=campaign)
    await Result.filter(id=result.id).update(counted_at=shown.start, published_at=shown.start)
    winners = [each for each in candidates_of(campaign.slug) if each.get("winner")]
    for place, entry in enumerate(winners):
        await _give_page(campaign, entry, honours.start, views=READ_MORE * (len(winners) - place))
    return len(winners)


async def _give_page(campaign: Campaign, entry: Entry, moment: datetime, *, views: int) -> None:
    candidate = await Candidate.get(campaign_id=campaign.id, number=int(entry["number"]))
    profile = await create_profile(
        by=LOADER,
        candidate=candidate.id,
        conferred_on=moment.astimezone(ZONE).date(),
        citation=words(entry, "citation"),
        acceptance=words(entry, "acceptance"),
        slug=entry["id"],
    )
    await publish_profile(by=LOADER, slug=profile.slug)
    await Profile.filter(id=profile.id).update(published_at=moment, views=views)
