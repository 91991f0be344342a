"""K1: the server is killed while people vote, again and again. What it has acknowledged stands,
once, and it is back soon.
"""

import asyncio
import contextlib
import random
import statistics
import time

import pytest

from awards.config import Config
from tests.drills.cluster import Cluster
from tests.drills.crowd import Browser, Crowd, NotKept, Vote
from tests.drills.site import NUMBERS, PER_VOTER, Site, counted, furnish
from tests.drills.sizes import size
from tests.drills.wire import Line

KILLS = size("k1", quick=4, ci=20, full=200)
BACK_IN = 5.0
"""Seconds from the start of what was killed until people can vote."""
SLOWEST = size("k1", quick=15, full=5)
"""The same for each single one: where everything is tested at once, one may have to wait."""
ASKED_ANEW = 200
"""Acknowledged votes that are sent once more after each kill; in the end it is all of them."""


@pytest.mark.k1
async def test_a_killed_server_has_kept_what_it_acknowledged(
    durable: Config, cluster: Cluster | None
) -> None:
    chance = random.Random(1)  # noqa: S311 - to be repeated, not to be secret
    poll, site, took = await furnish(durable), Site(durable), list[float]()
    crowd = Crowd(poll, site.port, chance, SLOWEST)
    await site.start()
    try:
        for kill in range(KILLS):
            with_database = cluster is not None and kill % 2 == 1
            voting = asyncio.create_task(crowd.vote())
            await asyncio.sleep(0.05 + chance.random() * 0.4)
            if cluster and with_database:
                took.append(await _lose_database(cluster, site, crowd, voting))
            else:
                site.kill()
                await voting
                took.append(await site.start())
            known = list(crowd.memory.kept)
            anew = chance.sample(known, min(len(known), ASKED_ANEW))
            await crowd.settle([*crowd.memory.unsure, *anew])
            assert not crowd.memory.unsure
        await crowd.settle(list(crowd.memory.kept))
    finally:
        site.kill()

    found, kept = await counted(durable, poll), crowd.memory.kept
    usual = statistics.median(took)
    print(f"{KILLS} kills, {len(kept)} votes, back in {usual:.2f} s, at most {max(took):.2f} s")
    assert len(kept) > KILLS
    assert (found.ballots, found.agrees) == (len(kept), True)
    assert found.votes == {
        number: n
        for number in NUMBERS
        if (n := sum(vote.number == number for vote in kept))
    }  # fmt: skip
    assert max(len(votes) for votes in _per_voter(kept).values()) == PER_VOTER
    assert usual <= BACK_IN
    assert max(took) <= SLOWEST


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
            assert time.monotonic() - started < 4 * SLOWEST
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
