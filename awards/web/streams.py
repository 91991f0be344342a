"""Counts as they move, told to every page that listens: one task tells, and nobody is waited for.

It stands in front of everything, since what wraps an ordinary answer would cost more for each
listener than the listener does. Who gets no stream gets the figures once, from the ordinary
handler: counts that are not live, an address that nobody has, a house that is full.
"""

import asyncio
import json
import re
import secrets
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from awards import clock
from awards.errors import NotFound
from awards.voting.ballot_box import BallotBox
from awards.voting.live import Figures
from awards.voting.rules import Shown
from awards.web.headers import headers_for

log = structlog.get_logger()

PLACE = re.compile(r"/campaigns/([a-z0-9-]+)/counts")
KIND = b"text/event-stream"
MOST = 10_000
"""Listeners of one process."""
LOOK_EVERY = 2.0
"""Seconds between two looks at the figures; how often those move is not decided here."""
BEAT_EVERY = 25.0
"""Seconds of silence after which a listener is told that the line still stands."""
AT_ONCE = 256
"""Listeners that are told before others get their turn."""
COME_BACK = (5_000, 20_000)
"""Milliseconds after which a browser asks again; not all at the same moment."""
BEAT: Message = {"type": "http.response.body", "body": b":\n\n", "more_body": True}
END: Message = {"type": "http.response.body", "body": b"", "more_body": False}


def figures_json(figures: Figures) -> bytes:
    """The figures as pages and programs get them."""
    lines = sorted((figures.votes or {}).items())
    candidates = [{"number": number, "votes": votes} for number, votes in lines]
    told = {"ballots": figures.ballots, "candidates": candidates}
    return json.dumps(told, separators=(",", ":")).encode()


@dataclass(eq=False, slots=True)
class Listener:
    """A page that listens."""

    send: Send
    task: asyncio.Task[Any]
    is_dropped: bool = False


@dataclass(eq=False, slots=True)
class Said:
    """What was said last of a campaign, and when it was looked at."""

    body: bytes | None
    at: float


class Hub:
    """Everybody who listens in this process, by campaign."""

    def __init__(self, box: BallotBox) -> None:
        self._box = box
        self._listeners: dict[str, set[Listener]] = {}
        self._said: dict[str, Said] = {}
        self._task: asyncio.Task[None] | None = None
        self._count = 0
        self._is_closed = False

    async def told(self, slug: str) -> bytes | None:
        """The figures to begin with; None where there are none that move, or no room."""
        if self._is_closed or self._count >= MOST:
            return None
        said, now = self._said.get(slug), _time()
        if said is None or now - said.at > LOOK_EVERY:
            body = await self._look(slug)
            if body is None:
                return None
            self._said[slug] = said = Said(body, now)
        return said.body

    async def listen(self, slug: str, receive: Receive, send: Send) -> None:
        """Keep the line until the listener hangs up, is dropped, or the house closes."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a request is a task
        listener = Listener(send, task)
        self._listeners.setdefault(slug, set()).add(listener)
        self._count += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._tell_on())
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not listener.is_dropped:
                raise
            task.uncancel()
        finally:
            self._forget(slug, listener)

    async def tell(self, slug: str, message: Message) -> None:
        """Hand the same bytes to everybody. Whoever does not take them at once is dropped: they
        have not read what came before.
        """
        for number, listener in enumerate(list(self._listeners.get(slug, ())), 1):
            if not listener.is_dropped and not _taken(listener.send, message):
                listener.is_dropped = True
                listener.task.cancel()
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)

    def close(self) -> None:
        """End every stream: a server that stops waits for its answers."""
        self._is_closed = True
        if self._task:
            self._task.cancel()
        for listeners in self._listeners.values():
            for listener in listeners:
                _taken(listener.send, END)

    async def _tell_on(self) -> None:
        last = _time()
        while self._listeners:
            await asyncio.sleep(LOOK_EVERY)
            is_beat = _time() - last >= BEAT_EVERY
            last = _time() if is_beat else last
            for slug in list(self._listeners):
                try:
                    await self._tell_news(slug, is_beat=is_beat)
                except Exception as error:  # The figures can't be read now; the next look may.
                    log.error("counts not told", campaign=slug, exc_info=error)

    async def _tell_news(self, slug: str, *, is_beat: bool) -> None:
        before = self._said.get(slug)
        body = await self._look(slug)
        if body is None:
            self._said.pop(slug, None)
            await self.tell(slug, END)
            return
        self._said[slug] = Said(body, _time())
        if before is None or before.body != body:
            await self.tell(slug, event(body))
        elif is_beat:
            await self.tell(slug, BEAT)

    async def _look(self, slug: str) -> bytes | None:
        """The figures, where they move."""
        try:
            paper = await self._box.papers.find(slug)
        except NotFound:
            return None
        figures: Figures = await self._box.live.figures(paper, now=clock.now())
        return figures_json(figures) if figures.kind is Shown.LIVE else None

    def _forget(self, slug: str, listener: Listener) -> None:
        self._count -= 1
        here = self._listeners[slug]
        here.discard(listener)
        if not here:
            del self._listeners[slug]
            self._said.pop(slug, None)


class CountStreams:
    """The way to the hub."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        kept = headers_for(https=https) | {
            "content-type": "text/event-stream; charset=utf-8",
            "cache-control": "private, no-store",
            "x-accel-buffering": "no",
        }
        self.headers = [(name.encode(), value.encode()) for name, value in kept.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            if (place := PLACE.fullmatch(scope["path"])) and _asks_for_stream(scope):
                hub: Hub = scope["app"].state.hub
                body = await hub.told(place[1])
                if body is not None:
                    headers = self.headers
                    await send({"type": "http.response.start", "status": 200, "headers": headers})
                    await send(event(body, come_back=True))
                    await hub.listen(place[1], receive, send)
                    return
        await self.app(scope, receive, send)


def event(body: bytes, *, come_back: bool = False) -> Message:
    """An event of a stream."""
    low, high = COME_BACK
    wait = b"retry: %d\n" % (low + secrets.randbelow(high - low)) if come_back else b""
    text = b"%bdata: %b\n\n" % (wait, body)
    return {"type": "http.response.body", "body": text, "more_body": True}


@contextmanager
def closing_with_signals(hub: Hub) -> Iterator[None]:
    """End the streams as soon as the server is told to stop. It would wait for them first, and ask
    the program to close only then.
    """
    loop, before = asyncio.get_running_loop(), {}

    def wrapped(handler: Callable[[int, FrameType | None], Any]) -> Callable[..., None]:
        def stop(number: int, frame: FrameType | None) -> None:
            handler(number, frame)
            loop.call_soon_threadsafe(hub.close)

        return stop

    with suppress(ValueError):  # Not the main thread: whoever started it ends it.
        for number in (signal.SIGTERM, signal.SIGINT):
            handler = signal.getsignal(number)
            if callable(handler) and handler is not signal.default_int_handler:
                before[number] = handler
                signal.signal(number, wrapped(handler))
    try:
        yield
    finally:
        hub.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def _asks_for_stream(scope: Scope) -> bool:
    return any(name == b"accept" and KIND in value for name, value in scope["headers"])


def _taken(send: Send, message: Message) -> bool:
    """Whether the message went out without waiting. Servers make a sender wait when the one before
    was not read.
    """
    step = send(message).__await__()
    try:
        next(step)
    except StopIteration:
        return True
    except Exception:  # The line is broken.
        return False
    step.close()
    return False


def _time() -> float:
    return asyncio.get_running_loop().time()
