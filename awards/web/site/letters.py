"""Where the code goes: to an e-mail address or to a phone, as the voter chooses."""

from collections.abc import Collection
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from wtforms import Field, RadioField, StringField
from wtforms.validators import InputRequired, Length, StopValidation

from awards.accounts.actions import send_code, text_code
from awards.accounts.rules import (
    block_of,
    masked_email,
    masked_number,
    normal_email,
    normal_number,
)
from awards.campaigns.queries import channels_of
from awards.campaigns.rules import Channel
from awards.i18n import language
from awards.notifications.budget import is_doubtful
from awards.voting.gate import Shown
from awards.web.csrf import own_origin
from awards.web.forms import Form, options
from awards.web.forms import lazy as _l
from awards.web.guards import source
from awards.web.site.booths import Booth, purpose_of

WRITTEN = (Channel.SMS, Channel.EMAIL)
"""Ways that begin with a code sent; the one that most people have at hand comes first."""
FIELDS = ("choice", "way", "phone", "email")
"""What the form for a code says."""
NOTICE = "vote_code"
PLACE = "SECRET"


class IfChosen:
    """The field of the way that was chosen has to be filled in; any other says nothing."""

    def __call__(self, form: Form, field: Field) -> None:
        assert isinstance(form, AddressForm)  # noqa: S101 - it stands on no other form
        if field.short_name != FIELD_OF[form.channel]:
            raise StopValidation()
        InputRequired()(form, field)


class AddressForm(Form):
    """Where the code goes."""

    way = RadioField(
        _l("How shall the code reach you?"),
        choices=options([(Channel.SMS, _l("By text message")), (Channel.EMAIL, _l("By e-mail"))]),
        validate_choice=False,
    )
    phone = StringField(_l("Mobile phone number"), [IfChosen(), Length(max=40)])
    email = StringField(_l("E-mail address"), [IfChosen(), Length(max=254)])

    def __init__(self, sent: FormData | None = None, *, ways: Collection[Channel]) -> None:
        super().__init__(sent)
        self.ways = ways
        self.way.data = self.channel.value

    @property
    def channel(self) -> Channel:
        """What was chosen; of a program that does not say, what it filled in."""
        if self.way.data in FIELD_OF:
            return Channel(self.way.data)
        filled = [each for each in FIELD_OF if (self[FIELD_OF[each]].data or "").strip()]
        return next(iter([*filled, *self.ways]), Channel.EMAIL)

    def address(self, countries: Collection[str]) -> str:
        """The normal form of what was typed. Raises `Invalid`."""
        if self.channel is Channel.SMS:
            return normal_number(self.phone.data or "", countries)
        return normal_email(self.email.data or "")


FIELD_OF = {Channel.SMS: "phone", Channel.EMAIL: "email"}


def written_ways(booth: Booth) -> list[Channel]:
    """The ways of this campaign that begin with a code sent, those that go on just now."""
    opened = channels_of(booth.campaign)
    return [each for each in WRITTEN if each in opened and not (each is Channel.SMS and booth.mute)]


def channel_of(address: str) -> Channel:
    """The way that an address in its normal form belongs to."""
    return Channel.SMS if address.startswith("+") else Channel.EMAIL


def masked(address: str) -> str:
    """Enough of it to recognise one's own."""
    return (masked_number if channel_of(address) is Channel.SMS else masked_email)(address)


async def send(request: Request, booth: Booth, address: str, what: Shown) -> None:
    """Send a code. Neither a letter nor a message says what was chosen: the address is on it."""
    state, network, campaign = request.app.state, source(request), booth.campaign
    common: dict[str, Any] = {
        "purpose": purpose_of(campaign),
        "language": language(),
        "notice": NOTICE,
        "source": network,
        "title": campaign.title,
    }
    if channel_of(address) is Channel.SMS:
        budget = state.gate.letter_budget(
            campaign.id, network, what, way="sms", block=block_of(address),
            is_doubtful=await is_doubtful(purpose=purpose_of(campaign)),
        )  # fmt: skip
        await text_code(state.codes, number=address, budget=budget, **common)
        state.gate.count_letter(campaign.id, network, way="sms")
        return
    budget = state.gate.letter_budget(campaign.id, network, what)
    there = request.app.url_path_for("site:verification_link", slug=campaign.slug, secret=PLACE)
    link = own_origin(request) + str(there).replace(PLACE, "{secret}")
    await send_code(state.codes, address=address, link=link, budget=budget, **common)
    state.gate.count_letter(campaign.id, network)
