"""Proving an address, signing in, and saying who may do what."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from starlette.concurrency import run_in_threadpool

from awards import clock
from awards.accounts import rules
from awards.accounts.models import Credential, EmailCode, Person, RoleGrant, Session, SignInLink
from awards.accounts.queries import find_person
from awards.accounts.throttle import Throttle
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.db import in_transaction
from awards.errors import Conflict, NotFound
from awards.i18n import mark as _
from awards.notifications.actions import forget, post
from awards.signing import digest, random_secret

HASHER = PasswordHasher()
NOBODY = HASHER.hash(secrets.token_hex())
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class CodeDesk:
    """What codes are made with: the keys, newest last, and how often one may ask."""

    keys: tuple[str, ...]
    throttle: Throttle = field(default_factory=Throttle)


async def send_code(
    desk: CodeDesk,
    *,
    purpose: str,
    address: str,
    language: str,
    link: str,
    notice: str,
    source: str,
    **context: Any,
) -> None:
    """Send a code and a link to an address, the same way to every address. A newer code replaces an
    older one.

    `link` has a place `{secret}`. Raises `TooMany` per address and per source, `Invalid` for what
    is no address.
    """
    address = rules.normal_email(address)
    await desk.throttle.ask("code.source", source)
    await desk.throttle.ask("code.address", address)
    code, secret = rules.new_code(), random_secret(16)
    async with in_transaction():
        for older in await EmailCode.filter(purpose=purpose, address=address):
            await _spend(older)
        row = await EmailCode.create(
            id=uuid4(),
            purpose=purpose,
            address=address,
            code_digest=rules.code_digest(desk.keys[-1], purpose, address, code),
            link_digest=digest(secret),
            expires_at=clock.now() + rules.CODE_LIFE,
        )
        await post(
            notice=notice, address=address, language=language, key=_letter_key(row), code=code,
            link=link.format(secret=secret), **context,
        )  # fmt: skip


async def check_code(desk: CodeDesk, *, purpose: str, address: str, code: str, source: str) -> str:
    """Spend the code that proves the address; the normal address. Raises `Unproven`, `TooMany`."""
    await desk.throttle.ask("guess.source", source)
    address = rules.normal_email(address)
    async with in_transaction():
        row = await EmailCode.select_for_update().get_or_none(purpose=purpose, address=address)
        no = _code_objection(desk, row, code)
        if row is None or no is None:
            if row is not None:
                await _spend(row)
        elif row.tries < rules.CODE_TRIES:
            await EmailCode.filter(id=row.id).update(tries=row.tries + 1)
    if no:
        raise no
    return address


def _code_objection(desk: CodeDesk, row: EmailCode | None, code: str) -> Exception | None:
    if row is None or row.expires_at <= clock.now() or row.tries >= rules.CODE_TRIES:
        return rules.expired_code()
    if not rules.is_code(desk.keys, row.code_digest, row.purpose, row.address, code):
        return rules.wrong_code()
    return None


async def check_link(*, purpose: str, secret: str) -> str:
    """Spend the link that proves an address; the address. Raises `Unproven` when it was used or has
    run out.
    """
    async with in_transaction():
        row = await EmailCode.select_for_update().get_or_none(
            purpose=purpose, link_digest=digest(secret)
        )
        if row is not None:
            await _spend(row)
    if row is None or row.expires_at <= clock.now():
        raise rules.expired_code()
    return row.address


async def _spend(row: EmailCode) -> None:
    """The code and its letter leave nothing behind that could be linked to what was
    done with it.
    """
    await forget(key=_letter_key(row))
    await EmailCode.filter(id=row.id).delete()


def _letter_key(row: EmailCode) -> str:
    return f"code:{row.id}"


async def add_person(*, by: Actor, name: str) -> Person:
    """An account without any role. Raises `Conflict` when the name is taken."""
    by.require(Role.ADMIN)
    if await Person.exists(name=name):
        raise Conflict(
            "person.exists", _("There is already somebody called {name}."), field="name", name=name
        )
    async with in_transaction():
        person = await Person.create(name=name, created_at=clock.now())
        await record(by=by, action="person.added", subject=f"person:{person.id}")
    return person


async def grant_role(*, by: Actor, person: UUID, role: Role, campaign: int | None = None) -> None:
    """Trust somebody with a role, in one campaign or everywhere. Granting twice is
    granting once.
    """
    by.require(Role.ADMIN)
    async with in_transaction():
        _row, is_new = await RoleGrant.get_or_create(
            person_id=person,
            role=role,
            campaign=campaign or 0,
            defaults={"granted_at": clock.now()},
        )
        if is_new:
            await record(
                by=by,
                action="role.granted",
                subject=f"person:{person}",
                role=role,
                campaign=campaign or 0,
            )


async def withdraw_role(
    *, by: Actor, person: UUID, role: Role, campaign: int | None = None
) -> None:
    """Take a role back. Nobody takes away their own administration, so that one administrator
    remains.
    """
    by.require(Role.ADMIN)
    if by.person == person and role is Role.ADMIN:
        raise Conflict("role.own", _("Somebody else has to take this role from you."))
    async with in_transaction():
        if await RoleGrant.filter(person_id=person, role=role, campaign=campaign or 0).delete():
            await record(
                by=by,
                action="role.withdrawn",
                subject=f"person:{person}",
                role=role,
                campaign=campaign or 0,
            )


async def make_link(*, by: Actor, name: str) -> str:
    """A secret for a one-time sign-in address; older ones of the same person stop working."""
    by.require(Role.ADMIN)
    person = await find_person(name)
    secret = random_secret()
    async with in_transaction():
        await SignInLink.filter(person_id=person.id, used_at__isnull=True).update(
            used_at=clock.now()
        )
        await SignInLink.create(
            person_id=person.id, digest=digest(secret), expires_at=clock.now() + rules.LINK_LIFE
        )
        await record(by=by, action="link.made", subject=f"person:{person.id}")
    return secret


async def use_link(*, secret: str) -> str:
    """Sign in with a one-time link; the session's secret. The second use is refused."""
    now = clock.now()
    async with in_transaction():
        used = await SignInLink.filter(
            digest=digest(secret), used_at__isnull=True, expires_at__gt=now
        ).update(used_at=now)
        if not used:
            raise rules.link_refused()
        link = await SignInLink.get(digest=digest(secret))
        return await _begin_session(link.person_id, how="link")  # type: ignore[attr-defined]


async def sign_in(desk: CodeDesk, *, name: str, password: str, code: str, source: str) -> str:
    """Sign in with name, password and the app's code; the session's secret. Every failure has the
    same answer.
    """
    await desk.throttle.ask("sign_in.source", source)
    await desk.throttle.ask("sign_in.name", f"{name.casefold()}|{source}")
    person = await Person.get_or_none(name=name, disabled_at__isnull=True).prefetch_related(
        "credential"
    )
    credential = person.credential if person else None
    fits = await run_in_threadpool(
        _is_password, credential.password_hash if credential else NOBODY, password
    )
    step = _totp_step(credential, code) if credential else None
    if person is None or credential is None or not fits or step is None:
        raise rules.sign_in_refused()
    async with in_transaction():
        fresh = Credential.filter(id=credential.id, totp_last_step__lt=step)
        if not await fresh.update(totp_last_step=step):
            raise rules.sign_in_refused()
        return await _begin_session(person.id, how="password")


def _is_password(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except VerificationError:
        return False


def _totp_step(credential: Credential, code: str) -> int | None:
    """The time step whose code this is (RFC 6238, one step of tolerance), or None. A step serves
    once.
    """
    digits = "".join(code.split())
    totp, present = pyotp.TOTP(credential.totp_secret), int(clock.now().timestamp()) // 30
    return next(
        (step for step in (present, present - 1, present + 1) if totp.at(step * 30) == digits), None
    )


async def set_credential(*, by: Actor, password: str, totp_secret: str, code: str) -> None:
    """Choose one's password and app. The code shows that the app was set up. Other sessions end."""
    if no := rules.password_objection(password, by.name):
        raise no
    if not pyotp.TOTP(totp_secret).verify(code.strip(), for_time=clock.now(), valid_window=1):
        raise rules.wrong_code()
    hashed = await run_in_threadpool(HASHER.hash, password)
    async with in_transaction():
        await Credential.update_or_create(
            person_id=by.person,
            defaults={
                "password_hash": hashed,
                "totp_secret": totp_secret,
                "totp_last_step": 0,
                "changed_at": clock.now(),
            },
        )
        await record(by=by, action="credential.set", subject=f"person:{by.person}")


async def _begin_session(person: UUID, *, how: str) -> str:
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
    """Note that a session is in use."""
    async with in_transaction():
        await Session.filter(id=session).update(seen_at=clock.now())


async def end_session(*, by: Actor, session: UUID) -> None:
    """Sign out, here or elsewhere. Raises `NotFound` for somebody else's."""
    async with in_transaction():
        if not await Session.filter(id=session, person_id=by.person).delete():
            raise NotFound()


async def forget_expired() -> None:
    """Drop what has run out: codes with their letters, sessions, links."""
    now = clock.now()
    old = await EmailCode.filter(expires_at__lte=now)
    if not old and not await Session.filter(expires_at__lte=now).exists():
        return
    async with in_transaction():
        for row in old:
            await _spend(row)
        await Session.filter(expires_at__lte=now).delete()
