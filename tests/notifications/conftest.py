"""A mail server on this machine that keeps what it gets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from awards.db import in_transaction
from awards.notifications.actions import post
from awards.words import Words


@dataclass
class Mailbox:
    """What arrived, and how the server treats a letter: `answer` is its reply to the text."""

    port: int = 0
    arrived: list[Envelope] = field(default_factory=list)
    answer: str = "250 OK"
    delay: float = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.delay)
        if self.answer.startswith("250"):
            self.arrived.append(envelope)
        return self.answer

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def letters(self) -> list[EmailMessage]:
        return [read(each.original_content or b"") for each in self.arrived]


def read(raw: bytes) -> EmailMessage:
    """A message as a mail program reads it."""
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    box = Mailbox()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(box, hostname="mail.haoren.test"), "127.0.0.1", 0
    )
    box.port = server.sockets[0].getsockname()[1]
    yield box
    server.close()
    await server.wait_closed()


@pytest.fixture
def posted(database: None) -> Callable[..., Awaitable[None]]:
    """Put a letter with a code into the outbox."""

    async def post_one(
        address: str = "li@example.com", *, key: str = "", language: str = "zh-Hans"
    ) -> None:
        async with in_transaction():
            await post(
                notice="vote_code", address=address, key=key or f"test:{address}",
                language=language, code="012345", link="https://haoren.test/proof/abc",
                title=Words("望河好人", "Good People of Wanghe"),
            )  # fmt: skip

    return post_one
