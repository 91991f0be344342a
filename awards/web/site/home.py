"""The portal's home."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.campaigns.rules import StageKind
from awards.clock import day_in
from awards.errors import NotFound
from awards.honours.queries import count_profiles, newest_profiles
from awards.portal.queries import (
    Foremost,
    count_nominations,
    foremost_campaign,
    home_columns,
    home_figures,
    lead_article,
    newest_of_kind,
    public_candidates,
)
from awards.portal.rules import SectionKind, in_turn
from awards.web.render import page

CANDIDATES = 6
GALLERY = 3
WINNERS = 5
HEADLINES = 5


async def show(request: Request) -> Response:
    """All that is new, and the one thing that can be done today."""
    now = clock.now()
    foremost = await foremost_campaign(now=now)
    candidates = await public_candidates(now=now, campaign=foremost.campaign.id) if foremost else []
    return page(
        request,
        "site/home/show.html",
        lead=await lead_article(now=now),
        foremost=foremost,
        candidates=in_turn(candidates, day_in(request.app.state.config.zone, now), CANDIDATES),
        candidate_count=len(candidates),
        columns=await home_columns(now=now, most=HEADLINES),
        gallery=await newest_of_kind(SectionKind.GALLERY, now=now, most=GALLERY),
        recorded=await _recorded(request, foremost, now) if foremost else None,
        winners=await newest_profiles(most=WINNERS),
        winner_count=await count_profiles(),
        figures=await home_figures(now=now),
        sent=await count_nominations(foremost.campaign.id) if foremost else 0,
    )


async def _recorded(request: Request, foremost: Foremost, now: datetime) -> int | None:
    """How many votes or ballots are in the box of the award that people vote in now."""
    if foremost.stage.kind is not StageKind.VOTING:
        return None
    box = request.app.state.ballot_box
    try:
        paper = await box.papers.find(foremost.campaign.slug)
    except NotFound:  # Its key is missing: the page does without the figure.
        return None
    figures = await box.live.figures(paper, now=now)
    return int(figures.ballots)
