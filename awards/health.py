"""What a health check asks of the parts below."""

from tortoise.connection import get_connections
from tortoise.exceptions import BaseORMException


async def is_database_ready() -> bool:
    """Whether the database answers a question."""
    try:
        await get_connections().get("default").execute_query("SELECT 1")
    except (BaseORMException, OSError):
        return False
    return True
