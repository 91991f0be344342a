"""Accounts, and what their owners are trusted with."""

from uuid import UUID

from tortoise.exceptions import IntegrityError

from awards import clock
from awards.accounts.models import Person, RoleGrant
from awards.accounts.queries import find_person_by_id
from awards.accounts.rules import normal_name, person_exists
from awards.actor import Actor, Role
from awards.audit.actions import record
from awards.db import in_transaction
from awards.errors import Conflict
from awards.i18n import mark as _


async def add_person(*, by: Actor, name: str) -> Person:
    """An account without any role. Raises `Conflict` when the name is taken, `Invalid` for none."""
    by.require(Role.ADMIN)
    name = normal_name(name)
    try:
        async with in_transaction():
            person = await Person.create(name=name, created_at=clock.now())
            await record(by=by, action="person.added", subject=f"person:{person.id}")
    except IntegrityError:
        raise person_exists(name) from None
    return person


async def grant_role(*, by: Actor, person: UUID, role: Role, campaign: int | None = None) -> None:
    """Trust somebody with a role, in one campaign or everywhere. Granting twice is
    granting once.
    """
    by.require(Role.ADMIN)
    someone = await find_person_by_id(person)
    async with in_transaction():
        _row, is_new = await RoleGrant.get_or_create(
            person_id=someone.id,
            role=role,
            campaign=campaign or 0,
            defaults={"granted_at": clock.now()},
        )
        if is_new:
            await _record(by, "role.granted", person, role, campaign)


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
            await _record(by, "role.withdrawn", person, role, campaign)


async def _record(by: Actor, action: str, person: UUID, role: Role, campaign: int | None) -> None:
    await record(
        by=by, action=action, subject=f"person:{person}", role=role, campaign=campaign or 0
    )
