"""How many text messages may go out. Each costs money, and whoever asks for it does not pay.

Counts are rows, raised in the transaction that writes the message: they hold for all processes
together and after a restart. A limit that is reached closes the way until its time is over; the
operator is told once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connections

from awards import clock
from awards.db import in_transaction, placeholders
from awards.errors import TooMany
from awards.i18n import mark as _
from awards.notifications.actions import alarm

log = structlog.get_logger()

HOUR = 3600
KEPT_FOR = timedelta(days=2)
LEAST_JUDGED, LEAST_USED = 40, 4
"""From so many messages in an hour or two on, one code in so many has to be used."""
TAKE = (
    "INSERT INTO text_count (scope, span, sent, used) VALUES (?, ?, 1, 0) "
    "ON CONFLICT (scope, span) DO UPDATE SET sent = text_count.sent + 1 "
    "WHERE text_count.sent < ? RETURNING sent"
)
NOTE = (
    "INSERT INTO text_count (scope, span, sent, used) VALUES (?, ?, 1, 0) "
    "ON CONFLICT (scope, span) DO UPDATE SET sent = text_count.sent + 1"
)
USE = "UPDATE text_count SET used = used + 1 WHERE scope = ? AND span = ? AND used < sent"
READ = "SELECT sent, used FROM text_count WHERE scope = ? AND span >= ?"
FORGET = "DELETE FROM text_count WHERE span < ?"
STALE = "SELECT 1 AS one WHERE EXISTS (SELECT 1 FROM text_count WHERE span < ?)"
HELD_BACK = "held back"
ALL = "all"


@dataclass(frozen=True)
class TextBudget:
    """What the operator allows: in all and to each country a day, and for each purpose an hour."""

    a_day: int = 0
    an_hour: int = 0
    countries: Mapping[str, int] = field(default_factory=dict)
    zone: str = "Asia/Shanghai"
    alarm_to: str = ""

    def limits(self, purpose: str, country: str, now: datetime) -> list[tuple[str, int, int, int]]:
        """Scope, first second, length and number of each limit that one message counts against.
        Always in one order, so that no two transactions wait for each other.
        """
        day, length = _day(now, self.zone)
        hour = int(now.timestamp()) // HOUR * HOUR
        return [
            (ALL, day, length, self.a_day),
            (f"+{country}", day, length, self.countries.get(country, 0)),
            (purpose, hour, HOUR, self.an_hour),
        ]


async def take(
    connection: BaseDBAsyncClient, budget: TextBudget, *, purpose: str, country: str
) -> None:
    """Count one message, inside the caller's transaction. Raises `TooMany` where there is no room;
    whoever takes the last one tells the operator.
    """
    now = clock.now()
    for scope, span, length, most in budget.limits(purpose, country, now):
        rows = await connection.execute_query_dict(placeholders(TAKE), [scope, span, most])
        if most < 1 or not rows:
            raise _used_up(scope, span + length - now.timestamp())
        if rows[0]["sent"] == most:
            log.error("text messages used up", scope=scope, most=most)
            await alarm(
                to=budget.alarm_to, key=f"{scope}:{span}", notice="texts_used_up",
                scope=scope, most=most, zone=budget.zone,
            )  # fmt: skip


async def objection(budget: TextBudget, *, purpose: str) -> TooMany | None:
    """Why no message goes out for this purpose now, or None. Read for a page; `take` decides."""
    now = clock.now()
    for scope, span, length, most in budget.limits(purpose, "", now):
        if scope != "+" and sum(each["sent"] for each in await _counts(scope, span)) >= most:
            return _used_up(scope, span + length - now.timestamp())
    return None


async def note_use(connection: BaseDBAsyncClient, *, purpose: str, sent_at: datetime) -> None:
    """A code out of a message was used."""
    hour = int(sent_at.timestamp()) // HOUR * HOUR
    await connection.execute_query(placeholders(USE), [purpose, hour])


async def note_held_back() -> None:
    """A number had had its messages, and got none. Counted like one that went out, so that the
    answer takes as long; the operator sees how many there were.
    """
    day = int(clock.now().timestamp()) // (24 * HOUR) * 24 * HOUR
    async with in_transaction() as connection:
        await connection.execute_query(placeholders(NOTE), [HELD_BACK, day])


async def is_doubtful(*, purpose: str) -> bool:
    """Whether many messages went out of late and few of their codes were used: somebody may be
    after the messages, not the votes.
    """
    since = (int(clock.now().timestamp()) // HOUR - 1) * HOUR
    counts = await _counts(purpose, since)
    sent, used = sum(each["sent"] for each in counts), sum(each["used"] for each in counts)
    return sent >= LEAST_JUDGED and used * LEAST_USED < sent


async def forget_counts() -> None:
    """Drop the counts of two days ago."""
    before = [int((clock.now() - KEPT_FOR).timestamp())]
    connection = get_connections().get("default")
    if not await connection.execute_query_dict(placeholders(STALE), before):
        return
    async with in_transaction() as writing:
        await writing.execute_query(placeholders(FORGET), before)


async def _counts(scope: str, since: int) -> list[dict[str, int]]:
    connection = get_connections().get("default")
    return await connection.execute_query_dict(placeholders(READ), [scope, since])


def _day(now: datetime, zone: str) -> tuple[int, int]:
    """The first second of the day there, and its length."""
    here = now.astimezone(ZoneInfo(zone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    begins, ends = midnight.timestamp(), (midnight + timedelta(days=1)).timestamp()
    return int(begins), int(ends - begins)


def _used_up(scope: str, seconds: float) -> TooMany:
    left = max(1, int(seconds))
    if scope == ALL or scope.startswith("+"):
        return TooMany(
            "sms.used_up",
            _(
                "The text messages of today are used up. Please vote in another way, or come "
                "back tomorrow."
            ),
            seconds=left,
        )
    return TooMany(
        "sms.busy",
        _(
            "Very many people are asking for a text message just now. Please try again in "
            "{minutes} min., or vote in another way."
        ),
        seconds=left,
        minutes=-(-left // 60),
    )
