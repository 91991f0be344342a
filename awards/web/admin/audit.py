"""The record of who did what, for auditors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from awards.accounts.queries import names_of
from awards.actor import Role
from awards.audit.deeds import ACTORS, DEEDS, DETAILS, SUBJECTS, VALUES
from awards.audit.queries import count_records, find_last_check, first_misfit, list_records
from awards.i18n import translate as _
from awards.nominations.rules import REJECTION_RULES
from awards.web.guards import staff
from awards.web.paging import page_number
from awards.web.render import page

SIZE = 50
UUID_LENGTH = 36
PERSON = "person"


@dataclass(frozen=True)
class Line:
    """One deed in words."""

    number: int
    at: datetime
    who: str
    what: str
    subject: str
    id: str
    details: list[tuple[str, str]]


@staff(Role.AUDITOR, Role.ADMIN)
async def index(request: Request) -> Response:
    """The latest deeds, whether these lines fit together, and when the whole was walked last."""
    total = await count_records()
    number = page_number(request, -(-total // SIZE))
    records = await list_records(page=number, size=SIZE)
    names = await _names(records)
    return page(
        request, "admin/audit/index.html", lines=[_line(each, names) for each in records],
        misfit=await first_misfit(records), check=await find_last_check(),
        number=number, pages=max(1, -(-total // SIZE)),
    )  # fmt: skip


async def _names(records: list[Any]) -> dict[str, str]:
    """Of the people who act and of those whom deeds are about."""
    subjects = [record.subject.partition(":") for record in records]
    about = [id for kind, _colon, id in subjects if kind == PERSON]
    ids = [each for each in (*about, *(record.actor for record in records)) if _is_id(each)]
    return await names_of({UUID(each) for each in ids})


def _is_id(text: str) -> bool:
    """Whether it is a person's id; the program's own names are shorter."""
    return len(text) == UUID_LENGTH


def _line(record: Any, names: dict[str, str]) -> Line:
    kind, _colon, id = record.subject.partition(":")
    return Line(
        number=record.number,
        at=record.at,
        who=names.get(record.actor) or _said(ACTORS, record.actor),
        what=_said(DEEDS, record.action),
        subject=_said(SUBJECTS, kind),
        id=names.get(id, id) if kind == PERSON else id,
        details=[
            (_said(DETAILS, name), _value(name, value))
            for name, value in record.details.items()
            if value not in ("", None) and (name, value) != ("campaign", 0)
        ],
    )


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    known = REJECTION_RULES if name == "rule" else VALUES.get(name, {})
    return _said(known, str(value))


def _said(words: dict[str, str], name: str) -> str:
    """The words for a code name, or the name itself where there are none."""
    return _(words[name]) if name in words else name
