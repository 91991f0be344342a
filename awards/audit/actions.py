"""Writing the record. An action calls `record` inside its own transaction, so that deed and record are one."""

import hashlib
import json
from datetime import datetime

from tortoise.connection import get_connections

from awards import clock
from awards.actor import Actor
from awards.audit.models import AuditRecord
from awards.db import dialect

BEGINNING = bytes(32)
CHAIN_LOCK = 0x68616F72656E


async def record(*, by: Actor, action: str, subject: str, **details: object) -> None:
    """Append one deed to the chain. Call it inside the transaction of the deed; no personal data in `details`."""
    if dialect() == "postgres":
        await get_connections().get("default").execute_query(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")
    last = await AuditRecord.all().order_by("-number").first()
    entry = AuditRecord(
        number=last.number + 1 if last else 1,
        at=clock.now(),
        actor=f"{by.person}" if by.person else by.name or "visitor",
        action=action,
        subject=subject,
        details=details,
        previous=last.digest if last else BEGINNING,
    )
    entry.digest = chained(entry)
    await entry.save(force_create=True)


def chained(entry: AuditRecord) -> bytes:
    """SHA-256 over the previous digest and this row in canonical form."""
    moment: datetime = entry.at
    row = [entry.number, moment.isoformat(), entry.actor, entry.action, entry.subject, entry.details]
    canonical = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(entry.previous + canonical.encode()).digest()
