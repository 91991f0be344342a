"""Today: what is due, for whoever opens the desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.actor import Actor, Role
from awards.campaigns.queries import list_campaigns, stage_of, timeline_of
from awards.campaigns.rules import StageKind, StageView
from awards.nominations.queries import count_waiting, list_candidates
from awards.results.queries import find_result
from awards.voting.queries import read_tally
from awards.web.admin.campaigns import STAGE_NAMES
from awards.web.guards import staff
from awards.web.render import page
from awards.web.sessions import actor

ORGANISERS = (Role.ORGANISER, Role.ADMIN)
MANAGERS = (*ORGANISERS, Role.MODERATOR)


@dataclass(frozen=True)
class Standing:
    """Where one campaign stands, in figures."""

    campaign: Any
    view: StageView
    waiting: int
    candidates: int
    votes: int
    is_to_be_counted: bool
    is_organised: bool
    """By whoever looks at it."""


@staff(*Role)
async def show(request: Request) -> Response:
    """Each campaign of this person, where it stands and what waits."""
    by, now = actor(request), clock.now()
    campaigns = [each for each in await list_campaigns() if by.may(*MANAGERS, campaign=each.id)]
    standings = [await _standing(each, now, by) for each in campaigns]
    return page(
        request, "admin/desk/show.html", standings=standings, stage_names=STAGE_NAMES,
        can_make=by.may(*ORGANISERS),
    )  # fmt: skip


async def _standing(campaign: Any, now: datetime, by: Actor) -> Standing:
    votes = (await read_tally(campaign.id)).votes
    has_closed = timeline_of(campaign).has_ended(StageKind.VOTING, now)
    return Standing(
        campaign=campaign,
        view=stage_of(campaign, now),
        waiting=await count_waiting(campaign.id),
        candidates=len(await list_candidates(campaign.id)),
        votes=sum(votes.values()),
        is_to_be_counted=has_closed and await find_result(campaign.id) is None,
        is_organised=by.may(*ORGANISERS, campaign=campaign.id),
    )
