"""Accounts and roles."""

import asyncio
from uuid import uuid4

import pytest

from awards.accounts.actions import add_person, grant_role, withdraw_role
from awards.accounts.models import Person, RoleGrant
from awards.accounts.queries import actor_of, count_staff, find_person, list_people
from awards.actor import VISITOR, Actor, Grant, Role
from awards.audit.models import AuditRecord
from awards.errors import Conflict, Forbidden, Invalid, NotFound
from tests import make
from tests.digest import digest


async def deeds() -> list[str]:
    """What is on record, in order."""
    return [each.action for each in await AuditRecord.all().order_by("number")]


async def test_somebody_is_added_without_any_role(admin: Actor) -> None:
    someone = await add_person(by=admin, name="  顾小雨 ")

    found = await find_person("顾小雨")
    assert (found.id, list(found.grants), bool(found.credential)) == (someone.id, [], False)
    assert await deeds() == ["person.added"]


@pytest.mark.parametrize("same", ["顾小雨", " 顾小雨\t"])
async def test_a_name_is_given_once(admin: Actor, same: str) -> None:
    await add_person(by=admin, name="顾小雨")
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await add_person(by=admin, name=same)

    assert (refused.value.code, refused.value.field) == ("person.exists", "name")
    assert await digest() == before


async def test_two_who_add_the_same_name_at_once_add_one(admin: Actor) -> None:
    answers = await asyncio.gather(
        *(add_person(by=admin, name="顾小雨") for _ in range(5)), return_exceptions=True
    )

    assert sum(isinstance(each, Person) for each in answers) == 1
    assert sum(isinstance(each, Conflict) for each in answers) == 4
    assert await Person.filter(name="顾小雨").count() == 1
    assert await deeds() == ["person.added"]


async def test_an_account_needs_a_name(admin: Actor) -> None:
    before = await digest()

    with pytest.raises(Invalid):
        await add_person(by=admin, name="  ")

    assert await digest() == before


async def test_a_role_given_twice_is_given_once(admin: Actor, stranger: Actor) -> None:
    assert stranger.person
    for _ in range(2):
        await grant_role(by=admin, person=stranger.person, role=Role.MODERATOR)
    await grant_role(by=admin, person=stranger.person, role=Role.MODERATOR, campaign=7)

    found = actor_of(await find_person(stranger.name))
    assert found.grants == {Grant(Role.MODERATOR), Grant(Role.MODERATOR, 7)}
    assert found.roles == {Role.MODERATOR}
    assert await deeds() == ["role.granted", "role.granted"]
    assert await count_staff(Role.MODERATOR) == 2


async def test_a_role_in_one_campaign_holds_there_alone(admin: Actor, stranger: Actor) -> None:
    assert stranger.person
    await grant_role(by=admin, person=stranger.person, role=Role.MODERATOR, campaign=7)

    someone = actor_of(await find_person(stranger.name))

    assert someone.may(Role.MODERATOR, campaign=7)
    assert not someone.may(Role.MODERATOR, campaign=8)
    assert not someone.may(Role.MODERATOR)


async def test_a_role_is_taken_back_where_it_was_given(admin: Actor, stranger: Actor) -> None:
    assert stranger.person
    await grant_role(by=admin, person=stranger.person, role=Role.EDITOR)
    await grant_role(by=admin, person=stranger.person, role=Role.EDITOR, campaign=7)

    await withdraw_role(by=admin, person=stranger.person, role=Role.EDITOR, campaign=7)
    await withdraw_role(by=admin, person=stranger.person, role=Role.EDITOR, campaign=7)

    assert actor_of(await find_person(stranger.name)).grants == {Grant(Role.EDITOR)}
    assert await deeds() == ["role.granted", "role.granted", "role.withdrawn"]


async def test_an_administrator_stays_one(admin: Actor) -> None:
    assert admin.person
    before = await digest()

    with pytest.raises(Conflict) as refused:
        await withdraw_role(by=admin, person=admin.person, role=Role.ADMIN)

    assert refused.value.code == "role.own"
    assert await digest() == before


async def test_an_administrator_may_drop_another_role_and_another_administrator(
    admin: Actor,
) -> None:
    assert admin.person
    second = await make.person(Role.ADMIN)
    assert second.person
    await grant_role(by=second, person=admin.person, role=Role.EDITOR)

    await withdraw_role(by=admin, person=admin.person, role=Role.EDITOR)
    await withdraw_role(by=admin, person=second.person, role=Role.ADMIN)

    assert await RoleGrant.all().values_list("person_id", "role") == [(admin.person, "admin")]


async def test_nobody_unknown_is_given_a_role(admin: Actor) -> None:
    before = await digest()

    with pytest.raises(NotFound):
        await grant_role(by=admin, person=uuid4(), role=Role.EDITOR)

    assert await digest() == before


async def test_only_an_administrator_of_the_whole_site_decides_on_people(
    organiser: Actor, stranger: Actor
) -> None:
    assert stranger.person
    elsewhere = await make.person(Role.ADMIN, campaign=7)
    before = await digest()

    for by in (VISITOR, stranger, organiser, elsewhere):
        with pytest.raises(Forbidden):
            await add_person(by=by, name="顾小雨")
        with pytest.raises(Forbidden):
            await grant_role(by=by, person=stranger.person, role=Role.ADMIN)
        with pytest.raises(Forbidden):
            await withdraw_role(by=by, person=stranger.person, role=Role.EDITOR)

    assert await digest() == before


async def test_people_are_listed_by_name(admin: Actor) -> None:
    await add_person(by=admin, name="zz last")

    people = await list_people()

    assert [each.name for each in people] == [admin.name, "zz last"]
    assert [[grant.role for grant in each.grants] for each in people] == [["admin"], []]
