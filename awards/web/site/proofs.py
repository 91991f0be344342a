"""Proving once to be one person: an address or a phone by a code, or a code on paper."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from awards.accounts.actions import check_code, check_link
from awards.accounts.rules import expired_code
from awards.campaigns.queries import channels_of
from awards.campaigns.rules import Channel, channel_lines
from awards.errors import Busy, Refused, TooMany
from awards.i18n import mark as _
from awards.voting.actions import IssuedToken, admit_voter, require_channel
from awards.web.errors import status_of
from awards.web.forms import Form, said
from awards.web.forms import lazy as _l
from awards.web.guards import source
from awards.web.render import page
from awards.web.sessions import drop_cookie, read_cookie
from awards.web.site.booths import (
    PROVING,
    Booth,
    Owner,
    choices_of,
    common,
    enter,
    forget_token,
    keep,
    keep_token,
    kept,
    onward,
    purpose_of,
)
from awards.web.site.letters import (
    FIELDS,
    AddressForm,
    channel_of,
    masked,
    send,
    written_ways,
)
from awards.web.site.situations import sentence
from awards.web.site.trips import KINDS, TRIP, prove_elsewhere, ways_of
from awards.web.site.work import ask_for_work, shown
from awards.web.vote import RECEIPT, read_receipt, take_code

PROVING_FOR = 15 * 60
PAPER = _("a printed code")
SLIP, LINK = "printed", "link"
UNTYPED = (LINK, *KINDS)
STAFFED = (Channel.KIOSK, Channel.PAPER)


class CodeForm(Form):
    """The code out of the letter, or off the paper."""

    code = StringField(_l("Code"), [InputRequired(), Length(max=40)])


def ask(
    request: Request,
    booth: Booth,
    *,
    form: AddressForm | None = None,
    code_form: CodeForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    """The page that asks for proof, with whatever was wrong and all that was chosen."""
    response = page(
        request,
        "site/voting/prove.html",
        form=form or AddressForm(ways=written_ways(booth)),
        written=written_ways(booth),
        mute=said(booth.mute) if booth.mute else "",
        code_form=code_form or CodeForm(),
        refusal=said(refused) if refused else "",
        ways=ways_of(request, booth),
        elsewhere=_elsewhere(booth),
        status=status,
        **common(request, booth),
    )
    return response


def _elsewhere(booth: Booth) -> list[str]:
    """The open ways that need no device of one's own."""
    staffed = [each for each in channels_of(booth.campaign) if each in STAFFED]
    return [sentence(line) for line in channel_lines(staffed)[: len(staffed)]]


async def new(request: Request) -> Response:
    """Where the square on a slip leads: the code stands behind # and is filled in by the page."""
    booth = await enter(request, choices_of(request.query_params))
    if Channel.CODE not in channels_of(booth.campaign):
        return ask(request, booth)
    return _type_code(request, booth, CodeForm())


def _type_code(
    request: Request,
    booth: Booth,
    form: CodeForm,
    *,
    status: int = 200,
) -> Response:
    context = {"code_form": form, **common(request, booth)}
    return page(request, "site/voting/code.html", status=status, **context)


async def create(request: Request) -> Response:
    """Send a code to an address or a phone: the same way to all of them."""
    sent = await request.form()
    booth = await enter(request, choices_of(sent))
    form = AddressForm(sent, ways=written_ways(booth))
    if not form.validate():
        return ask(request, booth, form=form, status=422)
    try:
        address = form.address(request.app.state.config.countries)
        await require_channel(form.channel, booth.campaign.id)
        if booth.mute and form.channel is Channel.SMS:
            raise booth.mute
        await send(request, booth, address, await shown(request, sent, _task(booth)))
    except Refused as refused:
        if refused.code == "work.needed":
            return await ask_for_work(
                request, booth, sent, action=_task(booth), carried=FIELDS, refused=refused
            )
        form.blame(refused)
        return patiently(ask(request, booth, form=form, status=status_of(refused)), refused)
    response = onward(request, "site:verification", booth)
    value = {"campaign": booth.campaign.id, "address": address, "choices": booth.choices}
    keep(request, response, PROVING, value, PROVING_FOR)
    return response


async def show(request: Request) -> Response:
    """Enter the six digits."""
    booth = await enter(request, choices_of(request.query_params))
    return _enter_code(request, booth, CodeForm())


async def link(request: Request) -> Response:
    """The link of the letter: one button, so that programs that open links spend nothing.

    What was chosen comes from this browser, if it is the one that asked for the letter.
    """
    found = kept(request, PROVING, seconds=PROVING_FOR)
    choices = found.get("choices", []) if isinstance(found, dict) else []
    booth = await enter(request, [each for each in choices if isinstance(each, int)])
    secret = request.path_params["secret"]
    return page(request, "site/voting/link.html", secret=secret, **common(request, booth))


async def admit(request: Request) -> Response:
    """From a code, a link or a paper to the right to vote, kept in this browser."""
    sent = await request.form()
    booth, form = await enter(request, choices_of(sent)), CodeForm(sent)
    kind = str(sent.get("kind", ""))
    if kind not in UNTYPED and not form.validate():
        return _again(request, booth, kind, form, status=422)
    try:
        issued, owner = await _proved(request, booth, kind, str(sent.get(_field(kind), "")))
    except Refused as refused:
        form.blame(refused)
        again = _again(request, booth, kind, form, status=status_of(refused), refused=refused)
        return patiently(again, refused)
    response = onward(request, "site:ballot", booth)
    keep_token(request, response, issued, Owner(booth.campaign.id, owner, _end_of(issued)))
    for name in (PROVING, TRIP):
        drop_cookie(response, name, request.app.state.config)
    return response


async def forget(request: Request) -> Response:
    """“Not you?”: this browser no longer votes for the person before."""
    booth = await enter(request, choices_of(request.query_params))
    response = onward(request, "site:ballot", booth)
    forget_token(request, response, booth.campaign.id)
    receipt = read_receipt(request.app.state.receipts, read_cookie(request, RECEIPT))
    if receipt and receipt.slug == booth.campaign.slug:
        drop_cookie(response, RECEIPT, request.app.state.config)
    if _proving(request, booth):
        drop_cookie(response, PROVING, request.app.state.config)
    return response


async def _proved(request: Request, booth: Booth, kind: str, proof: str) -> tuple[IssuedToken, str]:
    """The token, and as whom this browser says that it votes."""
    box, campaign = request.app.state.ballot_box, booth.campaign.id
    if kind in KINDS:
        return await prove_elsewhere(request, booth, kind)
    if kind == SLIP:
        throttle = request.app.state.codes.throttle
        issued = await take_code(
            box, throttle, campaign=campaign, code=proof, source=source(request)
        )
        return issued, PAPER
    if kind == LINK:
        address = await check_link(purpose=purpose_of(booth.campaign), secret=proof)
    else:
        address = await check_code(
            request.app.state.codes,
            purpose=purpose_of(booth.campaign),
            address=_address_kept(request, booth),
            code=proof,
            source=source(request),
        )
    channel = channel_of(address)
    return await admit_voter(box, campaign=campaign, proof=address, channel=channel), masked(
        address
    )


def _address_kept(request: Request, booth: Booth) -> str:
    """The address that this browser asked a code for. Raises `Unproven` when it is forgotten."""
    found = _proving(request, booth)
    if found is None:
        raise expired_code()
    return str(found["address"])


def _proving(request: Request, booth: Booth) -> dict[str, Any] | None:
    """What this browser began to prove in this campaign."""
    found = kept(request, PROVING, seconds=PROVING_FOR)
    is_here = isinstance(found, dict) and found.get("campaign") == booth.campaign.id
    return found if is_here else None


def _field(kind: str) -> str:
    return "secret" if kind == LINK else "code"


def _task(booth: Booth) -> str:
    return f"letter:{booth.campaign.id}"


def _again(
    request: Request,
    booth: Booth,
    kind: str,
    form: CodeForm,
    *,
    status: int,
    refused: Refused | None = None,
) -> Response:
    """The page where this proof was given, with what is wrong with it."""
    if kind in UNTYPED:
        return ask(request, booth, refused=refused, status=status)
    if kind == SLIP:
        return ask(request, booth, code_form=form, status=status)
    return _enter_code(request, booth, form, status=status)


def _enter_code(request: Request, booth: Booth, form: CodeForm, *, status: int = 200) -> Response:
    try:
        address = _address_kept(request, booth)
    except Refused:
        address = ""
    context: dict[str, Any] = {
        **common(request, booth),
        "masked": masked(address) if address else "",
        "channel": channel_of(address).value,
    }
    return page(request, "site/voting/verification.html", form=form, status=status, **context)


def patiently(response: Response, refused: Refused) -> Response:
    """Programs are told when to come back."""
    if isinstance(refused, TooMany | Busy):
        response.headers["retry-after"] = str(refused.seconds)
    return response


def _end_of(issued: IssuedToken) -> int:
    return int(issued.expires_at.timestamp())
