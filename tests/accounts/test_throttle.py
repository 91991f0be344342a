"""How often one may ask."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine

from awards.accounts.throttle import LIMITS, Throttle
from awards.errors import TooMany

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]


async def asked(throttle: Throttle, kind: str, who: str, times: int) -> int:
    """How many of so many askings are let through."""
    answers = await asyncio.gather(
        *(throttle.ask(kind, who) for _ in range(times)), return_exceptions=True
    )
    return sum(answer is None for answer in answers)


async def test_an_address_gets_four_letters_in_ten_minutes_and_ten_a_day(frozen_at: Freeze) -> None:
    throttle, clock = Throttle(), frozen_at(NOON)
    got = []

    for _hour in range(4):
        for _ in range(6):
            got.append(await asked(throttle, "code.address", "li@example.com", 1))
            clock.shift(21)
        clock.shift(3600)

    assert [sum(got[start : start + 6]) for start in range(0, 24, 6)] == [4, 4, 2, 0]


async def test_a_second_letter_has_to_wait_twenty_seconds(frozen_at: Freeze) -> None:
    throttle, clock = Throttle(), frozen_at(NOON)
    await throttle.ask("code.address", "li@example.com")

    clock.shift(5)
    with pytest.raises(TooMany) as refused:
        await throttle.ask("code.address", "li@example.com")

    assert (refused.value.code, refused.value.seconds) == ("too_many", 15)
    clock.shift(refused.value.seconds + 1)
    await throttle.ask("code.address", "li@example.com")


async def test_the_wait_that_is_named_is_long_enough(frozen_at: Freeze) -> None:
    throttle, clock = Throttle(), frozen_at(NOON)
    assert await asked(throttle, "sign_in.name", "gu|10.0.0.1", 11) == 10

    clock.shift(60)
    with pytest.raises(TooMany) as refused:
        await throttle.ask("sign_in.name", "gu|10.0.0.1")

    assert (refused.value.seconds, refused.value.values["minutes"]) == (540, 9)
    clock.shift(541)
    await throttle.ask("sign_in.name", "gu|10.0.0.1")


async def test_a_burst_does_not_slip_through_together(frozen_at: Freeze) -> None:
    frozen_at(NOON)

    assert await asked(Throttle(), "code.source", "10.0.0.1", 100) == 30


async def test_one_who_asks_too_often_does_not_stop_another(frozen_at: Freeze) -> None:
    throttle, _clock = Throttle(), frozen_at(NOON)

    assert await asked(throttle, "feedback.source", "10.0.0.1", 50) == 10
    assert await asked(throttle, "feedback.source", "10.0.0.2", 50) == 10
    assert await asked(throttle, "nomination.source", "10.0.0.1", 50) == 20


async def test_a_refused_asking_is_not_counted(frozen_at: Freeze) -> None:
    throttle, clock = Throttle(), frozen_at(NOON)

    for _ in range(30):
        await asked(throttle, "code.address", "li@example.com", 1)
        clock.shift(1)

    assert await asked(throttle, "code.address", "li@example.com", 1) == 0
    clock.shift(40)
    assert await asked(throttle, "code.address", "li@example.com", 1) == 1


def test_guessing_six_digits_stays_hopeless() -> None:
    letters_a_day = next(
        int(limit.split("/")[0]) for limit in LIMITS["code.address"] if "day" in limit
    )

    assert letters_a_day * 5 / 1_000_000 <= 1e-4
