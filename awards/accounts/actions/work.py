"""What serves once: a proof of work, a sign-in elsewhere."""

from tortoise.connection import get_connections

from awards import clock
from awards.accounts.work import LIFE, Work
from awards.db import in_transaction, placeholders
from awards.signing import digest

SPEND = (
    "INSERT INTO spent_work (signature, expires) VALUES (?, ?) "
    "ON CONFLICT DO NOTHING RETURNING expires"
)
FORGET = "DELETE FROM spent_work WHERE expires < ?"
STALE = "SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM spent_work WHERE expires < ?)"


async def spend_work(work: Work, *, text: str, action: str) -> bool:
    """Whether this is work done for this action, and was never used before. It is used now."""
    signature = work.signature(text, action)
    if signature is None:
        return False
    # Any challenge that is good now has run out by then. Rounded: no row tells when it came.
    expires = (int(clock.now().timestamp()) // LIFE + 2) * LIFE
    values = [signature, expires]
    async with in_transaction() as connection:
        return bool(await connection.execute_query_dict(placeholders(SPEND), values))


async def spend_once(secret: str) -> bool:
    """Whether a secret that is good for a quarter of an hour was never used before. It is used now,
    and kept beside the challenges, as a digest.
    """
    values = [digest(secret), (int(clock.now().timestamp()) // LIFE + 3) * LIFE]
    async with in_transaction() as connection:
        return bool(await connection.execute_query_dict(placeholders(SPEND), values))


async def forget_work() -> None:
    """Drop the signatures of challenges that have run out: those are refused anyway."""
    now = [int(clock.now().timestamp())]
    connection = get_connections().get("default")
    if not await connection.execute_query_dict(placeholders(STALE), now):
        return
    async with in_transaction() as writing:
        await writing.execute_query(placeholders(FORGET), now)
