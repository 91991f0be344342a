"""The ways to prove to be one person. A campaign opens one of them, or several; each has a quota of
its own.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

from awards.campaigns.rules.ballot import Line
from awards.errors import Invalid, Refused
from awards.i18n import mark as _


class Channel(StrEnum):
    """How a voter proved to be one person. In the order in which pages name them."""

    EMAIL = "email"
    SMS = "sms"
    OIDC = "oidc"
    WECHAT = "wechat"
    CODE = "code"
    KIOSK = "kiosk"
    PAPER = "paper"


Channels = tuple[Channel, ...]
USUAL: Channels = (Channel.EMAIL,)
"""What is open where nobody says anything else."""
_LINES = {
    Channel.EMAIL: _("By an e-mail address, proved once with a code."),
    Channel.SMS: _("By a phone number, proved once with a code."),
    Channel.OIDC: _("By signing in at another site that knows each person once."),
    Channel.WECHAT: _("With a WeChat account."),
    Channel.CODE: _("With a printed code; each is good for one person."),
    Channel.KIOSK: _("At a voting booth, where staff let one person in at a time."),
    Channel.PAPER: _("On paper; two people type each ballot, and both must have read the same."),
}
_NEEDS = {
    Channel.SMS: _(
        "To vote by phone number needs a gateway for text messages. The operator sets it up: "
        "AWARDS_SMS_URL."
    ),
    Channel.OIDC: _(
        "To vote by signing in elsewhere needs a site to sign in at. The operator sets it up: "
        "AWARDS_OIDC_URL."
    ),
    Channel.WECHAT: _(
        "To vote with WeChat needs an account of yours there. The operator sets it up: "
        "AWARDS_WECHAT_ACCOUNT, AWARDS_WECHAT_WEBSITE."
    ),
}
"""Ways that need something of the operator's, and what to say where it is not there."""


def in_order(channels: Iterable[str]) -> Channels:
    """The channels, each once and in their order. Raises `ValueError` for one that is none."""
    open_ones = {Channel(each) for each in channels}
    return tuple(each for each in Channel if each in open_ones)


def channels_objection(channels: Sequence[Channel]) -> Refused | None:
    """Why these can't be the channels of a campaign, or None."""
    if channels:
        return None
    return Invalid(
        "campaign.invalid", _("A campaign needs at least one way to vote."), field="channels"
    )


def equipment_objection(
    channels: Sequence[Channel], *, before: Sequence[Channel], equipment: Collection[str]
) -> Refused | None:
    """Why these can't be opened on this site, or None. `equipment` names the ways that the operator
    has set up; what was open before may stay.
    """
    for each in channels:
        if each in _NEEDS and each not in before and each not in equipment:
            return Invalid("channel.unequipped", _NEEDS[each], field="channels")
    return None


def closed_channel(channel: Channel, channels: Sequence[Channel]) -> Refused | None:
    """Why nobody is let in by this channel, or None."""
    if channel in channels:
        return None
    return Refused("channel.closed", _("This campaign does not take votes in this way."))


def channel_lines(channels: Sequence[Channel]) -> list[Line]:
    """What the rules page says about them; with several, that one person could use more than
    one.
    """
    lines = [Line(_LINES[each]) for each in channels]
    if len(channels) > 1:
        lines.append(
            Line(
                _(
                    "Each of these ways has its own votes and is counted apart: nobody can see "
                    "whether the same person has used two of them."
                )
            )
        )
    return lines
