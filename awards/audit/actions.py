"""Writing the record. An action calls `record` inside its own transaction, so that deed and record
are one.
"""

from dataclasses import asdict

from tortoise.connection import get_connections

from awards import clock
from awards.actor import Actor
from awards.audit.models import AuditRecord
from awards.audit.rules import BEGINNING, Deed, chained
from awards.db import dialect

CHAIN_LOCK = 0x68616F72656E


async def record(*, by: Actor, action: str, subject: str, **details: object) -> None:
    """Append one deed to the chain. Call it inside the transaction of the deed; no personal data in
    `details`.
    """
    if dialect() == "postgres":
        await (
            get_connections()
            .get("default")
            .execute_query(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")
        )
    last = await AuditRecord.all().order_by("-number").first()
    deed = Deed(
        number=last.number + 1 if last else 1,
        at=clock.now(),
        actor=f"{by.person}" if by.person else by.name or "visitor",
        action=action,
        subject=subject,
        details=details,
    )
    previous = last.digest if last else BEGINNING
    await AuditRecord.create(**asdict(deed), previous=previous, digest=chained(previous, deed))
