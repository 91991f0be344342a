"""The outbox: letters and text messages are written with the deed they tell of and sent after it is
durable.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from tortoise.expressions import Q

from awards import clock
from awards.db import in_transaction
from awards.i18n import DEFAULT
from awards.notifications.letters import write, write_text
from awards.notifications.models import Letter
from awards.notifications.outcomes import Trouble, Undeliverable

log = structlog.get_logger()

Send = Callable[[Letter], Awaitable[None]]

GIVE_UP_AFTER = 8
PATIENCE = timedelta(minutes=1)
LEASE = timedelta(minutes=5)
"""Longer than `PATIENCE`: whoever took a letter is done with it before another may take it."""
KEPT_FOR = timedelta(days=14)
"""How long one can look up what was sent to whom: as long as a request for consent waits."""


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
    await _keep(
        key=key, notice=notice, address=address, language=language,
        subject=letter.subject, text=letter.text, html=letter.html,
    )  # fmt: skip


async def post_text(
    *, notice: str, number: str, key: str, language: str, code: str, **context: Any
) -> None:
    """Put a text message into the outbox, inside the transaction of what it tells."""
    text = write_text(notice, language, code=code, **context)
    await _keep(
        key=key, notice=notice, address=number, language=language,
        subject="", text=text, way="sms", code=code,
    )  # fmt: skip


async def alarm(*, to: str, key: str, notice: str, zone: str, **context: Any) -> None:
    """Tell the operator, once for each `key`, inside the caller's transaction. Where nobody is to
    be told by letter, the log says it alone.
    """
    if to:
        await post(notice=notice, address=to, key=f"alarm:{key}", zone=zone, **context)


async def _keep(*, key: str, **columns: Any) -> None:
    if await Letter.filter(key=key).exists():
        return
    now = clock.now()
    await Letter.create(key=key, created_at=now, due_at=now, **columns)


async def deliver(send: Send, *, way: str = "mail", most: int = 20, alarm_to: str = "") -> int:
    """Send what is due by this way, one by one; how many went out. A letter that fails is tried
    again later and ends the round, so that a server that is down holds up nothing else.
    """
    for sent in range(most):
        letter = await _take(way)
        if letter is None or not await _sent(send, letter, alarm_to):
            return sent
    return most


async def _take(way: str) -> Letter | None:
    """The next letter, ours for the length of the lease: another process passes it over."""
    now = clock.now()
    due = Letter.filter(way=way, sent_at__isnull=True, due_at__lte=now, attempts__lt=GIVE_UP_AFTER)
    if not await due.exists():
        return None
    async with in_transaction():
        letter = await due.order_by("due_at").select_for_update(skip_locked=True).first()
        if letter:
            await Letter.filter(id=letter.id).update(due_at=now + LEASE)
    return letter


async def _sent(send: Send, letter: Letter, alarm_to: str) -> bool:
    """Whether it went out, or never will: else the round is over."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            await send(letter)
    except Undeliverable as error:
        await _give_up(letter, error)
        return True
    except Trouble as error:
        await _call_for_help(letter, error, alarm_to)
        await _postpone(letter, error)
        return False
    except Exception as error:
        await _postpone(letter, error)
        return False
    async with in_transaction():
        await Letter.filter(id=letter.id).update(sent_at=clock.now(), attempts=letter.attempts + 1)
    return True


async def _give_up(letter: Letter, error: Undeliverable) -> None:
    log.warning("letter given up", notice=letter.notice, way=letter.way, reason=f"{error}")
    async with in_transaction():
        await Letter.filter(id=letter.id).update(
            attempts=GIVE_UP_AFTER, error=_said(error), address="", subject="", text="", code=""
        )


async def _call_for_help(letter: Letter, error: Trouble, alarm_to: str) -> None:
    """Each kind of trouble is told once a day: nothing goes out until somebody does something."""
    reason, today = f"{error}"[:80], f"{clock.now():%Y-%m-%d}"
    log.error("no letters go out", way=letter.way, reason=reason)
    async with in_transaction():
        await alarm(
            to=alarm_to, key=f"{letter.way}:{today}:{reason}", notice="texts_fail", reason=reason,
            zone="Asia/Shanghai",
        )  # fmt: skip


async def _postpone(letter: Letter, error: Exception) -> None:
    """Thirty seconds at first, a day and a half in the end."""
    kind = type(error).__name__
    log.warning("letter failed", notice=letter.notice, attempt=letter.attempts + 1, error=kind)
    later = clock.now() + timedelta(seconds=30 * 4**letter.attempts)
    async with in_transaction():
        await Letter.filter(id=letter.id).update(
            attempts=letter.attempts + 1, due_at=later, error=_said(error)
        )


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


async def forget(*, key: str) -> None:
    """Delete a letter that has done its work, inside the caller's transaction: a used code leaves
    nothing behind.
    """
    await Letter.filter(key=key).delete()


async def forget_sent() -> int:
    """Empty the letters that went out, or that nobody could take, two weeks ago: how many. That
    there was one stays on record, so that the same is not written twice.
    """
    before = clock.now() - KEPT_FOR
    is_done = Q(sent_at__lte=before) | Q(attempts__gte=GIVE_UP_AFTER, created_at__lte=before)
    due = Letter.filter(is_done).exclude(address="")
    if not await due.exists():
        return 0
    async with in_transaction():
        return await due.update(address="", subject="", text="", html="", code="", error="")
