"""Signatures: one salt per purpose, SHA-256, keys oldest → newest so that they can be rotated."""

import hashlib
import hmac
import secrets
import time
from binascii import a2b_base64, b2a_base64
from collections.abc import Sequence
from functools import lru_cache

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode, bytes_to_int, int_to_bytes

TO_URL, FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
INNER, OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


def serializer(keys: Sequence[str], purpose: str) -> URLSafeTimedSerializer:
    """Signs small values for one purpose; the newest key signs, every key verifies."""
    return URLSafeTimedSerializer(
        list(keys), salt=f"haoren.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )


class Mac:
    """HMAC-SHA-256 (RFC 2104) under one key, with the key's half of the work done once."""

    def __init__(self, key: bytes) -> None:
        block = (hashlib.sha256(key).digest() if len(key) > 64 else key).ljust(64, b"\0")
        self._inner = hashlib.sha256(block.translate(INNER))
        self._outer = hashlib.sha256(block.translate(OUTER))

    def __call__(self, message: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        return outer.digest()


class Signer(TimestampSigner):
    """Signs short texts for one purpose, with the time of signing, as itsdangerous writes it; but
    each key is derived once, and a signature is taken only as it was written.
    """

    def __init__(self, keys: Sequence[str], purpose: str) -> None:
        super().__init__(list(keys), salt=f"haoren.{purpose}", digest_method=hashlib.sha256)
        # One for each secret, newest first, or rotation would break.
        self._macs = [Mac(self.derive_key(key)) for key in reversed(self.secret_keys)]

    def write(self, text: str) -> str:
        """The text, signed."""
        value = f"{text}.{_stamp(int(time.time()))}"
        return f"{value}.{as_text(self._macs[0](value.encode())).decode()}"

    def read(self, text: str) -> tuple[str, int]:
        """The text that was signed, and when: seconds since 1970. Raises `BadSignature`."""
        value, _dot, signature = text.rpartition(".")
        if text.isascii():
            signed, sent = value.encode(), signature.encode()
            for mac in self._macs:
                if hmac.compare_digest(as_text(mac(signed)), sent):
                    content, _dot, stamp = value.rpartition(".")
                    return content, _seconds(stamp)
        raise BadSignature("not ours")


def as_text(content: bytes) -> bytes:
    """Base64 for addresses (RFC 4648, 5), without padding: what Python's own does, in half the
    time.
    """
    return b2a_base64(content, newline=False).translate(TO_URL).rstrip(b"=")


def from_text(text: bytes) -> bytes:
    """The bytes behind such a text. Raises `ValueError`."""
    return a2b_base64(text.translate(FROM_URL) + b"==")  # Padding that is too much does no harm.


@lru_cache(maxsize=4096)
def _seconds(stamp: str) -> int:
    return bytes_to_int(base64_decode(stamp))


@lru_cache(maxsize=8)
def _stamp(seconds: int) -> str:
    return base64_encode(int_to_bytes(seconds)).decode()


def digest(secret: str) -> bytes:
    """What is stored of a random secret of at least 128 bits, so that the database never gives it
    away.
    """
    return hashlib.sha256(secret.encode()).digest()


def random_secret(nbytes: int = 32) -> str:
    """A new secret for an address or a cookie."""
    return secrets.token_urlsafe(nbytes)


__all__ = [
    "BadSignature",
    "Mac",
    "Signer",
    "as_text",
    "digest",
    "from_text",
    "random_secret",
    "serializer",
]
