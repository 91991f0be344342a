"""The figures that the public sees, at the pace that the rule and secrecy allow."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from awards.voting.counting import count_ballots
from awards.voting.queries import read_tally
from awards.voting.rules import BallotPaper, Counts, Shown, may_move, posted_until, shown_now

NOBODY = Counts(0, {})


@dataclass(frozen=True)
class Figures:
    """What may be shown: `votes` is None where counts of candidates are hidden."""

    kind: Shown
    ballots: int
    votes: dict[int, int] | None


class LiveCounts:
    """The last figures of each campaign that were shown. One for each process."""

    def __init__(self) -> None:
        self._live: dict[int, tuple[datetime, Counts]] = {}
        self._posted: dict[int, tuple[datetime, Counts]] = {}
        self._counting = asyncio.Lock()

    async def figures(
        self, paper: BallotPaper, *, now: datetime, is_published: bool = False
    ) -> Figures:
        """The figures to be shown at this moment."""
        kind = shown_now(paper, now=now, is_published=is_published)
        if kind is Shown.NOTHING:
            counts = await self._moving(paper, now)
            return Figures(kind, counts.ballots, None)
        counts = await self._of(kind, paper, now)
        return Figures(
            kind,
            counts.ballots,
            {number: counts.votes.get(number, 0) for number in paper.candidates},
        )

    async def _of(self, kind: Shown, paper: BallotPaper, now: datetime) -> Counts:
        if kind is Shown.ALL:
            return await read_tally(paper.campaign)
        if kind is Shown.POSTED:
            return await self._posted_counts(paper, posted_until(paper, now=now))
        return await self._moving(paper, now)

    async def _moving(self, paper: BallotPaper, now: datetime) -> Counts:
        if not paper.has_opened(now):
            return NOBODY
        since, shown = self._live.get(paper.campaign, (None, NOBODY))
        counts = await read_tally(paper.campaign)
        if since is None or may_move(shown, counts, waited=now - since):
            self._live[paper.campaign] = (now, counts)
            return counts
        return shown

    async def _posted_counts(self, paper: BallotPaper, until: datetime) -> Counts:
        async with self._counting:  # Once for all who ask meanwhile.
            kept, counts = self._posted.get(paper.campaign, (None, NOBODY))
            if kept == until:
                return counts
            counts = await count_ballots(paper.campaign, until=until)
            self._posted[paper.campaign] = (until, counts)
            return counts
