"""D1 and D2: whatever is sent again, at once, from many sides, or because an answer was lost,
counts once, and has one receipt.
"""

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field

import pytest

from awards.config import Config
from tests.conftest import ENGINE
from tests.drills.crowd import Browser, Vote
from tests.drills.site import NUMBERS, PER_VOTER, Site, counted, furnish
from tests.drills.sizes import size
from tests.drills.wire import Answer, Line

ATTEMPTS = size("d1", quick=1_000, full=100_000)
AT_ONCE, VOTERS, WITH_FORMS = 200, 30, 10
WORKERS = {"sqlite": [1], "postgres": [1, 4] if ATTEMPTS < 100_000 else [1, 2, 3, 4]}
LOSING = size("d2", quick=300, full=20_000)
LOST = 0.3


@dataclass
class Attempts:
    """What was answered, and the receipts of each vote."""

    statuses: Counter[int] = field(default_factory=Counter)
    receipts: dict[Vote, set[str]] = field(default_factory=dict)

    def note(self, vote: Vote, answer: Answer) -> None:
        self.statuses[answer.status] += 1
        if receipt := receipt_of(answer):
            self.receipts.setdefault(vote, set()).add(receipt)


def receipt_of(answer: Answer) -> str:
    """The receipt as it was sent, whatever else came with it; nothing if there is none."""
    if answer.status == 303:
        return answer.headers["location"].removeprefix("/receipts/")
    return answer.body.decode() if answer.status in (200, 201) else ""


@pytest.mark.d1
@pytest.mark.parametrize("workers", WORKERS[ENGINE])
async def test_many_attempts_at_once_get_exactly_the_quota(config: Config, workers: int) -> None:
    poll, site = await furnish(config), Site(config, workers)
    chance, seen = random.Random(workers), Attempts()  # noqa: S311 - to be repeated
    voters = [poll.voter() for _each in range(VOTERS)]
    wanted = [Vote(voter, number) for voter in voters for number in NUMBERS]
    left = chance.choices(wanted, k=ATTEMPTS)

    async def attempt(way: int) -> None:
        async with Line(site.port) as line:
            browser = Browser(line, poll, site.port)
            await browser.open(voters[0])
            while left:
                vote = left.pop()
                # A refused form is a whole page: a few do for each program.
                ask = browser.call(vote) if way % WITH_FORMS else browser.form(vote)
                seen.note(vote, await line.ask("POST", *ask))

    try:
        await site.start()
        await asyncio.gather(*(attempt(way) for way in range(AT_ONCE)))
    finally:
        site.stop()

    found = await counted(config, poll)
    print(f"{workers} processes: {dict(seen.statuses)}")
    assert set(seen.statuses) <= {200, 201, 303, 409}, site.said()
    assert (found.ballots, found.agrees) == (VOTERS * PER_VOTER, True)
    assert {vote.number: 0 for vote in seen.receipts}.keys() == found.votes.keys()
    assert len(seen.receipts) == VOTERS * PER_VOTER
    assert seen.statuses[201] <= VOTERS * PER_VOTER
    assert all(len(_trackers(receipts)) == 1 for receipts in seen.receipts.values())


@pytest.mark.d2
async def test_a_lost_answer_is_asked_for_again(config: Config) -> None:
    poll, site = await furnish(config), Site(config)
    chance, seen, lost = random.Random(2), Attempts(), Counter[int]()  # noqa: S311
    left = [Vote(poll.voter(), chance.choice(NUMBERS)) for _each in range(LOSING)]
    votes = list(left)

    async def insist(way: int) -> None:
        async with Line(site.port) as line:
            browser = Browser(line, poll, site.port)
            await browser.open(votes[0].token)
            while left:
                vote = left.pop()
                ask = browser.form(vote) if way % 2 else browser.call(vote)
                while chance.random() < LOST:
                    # At once, or when the server may be anywhere in its work.
                    await line.send("POST", *ask)
                    await asyncio.sleep(chance.choice([0, 0.001, 0.005, 0.02]))
                    line.hang_up()
                    lost[way % 2] += 1
                for _time in (1, 2):
                    seen.note(vote, await line.ask("POST", *ask))

    try:
        await site.start()
        await asyncio.gather(*(insist(way) for way in range(16)))
    finally:
        site.stop()

    found = await counted(config, poll)
    print(f"{LOSING} votes, {sum(lost.values())} answers lost, {dict(seen.statuses)}")
    assert set(seen.statuses) <= {200, 201, 303}, site.said()
    assert (found.ballots, found.agrees) == (LOSING, True)
    assert seen.receipts.keys() == set(votes)
    assert all(len(receipts) == 1 for receipts in seen.receipts.values())
    assert min(lost.values()) > LOSING // 20


def _trackers(receipts: set[str]) -> set[str]:
    """The same receipt in the words of both ways."""
    return {json.loads(each)["receipt"]["tracker"] if each[0] == "{" else each for each in receipts}
