"""Text messages through anybody's gateway: signed JSON, explained in docs/configuration.md."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import ClassVar

import httpx

from awards import clock
from awards.notifications.models import Letter
from awards.notifications.outcomes import Later, Trouble, Undeliverable
from awards.outbound import Answer


@dataclass(frozen=True)
class SignedHttp:
    """An address that takes messages, and the key that both sides know."""

    url: str
    key: str
    secret: str
    knows_repeats: ClassVar[bool] = True

    def request(self, letter: Letter) -> httpx.Request:
        message = {
            "id": str(letter.id),
            "to": letter.address,
            "text": letter.text,
            "code": letter.code,
            "language": letter.language,
        }
        body = json.dumps(message, ensure_ascii=False).encode()
        now = str(int(clock.now().timestamp()))
        headers = {
            "content-type": "application/json",
            "x-haoren-key": self.key,
            "x-haoren-timestamp": now,
            "x-haoren-signature": signature(self.secret, timestamp=now, body=body),
        }
        return httpx.Request("POST", self.url, headers=headers, content=body)

    def judge(self, answer: Answer) -> None:
        said = f"HTTP {answer.status}"
        if 200 <= answer.status < 300:
            return
        if answer.status == 422:
            raise Undeliverable(said)
        if answer.status in (408, 409, 425, 429) or answer.status >= 500:
            raise Later(said)
        raise Trouble(said)


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a line's end and the body, in hexadecimal digits."""
    return hmac.digest(secret.encode(), f"{timestamp}\n".encode() + body, hashlib.sha256).hex()
