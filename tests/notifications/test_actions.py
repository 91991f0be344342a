"""The outbox: a letter goes out once, later when it must, and over a real server."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
import time_machine

from awards.db import in_transaction
from awards.notifications import actions
from awards.notifications.actions import GIVE_UP_AFTER, deliver, forget, post
from awards.notifications.models import Letter
from awards.notifications.queries import list_letters
from awards.notifications.transports import transport
from tests.digest import digest
from tests.notifications.conftest import Mailbox, read

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
SENDER = "望河好人 <haoren@wanghe.example>"
Freeze = Callable[[datetime], time_machine.Traveller]
Post = Callable[..., Awaitable[None]]


class Refusing:
    """A way out that fails, and remembers who asked."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.tried: list[str] = []

    async def __call__(self, letter: Letter) -> None:
        self.tried.append(letter.address)
        raise self.error


async def test_a_letter_arrives_as_it_was_written(mailbox: Mailbox, posted: Post) -> None:
    await posted()
    row = await Letter.get()

    assert await deliver(transport(mailbox.url, SENDER)) == 1

    mail = mailbox.letters[0]
    assert mail["To"] == "li@example.com"
    assert mail["From"] == SENDER
    assert mail["Subject"] == row.subject
    assert "012345" in row.subject and not row.subject.isascii()
    assert mail["Message-ID"] == f"<{row.id}@wanghe.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == row.created_at.replace(microsecond=0)
    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain and html
    assert plain.get_content().split() == row.text.split()
    assert html.get_content().split() == row.html.split()
    assert 'lang="zh-Hans"' in row.html
    assert mailbox.arrived[0].rcpt_tos == ["li@example.com"]
    assert mailbox.arrived[0].mail_from == "haoren@wanghe.example"


async def test_headers_on_the_wire_are_ascii(mailbox: Mailbox, posted: Post) -> None:
    await posted()
    await posted("wu@example.com", language="en")

    await deliver(transport(mailbox.url, SENDER))

    raw = [each.original_content or b"" for each in mailbox.arrived]
    assert all(each.partition(b"\r\n\r\n")[0].isascii() for each in raw)
    assert b"Subject: =?utf-8?" in raw[0]
    assert b"Subject: 012345 is your code to vote" in raw[1]


async def test_a_sent_letter_is_not_sent_again(mailbox: Mailbox, posted: Post) -> None:
    await posted()
    send = transport(mailbox.url, SENDER)

    counts = [await deliver(send) for _ in range(3)]

    assert (counts, len(mailbox.arrived)) == ([1, 0, 0], 1)
    row = await Letter.get()
    assert row.sent_at is not None and row.attempts == 1


async def test_the_same_key_is_written_once(posted: Post) -> None:
    await posted(key="same")
    await posted("wu@example.com", key="same")

    assert [each.address for each in await Letter.all()] == ["li@example.com"]


async def test_a_letter_is_part_of_its_deed(database: None) -> None:
    before = await digest()

    with pytest.raises(ZeroDivisionError):
        async with in_transaction():
            await post(
                notice="vote_code", address="li@example.com", key="k", code="1", link="", title=""
            )
            raise ZeroDivisionError

    assert await digest() == before


async def test_two_loops_at_once_send_each_letter_once(mailbox: Mailbox, posted: Post) -> None:
    for n in range(12):
        await posted(f"voter{n}@example.com")
    mailbox.delay = 0.02
    send = transport(mailbox.url, SENDER)

    counts = await asyncio.gather(*(deliver(send) for _ in range(4)))

    assert sum(counts) == 12
    recipients = [each.rcpt_tos[0] for each in mailbox.arrived]
    assert sorted(recipients) == sorted({f"voter{n}@example.com" for n in range(12)})


async def test_a_letter_that_was_taken_waits_for_its_lease(
    posted: Post, frozen_at: Freeze, mailbox: Mailbox
) -> None:
    clock = frozen_at(NOON)
    await posted()

    async def die(_letter: Letter) -> None:
        raise asyncio.CancelledError  # the process ends while it sends

    with pytest.raises(asyncio.CancelledError):
        await deliver(die)
    clock.shift(299)
    assert await deliver(transport(mailbox.url, SENDER)) == 0
    clock.shift(2)

    assert await deliver(transport(mailbox.url, SENDER)) == 1


async def test_a_failure_is_tried_again_ever_later(posted: Post, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    await posted()
    send, waits = Refusing(ConnectionRefusedError("no server there")), []

    for _ in range(GIVE_UP_AFTER):
        tried_at = datetime.now(UTC)
        assert await deliver(send) == 0
        row = await Letter.get()
        waits.append(int((row.due_at - tried_at).total_seconds()))
        clock.move_to(row.due_at - timedelta(seconds=1))
        assert await deliver(send) == 0 and len(send.tried) == len(waits)
        clock.move_to(row.due_at)

    assert waits == [30, 120, 480, 1920, 7680, 30720, 122880, 491520]
    assert await deliver(send) == 0
    row = await Letter.get()
    assert (row.attempts, row.sent_at) == (GIVE_UP_AFTER, None)
    assert row.error == "ConnectionRefusedError: no server there"
    assert len(send.tried) == GIVE_UP_AFTER


async def test_a_letter_that_cannot_go_does_not_hold_up_the_others(
    mailbox: Mailbox, posted: Post, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    await posted("not an address")
    clock.shift(1)
    await posted()
    send = transport(mailbox.url, SENDER)

    counts = [await deliver(send) for _ in range(2)]

    assert counts == [0, 1]
    assert [each.rcpt_tos for each in mailbox.arrived] == [["li@example.com"]]


async def test_a_server_that_refuses_gets_the_letter_again(
    mailbox: Mailbox, posted: Post, frozen_at: Freeze
) -> None:
    clock = frozen_at(NOON)
    await posted()
    send = transport(mailbox.url, SENDER)
    mailbox.answer = "451 try again later"
    assert await deliver(send) == 0

    mailbox.answer = "250 OK"
    clock.shift(31)

    assert await deliver(send) == 1
    assert (await Letter.get()).attempts == 2


async def test_a_server_that_hangs_is_left(
    mailbox: Mailbox, posted: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "PATIENCE", timedelta(seconds=0.1))
    await posted()
    mailbox.delay = 5

    assert await deliver(transport(mailbox.url, SENDER)) == 0

    assert (await Letter.get()).error.startswith("TimeoutError")


@pytest.mark.parametrize(
    "address",
    [
        "li@example.com, wu@example.com",
        "li@example.com\nBcc: wu@example.com",
        "li@example.com\r\n\r\nbody",
        "Li <li@example.com>",
        "",
    ],
)
async def test_no_address_adds_a_header_or_a_reader(
    mailbox: Mailbox, posted: Post, address: str
) -> None:
    await posted(address)

    assert await deliver(transport(mailbox.url, SENDER)) == 0

    assert mailbox.arrived == []


async def test_a_password_is_never_sent_in_clear(mailbox: Mailbox, posted: Post) -> None:
    await posted()
    url = mailbox.url.replace("smtp://", "smtp://haoren:secret@")

    assert await deliver(transport(url, SENDER)) == 0

    assert mailbox.arrived == []
    assert "STARTTLS" in (await Letter.get()).error


async def test_a_failure_is_logged_without_its_reader(posted: Post) -> None:
    await posted()

    with structlog.testing.capture_logs() as lines:
        await deliver(Refusing(ValueError("li@example.com is unknown")))

    assert lines == [
        {
            "event": "letter failed",
            "notice": "vote_code",
            "attempt": 1,
            "error": "ValueError",
            "log_level": "warning",
        }
    ]


async def test_letters_can_become_files(tmp_path: Path, posted: Post) -> None:
    folder = tmp_path / "mail" / "out"
    await posted()
    await posted("wu@example.com", language="en")

    assert await deliver(transport(f"file://{folder}", SENDER)) == 2

    mails = sorted(
        (read(path.read_bytes()) for path in folder.glob("*.eml")), key=lambda m: m["To"]
    )
    assert [mail["To"] for mail in mails] == ["li@example.com", "wu@example.com"]
    assert "012345" in str(mails[1].get_body(("plain",)))
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_forgotten_letter_does_not_go_out(mailbox: Mailbox, posted: Post) -> None:
    await posted()
    async with in_transaction():
        await forget(key="test:li@example.com")

    assert await deliver(transport(mailbox.url, SENDER)) == 0
    assert await Letter.all().count() == 0


async def test_a_round_sends_no_more_than_it_is_asked_to(mailbox: Mailbox, posted: Post) -> None:
    for n in range(5):
        await posted(f"voter{n}@example.com")

    counts = [await deliver(transport(mailbox.url, SENDER), most=2) for _ in range(4)]

    assert counts == [2, 2, 1, 0]


async def test_the_newest_letters_are_listed_first(posted: Post, frozen_at: Freeze) -> None:
    clock = frozen_at(NOON)
    for n in range(3):
        await posted(f"voter{n}@example.com")
        clock.shift(1)

    letters = await list_letters(most=2)

    assert [each.address for each in letters] == ["voter2@example.com", "voter1@example.com"]
