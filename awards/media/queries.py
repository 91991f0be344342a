"""Reading pictures."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from awards.errors import NotFound
from awards.media.models import Picture


async def find_picture(id: UUID) -> Picture:
    """The picture of this id, public or not."""
    if picture := await Picture.get_or_none(id=id):
        return picture
    raise NotFound()


async def list_unused(*, before: datetime) -> Sequence[UUID]:
    """The pictures of before this moment that nothing refers to."""
    found = _unused().filter(created_at__lt=before.astimezone(UTC))
    return [row.id for row in await found.only("id")]


async def is_unused(id: UUID) -> bool:
    """Whether nothing refers to this picture."""
    return await _unused().filter(id=id).exists()


def _unused() -> QuerySet[Picture]:
    """Whoever shows a picture has a foreign key to it, so that the tables themselves tell: no list
    here could forget one.
    """
    referring = (*Picture._meta.backward_fk_fields, *Picture._meta.backward_o2o_fields)
    return Picture.filter(**{f"{each}__isnull": True for each in referring})
