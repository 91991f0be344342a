"""Signatures: one salt per purpose, SHA-256, keys oldest → newest so that they can be rotated."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from itsdangerous.encoding import want_bytes

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
    """Signs short texts for one purpose, with the time of signing, as itsdangerous does; but it
    derives each key once, and takes a signature only as it writes it.
    """

    def __init__(self, keys: Sequence[str], purpose: str) -> None:
        super().__init__(list(keys), salt=f"haoren.{purpose}", digest_method=hashlib.sha256)
        # One for each secret, or rotation would break.
        self._macs = [Mac(self.derive_key(key)) for key in self.secret_keys]

    def get_signature(self, value: str | bytes) -> bytes:
        return _written(self._macs[-1](want_bytes(value)))

    def verify_signature(self, value: str | bytes, sig: str | bytes) -> bool:
        value, sig = want_bytes(value), want_bytes(sig)
        return any(hmac.compare_digest(_written(mac(value)), sig) for mac in reversed(self._macs))

    def read(self, text: str) -> tuple[str, int]:
        """The text that was signed, and when: seconds since 1970. Raises `BadSignature`."""
        value, _dot, signature = text.rpartition(".")
        if not text.isascii() or not self.verify_signature(value.encode(), signature.encode()):
            raise BadSignature("not ours")
        content, _dot, stamp = value.rpartition(".")
        return content, int.from_bytes(urlsafe_b64decode(stamp + "=" * (-len(stamp) % 4)), "big")


def _written(signature: bytes) -> bytes:
    return urlsafe_b64encode(signature).rstrip(b"=")


def digest(secret: str) -> bytes:
    """What is stored of a random secret of at least 128 bits, so that the database never gives it
    away.
    """
    return hashlib.sha256(secret.encode()).digest()


def random_secret(nbytes: int = 32) -> str:
    """A new secret for an address or a cookie."""
    return secrets.token_urlsafe(nbytes)


__all__ = ["BadSignature", "Mac", "Signer", "digest", "random_secret", "serializer"]
