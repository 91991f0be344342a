"""Sessions: how long they last, and who ends them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from awards.accounts.actions import (
    end_session,
    forget_expired,
    keep_session,
    make_link,
    withdraw_role,
)
from awards.accounts.models import Session, SignInLink
from awards.accounts.queries import (
    find_person_by_id,
    find_session,
    list_sessions,
    names_of,
)
from awards.actor import Actor, Role
from awards.errors import NotFound
from tests import make
from tests.digest import digest

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
Freeze = Callable[[datetime], time_machine.Traveller]


async def session_of(secret: str) -> Session:
    found = await find_session(secret)
    assert found is not None
    return await Session.get(id=found.session)


async def test_an_idle_session_ends_after_half_an_hour(moderator: Actor, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    secret = await make.session(moderator)

    clock.move_to(NOON + timedelta(minutes=30) - INSTANT)
    assert await find_session(secret) is not None
    clock.move_to(NOON + timedelta(minutes=30))

    assert await find_session(secret) is None
    assert moderator.person and await list_sessions(moderator.person) == []


async def test_a_session_in_use_ends_after_twelve_hours(
    moderator: Actor, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    secret = await make.session(moderator)
    session = (await session_of(secret)).id

    for _ in range(12 * 3 - 1):
        clock.shift(20 * 60)
        await keep_session(session=session)
    clock.move_to(NOON + timedelta(hours=12) - INSTANT)
    assert await find_session(secret) is not None
    clock.move_to(NOON + timedelta(hours=12))

    assert await find_session(secret) is None


async def test_a_session_is_never_kept_back_in_time(moderator: Actor, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    session = (await session_of(await make.session(moderator))).id
    clock.move_to(NOON - timedelta(minutes=5))

    await keep_session(session=session)

    assert (await Session.get(id=session)).seen_at == NOON


async def test_the_cookie_of_a_session_is_not_in_the_database(moderator: Actor) -> None:
    secret = await make.session(moderator)

    row = await session_of(secret)

    assert secret.encode() not in row.digest
    assert await find_session(row.digest.hex()) is None


async def test_a_withdrawn_role_is_gone_at_once(admin: Actor, moderator: Actor) -> None:
    secret = await make.session(moderator)
    assert moderator.person

    await withdraw_role(by=admin, person=moderator.person, role=Role.MODERATOR)

    found = await find_session(secret)
    assert found is not None and found.roles == frozenset()


async def test_one_ends_ones_own_sessions(moderator: Actor) -> None:
    here, there = await make.session(moderator), await make.session(moderator)

    await end_session(by=moderator, session=(await session_of(there)).id)

    assert await find_session(there) is None
    assert moderator.person
    assert [row.id for row in await list_sessions(moderator.person)] == [
        (await session_of(here)).id
    ]


async def test_nobody_ends_somebody_elses_session(moderator: Actor, admin: Actor) -> None:
    secret = await make.session(moderator)
    session = (await session_of(secret)).id

    for by in (admin, Actor()):
        with pytest.raises(NotFound):
            await end_session(by=by, session=session)
    with pytest.raises(NotFound):
        await end_session(by=moderator, session=uuid4())

    assert await find_session(secret) is not None


async def test_what_has_run_out_is_forgotten(
    admin: Actor, moderator: Actor, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    await make.session(moderator)
    await make_link(by=admin, name=admin.name)
    clock.shift(timedelta(minutes=29))
    fresh = await make.session(moderator)
    clock.shift(timedelta(minutes=1))

    await forget_expired()
    assert await Session.all().values_list("id", flat=True) == [(await session_of(fresh)).id]
    assert await SignInLink.all().count() == 1
    clock.shift(timedelta(hours=24))
    await forget_expired()

    assert (await Session.all().count(), await SignInLink.all().count()) == (0, 0)


async def test_nothing_is_written_when_nothing_has_run_out(moderator: Actor) -> None:
    await make.session(moderator)
    before = await digest()

    await forget_expired()

    assert await digest() == before
    assert await Session.all().count() == 1


async def test_people_are_found_by_their_ids(moderator: Actor, stranger: Actor) -> None:
    assert moderator.person and stranger.person

    assert (await find_person_by_id(stranger.person)).name == stranger.name
    assert await names_of({moderator.person, uuid4()}) == {str(moderator.person): moderator.name}
    with pytest.raises(NotFound):
        await find_person_by_id(uuid4())
