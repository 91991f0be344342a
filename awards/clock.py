"""What time it is: one of the two ambient facts. Rules never ask; actions and faces do."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def day_in(zone: str, moment: datetime) -> date:
    """The calendar day that `moment` falls on in an IANA zone."""
    return moment.astimezone(ZoneInfo(zone)).date()
