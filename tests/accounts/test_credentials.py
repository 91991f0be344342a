"""Signing in: one answer to every failure, a step of the app and a link once."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from awards import clock
from awards.accounts.actions import (
    CodeDesk,
    add_person,
    make_link,
    set_credential,
    sign_in,
    use_link,
)
from awards.accounts.models import Credential, Person, Session, SignInLink
from awards.accounts.queries import find_session
from awards.accounts.rules import sign_in_refused
from awards.actor import VISITOR, Actor, system
from awards.audit.models import AuditRecord
from awards.db import in_transaction
from awards.errors import Forbidden, Invalid, NotFound, Refused, TooMany, Unproven
from tests import make
from tests.accounts.conftest import other_than
from tests.digest import digest

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]
PASSWORD = "lantern river noodle"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_at(moment: datetime) -> str:
    return pyotp.TOTP(SECRET).at(moment)


async def set_up(actor: Actor) -> None:
    """Choose the password and the app, some minutes ago."""
    code = code_at(clock.now())
    await set_credential(by=actor, password=PASSWORD, totp_secret=SECRET, code=code)
    async with in_transaction():
        await Credential.all().update(totp_last_step=0)


async def try_in(desk: CodeDesk, name: str, **other: str) -> str:
    return await sign_in(
        desk,
        **{
            "name": name,
            "password": PASSWORD,
            "code": code_at(clock.now()),
            "source": "10.0.0.1",
            **other,
        },
    )


async def test_name_password_and_code_open_a_session(desk: CodeDesk, moderator: Actor) -> None:
    await set_up(moderator)

    secret = await try_in(desk, f" {moderator.name} ")

    found = await find_session(secret)
    assert found is not None
    assert (found.name, found.actor, found.roles) == (moderator.name, moderator, moderator.roles)
    assert (await AuditRecord.all().order_by("-number").first()).details == {"how": "password"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "other",
    [
        {"name": "nobody of ours"},
        {"name": ""},
        {"password": "lantern river noodles"},
        {"password": ""},
        {"code": "000000"},
        {"code": ""},
        {"name": "nobody of ours", "password": "", "code": ""},
    ],
)
async def test_every_failure_has_the_same_answer(
    desk: CodeDesk, moderator: Actor, other: dict[str, str]
) -> None:
    await set_up(moderator)
    if other.get("code") == "000000":
        other = {"code": other_than(code_at(clock.now()))}
    before, sessions = await digest(), await Session.all().count()

    with pytest.raises(Unproven) as refused:
        await try_in(desk, **{"name": moderator.name, **other})

    assert (refused.value.code, refused.value.message) == (
        sign_in_refused().code,
        sign_in_refused().message,
    )
    assert (await digest(), await Session.all().count()) == (before, sessions)


async def test_somebody_without_a_credential_gets_the_same_answer(
    desk: CodeDesk, stranger: Actor
) -> None:
    with pytest.raises(Unproven) as refused:
        await try_in(desk, stranger.name)

    assert refused.value.code == "sign_in.refused"


async def test_a_disabled_account_neither_signs_in_nor_stays(
    desk: CodeDesk, moderator: Actor
) -> None:
    await set_up(moderator)
    secret = await try_in(desk, moderator.name)
    async with in_transaction():
        await Person.filter(id=moderator.person).update(disabled_at=clock.now())
        await Credential.all().update(totp_last_step=0)

    with pytest.raises(Unproven):
        await try_in(desk, moderator.name)

    assert await find_session(secret) is None


async def test_a_code_of_the_app_serves_once(
    desk: CodeDesk, moderator: Actor, frozen_at: Freeze
) -> None:
    frozen_at(NOON)
    await set_up(moderator)

    answers = await asyncio.gather(
        *(try_in(desk, moderator.name) for _ in range(4)), return_exceptions=True
    )

    assert sum(isinstance(each, str) for each in answers) == 1
    assert sum(isinstance(each, Unproven) for each in answers) == 3
    assert await Session.all().count() == 1


async def test_an_older_code_is_refused_after_a_newer_one(
    desk: CodeDesk, moderator: Actor, frozen_at: Freeze
) -> None:
    frozen_at(NOON)
    await set_up(moderator)
    await try_in(desk, moderator.name)

    with pytest.raises(Unproven):
        await try_in(desk, moderator.name, code=code_at(NOON - timedelta(seconds=30)))


@pytest.mark.parametrize(("seconds", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
async def test_a_clock_may_be_a_step_wrong(
    desk: CodeDesk, moderator: Actor, frozen_at: Freeze, seconds: int, fits: bool
) -> None:
    frozen_at(NOON)
    await set_up(moderator)
    code = code_at(NOON + timedelta(seconds=seconds))

    if fits:
        assert await try_in(desk, moderator.name, code=code)
    else:
        with pytest.raises(Unproven):
            await try_in(desk, moderator.name, code=code)


async def test_a_code_is_known_with_blanks_and_in_full_width(
    desk: CodeDesk, moderator: Actor, frozen_at: Freeze
) -> None:
    frozen_at(NOON)
    await set_up(moderator)
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code_at(NOON))

    assert await try_in(desk, moderator.name, code=f"{wide[:3]} {wide[3:]}")


async def test_guesses_at_a_name_are_limited_for_their_source_alone(
    desk: CodeDesk, moderator: Actor
) -> None:
    await set_up(moderator)
    for _ in range(10):
        with pytest.raises(Unproven):
            await try_in(desk, moderator.name, code="")

    with pytest.raises(TooMany) as refused:
        await try_in(desk, moderator.name)

    assert refused.value.seconds > 0
    # Nobody can lock somebody else out.
    assert await try_in(desk, moderator.name, source="10.0.0.2")


async def test_guesses_from_one_source_are_limited(desk: CodeDesk) -> None:
    codes = []
    for n in range(31):
        with pytest.raises(Refused) as refused:
            await try_in(desk, f"name {n}")
        codes.append(refused.value.code)

    assert codes == ["sign_in.refused"] * 30 + ["too_many"]


async def test_the_code_that_sets_up_the_app_is_used_up(
    desk: CodeDesk, moderator: Actor, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    await set_credential(by=moderator, password=PASSWORD, totp_secret=SECRET, code=code_at(NOON))

    with pytest.raises(Unproven):
        await try_in(desk, moderator.name)
    clock.shift(30)
    assert await try_in(desk, moderator.name)


async def test_a_new_credential_ends_the_other_sessions(desk: CodeDesk, moderator: Actor) -> None:
    mine, other = await make.session(moderator), await make.session(moderator)
    signed_in = await find_session(mine)
    assert signed_in

    await set_credential(
        by=moderator, password=PASSWORD, totp_secret=SECRET, code=code_at(clock.now()),
        session=signed_in.session,
    )  # fmt: skip

    assert await find_session(mine) is not None
    assert await find_session(other) is None


async def test_a_new_credential_from_nowhere_ends_every_session(moderator: Actor) -> None:
    secret = await make.session(moderator)

    await set_up(moderator)

    assert await find_session(secret) is None


async def test_a_password_is_kept_as_argon2_and_a_new_one_replaces_it(
    desk: CodeDesk, moderator: Actor
) -> None:
    await set_up(moderator)
    await set_credential(
        by=moderator, password="noodle river lantern", totp_secret=SECRET, code=code_at(clock.now())
    )

    row = await Credential.get()

    assert row.password_hash.startswith("$argon2id$")
    with pytest.raises(Unproven):
        await try_in(desk, moderator.name)


@pytest.mark.parametrize(
    ("password", "code", "kind", "name"),
    [
        ("short", "", Invalid, "password.short"),
        (PASSWORD, "000000", Unproven, "code.wrong"),
        (PASSWORD, "", Unproven, "code.wrong"),
    ],
)
async def test_a_credential_that_does_not_fit_is_not_kept(
    moderator: Actor, password: str, code: str, kind: type[Refused], name: str
) -> None:
    before = await digest()

    with pytest.raises(kind) as refused:
        await set_credential(by=moderator, password=password, totp_secret=SECRET, code=code)

    assert refused.value.code == name
    assert await digest() == before


async def test_a_visitor_has_no_credential() -> None:
    with pytest.raises(Forbidden):
        await set_credential(by=VISITOR, password=PASSWORD, totp_secret=SECRET, code="")


async def test_a_link_opens_one_session(admin: Actor, stranger: Actor) -> None:
    secret = await make_link(by=admin, name=stranger.name)

    found = await find_session(await use_link(secret=secret))

    assert found is not None and found.id == stranger.person
    with pytest.raises(Unproven) as refused:
        await use_link(secret=secret)
    assert refused.value.code == "sign_in.link"
    assert await Session.all().count() == 1


async def test_a_link_used_by_two_at_once_opens_one_session(admin: Actor) -> None:
    secret = await make_link(by=admin, name=admin.name)

    answers = await asyncio.gather(
        *(use_link(secret=secret) for _ in range(6)), return_exceptions=True
    )

    assert sum(isinstance(each, str) for each in answers) == 1
    assert await Session.all().count() == 1


async def test_a_link_runs_out_after_a_day(admin: Actor, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    secret = await make_link(by=admin, name=admin.name)
    clock.move_to(NOON + timedelta(hours=24))

    with pytest.raises(Unproven):
        await use_link(secret=secret)

    clock.move_to(NOON + timedelta(hours=24) - timedelta(microseconds=1))
    assert await use_link(secret=secret)


async def test_a_newer_link_replaces_the_older_of_the_same_person(
    admin: Actor, stranger: Actor
) -> None:
    older, other = [await make_link(by=admin, name=each.name) for each in (stranger, admin)]
    newer = await make_link(by=admin, name=stranger.name)

    with pytest.raises(Unproven):
        await use_link(secret=older)

    assert await use_link(secret=newer)
    assert await use_link(secret=other)


@pytest.mark.parametrize("secret", ["", "nothing", "\x00", "好"])
async def test_no_other_secret_is_a_link(admin: Actor, secret: str) -> None:
    await make_link(by=admin, name=admin.name)
    before = await digest()

    with pytest.raises(Unproven):
        await use_link(secret=secret)

    assert await digest() == before


async def test_only_an_administrator_makes_links(organiser: Actor, stranger: Actor) -> None:
    for by in (VISITOR, stranger, organiser):
        with pytest.raises(Forbidden):
            await make_link(by=by, name=stranger.name)

    assert await SignInLink.all().count() == 0


async def test_there_is_no_link_for_nobody(database: None) -> None:
    operator = system("operator")
    await add_person(by=operator, name="顾小雨")

    with pytest.raises(NotFound):
        await make_link(by=operator, name="顾大雨")

    assert await make_link(by=operator, name=" 顾小雨 ")
