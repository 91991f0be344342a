"""The desk that sends codes, and somebody who reads the letters."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from awards.accounts.actions import CodeDesk, send_code
from awards.notifications.models import Letter
from awards.words import Words

ADDRESS = "li@example.com"
PURPOSE = "vote:1"
KEYS = ("older-key-0123456789-0123456789-01", "newest-key-0123456789-0123456789-0")


@dataclass(frozen=True)
class Sent:
    """What a letter lets its reader do."""

    code: str
    secret: str


@pytest.fixture
def desk(database: None) -> CodeDesk:
    return CodeDesk(KEYS)


@pytest.fixture
def sent(desk: CodeDesk) -> Callable[..., Awaitable[Sent]]:
    """Have a code sent, and open the letter."""

    async def send(
        address: str = ADDRESS, purpose: str = PURPOSE, source: str = "10.0.0.1"
    ) -> Sent:
        await send_code(
            desk,
            purpose=purpose,
            address=address,
            language="en",
            link="https://haoren.test/proof/{secret}",
            notice="vote_code",
            source=source,
            title=Words("望河好人", "Good People of Wanghe"),
        )
        return opened(await Letter.all().order_by("-created_at").first())

    return send


def opened(letter: Letter | None) -> Sent:
    assert letter is not None
    code = re.search(r"\b\d{6}\b", letter.text)
    secret = re.search(r"https://haoren\.test/proof/(\S+)", letter.text)
    assert code and secret
    return Sent(code[0], secret[1])


def other_than(code: str) -> str:
    """Six digits that are not this code."""
    return f"{(int(code) + 1) % 1_000_000:06d}"
