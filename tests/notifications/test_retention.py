"""Letters that have done their work keep neither address nor words."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import time_machine

from awards.notifications.actions import GIVE_UP_AFTER, deliver, forget_sent
from awards.notifications.models import Letter

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
WAIT = timedelta(days=14)
EMPTY = ("", "", "", "", "")
Freeze = Callable[[datetime], time_machine.Traveller]
Post = Callable[..., Awaitable[None]]


async def take(_letter: Letter) -> None:
    """A way out that always succeeds."""


async def refuse(letter: Letter) -> None:
    raise OSError(f"<{letter.address}> unknown")


async def words_of(letter: Letter) -> tuple[str, ...]:
    row = await Letter.get(id=letter.id)
    return (row.address, row.subject, row.text, row.html, row.error)


async def test_a_sent_letter_is_emptied_after_two_weeks(posted: Post, frozen_at: Freeze) -> None:
    time = frozen_at(NOON)
    await posted()
    await deliver(take)
    before = await Letter.get()
    time.move_to(NOON + WAIT - timedelta(seconds=1))
    assert await forget_sent() == 0
    time.move_to(NOON + WAIT)

    assert await forget_sent() == 1
    assert await forget_sent() == 0

    row = await Letter.get()
    assert await words_of(row) == EMPTY
    assert (row.key, row.notice, row.sent_at) == (before.key, "vote_code", NOON)


async def test_an_emptied_letter_is_not_written_again(posted: Post, frozen_at: Freeze) -> None:
    time = frozen_at(NOON)
    await posted()
    await deliver(take)
    time.move_to(NOON + WAIT)
    await forget_sent()

    await posted()

    assert await Letter.all().count() == 1
    assert await deliver(take) == 0


async def test_a_letter_that_still_waits_stays_whole(posted: Post, frozen_at: Freeze) -> None:
    time = frozen_at(NOON)
    await posted()
    row = await Letter.get()
    time.move_to(NOON + timedelta(days=400))

    assert await forget_sent() == 0

    assert (await words_of(row))[0] == "li@example.com"


async def test_a_letter_that_nobody_takes_is_emptied_too(posted: Post, frozen_at: Freeze) -> None:
    time = frozen_at(NOON)
    await posted()
    row = await Letter.get()
    for _attempt in range(GIVE_UP_AFTER):
        await deliver(refuse)
        time.shift(timedelta(days=7))
    assert "li@example.com" in (await words_of(row))[4]

    assert await forget_sent() == 1

    assert await words_of(row) == EMPTY
    assert await deliver(take) == 0
