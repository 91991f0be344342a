"""Two presses: count the ballots, look, publish."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.actor import Actor, Role
from awards.campaigns.queries import channels_of, find_campaign, timeline_of
from awards.campaigns.rules import Channel, StageKind
from awards.errors import Forbidden, Refused
from awards.i18n import mark as _
from awards.i18n import translate
from awards.nominations.queries import list_candidates
from awards.results.actions import count_result, publish_result
from awards.results.queries import find_count
from awards.voting.counting import recount
from awards.voting.rules import Counts
from awards.web.admin.campaigns import CHANNEL_NAMES
from awards.web.errors import status_of
from awards.web.forms import said
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor
from awards.web.site.results import category_results, result_figures


@staff(Role.ORGANISER, Role.ADMIN)
async def show(request: Request) -> Response:
    """What was counted, what follows, and the next press."""
    return await _shown(request, await _campaign(request))


@staff(Role.ORGANISER, Role.ADMIN)
async def count(request: Request) -> Response:
    """Count every ballot."""
    return await _do(request, count_result, translate(_("The ballots are counted. Please look.")))


@staff(Role.ORGANISER, Role.ADMIN)
async def publish(request: Request) -> Response:
    """Let everybody see the count."""
    return await _do(request, publish_result, translate(_("The result is published.")))


async def _do(request: Request, action: Callable[..., Awaitable[Any]], done: str) -> Response:
    campaign = await _campaign(request)
    try:
        await action(by=actor(request), campaign=campaign)
    except Forbidden:
        raise
    except Refused as refused:
        return await _shown(request, campaign, refusal=said(refused), status=status_of(refused))
    return see_other(request, "admin:results", slug=campaign.slug, said=done)


async def _campaign(request: Request) -> Any:
    """The campaign, for those who organise it."""
    by: Actor = actor(request)
    campaign = await find_campaign(request.path_params["slug"], by=by)
    by.require(Role.ORGANISER, Role.ADMIN, campaign=campaign.id)
    return campaign


async def _shown(
    request: Request, campaign: Any, *, refusal: str = "", status: int = 200
) -> Response:
    result = await find_count(campaign.id)
    people = await list_candidates(campaign.id)
    has_closed = timeline_of(campaign).has_ended(StageKind.VOTING, clock.now())
    return page(
        request,
        "admin/results/show.html",
        campaign=campaign,
        result=result,
        categories=category_results(request, campaign, people, result) if result else [],
        figures=result_figures(request, result) if result else [],
        by_channel=await _by_channel(campaign) if result else [],
        is_open=not has_closed,
        steps=_steps(request, result, has_closed=has_closed),
        refusal=refusal,
        status=status,
    )


async def _by_channel(campaign: Any) -> list[tuple[str, int, int]]:
    """Each way to vote with its ballots and votes, where there is more than one."""
    counts = (await recount(campaign.id)).by_channel
    open_ones = {*channels_of(campaign), *counts}
    if len(open_ones) < 2:
        return []
    none = Counts(0, {})
    return [
        (str(CHANNEL_NAMES[each]), found.ballots, sum(found.votes.values()))
        for each in Channel
        if each in open_ones
        for found in [counts.get(each, none)]
    ]


def _steps(request: Request, result: Any, *, has_closed: bool) -> list[dict[str, str]]:
    write = request.app.state.environment.filters["datetime"]
    counted = write(result.counted_at) if result else ""
    published = write(result.published_at) if result and result.published_at else ""
    return [
        _step(_("Voting has closed"), has_closed, ""),
        _step(_("Counted, and equal to the running figures"), bool(counted), counted),
        _step(_("Published"), bool(published), published),
    ]


def _step(text: str, done: bool, note: str) -> dict[str, str]:
    return {
        "text": translate(text),
        "state": "good" if done else "care",
        "note": note or ("" if done else translate(_("not yet"))),
    }
