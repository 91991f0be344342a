"""A voter's way to another site where they sign in, and back: what their browser keeps meanwhile,
and what comes of it.
"""

import hmac
import secrets
from dataclasses import asdict, dataclass, field

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import Response

from awards.accounts.actions.work import spend_once
from awards.accounts.providers import Provider, astray, spent
from awards.accounts.providers.wechat import ACCOUNT
from awards.campaigns.queries import channels_of
from awards.campaigns.rules import Channel, closed_channel
from awards.errors import Refused, Unproven
from awards.i18n import mark as _
from awards.i18n import translate
from awards.voting.actions import IssuedToken, admit_voter, require_channel
from awards.web.csrf import own_origin
from awards.web.guards import source
from awards.web.sessions import read_cookie
from awards.web.site.booths import BOOTH, Booth, keep, kept
from awards.web.vote import GUESSES

TRIP = "trip"
"""The cookie of a browser that is away."""
TRIP_FOR = 15 * 60
KINDS = (Channel.OIDC.value, Channel.WECHAT.value)
MOST_SIGNS = 2048


_NOT_NOW = {
    Channel.OIDC: _("Signing in elsewhere is not possible just now."),
    Channel.WECHAT: _("Voting with WeChat is not possible just now."),
}


@dataclass(frozen=True)
class Way:
    """A button that leads to another site; without words for one, what to do instead."""

    channel: str
    button: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Trip:
    """Who is away, for which vote, and how one knows that it is they who come back."""

    channel: str
    campaign: int
    slug: str
    choices: list[int]
    state: str
    kept: dict[str, str] = field(default_factory=dict)


def ways_of(request: Request, booth: Booth) -> list[Way]:
    """The open ways that lead elsewhere. None from a booth: the next voter would find the account
    of the one before still signed in there.
    """
    if read_cookie(request, BOOTH):
        return []
    providers, browser = request.app.state.providers, _browser(request)
    opened = [each for each in channels_of(booth.campaign) if each in KINDS]
    return [_way(each, providers.get(each), browser) for each in opened]


def _way(channel: Channel, provider: Provider | None, browser: str) -> Way:
    if provider is None:
        return Way(channel, hint=translate(_NOT_NOW[channel]))
    door = provider.door(browser)
    if channel is Channel.OIDC:
        return Way(channel, translate(_("Sign in with {site}")).format(site=provider.title))
    if door is None:
        return Way(channel, hint=_without_door(provider))
    return Way(channel, translate(_("With WeChat") if door == ACCOUNT else _("Scan with WeChat")))


def _without_door(provider: Provider) -> str:
    if provider.door("MicroMessenger"):
        return translate(_("With WeChat: open this page inside WeChat."))
    return translate(_("With WeChat: open this page in a computer’s browser, and scan the code."))


async def begin(request: Request, booth: Booth, channel: str) -> tuple[Trip, str]:
    """A new trip, and the address where it begins. Raises why nobody leaves by this way."""
    provider = _provider(request, booth, channel)
    await require_channel(Channel(channel), booth.campaign.id)
    door = provider.door(_browser(request))
    if door is None:
        raise _closed()
    state = secrets.token_hex(24)  # WeChat takes letters and digits alone.
    address, kept = await provider.depart(door, state=state, back=_back(request, channel))
    campaign = booth.campaign
    return Trip(channel, campaign.id, campaign.slug, booth.choices, state, kept), address


def keep_trip(request: Request, response: Response, trip: Trip) -> None:
    """Let the browser remember where it came from."""
    keep(request, response, TRIP, asdict(trip), TRIP_FOR)


def trip_of(request: Request, channel: str) -> Trip | None:
    """The trip that this browser is on, if it is one of this way."""
    found = kept(request, TRIP, seconds=TRIP_FOR)
    trip = Trip(**found) if isinstance(found, dict) else None
    return trip if trip and trip.channel == channel else None


def is_home(trip: Trip, sent: QueryParams | FormData) -> bool:
    """Whether what came back belongs to this trip, and to nobody else's."""
    return hmac.compare_digest(trip.state.encode(), str(sent.get("state", "")).encode())


async def prove_elsewhere(request: Request, booth: Booth, channel: str) -> tuple[IssuedToken, str]:
    """The token of whoever came back, and as whom this browser says that it votes. What came back
    serves once. Who sends what never was on a trip is counted as guessing.
    """
    throttle = request.app.state.codes.throttle
    throttle.require_room(GUESSES, source(request))
    try:
        name = await _account(request, booth, channel)
    except Unproven:
        await throttle.ask(GUESSES, source(request))
        raise
    issued = await admit_voter(
        request.app.state.ballot_box, campaign=booth.campaign.id, proof=name,
        channel=Channel(channel),
    )  # fmt: skip
    return issued, _owner(request, channel)


async def _account(request: Request, booth: Booth, channel: str) -> str:
    """What the account is called that came back."""
    sent, trip = await request.form(), trip_of(request, channel)
    if trip is None or trip.campaign != booth.campaign.id or not is_home(trip, sent):
        raise astray()
    provider = _provider(request, booth, channel)
    await require_channel(Channel(channel), booth.campaign.id)
    brought = {name: str(sent.get(name, ""))[:MOST_SIGNS] for name in ("code", "iss")}
    if not brought["code"]:
        raise astray()
    if not await spend_once(trip.state):
        raise spent()
    return await provider.arrive(trip.kept, brought, back=_back(request, channel))


def _owner(request: Request, channel: str) -> str:
    if channel == Channel.WECHAT:
        return _("your WeChat account")
    title = request.app.state.providers[channel].title
    return translate(_("your account at {site}")).format(site=title)


def _provider(request: Request, booth: Booth, channel: str) -> Provider:
    provider: Provider | None = request.app.state.providers.get(channel)
    if provider is None or channel not in KINDS:
        raise _closed()
    return provider


def _closed() -> Refused:
    closed = closed_channel(Channel.OIDC, ())
    assert closed  # noqa: S101 - nothing is open here
    return closed


def _back(request: Request, channel: str) -> str:
    """The one address that the other site knows of us."""
    path = request.app.url_path_for("site:arrival", channel=channel)
    return own_origin(request) + str(path)


def _browser(request: Request) -> str:
    return request.headers.get("user-agent", "")
