"""How the record is chained: each row's digest covers the row and the digest before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta

BEGINNING = bytes(32)
"""Stands before the first row."""
CHECK_EVERY = timedelta(days=1)
"""How often the whole record is walked, however long it has become."""


@dataclass(frozen=True)
class Deed:
    """Who did what to which record, and when."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, object]


def chained(previous: bytes, deed: Deed) -> bytes:
    """SHA-256 over the previous digest and this row as canonical JSON."""
    row = [
        each.astimezone(UTC).isoformat() if isinstance(each, datetime) else each
        for each in astuple(deed)
    ]
    canonical = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(previous + canonical.encode()).digest()
