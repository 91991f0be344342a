"""Ballots for the demonstration: made up, but kept under real names, so that a recount agrees.

They are written many at a time: one by one, as voters cast them, the first start would take long.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient

from awards.db import placeholders
from awards.voting.queries import BALLOTS_ROW
from awards.voting.rules import Ballot, BallotPaper, Channel, VotingToken

SEED = 20_261_123
VOTERS = 420
MOST_COMES = 4
"""On how many days a voter comes back, where votes are given by the day."""
MOST_NAMES = 6
AWAKE = (7, 23)
"""Hours between which people vote."""


@dataclass(frozen=True)
class Electorate:
    """Made-up voters of one campaign, who like candidates by weight."""

    paper: BallotPaper
    weights: Mapping[int, int]
    until: datetime
    luck: random.Random

    def ballots(self) -> Iterator[Ballot]:
        """Everybody's votes, each within what the rule allows."""
        for token in self.tokens():
            if self.paper.rule.is_ballot:
                yield self._ballot(token, self.chosen(self.paper.rule.most), self._moment())
            else:
                yield from self._taps(token)

    def tokens(self) -> list[VotingToken]:
        """One for each voter."""
        return [
            VotingToken(self.paper.campaign, Channel.EMAIL, self.paper.keys.voter_tag(pid))
            for pid in self.pids()
        ]

    def pids(self) -> list[bytes]:
        """Who proved an address that nobody has."""
        names = (f"voter-{n}@example.org" for n in range(VOTERS))
        return [self.paper.keys.pid(Channel.EMAIL, name) for name in names]

    def chosen(self, most: int) -> list[int]:
        """Some candidates, the liked ones more often."""
        wish = {n: self.luck.random() ** (1 / w) for n, w in self.weights.items()}
        liked = sorted(wish, key=lambda number: wish[number], reverse=True)
        return liked[: self.luck.randint(1, min(most, MOST_NAMES, len(liked)))]

    def _taps(self, token: VotingToken) -> Iterator[Ballot]:
        days = {self.paper.day(moment): moment for moment in self._comes()}
        for moment in days.values():
            for number in self.chosen(self.paper.rule.per_day or MOST_NAMES):
                yield self._ballot(token, [number], moment)

    def _ballot(self, token: VotingToken, choices: Sequence[int], moment: datetime) -> Ballot:
        day: date = self.paper.day(moment)
        return self.paper.ballot(token, choices, day=day, now=moment, source="page")

    def _comes(self) -> list[datetime]:
        return [self._moment() for _n in range(self.luck.randint(1, MOST_COMES))]

    def _moment(self) -> datetime:
        window = self.paper.window
        assert window is not None  # noqa: S101 - a campaign of the demonstration has its voting
        span = (self.until - window.start) / timedelta(seconds=1)
        while True:
            moment = window.start + timedelta(seconds=self.luck.random() * span)
            if AWAKE[0] <= moment.hour < AWAKE[1] or span < 3600 * 24:
                return moment


def electorate(paper: BallotPaper, weights: Mapping[int, int], *, until: datetime) -> Electorate:
    """The voters of one campaign, the same at every load."""
    return Electorate(paper, weights, until, random.Random(SEED))  # noqa: S311 - no secret


async def cast_all(connection: BaseDBAsyncClient, voters: Electorate) -> int:
    """Write all that belongs to their votes, inside the caller's transaction; how many."""
    ballots = list(voters.ballots())
    campaign = voters.paper.campaign
    await _insert(
        connection,
        "voter (campaign, channel, pid)",
        sorted((campaign, Channel.EMAIL.value, pid) for pid in voters.pids()),
    )
    await _insert(
        connection,
        "ballot (campaign, period, tag, cast_window, channel, source, choices)",
        sorted(_row(ballot) for ballot in ballots),
    )
    await _insert(connection, "quota (campaign, period, tag, used, most)", _quotas(ballots))
    await _insert(connection, "tally (campaign, candidate, n)", _tally(campaign, ballots))
    # In the order of their own bytes: the log must not tell who voted after whom.
    await _insert(connection, "leaf_outbox (leaf)", sorted((each.leaf,) for each in ballots))
    return len(ballots)


def _row(ballot: Ballot) -> tuple[Any, ...]:
    return (
        ballot.paper.campaign,
        ballot.period,
        ballot.tag,
        ballot.cast_window,
        ballot.token.channel.value,
        ballot.source,
        ballot.packed,
    )


def _quotas(ballots: Sequence[Ballot]) -> list[tuple[Any, ...]]:
    used: Counter[tuple[int, int, bytes, int]] = Counter(
        (ballot.paper.campaign, draw.period, draw.tag, draw.most)
        for ballot in ballots
        for draw in ballot.draws
    )
    return sorted(
        (campaign, period, tag, count, most)
        for (campaign, period, tag, most), count in used.items()
    )


def _tally(campaign: int, ballots: Sequence[Ballot]) -> list[tuple[Any, ...]]:
    counted = Counter(number for ballot in ballots for number in ballot.choices)
    lines = {BALLOTS_ROW: len(ballots), **counted}
    return [(campaign, number, n) for number, n in sorted(lines.items())]


async def _insert(
    connection: BaseDBAsyncClient, into: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    if not rows:
        return
    places = ", ".join("?" * len(rows[0]))
    statement = f"INSERT INTO {into} VALUES ({places})"  # noqa: S608 - nothing of it is from outside
    await connection.execute_many(placeholders(statement), [list(row) for row in rows])
