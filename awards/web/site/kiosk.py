"""A device as a voting booth: it waits, lets one voter in, and forgets them when they are done."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from awards.campaigns.queries import find_campaign_of
from awards.errors import Conflict, Refused
from awards.i18n import mark as _
from awards.voting.kiosk import find_booth, is_occupied, is_seated, leave_seat, take_seat
from awards.voting.rules import VotingToken
from awards.web.errors import status_of
from awards.web.forms import said
from awards.web.render import page, see_other
from awards.web.sessions import drop_cookie, person, read_cookie, set_cookie
from awards.web.site.booths import BOOTH, OWNER, PROVING, Owner, keep_token
from awards.web.site.trips import TRIP
from awards.web.vote import RECEIPT, TOKEN, token_for

OPEN_FOR = 14 * 24 * 3600
VISITOR = _("a voter at the booth")
CARE = "care"


@dataclass(frozen=True)
class Here:
    """The booth that a device is."""

    booth: Any
    campaign: Any


async def device(request: Request) -> Response:
    """Where the staff's link leads: one press makes this device the booth."""
    return _asked(request)


async def become(request: Request) -> Response:
    """Make this device the booth, in large type. One that staff are signed in on is none."""
    secret = request.path_params["secret"]
    booth = await find_booth(secret)
    if booth is None:
        return _asked(request, _wrong_link())
    if person(request):
        return _asked(request, _signed_in())
    response = see_other(request, "site:booth")
    config = request.app.state.config
    set_cookie(response, BOOTH, secret, config, max_age=OPEN_FOR)
    response.set_cookie(
        "mode", CARE, max_age=OPEN_FOR, samesite="lax", httponly=True,
        secure=not config.is_development,
    )  # fmt: skip
    _forget(request, response)
    return response


async def show(request: Request) -> Response:
    """“Please ask the staff”; or, once somebody was let in, the way to their ballot."""
    return await _shown(request)


async def begin(request: Request) -> Response:
    """The voter steps in."""
    here = await _here(request)
    if here is None:
        return await _shown(request, _wrong_link())
    try:
        issued = await take_seat(request.app.state.ballot_box, here.booth)
    except Refused as refused:
        return await _shown(request, refused)
    response = see_other(request, "site:ballot", slug=here.campaign.slug)
    _forget(request, response)
    owner = Owner(here.campaign.id, VISITOR, int(issued.expires_at.timestamp()))
    keep_token(request, response, issued, owner, alone=True)
    return response


async def end(request: Request) -> Response:
    """The voter is done: nothing of them stays on the device."""
    here = await _here(request)
    token = _token(request, here)
    if here and token:
        await leave_seat(request.app.state.ballot_box, here.booth, token)
    response = see_other(request, "site:booth")
    _forget(request, response)
    return response


async def _here(request: Request) -> Here | None:
    """The booth that this device is, if it is one, with its campaign in memory."""
    booth = await find_booth(read_cookie(request, BOOTH))
    if booth is None:
        return None
    campaign = await find_campaign_of(booth.campaign_id)
    await request.app.state.ballot_box.papers.find(campaign.slug)
    return Here(booth, campaign)


async def _shown(request: Request, refused: Refused | None = None) -> Response:
    here = await _here(request)
    token = _token(request, here)
    box, is_in, is_ready = request.app.state.ballot_box, False, False
    if here:
        is_in = bool(token and is_seated(box, here.booth, token))
        is_ready = is_occupied(here.booth) and not is_in
    response = page(
        request, "site/kiosk/show.html", campaign=here.campaign if here else None, is_in=is_in,
        is_ready=is_ready, refusal=said(refused) if refused else "",
        status=status_of(refused) if refused else 200,
    )  # fmt: skip
    response.headers["cache-control"] = "private, no-store"
    return response


def _asked(request: Request, refused: Refused | None = None) -> Response:
    return page(
        request, "site/kiosk/device.html", secret=request.path_params["secret"],
        refusal=said(refused) if refused else "", status=status_of(refused) if refused else 200,
    )  # fmt: skip


def _token(request: Request, here: Here | None) -> VotingToken | None:
    if here is None:
        return None
    try:
        text = token_for(read_cookie(request, TOKEN), here.campaign.id)
        found: VotingToken = request.app.state.ballot_box.tokens.read(text)
    except Refused:
        return None
    return found


def _forget(request: Request, response: Response) -> None:
    for name in (TOKEN, OWNER, PROVING, TRIP, RECEIPT):
        if read_cookie(request, name):
            drop_cookie(response, name, request.app.state.config)


def _wrong_link() -> Conflict:
    return Conflict("booth.unknown", _("This is no open booth. Please ask the staff."))


def _signed_in() -> Conflict:
    return Conflict(
        "booth.signed_in",
        _("Staff are signed in on this device. Sign out first: voters will use it."),
    )
