"""Signatures: one salt per purpose, SHA-256, keys oldest → newest so that they can be rotated."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer


def serializer(keys: Sequence[str], purpose: str) -> URLSafeTimedSerializer:
    """Signs small values for one purpose; the newest key signs, every key verifies."""
    return URLSafeTimedSerializer(
        list(keys), salt=f"haoren.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )


class Signer(TimestampSigner):
    """Signs short texts for one purpose, with the time of signing. It keeps each derived key, which
    would otherwise be the larger half of a signature.
    """

    def __init__(self, keys: Sequence[str], purpose: str) -> None:
        super().__init__(list(keys), salt=f"haoren.{purpose}", digest_method=hashlib.sha256)
        self._derived: dict[Any, bytes] = {}

    def derive_key(self, secret_key: str | bytes | None = None) -> bytes:
        kept = self._derived.get(secret_key)
        if kept is None:
            # By the secret it is made of: one for all of them would break rotation.
            kept = self._derived[secret_key] = super().derive_key(secret_key)
        return kept


def digest(secret: str) -> bytes:
    """What is stored of a random secret of at least 128 bits, so that the database never gives it
    away.
    """
    return hashlib.sha256(secret.encode()).digest()


def random_secret(nbytes: int = 32) -> str:
    """A new secret for an address or a cookie."""
    return secrets.token_urlsafe(nbytes)


__all__ = ["BadSignature", "Signer", "digest", "random_secret", "serializer"]
