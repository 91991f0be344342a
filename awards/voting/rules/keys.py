"""The names under which voting keeps things, derived from a campaign's key (decision 0002).

Without the key no name can be led back to a person, nor two names of one person to each other.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from struct import Struct
from typing import Self

from awards.campaigns.rules import Channel
from awards.signing import Mac

CUT = 16
TRACKER = 10
LEAF_LABEL = b"haoren/ballot/v1"
# What is named, byte for byte. Every part has a fixed length, or stands last: two different things
# never give the same bytes.
BALLOT_NAME = Struct(">6s16sI").pack
TAP_NAME = Struct(">3s16sIII").pack
QUOTA_NAME = Struct(">5s16sI").pack
LEAF_HEAD = Struct(">16sI16s32s").pack


def hkdf(secret: bytes, label: bytes, *, salt: bytes = b"", length: int = 32) -> bytes:
    """HKDF with SHA-256 (RFC 5869)."""
    key = hmac.digest(salt or bytes(32), secret, hashlib.sha256)
    made, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(key, block + label + bytes([counter]), hashlib.sha256)
        made += block
    return made[:length]


@dataclass(frozen=True, repr=False)
class CampaignKeys:
    """The four keys of one campaign."""

    campaign: int
    pid_key: Mac
    voter_key: Mac
    tag_key: Mac
    nonce_key: Mac

    @classmethod
    def of(cls, campaign: int, secret: bytes) -> Self:
        labels = (b"pid", b"voter", b"tag", b"nonce")
        return cls(campaign, *(Mac(hkdf(secret, b"haoren/" + label)) for label in labels))

    def pid(self, channel: Channel, proof: str) -> bytes:
        """Who proved a normal address, or holds a normal code."""
        return self.pid_key(b"%b\0%b" % (channel.encode(), proof.encode()))[:CUT]

    def voter_tag(self, pid: bytes) -> bytes:
        """Who votes, as the voting token says it."""
        return self.voter_key(pid)[:CUT]

    def ballot_tag(self, voter: bytes, period: int) -> bytes:
        """The one whole ballot of a voter within a period."""
        return self.tag_key(BALLOT_NAME(b"ballot", voter, period))[:CUT]

    def tap_tag(self, voter: bytes, period: int, candidate: int, slot: int) -> bytes:
        """A voter's n-th vote for one candidate within a period."""
        return self.tag_key(TAP_NAME(b"tap", voter, period, candidate, slot))[:CUT]

    def quota_tag(self, voter: bytes, period: int, scope: str) -> bytes:
        """What a voter has used of one limit within a period."""
        return self.tag_key(QUOTA_NAME(b"quota", voter, period) + scope.encode())[:CUT]

    def leaf(self, tag: bytes, choices: bytes) -> bytes:
        """The ballot's leaf in the public log: it binds the choice and hides it."""
        bound = LEAF_HEAD(LEAF_LABEL, self.campaign, tag, self.nonce_key(tag))
        return hashlib.sha256(bound + choices).digest()


def tracker_of(leaf: bytes) -> str:
    """The leaf's first 80 bits, in 16 signs that people can compare."""
    return base64.b32encode(leaf[:TRACKER]).decode()
