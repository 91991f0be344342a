"""The outbox: letters are written with the deed they tell of and sent after it is durable."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from awards import clock
from awards.db import in_transaction
from awards.i18n import DEFAULT
from awards.notifications.letters import write
from awards.notifications.models import Letter

Send = Callable[[Letter], Awaitable[None]]

GIVE_UP_AFTER = 8
LEASE = timedelta(minutes=5)


async def post(
    *,
    notice: str,
    address: str,
    key: str,
    language: str = DEFAULT,
    zone: str = "Asia/Shanghai",
    **context: Any,
) -> None:
    """Put a letter into the outbox, inside the transaction of what it tells. The same `key` is
    written once.
    """
    letter = write(notice, language, zone, **context)
    now = clock.now()
    if await Letter.filter(key=key).exists():
        return
    await Letter.create(
        key=key,
        notice=notice,
        address=address,
        language=language,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        created_at=now,
        due_at=now,
    )


async def deliver(send: Send, *, most: int = 20) -> int:
    """Send what is due, one by one; a failure is tried again later. How many went out."""
    sent = 0
    for letter in await _take(most):
        try:
            await send(letter)
        except Exception as error:
            await _postpone(letter, str(error))
        else:
            await _done(letter)
            sent += 1
    return sent


async def _take(most: int) -> list[Letter]:
    now = clock.now()
    async with in_transaction():
        due = Letter.filter(sent_at__isnull=True, due_at__lte=now, attempts__lt=GIVE_UP_AFTER)
        letters = await due.order_by("due_at").limit(most).select_for_update(skip_locked=True)
        await Letter.filter(id__in=[letter.id for letter in letters]).update(due_at=now + LEASE)
    return letters


async def _done(letter: Letter) -> None:
    async with in_transaction():
        await Letter.filter(id=letter.id).update(sent_at=clock.now(), attempts=letter.attempts + 1)


async def _postpone(letter: Letter, error: str) -> None:
    later = clock.now() + timedelta(seconds=30 * 4**letter.attempts)
    async with in_transaction():
        await Letter.filter(id=letter.id).update(
            attempts=letter.attempts + 1, due_at=later, error=error[:300]
        )


async def forget(*, key: str) -> None:
    """Delete a letter that has done its work, inside the caller's transaction: a used code leaves
    nothing behind.
    """
    await Letter.filter(key=key).delete()
