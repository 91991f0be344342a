"""K2: the power goes, and the disk forgets what was not fsynced. What was acknowledged stands; and
a server that does not wait for the disk is found out.
"""

import asyncio
import random
from pathlib import Path

import pytest

from awards.config import Config
from tests.drills.crowd import Crowd
from tests.drills.forgetful import HERE, ForgetfulDisk, compiler
from tests.drills.site import Site, counted, furnish
from tests.drills.sizes import size

ROUNDS = size("k2", quick=3, full=100)

pytestmark = [
    pytest.mark.k2,
    pytest.mark.sqlite,
    pytest.mark.skipif(compiler() is None, reason="K2 is left out, for want of a C compiler"),
]


def site_on(disk: ForgetfulDisk, config: Config, *, careless: bool = False) -> Site:
    site = Site(config, environment=disk.environment)
    if careless:
        site.program = HERE / "careless.py"
    return site


async def until_the_power_goes(site: Site, crowd: Crowd, disk: ForgetfulDisk) -> int:
    """Vote for a while, and lose what the disk forgets."""
    voting = asyncio.create_task(crowd.vote())
    await asyncio.sleep(0.1 + crowd.chance.random() * 0.4)
    site.kill()
    await voting
    return await asyncio.to_thread(disk.forget)


async def test_what_was_acknowledged_was_on_the_disk(durable: Config, tmp_path: Path) -> None:
    poll, disk = await furnish(durable), ForgetfulDisk(tmp_path, ".sqlite3")
    site, lost = site_on(disk, durable), 0
    crowd = Crowd(poll, site.port, random.Random(3))  # noqa: S311 - to be repeated
    try:
        for _round in range(ROUNDS):
            await site.start()
            lost += await until_the_power_goes(site, crowd, disk)
            found = await counted(durable, poll)
            # What was on its way may have been kept; what was acknowledged is.
            known = len(crowd.memory.kept)
            assert known <= found.ballots <= known + len(crowd.memory.unsure)
            assert found.agrees
        await site.start()
        await crowd.settle([*crowd.memory.unsure, *crowd.memory.kept])
    finally:
        site.kill()

    found = await counted(durable, poll)
    print(f"{ROUNDS} times, {len(crowd.memory.kept)} votes, {lost} writes forgotten, 0 votes lost")
    assert (found.ballots, found.agrees) == (len(crowd.memory.kept), True)
    assert len(crowd.memory.kept) > 2 * ROUNDS


async def test_who_does_not_wait_for_the_disk_is_found_out(durable: Config, tmp_path: Path) -> None:
    poll, disk = await furnish(durable), ForgetfulDisk(tmp_path, ".sqlite3")
    site = site_on(disk, durable, careless=True)
    crowd = Crowd(poll, site.port, random.Random(3))  # noqa: S311 - to be repeated
    try:
        await site.start()
        lost = await until_the_power_goes(site, crowd, disk)
    finally:
        site.kill()

    found = await counted(durable, poll)
    print(f"{len(crowd.memory.kept)} votes acknowledged, {found.ballots} kept, {lost} writes lost")
    assert lost > 0
    assert found.ballots < len(crowd.memory.kept)
