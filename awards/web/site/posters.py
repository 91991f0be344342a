"""A candidate on a poster: to print, or to keep as a picture of the screen."""

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from awards.campaigns.queries import find_campaign
from awards.errors import NotFound
from awards.i18n import language, translate
from awards.i18n import mark as _
from awards.nominations.queries import find_candidate
from awards.results.queries import find_result
from awards.web.csrf import own_origin
from awards.web.render import page
from awards.web.sessions import actor
from awards.web.site.candidates import STANDING
from awards.web.site.situations import situation_of

HAN_UPRIGHT = 6
"""Signs of a name that still stand upright in one column."""


async def show(request: Request) -> Response:
    """Who it is, what for, and a code that leads to the story. Nothing on it counts or hurries."""
    campaign = await find_campaign(request.path_params["slug"], by=actor(request))
    candidate = await find_candidate(campaign.id, request.path_params["number"])
    if candidate.state != STANDING:
        raise NotFound()
    result = await find_result(campaign.id)
    situation = situation_of(request, campaign, published=result is not None)
    there = str(
        request.app.url_path_for("site:candidate", slug=campaign.slug, number=candidate.number)
    )
    name, tag = candidate.name.best(language())
    return page(
        request,
        "site/candidates/poster.html",
        campaign=campaign,
        candidate=candidate,
        href=there,
        code=code_of(own_origin(request) + there),
        is_upright=tag != "en" and len(name) <= HAN_UPRIGHT,
        until=_until(request, situation),
    )


def code_of(address: str) -> Markup:
    """A QR code of the address, drawn as part of the page: ink on paper in every mode."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        border=2, dark="#221c16", light="#fffdf8", svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - squares alone; the address is not in it as text


def _until(request: Request, situation: object) -> str:
    """When it is about voting that is open or to come, its date; else nothing."""
    until = getattr(situation, "until", None)
    if until is None or getattr(situation, "name", "") not in ("voting", "candidates", "between"):
        return ""
    moment = request.app.state.environment.filters["datetime"](until)
    if getattr(situation, "is_voting", False):
        return translate(_("Voting closes on {time}. A vote costs nothing.")).format(time=moment)
    return translate(_("Voting opens on {time}. A vote costs nothing.")).format(time=moment)
