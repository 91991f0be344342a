"""Proving an address: a code or a link, spent once, gone with its letter."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from awards.accounts.actions import (
    CodeDesk,
    check_code,
    check_link,
    forget_expired,
    send_code,
)
from awards.accounts.models import EmailCode
from awards.db import in_transaction
from awards.errors import Invalid, Refused, TooMany, Unproven
from awards.notifications.models import Letter
from tests.accounts.conftest import ADDRESS, PURPOSE, Sent, other_than
from tests.digest import digest

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
Freeze = Callable[[datetime], time_machine.Traveller]
Send = Callable[..., Awaitable[Sent]]


async def check(
    desk: CodeDesk, code: str, *, address: str = ADDRESS, source: str = "10.0.0.1"
) -> str:
    return await check_code(desk, purpose=PURPOSE, address=address, code=code, source=source)


async def refusal(attempt: Awaitable[object]) -> str:
    """The code of the refusal."""
    with pytest.raises(Refused) as refused:
        await attempt
    return refused.value.code


async def test_a_code_proves_its_address_once(desk: CodeDesk, sent: Send) -> None:
    letter = await sent("Li@Example.COM")

    assert await check(desk, letter.code, address=" LI@example.com ") == ADDRESS

    assert await refusal(check(desk, letter.code)) == "code.expired"
    assert (await EmailCode.all().count(), await Letter.all().count()) == (0, 0)


async def test_a_link_proves_its_address_once(sent: Send) -> None:
    letter = await sent()

    assert await check_link(purpose=PURPOSE, secret=letter.secret) == ADDRESS

    assert await refusal(check_link(purpose=PURPOSE, secret=letter.secret)) == "code.expired"
    assert (await EmailCode.all().count(), await Letter.all().count()) == (0, 0)


async def test_a_link_is_good_for_its_purpose_alone(sent: Send) -> None:
    letter = await sent()

    assert await refusal(check_link(purpose="vote:2", secret=letter.secret)) == "code.expired"

    assert await check_link(purpose=PURPOSE, secret=letter.secret) == ADDRESS


async def test_nothing_but_digests_is_kept(sent: Send) -> None:
    letter = await sent()

    row = await EmailCode.get()

    assert letter.code.encode() not in row.code_digest
    assert letter.secret.encode() not in row.link_digest
    assert (len(row.code_digest), len(row.link_digest)) == (32, 32)


@pytest.mark.parametrize("way", ["code", "link"])
async def test_two_who_use_the_same_at_once_are_one(desk: CodeDesk, sent: Send, way: str) -> None:
    letter = await sent()

    answers = await asyncio.gather(
        *(
            check(desk, letter.code)
            if way == "code"
            else check_link(purpose=PURPOSE, secret=letter.secret)
            for _ in range(8)
        ),
        return_exceptions=True,
    )

    assert answers.count(ADDRESS) == 1
    assert [each.code for each in answers if isinstance(each, Unproven)] == ["code.expired"] * 7


async def test_a_code_and_its_link_used_at_once_are_one(desk: CodeDesk, sent: Send) -> None:
    letter = await sent()

    answers = await asyncio.gather(
        check(desk, letter.code),
        check_link(purpose=PURPOSE, secret=letter.secret),
        return_exceptions=True,
    )

    assert answers.count(ADDRESS) == 1


async def test_five_tries_and_no_more(desk: CodeDesk, sent: Send) -> None:
    letter = await sent()

    wrong = [await refusal(check(desk, other_than(letter.code))) for _ in range(5)]
    before = await EmailCode.get().values("tries")

    assert wrong == ["code.wrong"] * 5
    assert before == {"tries": 5}
    assert await refusal(check(desk, letter.code)) == "code.expired"
    # Who used up the tries has not read the letter; who opens its link has.
    assert await check_link(purpose=PURPOSE, secret=letter.secret) == ADDRESS


async def test_tries_made_at_once_are_all_counted(desk: CodeDesk, sent: Send) -> None:
    letter = await sent()

    answers = await asyncio.gather(
        *(check(desk, other_than(letter.code)) for _ in range(12)), return_exceptions=True
    )

    codes = [each.code for each in answers if isinstance(each, Unproven)]
    assert (codes.count("code.wrong"), codes.count("code.expired")) == (5, 7)


async def test_a_code_runs_out_after_ten_minutes(
    desk: CodeDesk, sent: Send, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    letter = await sent()

    clock.move_to(NOON + timedelta(minutes=10) - timedelta(microseconds=1))
    assert await refusal(check(desk, other_than(letter.code))) == "code.wrong"
    clock.move_to(NOON + timedelta(minutes=10))

    assert await refusal(check(desk, letter.code)) == "code.expired"
    assert await refusal(check_link(purpose=PURPOSE, secret=letter.secret)) == "code.expired"


async def test_a_newer_code_replaces_the_older(
    desk: CodeDesk, sent: Send, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    older = await sent()
    clock.shift(21)
    newer = await sent()
    while newer.code == older.code:  # one in a million
        clock.shift(200)
        newer = await sent()

    assert await Letter.all().count() == 1
    assert await refusal(check(desk, older.code)) == "code.wrong"
    assert await refusal(check_link(purpose=PURPOSE, secret=older.secret)) == "code.expired"
    assert await check(desk, newer.code) == ADDRESS


async def test_two_purposes_have_a_code_each(desk: CodeDesk, sent: Send, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    first = await sent(purpose="vote:1")
    clock.shift(21)
    await sent(purpose="vote:2")

    assert await check(desk, first.code) == ADDRESS


async def test_an_unknown_address_and_a_used_one_get_the_same_answer(
    desk: CodeDesk, sent: Send
) -> None:
    letter = await sent()
    await check(desk, letter.code)

    answers = [
        await refusal(check(desk, letter.code, address=who)) for who in (ADDRESS, "wu@example.com")
    ]

    assert answers == ["code.expired", "code.expired"]


async def test_letters_to_one_address_are_limited(sent: Send) -> None:
    await sent()
    before = await digest()

    with pytest.raises(TooMany) as refused:
        await sent(ADDRESS.upper(), source="10.0.0.2")

    assert 18 <= refused.value.seconds <= 20
    assert await digest() == before


async def test_letters_asked_for_from_one_source_are_limited(sent: Send) -> None:
    for n in range(30):
        await sent(f"voter{n}@example.com")
    before = await digest()

    assert await refusal(sent("voter31@example.com")) == "too_many"

    assert await digest() == before
    await sent("voter31@example.com", source="10.0.0.2")


async def test_guesses_from_one_source_are_limited(desk: CodeDesk, sent: Send) -> None:
    letter = await sent()

    codes = [await refusal(check(desk, "000000", address=f"v{n}@example.com")) for n in range(61)]

    assert codes == ["code.expired"] * 60 + ["too_many"]
    assert await check(desk, letter.code, source="10.0.0.2") == ADDRESS


async def test_what_is_no_address_gets_no_letter(sent: Send, desk: CodeDesk) -> None:
    with pytest.raises(Invalid):
        await sent("li@example")
    with pytest.raises(Invalid):
        await check(desk, "012345", address="li@example")

    assert (await EmailCode.all().count(), await Letter.all().count()) == (0, 0)


async def test_the_same_asked_of_two_processes_at_once_sends_one_letter(
    desk: CodeDesk, sent: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unlimited(*_who: object) -> None:
        """Another process has counts of its own."""

    monkeypatch.setattr(desk.throttle, "ask", unlimited)

    await asyncio.gather(*(sent() for _ in range(6)))

    assert (await EmailCode.all().count(), await Letter.all().count()) == (1, 1)


async def test_codes_that_ran_out_are_forgotten_with_their_letters(
    sent: Send, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    await sent("old@example.com")
    clock.shift(timedelta(minutes=9))
    await sent("fresh@example.com")
    clock.shift(timedelta(minutes=1))

    await forget_expired()

    assert [row.address for row in await EmailCode.all()] == ["fresh@example.com"]
    assert [row.address for row in await Letter.all()] == ["fresh@example.com"]


@pytest.mark.sqlite
async def test_a_rival_who_was_first_is_no_failure(desk: CodeDesk) -> None:
    """What another process does at the same moment, played by the database itself."""
    async with in_transaction() as connection:
        await connection.execute_script(
            "CREATE TRIGGER rival BEFORE INSERT ON email_code BEGIN INSERT INTO email_code"
            " SELECT 'rival', NEW.purpose, NEW.address, NEW.code_digest, NEW.link_digest, 0,"
            " NEW.expires_at; END"
        )

    await send_code(
        desk, purpose=PURPOSE, address=ADDRESS, language="en", link="", notice="vote_code",
        source="10.0.0.1", title="",
    )  # fmt: skip

    assert await Letter.all().count() == 0
