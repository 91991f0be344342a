"""Leaving for another site to sign in there, and coming back with what proves it."""

from starlette.requests import Request
from starlette.responses import Response

from awards.accounts.providers import Away, astray, denied
from awards.errors import NotFound, Refused
from awards.web.errors import status_of
from awards.web.forms import said
from awards.web.render import page
from awards.web.site.booths import Booth, choices_of, common, enter
from awards.web.site.proofs import ask, patiently
from awards.web.site.trips import KINDS, begin, is_home, keep_trip, trip_of

UNFINISHED = {"access_denied", "login_required", "interaction_required", "consent_required"}
"""What a provider says when the person there did not go on."""
BROUGHT = ("code", "state", "iss")


async def leave(request: Request) -> Response:
    """Away to the other site. The page goes there by itself, without a script: a form may be sent
    nowhere but to us, and where else the other site sends a browser on is not ours to know.
    """
    sent = await request.form()
    booth = await enter(request, choices_of(sent))
    try:
        trip, address = await begin(request, booth, str(sent.get("channel", "")))
    except Refused as refused:
        return _asked(request, booth, refused)
    title = request.app.state.providers[trip.channel].title
    response = page(
        request, "site/voting/departure.html", address=address, title=title,
        **common(request, booth),
    )  # fmt: skip
    response.headers["cache-control"] = "private, no-store"
    keep_trip(request, response, trip)
    return response


async def arrive(request: Request) -> Response:
    """Back again. Reading this spends nothing: the page sends what came back by itself, or by one
    press.
    """
    channel, brought = request.path_params["channel"], request.query_params
    if channel not in KINDS:
        raise NotFound()
    trip = trip_of(request, channel)
    if trip is None:
        return _lost(request)
    booth = await enter(request, trip.choices, slug=trip.slug)
    if not is_home(trip, brought):
        return _asked(request, booth, astray())
    if "code" not in brought:
        is_theirs = brought.get("error", "access_denied") in UNFINISHED
        return _asked(request, booth, denied() if is_theirs else Away())
    response = page(
        request, "site/voting/arrival.html", kind=channel,
        brought=[(name, brought[name]) for name in BROUGHT if name in brought],
        **common(request, booth),
    )  # fmt: skip
    response.headers["cache-control"] = "private, no-store"
    return response


def _asked(request: Request, booth: Booth, refused: Refused) -> Response:
    """The page that asks for proof, with why this one was none, and all that was chosen."""
    response = ask(request, booth, refused=refused, status=status_of(refused))
    response.headers["cache-control"] = "private, no-store"
    return patiently(response, refused)


def _lost(request: Request) -> Response:
    """Nothing is known of this browser's trip; somebody may have opened the address by hand."""
    is_by_hand = not request.query_params
    refused = astray()
    status = 200 if is_by_hand else status_of(refused)
    return page(request, "site/voting/astray.html", refusal=said(refused), status=status)
