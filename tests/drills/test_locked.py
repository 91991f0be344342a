"""D3: somebody else holds the lock of the database for short times, again and again: a backup, a
shell, a recount. Nobody who votes ever hears of it.
"""

import asyncio
import random
import subprocess
import sys
import textwrap

import pytest

from awards.config import Config
from awards.db import sqlite_path
from tests.drills.crowd import Browser, Memory, Vote
from tests.drills.site import NUMBERS, Site, counted, furnish
from tests.drills.sizes import size
from tests.drills.wire import Line

VOTES = size("d3", quick=150, full=10_000)
LONGEST = 0.2
STORM = textwrap.dedent(
    """
    import random, sqlite3, sys, time
    file = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
    while True:
        how = random.choice(["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE", "BEGIN"])
        file.execute(how)
        file.execute("SELECT count(*) FROM ballot").fetchone()
        time.sleep(random.random() * float(sys.argv[2]))
        file.execute("ROLLBACK")
        if random.random() < 0.1:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        time.sleep(random.random() * 0.02)
    """
)


@pytest.mark.d3
@pytest.mark.sqlite
async def test_nobody_hears_of_a_lock(config: Config) -> None:
    poll, site, memory = await furnish(config), Site(config), Memory()
    chance = random.Random(4)  # noqa: S311 - to be repeated
    votes = [Vote(poll.voter(), chance.choice(NUMBERS)) for _each in range(VOTES)]
    left, storm = list(votes), list[subprocess.Popen[bytes]]()

    async def vote(way: int) -> None:
        async with Line(site.port) as line:
            browser = Browser(line, poll, site.port)
            await browser.open(votes[0].token)
            while left:
                each = left.pop()
                send = browser.by_form if way % 2 else browser.by_program
                memory.keep(each, await send(each))
                assert (await line.ask("GET", f"/campaigns/{poll.slug}/me")).status == 200

    try:
        await site.start()
        storm += [
            subprocess.Popen(  # noqa: ASYNC220 - it returns at once
                [sys.executable, "-c", STORM, str(sqlite_path(config)), str(LONGEST)]
            )
            for _each in range(2)
        ]
        async with asyncio.timeout(60 + VOTES):
            await asyncio.gather(*(vote(way) for way in range(8)))
    finally:
        for each in storm:
            each.kill()
            each.wait()
        site.stop()

    found = await counted(config, poll)
    assert "locked" not in site.said(10_000)
    assert (found.ballots, found.agrees) == (VOTES, True)
