"""Which figures the public may see while voting runs, and when they move."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from awards.campaigns.rules import HIDDEN
from awards.voting.rules.paper import BallotPaper

LIVE_PAUSE = timedelta(minutes=1)
LIVE_STEP = 20
"""Counts move once a minute or every 20 votes, whichever is later: single votes can't be seen."""


@dataclass(frozen=True)
class Counts:
    """Valid ballots, and each candidate's votes by number."""

    ballots: int
    votes: Mapping[int, int]


class Shown(StrEnum):
    """Which figures the public may see now."""

    NOTHING = "nothing"
    LIVE = "live"
    POSTED = "posted"
    ALL = "all"


def shown_now(paper: BallotPaper, *, now: datetime, is_published: bool) -> Shown:
    """Which figures may be shown: what the rule allows, and everything once a result is public."""
    if is_published:
        return Shown.ALL
    if paper.rule.visibility == HIDDEN or not paper.has_opened(now):
        return Shown.NOTHING
    if paper.rule.snapshot_time:
        return Shown.POSTED
    return Shown.ALL if paper.has_closed(now) else Shown.LIVE


def posted_until(paper: BallotPaper, *, now: datetime) -> datetime:
    """The last moment at which the day's figures were posted; votes before it are in them."""
    clock = paper.rule.snapshot_time
    assert clock is not None  # noqa: S101 - asked only where figures are posted daily
    here = now.astimezone(ZoneInfo(paper.zone))
    posted = here.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return posted if posted <= here else posted - timedelta(days=1)


def may_move(before: Counts, after: Counts, *, waited: timedelta) -> bool:
    """Whether live figures may go on to newer ones."""
    return waited >= LIVE_PAUSE and after.ballots - before.ballots >= LIVE_STEP
