"""Voting tokens: `vt1.…`, a signature over campaign, channel and voter tag, and its time."""

import base64
import binascii
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from itsdangerous import BadData, BadSignature
from itsdangerous.encoding import base64_decode, base64_encode

from awards import clock
from awards.errors import Unproven
from awards.i18n import mark as _
from awards.signing import Signer
from awards.voting.rules import Channel, VotingToken

PREFIX = "vt1."
MOST_SIGNS = 200
TOKEN_LIFE = timedelta(days=400)
"""Longer than any voting lasts: a token lives as long as voting, and then the window says no."""
PURPOSE = "voting-token.1"


class VotingTokens:
    """Writes and reads tokens. The newest key signs, every key verifies."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._signer = Signer(keys, PURPOSE)

    def write(self, token: VotingToken) -> str:
        content = token.campaign.to_bytes(4, "big") + token.voter + token.channel.encode()
        packed = base64.urlsafe_b64encode(content).rstrip(b"=")
        return PREFIX + self._signer.sign(packed).decode()

    def read(self, text: str) -> VotingToken:
        """The token behind the text. Raises `Unproven`: missing, forged or expired."""
        if not text:
            raise token_missing()
        try:
            content, signed_at = self._unsigned(text)
        except (BadData, binascii.Error, ValueError):
            raise token_forged() from None
        # Only the upper end is checked: a clock that was stepped back must not lock voters out.
        if clock.now() - signed_at > TOKEN_LIFE:
            raise token_expired()
        return content

    def _unsigned(self, text: str) -> tuple[VotingToken, Any]:
        if len(text) > MOST_SIGNS or not text.startswith(PREFIX) or not text.isascii():
            raise BadSignature("no voting token")
        signature = text.rpartition(".")[2]
        if base64_encode(base64_decode(signature)).decode() != signature:
            # Base64 has spare bits at the end: another last sign would be the same signature.
            raise BadSignature("not as we write it")
        packed, signed_at = self._signer.unsign(text.removeprefix(PREFIX), return_timestamp=True)
        content = base64.urlsafe_b64decode(packed + b"=" * (-len(packed) % 4))
        token = VotingToken(
            int.from_bytes(content[:4], "big"), Channel(content[20:].decode()), content[4:20]
        )
        return token, signed_at


def token_missing() -> Unproven:
    return Unproven("token.missing", _("Please prove first that you are one person."))


def token_forged() -> Unproven:
    return Unproven(
        "token.forged", _("This proof is not one of ours. Please prove again who you are.")
    )


def token_expired() -> Unproven:
    return Unproven("token.expired", _("This proof has run out. Please prove again who you are."))
