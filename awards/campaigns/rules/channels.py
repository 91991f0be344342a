"""The ways to prove to be one person. A campaign opens one of them, or several; each has a quota of
its own.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from awards.campaigns.rules.ballot import Line
from awards.errors import Invalid, Refused
from awards.i18n import mark as _


class Channel(StrEnum):
    """How a voter proved to be one person. In the order in which pages name them."""

    EMAIL = "email"
    CODE = "code"
    KIOSK = "kiosk"
    PAPER = "paper"


Channels = tuple[Channel, ...]
USUAL: Channels = (Channel.EMAIL,)
"""What is open where nobody says anything else."""
_LINES = {
    Channel.EMAIL: _("By an e-mail address, proved once with a code."),
    Channel.CODE: _("With a printed code; each is good for one person."),
    Channel.KIOSK: _("At a voting booth, where staff let one person in at a time."),
    Channel.PAPER: _("On paper; two people type each ballot, and both must have read the same."),
}


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
