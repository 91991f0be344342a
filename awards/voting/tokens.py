"""Voting tokens: `vt1.…`, a signature over campaign, channel and voter tag, and its time."""

from collections.abc import Sequence
from datetime import timedelta

from itsdangerous import BadData, BadSignature

from awards import clock
from awards.errors import Unproven
from awards.i18n import mark as _
from awards.signing import Signer, as_text, from_text
from awards.voting.rules import Channel, VotingToken

PREFIX = "vt1."
MOST_SIGNS = 200
TOKEN_LIFE = timedelta(days=400)
"""Longer than any voting lasts: a token lives as long as voting, and then the window says no."""
LONGEST = TOKEN_LIFE.total_seconds()
PURPOSE = "voting-token.1"
CHANNELS = {channel.encode(): channel for channel in Channel}


class VotingTokens:
    """Writes and reads tokens. The newest key signs, every key verifies."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._signer = Signer(keys, PURPOSE)

    def write(self, token: VotingToken) -> str:
        content = token.campaign.to_bytes(4, "big") + token.voter + token.channel.encode()
        return PREFIX + self._signer.write(as_text(content).decode())

    def read(self, text: str) -> VotingToken:
        """The token behind the text. Raises `Unproven`: missing, forged or expired."""
        if not text:
            raise token_missing()
        try:
            token, signed_at = self._unsigned(text)
        except (BadData, ValueError, KeyError):
            raise token_forged() from None
        # Only the upper end is checked: a clock that was stepped back must not lock voters out.
        if clock.now().timestamp() - signed_at > LONGEST:
            raise token_expired()
        return token

    def _unsigned(self, text: str) -> tuple[VotingToken, int]:
        if len(text) > MOST_SIGNS or not text.startswith(PREFIX):
            raise BadSignature("no voting token")
        packed, signed_at = self._signer.read(text.removeprefix(PREFIX))
        content = from_text(packed.encode())
        campaign, voter = int.from_bytes(content[:4], "big"), content[4:20]
        return VotingToken(campaign, CHANNELS[content[20:]], voter), signed_at


def campaign_of(text: str) -> int | None:
    """The campaign that a token says it is for, if it says one. Whether that is true, its signature
    tells.
    """
    if not text.startswith(PREFIX):
        return None
    try:
        content = from_text(text[len(PREFIX) :][:8].encode())
    except ValueError:
        return None
    return int.from_bytes(content[:4], "big") if len(content) == 6 else None


def token_missing() -> Unproven:
    return Unproven("token.missing", _("Please prove first that you are one person."))


def token_forged() -> Unproven:
    return Unproven(
        "token.forged", _("This proof is not one of ours. Please prove again who you are.")
    )


def token_expired() -> Unproven:
    return Unproven("token.expired", _("This proof has run out. Please prove again who you are."))
