"""Writing the record. An action calls `record` inside its own transaction, so that deed and record
are one.
"""

from dataclasses import asdict

import structlog
from tortoise.connection import get_connections

from awards import clock
from awards.actor import Actor, system
from awards.audit.models import AuditRecord
from awards.audit.queries import CHAIN, Chain, check_chain, find_last_check
from awards.audit.rules import BEGINNING, CHECK_EVERY, Deed, chained
from awards.db import dialect, in_transaction

log = structlog.get_logger()

CHAIN_LOCK = 0x68616F72656E
JOBS = system("jobs", roles=())


async def record(*, by: Actor, action: str, subject: str, **details: object) -> None:
    """Append one deed to the chain. Call it inside the transaction of the deed; no personal data in
    `details`.
    """
    await _take_turn()
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


async def check_record() -> Chain | None:
    """Walk the whole record once a day and put on record what was found; None before it is due
    again. A page could not do it on each view.
    """
    if not await _is_check_due():
        return None
    chain = await check_chain()
    if chain.rows == 0:
        return None
    if chain.broken_at is not None:
        log.error("the record is broken", line=chain.broken_at)
    async with in_transaction():
        await _take_turn()
        if await _is_check_due():  # Else another process was faster.
            await record(
                by=JOBS,
                action="record.checked" if chain.broken_at is None else "record.broken",
                subject=CHAIN,
                rows=chain.rows,
                broken_at=chain.broken_at,
            )
    return chain


async def _is_check_due() -> bool:
    last = await find_last_check()
    return last is None or clock.now() - last.at >= CHECK_EVERY


async def _take_turn() -> None:
    """One deed after the other, until the transaction ends. SQLite writes in turn anyway."""
    if dialect() == "postgres":
        connection = get_connections().get("default")
        await connection.execute_query(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")
