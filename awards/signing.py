"""Signatures: one salt per purpose, SHA-256, keys oldest → newest so that they can be rotated."""

import hashlib
import secrets
from collections.abc import Sequence

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer


def serializer(keys: Sequence[str], purpose: str) -> URLSafeTimedSerializer:
    """Signs small values for one purpose; the newest key signs, every key verifies."""
    return URLSafeTimedSerializer(
        list(keys), salt=f"haoren.{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )


def signer(keys: Sequence[str], purpose: str) -> TimestampSigner:
    """Signs short texts for one purpose, with the time of signing."""
    return TimestampSigner(list(keys), salt=f"haoren.{purpose}", digest_method=hashlib.sha256)


def digest(secret: str) -> bytes:
    """What is stored of a random secret of at least 128 bits, so that the database never gives it
    away.
    """
    return hashlib.sha256(secret.encode()).digest()


def random_secret(nbytes: int = 32) -> str:
    """A new secret for an address or a cookie."""
    return secrets.token_urlsafe(nbytes)


__all__ = ["BadSignature", "digest", "random_secret", "serializer", "signer"]
