"""Reading pictures."""

from uuid import UUID

from awards.errors import NotFound
from awards.media.models import Picture


async def find_picture(id: UUID) -> Picture:
    """The picture of this id, public or not."""
    if picture := await Picture.get_or_none(id=id):
        return picture
    raise NotFound()
