"""One voter's visit to one campaign: what is known before anything is decided, and what is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from itsdangerous import BadSignature
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.campaigns.queries import channels_of, find_campaign, rule_of
from awards.campaigns.rules import BallotRule, Channel
from awards.errors import Refused
from awards.i18n import mark as _
from awards.i18n import translate
from awards.nominations.queries import list_candidates
from awards.notifications.budget import objection
from awards.results.queries import find_result
from awards.signing import serializer
from awards.voting.actions import IssuedToken
from awards.voting.rules import BallotPaper, VotingToken, token_objection
from awards.web.render import see_other
from awards.web.sessions import actor, drop_cookie, read_cookie, set_cookie
from awards.web.site.candidates import Card, card_of, choices_query
from awards.web.site.situations import Situation, rule_text, sentence, situation_of
from awards.web.vote import (
    BETWEEN,
    MOST_TOKENS,
    TOKEN,
    choices_in,
    token_for,
    tokens_of,
    with_token,
)

OWNER, PROVING, BOOTH = "voting_as", "proving", "booth"
MOST_CARRIED = 500


class Owner(NamedTuple):
    """As whom a browser says that it votes in a campaign, until its voting ends (in seconds since
    1970).
    """

    campaign: int
    name: str
    until: int


@dataclass(frozen=True)
class Booth:
    """A campaign, its present paper, who votes, and what was chosen so far."""

    campaign: Any
    paper: BallotPaper
    rule: BallotRule
    situation: Situation
    everybody: Sequence[Any]
    choices: list[int]
    token: VotingToken | None
    masked: str
    unproven: Refused | None = None
    """Why the proof that this browser keeps is of no use, if it keeps one."""
    mute: Refused | None = None
    """Why no text messages go out just now, where people vote by phone number."""

    @property
    def query(self) -> str:
        """What was chosen, as it goes on to the next page."""
        return choices_query(self.choices)

    def without_proof(self) -> "Booth":
        """The booth of somebody whose proof was refused."""
        return replace(self, token=None, masked="")


async def enter(request: Request, choices: list[int], *, slug: str = "") -> Booth:
    """The booth of this request, or of another campaign."""
    campaign = await find_campaign(slug or request.path_params["slug"], by=actor(request))
    paper = await request.app.state.ballot_box.papers.find(campaign.slug)
    result = await find_result(campaign.id)
    booth = Booth(
        campaign=campaign,
        paper=paper,
        rule=rule_of(campaign),
        situation=situation_of(request, campaign, published=result is not None),
        everybody=await list_candidates(campaign.id),
        choices=choices,
        token=None,
        masked="",
        mute=await _mute(request, campaign),
    )
    try:
        token = token_of(request, paper)
    except Refused as refused:
        is_missing = refused.code == "token.missing"
        return replace(booth, unproven=None if is_missing else refused)
    owner = owners(request).get(paper.campaign)
    return replace(booth, token=token, masked=owner.name if owner else "")


async def _mute(request: Request, campaign: Any) -> Refused | None:
    if Channel.SMS not in channels_of(campaign):
        return None
    if Channel.SMS not in request.app.state.config.equipment:
        return Refused("sms.unequipped", _("Votes by phone number are not possible just now."))
    return await objection(request.app.state.codes.texts, purpose=purpose_of(campaign))


def purpose_of(campaign: Any) -> str:
    """What a code proves an address for."""
    return f"vote:{campaign.id}"


def token_of(request: Request, paper: BallotPaper) -> VotingToken:
    """The proof that this browser keeps for this campaign. Raises what is wrong with it."""
    text = token_for(read_cookie(request, TOKEN), paper.campaign)
    token: VotingToken = request.app.state.ballot_box.tokens.read(text)
    if no := token_objection(token, paper):
        raise no
    return token


def choices_of(sent: QueryParams | FormData) -> list[int]:
    """Candidate numbers out of an address or a form. What is no number is left out."""
    texts = [*sent.getlist("choice"), *sent.getlist("candidate")][:MOST_CARRIED]
    return choices_in(texts)


def common(request: Request, booth: Booth) -> dict[str, Any]:
    """What every page of the booth shows."""
    return {
        "campaign": booth.campaign,
        "rule": booth.rule,
        "rule_lines": [sentence(line) for line in booth.rule.lines()],
        "rule_text": rule_text(booth.rule),
        "channels": channels_of(booth.campaign),
        "choices": booth.choices,
        "choices_query": booth.query,
        "chosen": chosen_cards(request, booth),
        "masked": translate(booth.masked) if booth.masked else "",
        "at_booth": bool(read_cookie(request, BOOTH)),
        "day": f"{booth.paper.day(clock.now())}",
        "ballot_href": address(request, "site:ballot", booth),
    }


def chosen_cards(request: Request, booth: Booth) -> list[Card]:
    """The chosen candidates, in the order of numbers."""
    return [
        card_of(request, booth.campaign, each)
        for each in booth.everybody
        if each.number in booth.choices
    ]


def address(request: Request, name: str, booth: Booth) -> str:
    """A page of this campaign, with what was chosen."""
    return str(request.app.url_path_for(name, slug=booth.campaign.slug)) + booth.query


def onward(request: Request, name: str, booth: Booth) -> Response:
    """On to a page of this campaign; what was chosen comes along."""
    return see_other(request, name, query=booth.query.removeprefix("?"), slug=booth.campaign.slug)


def keep_token(
    request: Request, response: Response, issued: IssuedToken, owner: Owner, *, alone: bool = False
) -> None:
    """Let this browser vote in one more campaign, and say as whom. With `alone` in no other one:
    many people share it.
    """
    others = {} if alone else owners(request)
    others.pop(owner.campaign, None)
    text = "" if alone else read_cookie(request, TOKEN)
    kept = with_token(text, issued.text, beside=others)
    _keep_tokens(request, response, kept, [owner, *others.values()])


def forget_token(request: Request, response: Response, campaign: int) -> None:
    """This browser votes no more in a campaign; in the others as before."""
    others = owners(request)
    others.pop(campaign, None)
    tokens = tokens_of(read_cookie(request, TOKEN), others)
    if tokens:
        _keep_tokens(request, response, BETWEEN.join(tokens), list(others.values()))
        return
    for name in (TOKEN, OWNER):
        drop_cookie(response, name, request.app.state.config)


def owners(request: Request) -> dict[int, Owner]:
    """As whom this browser votes, by campaign, where voting goes on; the newest first."""
    found, now = kept(request, OWNER), clock.now().timestamp()
    rows = [Owner(*each) for each in found] if isinstance(found, list) else []
    return {each.campaign: each for each in rows if each.until > now}


def _keep_tokens(request: Request, response: Response, text: str, voters: Sequence[Owner]) -> None:
    """As long as the longest of the votes lasts."""
    life = max(1, int(max(each.until for each in voters) - clock.now().timestamp()))
    set_cookie(response, TOKEN, text, request.app.state.config, max_age=life)
    keep(request, response, OWNER, voters[:MOST_TOKENS], life)


def keep(request: Request, response: Response, name: str, value: object, seconds: int) -> None:
    """Let this browser keep a value, signed, for so long."""
    config = request.app.state.config
    text = str(serializer(config.signing_keys, name).dumps(value))
    set_cookie(response, name, text, config, max_age=seconds)


def kept(request: Request, name: str, *, seconds: int | None = None) -> Any:
    """What this browser keeps under a name, unless it was tampered with or is too old."""
    text = read_cookie(request, name)
    if not text:
        return None
    try:
        keys = request.app.state.config.signing_keys
        return serializer(keys, name).loads(text, max_age=seconds)
    except BadSignature:
        return None
