"""Proving a phone number: one answer to every number, and an end to what may be sent."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
import time_machine
from tortoise.connection import get_connections

from awards.accounts.actions import CodeDesk, check_code, forget_expired, text_code
from awards.accounts.models import EmailCode
from awards.errors import TooMany, Unproven
from awards.notifications.budget import TextBudget, forget_counts, is_doubtful, objection
from awards.notifications.models import Letter
from awards.words import Words
from tests.accounts.conftest import KEYS, PURPOSE, other_than
from tests.digest import digest

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
NUMBER, OTHER = "+8613812345678", "+8613912345678"
OPERATOR = "operator@wanghe.example"
Freeze = Callable[[datetime], time_machine.Traveller]
BUDGET = TextBudget(a_day=100, an_hour=100, countries={"86": 100, "852": 2}, alarm_to=OPERATOR)


@pytest.fixture
def desk(database: None) -> CodeDesk:
    return CodeDesk(KEYS, texts=BUDGET)


def with_budget(desk: CodeDesk, **limits: Any) -> CodeDesk:
    return replace(desk, texts=replace(desk.texts, **limits))


def number(n: int) -> str:
    """A number of its own block."""
    return f"+86138{n:04d}0000"


async def ask(
    desk: CodeDesk, to: str = NUMBER, *, purpose: str = PURPOSE, source: str = "10.0.0.1"
) -> None:
    await text_code(
        desk, purpose=purpose, number=to, language="en", notice="vote_code", source=source,
        title=Words("望河好人", "Good People of Wanghe"),
    )  # fmt: skip


async def code_for(to: str = NUMBER) -> str:
    return (await Letter.get(address=to)).code


async def check(desk: CodeDesk, code: str, to: str = NUMBER, source: str = "10.0.0.1") -> str:
    return await check_code(desk, purpose=PURPOSE, address=to, code=code, source=source)


async def counts(scope: str) -> list[tuple[int, int]]:
    rows = await get_connections().get("default").execute_query_dict("SELECT * FROM text_count")
    return [(row["sent"], row["used"]) for row in rows if row["scope"] == scope]


async def test_a_code_proves_its_number_once(desk: CodeDesk) -> None:
    await ask(desk)
    code = await code_for()

    assert await check(desk, code) == NUMBER

    with pytest.raises(Unproven):
        await check(desk, code)
    assert (await EmailCode.all().count(), await Letter.all().count()) == (0, 0)
    assert await counts(PURPOSE) == [(1, 1)]


async def test_a_wrong_code_proves_nothing(desk: CodeDesk) -> None:
    await ask(desk)
    wrong = other_than(await code_for())

    for n in range(5):
        with pytest.raises(Unproven):
            await check(desk, wrong, source=f"10.0.1.{n}")
    with pytest.raises(Unproven):
        await check(desk, await code_for())

    assert await counts(PURPOSE) == [(1, 0)]


async def test_a_code_that_ran_out_leaves_nothing(desk: CodeDesk, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    await ask(desk)

    clock.shift(timedelta(minutes=11))
    await forget_expired()

    assert (await EmailCode.all().count(), await Letter.all().count()) == (0, 0)


async def test_a_number_that_had_its_messages_gets_none_and_nobody_is_told(
    desk: CodeDesk, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    for _each in range(4):
        await ask(desk)
        clock.shift(timedelta(minutes=1))
    code, before = await code_for(), await Letter.all().values("id")

    await ask(desk, source="10.0.0.2")

    assert await Letter.all().values("id") == before
    assert (await counts("all"), await counts("held back")) == ([(4, 0)], [(1, 0)])
    assert await check(desk, code) == NUMBER


async def test_a_number_gets_eight_messages_a_day(desk: CodeDesk, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)

    for _each in range(12):
        await ask(desk)
        clock.shift(timedelta(minutes=20))

    assert (await counts("all"), await counts("held back")) == ([(8, 0)], [(4, 0)])


async def test_a_source_is_told_when_it_asks_too_often(desk: CodeDesk) -> None:
    for n in range(10):
        await ask(desk, number(n))
    before = await digest()

    with pytest.raises(TooMany) as refused:
        await ask(desk, number(10))

    assert refused.value.code == "too_many"
    assert await digest() == before
    await ask(desk, number(11), source="10.0.0.2")


@pytest.mark.parametrize(
    ("limits", "code", "scope"),
    [
        ({"a_day": 3}, "sms.used_up", "all"),
        ({"countries": {"86": 3}}, "sms.used_up", "+86"),
        ({"an_hour": 3}, "sms.busy", PURPOSE),
    ],
)
async def test_when_messages_are_used_up_the_way_closes_and_the_operator_hears_of_it(
    desk: CodeDesk, limits: dict[str, Any], code: str, scope: str
) -> None:
    narrow = with_budget(desk, **limits)
    with structlog.testing.capture_logs() as log:
        for n in range(3):
            await ask(narrow, number(n))
    before = await digest()

    with pytest.raises(TooMany) as refused:
        await ask(narrow, number(3))

    assert refused.value.code == code
    assert refused.value.message.format(**refused.value.values)
    assert await digest() == before
    assert [each["scope"] for each in log if each["log_level"] == "error"] == [scope]
    alarm = await Letter.get(way="mail")
    assert (alarm.address, alarm.notice) == (OPERATOR, "texts_used_up")
    assert "3" in alarm.text and scope in alarm.subject


@pytest.mark.parametrize("limits", [{"a_day": 0}, {"an_hour": 0}, {"countries": {}}])
async def test_nothing_is_sent_where_nothing_is_allowed(
    desk: CodeDesk, limits: dict[str, Any]
) -> None:
    before = await digest()

    with pytest.raises(TooMany):
        await ask(with_budget(desk, **limits))

    assert await digest() == before


async def test_limits_hold_when_all_ask_at_once(desk: CodeDesk) -> None:
    narrow = with_budget(desk, an_hour=5)

    asked = (ask(narrow, number(n), source=f"10.0.1.{n}") for n in range(20))
    ended = await asyncio.gather(*asked, return_exceptions=True)

    assert [isinstance(each, TooMany) for each in ended].count(True) == 15
    assert (await counts(PURPOSE), await EmailCode.all().count()) == ([(5, 0)], 5)


async def test_the_same_number_asked_for_at_once_gets_one_message(desk: CodeDesk) -> None:
    await asyncio.gather(*(ask(desk, source=f"10.0.1.{n}") for n in range(8)))

    assert (await EmailCode.all().count(), await counts("all")) == (1, [(1, 0)])


async def test_two_processes_asked_for_one_number_leave_one_code(desk: CodeDesk) -> None:
    others = [CodeDesk(KEYS, texts=BUDGET) for _process in range(6)]

    await asyncio.gather(*(ask(each) for each in others))

    assert (await EmailCode.all().count(), await Letter.filter(way="sms").count()) == (1, 1)
    assert await check(desk, await code_for()) == NUMBER


async def test_a_day_begins_at_midnight_of_the_site(desk: CodeDesk, frozen_at: Freeze) -> None:
    narrow = with_budget(desk, a_day=1)
    clock = frozen_at(datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    await ask(narrow, number(1))
    no = await objection(narrow.texts, purpose=PURPOSE)

    clock.shift(timedelta(minutes=2))

    assert no is not None and (no.code, no.seconds) == ("sms.used_up", 60)
    assert await objection(narrow.texts, purpose=PURPOSE) is None
    await ask(narrow, number(2))


async def test_an_hour_of_one_campaign_is_nobody_elses(desk: CodeDesk, frozen_at: Freeze) -> None:
    frozen_at(NOON + timedelta(minutes=50))
    narrow = with_budget(desk, an_hour=1)
    await ask(narrow, number(1))

    here, there = [await objection(narrow.texts, purpose=each) for each in (PURPOSE, "vote:2")]

    assert here is not None and (here.code, here.values) == ("sms.busy", {"minutes": 10})
    assert there is None
    await ask(narrow, number(2), purpose="vote:2")


async def test_counts_survive_the_program(desk: CodeDesk) -> None:
    """A desk made anew knows nothing in memory; the rows do."""
    await ask(with_budget(desk, a_day=1), number(1))

    with pytest.raises(TooMany):
        await ask(CodeDesk(KEYS, texts=replace(BUDGET, a_day=1)), number(2))


async def test_messages_that_nobody_uses_are_doubtful(desk: CodeDesk, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    for n in range(39):
        await ask(desk, number(n), source=f"10.0.1.{n}")
    before = await is_doubtful(purpose=PURPOSE)
    await ask(desk, number(39))
    many_unused = await is_doubtful(purpose=PURPOSE)

    for n in range(10):
        await check(desk, await code_for(number(n)), number(n), source=f"10.0.2.{n}")
    some_used = await is_doubtful(purpose=PURPOSE)
    clock.shift(timedelta(hours=2))

    assert (before, many_unused, some_used) == (False, True, False)
    assert not await is_doubtful(purpose=PURPOSE)


async def test_old_counts_are_forgotten(desk: CodeDesk, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    await ask(desk)

    await forget_counts()
    assert await counts("all") == [(1, 0)]
    clock.shift(timedelta(days=3))
    await forget_counts()

    assert await counts("all") == []
