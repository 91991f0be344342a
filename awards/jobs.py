"""What runs by itself: a loop that does what is due each second, or sooner when it is woken."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from awards import clock
from awards.accounts.actions import forget_expired, forget_work
from awards.audit.actions import check_record
from awards.config import Config
from awards.honours.actions import flush_profile_views
from awards.media.actions import forget_unused
from awards.media.store import open_store
from awards.nominations.actions import forget_nominations
from awards.notifications.actions import deliver, forget_sent
from awards.notifications.budget import forget_counts
from awards.notifications.transports import text_transport, transport
from awards.portal.actions import flush_article_views, forget_feedback
from awards.voting.order import keep_in_key_order

log = structlog.get_logger()

Job = Callable[[], Awaitable[object]]
PAUSE = 1.0
HOUR = timedelta(hours=1)
QUIET_HOUR = 4


def jobs(config: Config) -> list[Job]:
    """Everything that is due again and again."""
    send = transport(config.mail, config.mail_from)
    texts = [_texts(config)] if config.sms else []
    views = [flush_article_views, flush_profile_views]
    store = open_store(config.storage)
    retention: list[Job] = [
        forget_sent,
        forget_counts,
        forget_feedback,
        lambda: forget_nominations(store=store),
        lambda: forget_unused(store=store),
    ]
    return [
        lambda: deliver(send),
        *texts,
        forget_expired,
        forget_work,
        *(every(HOUR, job) for job in (*retention, check_record)),
        nightly(keep_in_key_order, zone=config.zone),
        *views,
    ]


def _texts(config: Config) -> Job:
    send = text_transport(config.sms)
    return lambda: deliver(send, way="sms", alarm_to=config.alarm_mail)


def every(pause: timedelta, job: Job) -> Job:
    """The job, at most once in this time, however often it is asked to run."""
    last: datetime | None = None

    async def when_due() -> None:
        nonlocal last
        now = clock.now()
        if last is None or now - last >= pause:
            last = now
            await job()

    return when_due


def nightly(job: Job, *, zone: str) -> Job:
    """The job, once in the quietest hour of each night."""
    last: date | None = None

    async def when_due() -> None:
        nonlocal last
        here = clock.now().astimezone(ZoneInfo(zone))
        if here.hour == QUIET_HOUR and here.date() != last:
            last = here.date()
            await job()

    return when_due


async def run_due(due: list[Job]) -> None:
    """Each job once. One that fails is logged and tried again on the next round."""
    for job in due:
        try:
            await job()
        except Exception:
            log.exception("job failed")


@asynccontextmanager
async def running_jobs(config: Config) -> AsyncIterator[None]:
    """The loop, as long as the block lasts. A round that has begun is finished."""
    stop = asyncio.Event()
    loop = asyncio.create_task(_loop(jobs(config), stop))
    try:
        yield
    finally:
        stop.set()
        await loop


async def _loop(due: list[Job], stop: asyncio.Event) -> None:
    while not stop.is_set():
        await run_due(due)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSE)
