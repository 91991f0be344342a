"""Sessions: begun by a proof of who it is, kept while they are used, ended."""

from uuid import UUID

from awards import clock
from awards.accounts import rules
from awards.accounts.models import Session
from awards.actor import Actor
from awards.audit.actions import record
from awards.db import in_transaction
from awards.errors import NotFound
from awards.signing import digest, random_secret


async def begin_session(person: UUID, *, how: str) -> str:
    """A new session's secret, inside the transaction of the proof."""
    now, secret = clock.now(), random_secret()
    await Session.create(
        person_id=person,
        digest=digest(secret),
        created_at=now,
        seen_at=now,
        expires_at=now + rules.ABSOLUTE,
    )
    await record(
        by=Actor(person=person), action="session.begun", subject=f"person:{person}", how=how
    )
    return secret


async def keep_session(*, session: UUID) -> None:
    """Note that a session is in use, so that it does not end as an idle one."""
    now = clock.now()
    async with in_transaction():
        await Session.filter(id=session, seen_at__lt=now).update(seen_at=now)


async def end_session(*, by: Actor, session: UUID) -> None:
    """Sign out, here or elsewhere. Raises `NotFound` for somebody else's."""
    async with in_transaction():
        ended = await Session.filter(id=session, person_id=by.person).delete()
    if not ended:
        raise NotFound()


async def end_other_sessions(person: UUID, *, but: UUID | None) -> None:
    """End somebody's sessions except one, inside the caller's transaction."""
    sessions = Session.filter(person_id=person)
    await (sessions.exclude(id=but) if but else sessions).delete()
