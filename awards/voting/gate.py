"""Who is asked for a little work first, while many come at once.

A shared address is never shut out, it is asked; an honest voter's browser answers by itself. What
is known is counts in memory, of the last ten minutes and by network: nothing is kept, and nobody is
followed.
"""

import time
from enum import StrEnum
from ipaddress import ip_network

from awards.accounts.throttle import Throttle
from awards.errors import Refused
from awards.i18n import mark as _
from awards.voting.rules import Channel, VotingToken

SPAN = 300.0
"""Seconds. A count is of this span and the one before: of the last five to ten minutes."""
MOST_NAMES = 20_000
ASKED = (Channel.EMAIL, Channel.SMS)
"""Proofs that cost next to nothing by the thousand. Who holds a slip or stands at a booth was let
in by people, and is not asked.
"""


class Shown(StrEnum):
    """What came with a request, where work was asked for."""

    NOTHING = "nothing"
    WORK = "work"
    UNABLE = "unable"
    """A browser that can't work: without JavaScript, or without https."""


class Verdict(StrEnum):
    """What becomes of a vote at the gate."""

    TAKE = "take"
    HOLD = "hold"
    ASK = "ask"


class Crowd:
    """Counts by name over the last minutes, within bounds, and knows at once who is over `most`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._busy: set[str] = set()
        self._now: dict[str, int] = {}
        self._before: dict[str, int] = {}
        self._began = time.time()

    def count(self, name: str) -> None:
        if not 0 <= time.time() - self._began < SPAN or len(self._now) >= MOST_NAMES:
            self._turn()
        n = self._now[name] = self._now.get(name, 0) + 1
        if n + self._before.get(name, 0) >= self._most:
            self._busy.add(name)

    def is_busy(self, name: str) -> bool:
        if self._most and name not in self._busy:
            return False
        if not 0 <= time.time() - self._began < SPAN:
            self._turn()
        return not self._most or name in self._busy

    def _turn(self) -> None:
        """Begin another span. Where nothing was counted for a whole one, all is forgotten."""
        now = time.time()
        self._before = self._now if 0 <= now - self._began < 2 * SPAN else {}
        self._now = {}
        self._busy = {name for name, n in self._before.items() if n >= self._most}
        self._began = now


class Gate:
    """One for each process. `votes` of one network and `letters` of one campaign in ten minutes are
    taken without a question; with 0 there is always one.
    """

    def __init__(self, throttle: Throttle, *, votes: int, letters: int) -> None:
        self._throttle = throttle
        self._sources, self._campaigns = Crowd(votes), Crowd(letters)

    def judge_vote(self, token: VotingToken, source: str, shown: Shown) -> Verdict:
        """Whether a vote is taken now. Who can't work has a narrow lane beside the wide one; beyond
        it a vote is taken too, and held.
        """
        if token.channel not in ASKED or not self._sources.is_busy(source):
            return Verdict.TAKE
        if shown is Shown.NOTHING:
            return Verdict.ASK
        if shown is Shown.WORK or self._throttle.take("vote.plain", source):
            return Verdict.TAKE
        return Verdict.HOLD

    def count_vote(self, token: VotingToken, source: str) -> None:
        """A vote was kept."""
        if token.channel in ASKED:
            self._sources.count(source)

    def letter_budget(
        self,
        campaign: int,
        source: str,
        shown: Shown,
        *,
        way: str = "code",
        block: str = "",
        is_doubtful: bool = False,
    ) -> str:
        """Out of which budget of this network a letter is sent, or by the way `sms` a text message.
        Raises `work.needed`: also where few codes are used, or many numbers of one block asked for.
        """
        if (
            not is_doubtful
            and not self._campaigns.is_busy(str(campaign))
            and self._throttle.has_room(f"{way}.source", source)
            and self._throttle.has_room(f"{way}.subnet", neighbours(source))
            and (not block or self._throttle.has_room(f"{way}.block", block))
        ):
            return f"{way}.source"
        if shown is Shown.NOTHING:
            raise work_needed()
        return f"{way}.worked" if shown is Shown.WORK else f"{way}.plain"

    def count_letter(self, campaign: int, source: str, *, way: str = "code") -> None:
        """A letter was sent."""
        self._campaigns.count(str(campaign))
        self._throttle.take(f"{way}.subnet", neighbours(source))


def neighbours(source: str) -> str:
    """The networks that are let out together: of IPv4 256 addresses, of IPv6 a /48."""
    try:
        network = ip_network(source)
    except ValueError:
        return source
    return str(network.supernet(new_prefix=24 if network.version == 4 else 48))


def work_needed() -> Refused:
    """Nothing was kept yet: the browser has to work for a moment."""
    return Refused(
        "work.needed",
        _("Many votes come from your network just now. Please vote on the page of the award."),
    )
