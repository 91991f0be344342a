"""The counts that a page may show: hidden ones are not even fetched for it."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.campaigns.queries import rule_of
from awards.campaigns.rules import HIDDEN
from awards.errors import NotFound
from awards.i18n import mark as _
from awards.i18n import translate
from awards.results.queries import find_result
from awards.voting.rules import Shown, shown_now
from awards.web.streams import KIND, figures_json


async def show(request: Request) -> Response:
    """The figures once, for a page that can't listen. Who asks for a stream and comes here gets
    none (`awards.web.streams` says why), and is told without a word. Where counts are hidden there
    is nothing at this address.
    """
    box = request.app.state.ballot_box
    paper = await box.papers.find(request.path_params["slug"])
    is_published = await find_result(paper.campaign) is not None
    figures = await box.live.figures(paper, now=clock.now(), is_published=is_published)
    if figures.votes is None:
        raise NotFound()
    headers = {"cache-control": "private, no-cache", "vary": "Accept"}
    if KIND in request.headers.get("accept", "").encode():
        return Response(status_code=204, headers=headers)
    return Response(figures_json(figures), media_type="application/json", headers=headers)


async def shown_counts(request: Request, campaign: Any, result: Any) -> Mapping[int, int] | None:
    """Each candidate's votes by number, as far as the rule lets the public see them, or None."""
    if result:
        return {line.number: line.votes for line in result.lines}
    try:
        paper = await request.app.state.ballot_box.papers.find(campaign.slug)
    except NotFound:  # Not public yet: staff look at it beforehand.
        return None
    figures = await request.app.state.ballot_box.live.figures(paper, now=clock.now())
    votes: Mapping[int, int] | None = figures.votes
    return votes


async def counts_move(request: Request, campaign: Any) -> bool:
    """Whether counts go on while somebody looks at them."""
    try:
        paper = await request.app.state.ballot_box.papers.find(campaign.slug)
    except NotFound:
        return False
    return shown_now(paper, now=clock.now(), is_published=False) is Shown.LIVE


def counts_said(campaign: Any, counts: Mapping[int, int] | None, *, is_published: bool) -> str:
    """How old the counts on this page are, in one sentence."""
    rule = rule_of(campaign)
    if is_published:
        return translate(_("The votes shown are those of the published result."))
    if counts is None:
        hidden = _("Votes are not shown before the result is published.")
        return translate(hidden) if rule.visibility == HIDDEN else ""
    if rule.snapshot_time:
        return translate(_("Votes are posted each day at {time}.")).format(
            time=f"{rule.snapshot_time:%H:%M}"
        )
    return translate(_("Votes shown move once a minute at most; the checked result decides."))
