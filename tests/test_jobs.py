"""What runs by itself: each thing in its time, and nothing holds up the rest."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from awards.config import Config
from awards.jobs import HOUR, every, jobs, nightly, run_due
from tests.digest import digest

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


async def test_a_slow_job_runs_once_in_its_time(
    frozen_at: Callable[[datetime], time_machine.Traveller],
) -> None:
    ran: list[int] = []

    async def job() -> None:
        ran.append(1)

    time, hourly = frozen_at(NOON), every(HOUR, job)
    counts = []
    for minutes in (0, 1, 59, 60, 61, 180):
        time.move_to(NOON + timedelta(minutes=minutes))
        await hourly()
        counts.append(len(ran))

    assert counts == [1, 1, 1, 2, 2, 3]


async def test_a_job_of_the_night_runs_once_in_the_quietest_hour(
    frozen_at: Callable[[datetime], time_machine.Traveller],
) -> None:
    ran: list[int] = []

    async def job() -> None:
        ran.append(1)

    time, at_night = frozen_at(NOON), nightly(job, zone="Asia/Shanghai")
    counts = []
    for hours in (0, 15, 16, 16.5, 17, 39, 40, 40.1):  # From noon in Shanghai.
        time.move_to(NOON + timedelta(hours=hours))
        await at_night()
        counts.append(len(ran))

    assert counts == [0, 0, 1, 1, 1, 1, 2, 2]


async def test_a_job_that_fails_holds_up_nothing() -> None:
    ran: list[str] = []

    async def fail() -> None:
        ran.append("fails")
        raise ZeroDivisionError

    async def work() -> None:
        ran.append("works")

    await run_due([fail, work])

    assert ran == ["fails", "works"]


@pytest.mark.usefixtures("database")
async def test_every_job_runs_on_an_empty_database(config: Config) -> None:
    before = await digest()

    for job in jobs(config):
        await job()

    assert await digest() == before
