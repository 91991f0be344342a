"""The record: append-only, chained, without forks, on both engines."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import asyncpg
import pytest
import time_machine
from tortoise.exceptions import BaseORMException

from awards import clock
from awards.actor import VISITOR, Actor, Role, system
from awards.audit.actions import check_record, record
from awards.audit.models import AuditRecord
from awards.audit.queries import (
    CHAIN,
    Chain,
    Check,
    check_chain,
    count_records,
    find_last_check,
    first_misfit,
    list_records,
)
from awards.audit.rules import BEGINNING
from awards.db import dialect, in_transaction, placeholders
from tests import make

OPERATOR = system("operator")
DISARM = {
    "sqlite": ["DROP TRIGGER audit_is_not_edited", "DROP TRIGGER audit_is_kept"],
    "postgres": ["DROP TRIGGER audit_is_append_only ON audit_record"],
}

REFUSALS = (BaseORMException, asyncpg.PostgresError)

pytestmark = pytest.mark.usefixtures("database")


async def keep(action: str = "test.done", *, by: Actor = OPERATOR, **details: object) -> None:
    async with in_transaction():
        await record(by=by, action=action, subject="test:1", **details)


async def behind_the_program(*statements: tuple[str, Sequence[object]]) -> None:
    """What somebody with the database's own rights can do."""
    async with in_transaction() as connection:
        for statement in DISARM[dialect()]:
            await connection.execute_query(statement)
        for statement, values in statements:
            await connection.execute_query(placeholders(statement), list(values))


async def test_an_empty_record_fits() -> None:
    assert await check_chain() == Chain(rows=0, broken_at=None)


async def test_each_deed_is_chained_to_the_one_before() -> None:
    for n in range(3):
        await keep(n=n)

    rows = await AuditRecord.all().order_by("number")
    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[0].previous == BEGINNING
    assert all(later.previous == earlier.digest for earlier, later in pairwise(rows))
    assert await check_chain() == Chain(rows=3, broken_at=None)


async def test_details_of_every_kind_are_read_back_as_they_were_chained(organiser: Actor) -> None:
    await keep(
        "test.details", by=organiser, text="好人 “quoted” \\ \n", number=2**53, nothing=None,
        yes=True, role=Role.EDITOR, numbers=(1, 2), nested={"乙": [{"b": 1, "a": 2}], "甲": 0.5},
    )  # fmt: skip

    assert await check_chain() == Chain(rows=1, broken_at=None)
    assert (await AuditRecord.get()).details["numbers"] == [1, 2]


@pytest.mark.parametrize(
    ("by", "shown"), [(OPERATOR, "operator"), (VISITOR, "visitor")], ids=["system", "visitor"]
)
async def test_a_deed_names_who_did_it(by: Actor, shown: str) -> None:
    await keep(by=by)

    assert (await AuditRecord.get()).actor == shown


async def test_a_person_is_named_by_id_and_never_by_name() -> None:
    someone = await make.person(Role.EDITOR, name="顾小雨")
    await keep(by=someone)

    assert (await AuditRecord.get()).actor == str(someone.person)


async def test_a_deed_that_fails_leaves_no_record() -> None:
    with pytest.raises(ZeroDivisionError):
        async with in_transaction():
            await record(by=OPERATOR, action="test.failed", subject="test:1")
            raise ZeroDivisionError

    await keep()
    assert await AuditRecord.all().values_list("number", "action") == [(1, "test.done")]


async def test_deeds_at_the_same_time_make_no_fork() -> None:
    await asyncio.gather(*(keep(n=n) for n in range(25)))

    assert await check_chain() == Chain(rows=25, broken_at=None)
    numbers = {row.details["n"] for row in await AuditRecord.all()}
    assert numbers == set(range(25))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET actor = 'somebody else' WHERE number = 2",
        "UPDATE audit_record SET number = 9 WHERE number = 2",
        "DELETE FROM audit_record WHERE number = 3",
        "DELETE FROM audit_record",
    ],
)
async def test_the_database_refuses_to_change_a_record(statement: str) -> None:
    for n in range(3):
        await keep(n=n)

    with pytest.raises(REFUSALS, match="append-only"):
        async with in_transaction() as connection:
            await connection.execute_query(statement)

    assert await check_chain() == Chain(rows=3, broken_at=None)


@pytest.mark.postgres
async def test_the_database_refuses_to_empty_the_record() -> None:
    await keep()

    with pytest.raises(REFUSALS, match="append-only"):
        async with in_transaction() as connection:
            await connection.execute_query("TRUNCATE audit_record")

    assert await count_records() == 1


@pytest.mark.parametrize(
    ("statement", "values", "broken_at"),
    [
        ("UPDATE audit_record SET actor = ? WHERE number = 3", ["somebody else"], 3),
        ("UPDATE audit_record SET action = ? WHERE number = 1", ["test.undone"], 1),
        ("UPDATE audit_record SET subject = ? WHERE number = 5", ["test:2"], 5),
        ("UPDATE audit_record SET digest = ? WHERE number = 2", [bytes(32)], 2),
        ("UPDATE audit_record SET previous = ? WHERE number = 4", [bytes([7] * 32)], 4),
        ("DELETE FROM audit_record WHERE number = ?", [2], 3),
        ("DELETE FROM audit_record WHERE number = ?", [1], 2),
        ("UPDATE audit_record SET number = ? WHERE number = 5", [6], 6),
    ],
)
async def test_a_change_behind_the_program_is_named(
    statement: str, values: list[object], broken_at: int
) -> None:
    for n in range(5):
        await keep(n=n)

    await behind_the_program((statement, values))

    assert (await check_chain()).broken_at == broken_at
    assert await first_misfit(await list_records()) == broken_at


async def test_changed_details_are_named() -> None:
    await keep(campaign=1)
    await keep(campaign=1)
    change = {
        "sqlite": "UPDATE audit_record SET details = ? WHERE number = 2",
        "postgres": "UPDATE audit_record SET details = ?::text::jsonb WHERE number = 2",
    }

    await behind_the_program((change[dialect()], ['{"campaign": 2}']))

    assert await check_chain() == Chain(rows=2, broken_at=2)


async def test_a_long_record_is_walked_to_its_end() -> None:
    async with in_transaction():
        for n in range(1003):
            await record(by=OPERATOR, action="test.done", subject="test:1", n=n)

    assert await check_chain() == Chain(rows=1003, broken_at=None)
    await behind_the_program(("UPDATE audit_record SET actor = ? WHERE number = 1002", ["x"]))
    assert (await check_chain()).broken_at == 1002


async def test_the_latest_deeds_come_first() -> None:
    for n in range(5):
        await keep(n=n)

    pages = [[row.number for row in await list_records(page=page, size=2)] for page in (1, 2, 3, 4)]

    assert pages == [[5, 4], [3, 2], [1], []]
    assert await count_records() == 5


# The lines of a page


async def test_the_lines_of_a_page_are_checked_against_the_one_before() -> None:
    for n in range(6):
        await keep(n=n)

    assert await first_misfit([]) is None
    assert await first_misfit(await list_records(page=1, size=3)) is None
    assert await first_misfit(await list_records(page=2, size=3)) is None
    await behind_the_program(("UPDATE audit_record SET actor = ? WHERE number = 3", ["x"]))

    assert await first_misfit(await list_records(page=1, size=3)) is None
    assert await first_misfit(await list_records(page=2, size=3)) == 3


async def test_a_line_that_is_gone_between_two_pages_is_named() -> None:
    for n in range(6):
        await keep(n=n)

    await behind_the_program(("DELETE FROM audit_record WHERE number = ?", [3]))

    assert await first_misfit(await list_records(page=1, size=3)) == 4


# The whole record, once a day

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]


async def test_an_empty_record_is_not_put_on_record() -> None:
    assert await check_record() is None

    assert await count_records() == 0
    assert await find_last_check() is None


async def test_the_whole_record_is_checked_once_a_day(frozen_at: Freeze) -> None:
    time = frozen_at(NOON)
    await keep()
    assert await check_record() == Chain(rows=1, broken_at=None)
    time.move_to(NOON + timedelta(days=1) - timedelta(seconds=1))
    assert await check_record() is None
    time.move_to(NOON + timedelta(days=1))

    assert await check_record() == Chain(rows=2, broken_at=None)

    assert await find_last_check() == Check(clock.now(), Chain(rows=2, broken_at=None))
    assert await AuditRecord.filter(subject=CHAIN).values_list("action", "actor") == [
        ("record.checked", "jobs"), ("record.checked", "jobs"),
    ]  # fmt: skip
    assert await check_chain() == Chain(rows=3, broken_at=None)


async def test_what_is_broken_is_put_on_record(frozen_at: Freeze) -> None:
    frozen_at(NOON)
    for n in range(3):
        await keep(n=n)
    await behind_the_program(("UPDATE audit_record SET actor = ? WHERE number = 2", ["x"]))

    assert await check_record() == Chain(rows=2, broken_at=2)

    assert await find_last_check() == Check(clock.now(), Chain(rows=2, broken_at=2))
    assert (await AuditRecord.get(subject=CHAIN)).action == "record.broken"


async def test_two_processes_put_one_check_on_record() -> None:
    await keep()

    await asyncio.gather(*(check_record() for _each in range(4)))

    assert await AuditRecord.filter(subject=CHAIN).count() == 1
