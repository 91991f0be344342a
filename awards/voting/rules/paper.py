"""The ballot paper, which the campaign in memory hands out, and a ballot made of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple
from zoneinfo import ZoneInfo

from awards.campaigns.rules import BallotRule, Channel, Window
from awards.voting.rules.keys import CampaignKeys, tracker_of

WHOLE_CAMPAIGN = 0
"""The period of what is counted once for the whole campaign; that of a day is like 20261123."""
CAST_WINDOW = 600
"""Seconds. No ballot carries a finer time."""


class VotingToken(NamedTuple):
    """The right to vote in one campaign, for one voter. It is not used up: quotas are."""

    campaign: int
    channel: Channel
    voter: bytes


class Quota(NamedTuple):
    """A limit that a vote draws on: so often, within a period, over a scope."""

    period: int
    scope: str
    most: int


class Draw(NamedTuple):
    """One use of a voter's quota, under its tag."""

    period: int
    tag: bytes
    most: int


class Receipt(NamedTuple):
    """What a voter keeps: the vote's place in the log and its day. It never tells the choice."""

    tracker: str
    day: date
    is_new: bool = True
    """Whether the vote was kept just now; otherwise it stood already."""


@dataclass(frozen=True)
class BallotPaper:
    """A campaign as voting sees it: what may be voted for, by whom, and when."""

    campaign: int
    slug: str
    version: int
    zone: str
    rule: BallotRule
    window: Window | None
    is_paused: bool
    candidates: Mapping[int, int]
    """Each candidate's number and that of its category."""
    keys: CampaignKeys
    revoked: frozenset[bytes] = frozenset()
    """Voter tags whose codes were taken back."""
    channels: Sequence[Channel] = tuple(Channel)
    """The ways to vote that are open. A token may be older than their choice."""

    def day(self, moment: datetime) -> date:
        """The campaign's calendar day."""
        return moment.astimezone(self._zone).date()

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def has_opened(self, now: datetime) -> bool:
        return self.window is not None and self.window.start <= now

    def has_closed(self, now: datetime) -> bool:
        return self.window is not None and self.window.end <= now

    def period(self, day: date) -> int:
        """Within which period the same vote can't stand twice."""
        return period_of(day) if self.rule.has_daily_ballots else WHOLE_CAMPAIGN

    def quotas(self, candidate: int, day: date) -> tuple[Quota, ...]:
        """What one tap draws on. What the ballot's key keeps, one row a slot, needs no quota."""
        rule, today = self.rule, period_of(day)
        if rule.is_ballot:
            return ()
        found = []
        if rule.per_day:
            found.append(Quota(today, "all", rule.per_day))
        if rule.per_campaign:
            found.append(Quota(WHOLE_CAMPAIGN, "all", rule.per_campaign))
        if rule.per_category:
            category = f"category {self.candidates[candidate]}"
            found.append(Quota(today, category, rule.per_category))
        if rule.per_candidate and rule.has_daily_ballots:
            found.append(Quota(WHOLE_CAMPAIGN, f"candidate {candidate}", rule.per_candidate))
        return tuple(found)

    def ballot(
        self,
        token: VotingToken,
        choices: Sequence[int],
        *,
        day: date,
        now: datetime,
        slot: int = 1,
        source: str = "api",
        is_held: bool = False,
    ) -> "Ballot":
        """The vote, filled in."""
        return Ballot(self, token, tuple(sorted(choices)), day, now, slot, source, is_held)


class Ballot:
    """One vote on its paper, with every name under which it is kept. `day` is the one that the form
    names.
    """

    def __init__(
        self,
        paper: BallotPaper,
        token: VotingToken,
        choices: tuple[int, ...],
        day: date,
        now: datetime,
        slot: int,
        source: str,
        is_held: bool = False,
    ) -> None:
        self.paper, self.token, self.choices = paper, token, choices
        self.day, self.now, self.slot, self.source = day, now, slot, source
        self.is_held = is_held
        """Kept, but not counted until somebody has looked at it. The voter is not told."""
        rule, keys, voter = paper.rule, paper.keys, token.voter
        self.is_late = rule.is_daily and day != paper.day(now)
        """Whether the form is of a day that has passed, where days count."""
        self.cast_window = int(now.timestamp()) // CAST_WINDOW
        """The ten minutes in which it came."""
        self.period = paper.period(day)
        self.packed = pack(choices)
        self.tag = (
            keys.ballot_tag(voter, self.period)
            if rule.is_ballot
            else keys.tap_tag(voter, self.period, choices[0], slot)
        )
        self.leaf = keys.leaf(self.tag, self.packed)
        self.draws = sorted(
            Draw(period, keys.quota_tag(voter, period, scope), most)
            for period, scope, most in paper.quotas(choices[0], day)
        )
        """The quotas it uses, in the order of their keys."""

    def on(self, paper: BallotPaper) -> "Ballot":
        """The same vote on another edition of its campaign's paper."""
        return Ballot(
            paper, self.token, self.choices, self.day, self.now, self.slot, self.source,
            self.is_held,
        )  # fmt: skip

    @property
    def state(self) -> str:
        return "held" if self.is_held else "valid"

    def receipt(self, *, cast_window: int, is_new: bool) -> Receipt:
        """The receipt, which is the same however often it is asked for: only the row decides."""
        if self.paper.rule.has_daily_ballots:
            return Receipt(tracker_of(self.leaf), self.day, is_new)
        arrived = datetime.fromtimestamp(cast_window * CAST_WINDOW, UTC)
        return Receipt(tracker_of(self.leaf), self.paper.day(arrived), is_new)


def pack(choices: Iterable[int]) -> bytes:
    """Candidate numbers as a ballot keeps them: sorted, two bytes each."""
    return b"".join([number.to_bytes(2, "big") for number in sorted(choices)])


def unpack(packed: bytes) -> tuple[int, ...]:
    """The candidate numbers of a ballot."""
    return tuple(
        int.from_bytes(packed[place : place + 2], "big") for place in range(0, len(packed), 2)
    )


def period_of(day: date) -> int:
    """The period of a day: its date as a number that people can read."""
    return day.year * 10_000 + day.month * 100 + day.day
