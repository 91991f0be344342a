"""The record of who did what, for auditors."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from awards.accounts.queries import names_of
from awards.actor import Role
from awards.audit.queries import check_chain, count_records, list_records
from awards.web.guards import staff
from awards.web.paging import page_number
from awards.web.render import page

SIZE = 50
UUID_LENGTH = 36


@staff(Role.AUDITOR, Role.ADMIN)
async def index(request: Request) -> Response:
    """The latest deeds, and whether the chain holds."""
    total = await count_records()
    number = page_number(request, -(-total // SIZE))
    records = await list_records(page=number, size=SIZE)
    return page(
        request, "admin/audit/index.html", records=records, chain=await check_chain(),
        number=number, pages=max(1, -(-total // SIZE)), names=await _names(records),
    )  # fmt: skip


async def _names(records: list[Any]) -> dict[str, str]:
    ids = {record.actor for record in records if len(record.actor) == UUID_LENGTH}
    return await names_of({UUID(each) for each in ids})
