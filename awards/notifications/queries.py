"""Reading the outbox."""

from awards.notifications.models import Letter


async def list_letters(*, most: int = 50) -> list[Letter]:
    """The latest letters, newest first."""
    return await Letter.all().order_by("-created_at").limit(most)
