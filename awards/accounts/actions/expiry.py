"""What has run out is forgotten."""

from tortoise.expressions import Q

from awards import clock
from awards.accounts import rules
from awards.accounts.actions.codes import spend
from awards.accounts.models import EmailCode, Session, SignInLink
from awards.db import in_transaction


async def forget_expired() -> None:
    """Drop what has run out: codes with their letters, sessions, links."""
    now = clock.now()
    codes = EmailCode.filter(expires_at__lte=now)
    sessions = Session.filter(Q(expires_at__lte=now) | Q(seen_at__lte=now - rules.IDLE))
    links = SignInLink.filter(expires_at__lte=now)
    if not (await codes.exists() or await sessions.exists() or await links.exists()):
        return
    async with in_transaction():
        for row in await codes:
            await spend(row)
        await sessions.delete()
        await links.delete()
