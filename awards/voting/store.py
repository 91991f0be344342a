"""Where ballots are kept: what a store is asked, and what it answers. One for each engine."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from awards.voting.queries import BALLOTS_ROW
from awards.voting.rules import Ballot


class Outcome(StrEnum):
    """What became of a ballot."""

    NEW = "new"
    AGAIN = "again"
    OTHER = "other"
    QUOTA = "quota"
    LATE = "late"
    """Of a past day, and none stands there."""
    STALE = "stale"
    """The campaign has changed since the ballot was judged; nothing was written."""


class Answer(NamedTuple):
    """What became of a ballot, and the ten minutes in which the one that stands came."""

    outcome: Outcome
    cast_window: int = 0


class Unsettled(Exception):
    """Whether the ballots were kept is not known, or none was: the same may be sent again."""


class Store(Protocol):
    """Keeps many ballots in one transaction. `commit` returns once they are durable.

    Each ballot is judged by itself: one that stands already, or whose quota is short, takes no
    other with it. Raises one of `poison` when a row can't be written at all, and `Unsettled` when
    the same batch should be sent again; whatever is raised, nothing was acknowledged.
    """

    at_once: int
    """Batches in flight."""
    poison: tuple[type[Exception], ...]

    async def open(self) -> None: ...

    async def commit(self, ballots: Sequence[Ballot]) -> list[Answer]: ...

    async def close(self) -> None: ...


def tally_lines(ballots: Sequence[Ballot]) -> list[tuple[int, int, int]]:
    """What these ballots add to the running count: campaign, line and number, in order. Those that
    are held add nothing.
    """
    lines: Counter[tuple[int, int]] = Counter()
    for ballot in ballots:
        if ballot.is_held:
            continue
        campaign = ballot.paper.campaign
        lines[campaign, BALLOTS_ROW] += 1
        for number in ballot.choices:
            lines[campaign, number] += 1
    return [(*line, lines[line]) for line in sorted(lines)]


def standing(ballot: Ballot, cast_window: int, choices: bytes) -> Answer:
    """What to say of a ballot under whose tag another stands."""
    outcome = Outcome.AGAIN if choices == ballot.packed else Outcome.OTHER
    return Answer(outcome, cast_window)
