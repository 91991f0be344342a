"""Reading the record."""

from dataclasses import dataclass

from awards.audit.models import AuditRecord
from awards.audit.rules import BEGINNING, Deed, chained


@dataclass(frozen=True)
class Chain:
    """What a check of the chain found: how many rows, and the first that does not fit."""

    rows: int
    broken_at: int | None


async def list_records(*, page: int = 1, size: int = 50) -> list[AuditRecord]:
    """The latest deeds, newest first."""
    return await AuditRecord.all().order_by("-number").offset((page - 1) * size).limit(size)


async def count_records() -> int:
    """How many deeds are on record."""
    return await AuditRecord.all().count()


async def check_chain() -> Chain:
    """Walk the chain from its beginning."""
    previous, rows = BEGINNING, 0
    for start in range(0, await count_records(), 1000):
        for entry in await AuditRecord.all().order_by("number").offset(start).limit(1000):
            rows += 1
            if entry.number != rows or not _fits(previous, entry):
                return Chain(rows, entry.number)
            previous = entry.digest
    return Chain(rows, None)


def _fits(previous: bytes, entry: AuditRecord) -> bool:
    deed = Deed(entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.details)
    return entry.previous == previous and chained(previous, deed) == entry.digest
