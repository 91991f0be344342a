"""Reading the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from awards.audit.models import AuditRecord
from awards.audit.rules import BEGINNING, Deed, chained

CHAIN = "record:chain"
"""What the deeds of checking are about."""
STEP = 200
"""So many lines at a time are walked: a long record never holds up the pages for long."""


@dataclass(frozen=True)
class Chain:
    """What a check of the chain found: how many rows, and the first that does not fit."""

    rows: int
    broken_at: int | None


@dataclass(frozen=True)
class Check:
    """When the whole chain was walked last, and what was found."""

    at: datetime
    chain: Chain


async def list_records(*, page: int = 1, size: int = 50) -> list[AuditRecord]:
    """The latest deeds, newest first."""
    return await AuditRecord.all().order_by("-number").offset((page - 1) * size).limit(size)


async def count_records() -> int:
    """How many deeds are on record."""
    return await AuditRecord.all().count()


async def last_number() -> int:
    """The number of the latest deed: as long as it stays, nothing that staff can change has."""
    found = await AuditRecord.all().order_by("-number").limit(1).values_list("number", flat=True)
    return int(str(found[0])) if found else 0


async def check_chain() -> Chain:
    """Walk the whole chain from its beginning."""
    previous, rows, last = BEGINNING, 0, None
    while entries := await _after(last):
        for entry in entries:
            rows, last = rows + 1, entry.number
            if entry.number != rows or not _fits(previous, entry):
                return Chain(rows, entry.number)
            previous = entry.digest
    return Chain(rows, None)


async def _after(number: int | None) -> list[AuditRecord]:
    later = AuditRecord.all() if number is None else AuditRecord.filter(number__gt=number)
    return await later.order_by("number").limit(STEP)


async def first_misfit(records: Sequence[AuditRecord]) -> int | None:
    """The first of these neighbouring lines that does not fit the one before it."""
    ordered = sorted(records, key=lambda record: record.number)
    if not ordered:
        return None
    number: int = ordered[0].number
    before = await AuditRecord.get_or_none(number=number - 1)
    if before is None and number != 1:
        return number
    previous = before.digest if before else BEGINNING
    for expected, entry in enumerate(ordered, number):
        if entry.number != expected or not _fits(previous, entry):
            return int(entry.number)
        previous = entry.digest
    return None


async def find_last_check() -> Check | None:
    """The last walk along the whole chain that is on record."""
    found = await AuditRecord.filter(subject=CHAIN).order_by("-number").first()
    if found is None:
        return None
    broken_at = found.details.get("broken_at")
    return Check(
        found.at,
        Chain(int(str(found.details["rows"])), None if broken_at is None else int(str(broken_at))),
    )


def _fits(previous: bytes, entry: AuditRecord) -> bool:
    deed = Deed(entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.details)
    return entry.previous == previous and chained(previous, deed) == entry.digest
