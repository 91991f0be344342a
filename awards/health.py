"""What a health check asks of the parts below."""

from tortoise.connection import get_connections


async def is_database_ready() -> bool:
    """Whether the database answers a question."""
    try:
        await get_connections().get("default").execute_query("SELECT 1")
    except Exception:  # Each driver has its own words for a connection that is gone.
        return False
    return True
