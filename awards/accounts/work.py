"""Proof of work: a second of a browser's time before something costly, after ALTCHA's protocol. A
person does not notice; whoever wants a thousand has to pay for a thousand.
"""

import secrets
import time
from collections.abc import Sequence
from typing import Any

from altcha import Payload, create_challenge, verify_solution

from awards.signing import Mac

ALGORITHM, COST = "PBKDF2/SHA-256", 2000
TRIES = (150, 350)
"""The solution is a random number between these; the browser tries from nought on."""
LIFE = 600
"""Seconds in which a challenge has to be solved and sent."""
MOST_CHARACTERS = 4096


class Work:
    """Sets tasks and checks what was done. Keys oldest → newest, so that they can be rotated."""

    def __init__(self, keys: Sequence[str]) -> None:
        macs = [Mac(key.encode()) for key in keys]
        self._secrets = [(mac(b"haoren.work.challenge"), mac(b"haoren.work.key")) for mac in macs]

    def challenge(self, action: str) -> dict[str, Any]:
        """A task that is good for this action alone, as the browser's solver takes it."""
        secret, key_secret = self._secrets[-1]
        least, most = TRIES
        challenge = create_challenge(
            ALGORITHM,
            COST,
            counter=least + secrets.randbelow(most - least),
            expires_at=int(time.time()) + LIFE,
            data={"action": action},
            hmac_secret=secret,
            hmac_key_secret=key_secret,
        )
        task: dict[str, Any] = challenge.to_dict()
        return task

    def signature(self, text: str, action: str) -> bytes | None:
        """The signature of the challenge that was solved for this action; none for any other text.
        It names the challenge however the text is written, so it is what may serve only once.
        """
        if len(text) > MOST_CHARACTERS or not any(self._verifies(text, *s) for s in self._secrets):
            return None
        challenge = Payload.from_base64(text).challenge
        if challenge.parameters.data != {"action": action} or challenge.signature is None:
            return None
        return bytes.fromhex(challenge.signature)

    def _verifies(self, text: str, secret: bytes, key_secret: bytes) -> bool:
        result = verify_solution(text, secret, hmac_key_secret=key_secret)
        return bool(result.verified)
