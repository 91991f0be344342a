"""What somebody signs in with: password and app, or a one-time link."""

import hmac
import secrets
from functools import cache
from uuid import UUID

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from starlette.concurrency import run_in_threadpool

from awards import clock
from awards.accounts import rules
from awards.accounts.actions.codes import CodeDesk
from awards.accounts.actions.sessions import begin_session, end_other_sessions
from awards.accounts.models import Credential, Person, SignInLink
from awards.accounts.queries import find_person
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.db import in_transaction
from awards.errors import Forbidden
from awards.signing import digest, random_secret

HASHER = PasswordHasher()


async def make_link(*, by: Actor, name: str) -> str:
    """A secret for a one-time sign-in address; older ones of the same person stop working."""
    by.require(Role.ADMIN)
    person = await find_person(name)
    secret = random_secret()
    async with in_transaction():
        await SignInLink.filter(person_id=person.id).delete()
        await SignInLink.create(
            person_id=person.id, digest=digest(secret), expires_at=clock.now() + rules.LINK_LIFE
        )
        await record(by=by, action="link.made", subject=f"person:{person.id}")
    return secret


async def use_link(*, secret: str) -> str:
    """Sign in with a one-time link; the session's secret. The second use is refused."""
    now = clock.now()
    async with in_transaction():
        unused = SignInLink.filter(digest=digest(secret), used_at__isnull=True, expires_at__gt=now)
        if not await unused.update(used_at=now):
            raise rules.link_refused()
        link = await SignInLink.get(digest=digest(secret))
        return await begin_session(link.person_id, how="link")


async def sign_in(desk: CodeDesk, *, name: str, password: str, code: str, source: str) -> str:
    """Sign in with name, password and the app's code; the session's secret. Every failure has the
    same answer and takes the same time.
    """
    name = rules.plain_name(name)
    await desk.throttle.ask("sign_in.source", source)
    await desk.throttle.ask("sign_in.name", f"{name.casefold()}|{source}")
    person = await Person.get_or_none(name=name, disabled_at__isnull=True).prefetch_related(
        "credential"
    )
    credential = person.credential if person else None
    fits = await run_in_threadpool(_is_password, credential, password)
    step = _totp_step(credential.totp_secret, code) if credential else None
    if credential is None or not fits or step is None:
        raise rules.sign_in_refused()
    async with in_transaction():
        fresh = Credential.filter(id=credential.id, totp_last_step__lt=step)
        if not await fresh.update(totp_last_step=step):
            raise rules.sign_in_refused()
        return await begin_session(credential.person_id, how="password")


def _is_password(credential: Credential | None, password: str) -> bool:
    try:
        return HASHER.verify(credential.password_hash if credential else _nobodys(), password)
    except VerificationError:
        return False


@cache
def _nobodys() -> str:
    """A hash to try where there is none, so that the answer takes as long."""
    return HASHER.hash(secrets.token_hex())


async def set_credential(
    *, by: Actor, password: str, totp_secret: str, code: str, session: UUID | None = None
) -> None:
    """Choose one's password and app. The code shows that the app was set up, and is used up by it.
    Every session but this one ends.
    """
    if by.person is None:
        raise Forbidden()
    if no := rules.password_objection(password, by.name):
        raise no
    step = _totp_step(totp_secret, code)
    if step is None:
        raise rules.wrong_code()
    hashed = await run_in_threadpool(HASHER.hash, password)
    async with in_transaction():
        await Credential.update_or_create(
            person_id=by.person,
            defaults={
                "password_hash": hashed,
                "totp_secret": totp_secret,
                "totp_last_step": step,
                "changed_at": clock.now(),
            },
        )
        await end_other_sessions(by.person, but=session)
        await record(by=by, action="credential.set", subject=f"person:{by.person}")


def _totp_step(secret: str, code: str) -> int | None:
    """The time step whose code this is (RFC 6238, one step of tolerance), or None. A step serves
    once.
    """
    digits, totp = rules.digits_of(code), pyotp.TOTP(secret)
    present = int(clock.now().timestamp()) // rules.TOTP_STEP
    near = (present - 1, present, present + 1)
    return next(
        (step for step in near if hmac.compare_digest(totp.at(step * rules.TOTP_STEP), digits)),
        None,
    )
