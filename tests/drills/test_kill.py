"""K1: the server is killed while people vote, again and again. What it has acknowledged stands,
once, and it is back soon.
"""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field

import pytest

from awards.config import Config
from tests.drills.cluster import Cluster
from tests.drills.crowd import Browser, Memory, NotKept, Vote
from tests.drills.site import NUMBERS, PER_VOTER, Poll, Site, counted, furnish
from tests.drills.sizes import size
from tests.drills.wire import Line

KILLS = size("k1", quick=6, full=200)
BACK_IN = size("k1", quick=15, full=5)
"""Seconds. Where everything is tested at once, a machine is slower than by itself."""
PEOPLE = 8
ASKED_ANEW = 200
"""Acknowledged votes that are sent once more after each kill; in the end it is all of them."""


@dataclass
class Crowd:
    """People who vote as fast as they are answered, half at browsers, half by programs."""

    poll: Poll
    port: int
    chance: random.Random
    memory: Memory = field(default_factory=Memory)

    async def vote(self) -> None:
        """Until somebody says stop, or the server is gone."""
        async with asyncio.TaskGroup() as people:
            for way in range(PEOPLE):
                people.create_task(self._one(way))

    async def settle(self, votes: list[Vote]) -> None:
        """Send these once more until each is answered. A 503 is only to wait for: connections that
        died with the database are found dead one by one.
        """
        queue, until = list(votes), time.monotonic() + BACK_IN + len(votes) / 50

        async def some(way: int) -> None:
            async with Line(self.port) as line:
                browser = Browser(line, self.poll, self.port)
                while queue:
                    vote = queue.pop()
                    if not await self._send(browser, vote, way):
                        assert time.monotonic() < until, "busy for too long"
                        queue.append(vote)
                        await asyncio.sleep(0.05)

        await asyncio.gather(*(some(way) for way in range(PEOPLE)))

    async def _one(self, way: int) -> None:
        async with Line(self.port) as line:
            browser = Browser(line, self.poll, self.port)
            while True:
                token = self.poll.voter()
                # One more than the quota, so that the last one is refused.
                for number in self.chance.sample(NUMBERS, PER_VOTER + 1):
                    vote = Vote(token, number)
                    self.memory.unsure.add(vote)
                    try:
                        await self._send(browser, vote, way)
                    except OSError:
                        return
                    await asyncio.sleep(self.chance.random() * 0.01)

    async def _send(self, browser: Browser, vote: Vote, way: int) -> bool:
        """Whether there was an answer, yes or no."""
        try:
            send = browser.by_form if way % 2 else browser.by_program
            self.memory.keep(vote, await send(vote))
        except NotKept as no:
            assert no.status in (409, 503), no
            if no.status == 503:
                return False
            self.memory.refuse(vote)
        return True


@pytest.mark.k1
async def test_a_killed_server_has_kept_what_it_acknowledged(
    durable: Config, cluster: Cluster | None
) -> None:
    chance = random.Random(1)  # noqa: S311 - to be repeated, not to be secret
    poll, site, slowest = await furnish(durable), Site(durable), 0.0
    crowd = Crowd(poll, site.port, chance)
    await site.start()
    try:
        for kill in range(KILLS):
            with_database = cluster is not None and kill % 2 == 1
            voting = asyncio.create_task(crowd.vote())
            await asyncio.sleep(0.05 + chance.random() * 0.4)
            if cluster and with_database:
                slowest = max(slowest, await _lose_database(cluster, site, crowd, voting))
            else:
                site.kill()
                await voting
                slowest = max(slowest, await site.start())
            known = list(crowd.memory.kept)
            anew = chance.sample(known, min(len(known), ASKED_ANEW))
            await crowd.settle([*crowd.memory.unsure, *anew])
            assert not crowd.memory.unsure
        await crowd.settle(list(crowd.memory.kept))
    finally:
        site.kill()

    found, kept = await counted(durable, poll), crowd.memory.kept
    print(f"{KILLS} kills, {len(kept)} votes, slowest start {slowest:.2f} s")
    assert len(kept) > 5 * KILLS
    assert (found.ballots, found.agrees) == (len(kept), True)
    assert found.votes == {
        number: n
        for number in NUMBERS
        if (n := sum(vote.number == number for vote in kept))
    }  # fmt: skip
    assert max(len(votes) for votes in _per_voter(kept).values()) == PER_VOTER
    assert slowest <= BACK_IN


async def _lose_database(
    cluster: Cluster, site: Site, crowd: Crowd, voting: "asyncio.Task[None]"
) -> float:
    """Kill the database under the running server; the seconds until people can vote again."""
    cluster.kill()
    await asyncio.sleep(crowd.chance.random() * 0.3)
    started = time.monotonic()
    await cluster.start()
    await site.ready()
    async with Line(site.port) as line:
        browser = Browser(line, crowd.poll, site.port)
        while True:
            vote = Vote(crowd.poll.voter(), NUMBERS[0])
            try:
                crowd.memory.keep(vote, await browser.by_program(vote))
                break
            except NotKept as no:
                assert no.status == 503, no
                crowd.memory.unsure.add(vote)
            assert time.monotonic() - started < 4 * BACK_IN
    took = time.monotonic() - started
    voting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await voting
    return took


def _per_voter(votes: dict[Vote, str]) -> dict[str, list[Vote]]:
    found: dict[str, list[Vote]] = {}
    for vote in votes:
        found.setdefault(vote.token, []).append(vote)
    return found
