"""Pages that are the same for everybody, kept as bytes: rendered when something has changed, not
when somebody asks.

What is kept is rendered from a request that holds nothing but what its key names: the address, the
language, the mode, the theme. So nothing of a person can be in it. Whoever has a session, brings a
message, or asks for what no link of ours asks goes on to the ordinary handler.
"""

import asyncio
import gzip
import hashlib
import re
from collections import OrderedDict
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from awards import clock
from awards.audit.queries import last_number
from awards.config import Config
from awards.errors import NotFound
from awards.voting.ballot_box import BallotBox
from awards.web.preferences import CHOICES
from awards.web.sessions import cookie_name

log = structlog.get_logger()

PLACE = re.compile(r"/campaigns/([a-z0-9-]+)")
ONE = r"(?:category|region|order|page)=[a-z0-9-]{0,40}"
ASKED = re.compile(rf"(?:{ONE}(?:&{ONE}){{0,3}})?".encode())
"""What the links and the filters of the page ask for. Whoever searches is answered anew."""
LOOK_EVERY = 1.0
"""Seconds. So long a page may be behind what was changed."""
MOST_BYTES = 16 << 20
MOST_PAGES = 1024
FOR_EVERYBODY = b"private, no-cache"
NOTHING: Message = {"type": "http.response.body", "body": b""}
NO_CHOICES = ("",) * len(CHOICES)
NAMED = {name.encode(): place for place, name in enumerate(CHOICES)}
ALLOWED = [{choice.encode() for choice in allowed} for allowed in CHOICES.values()]
Headers = list[tuple[bytes, bytes]]
Key = tuple[str, bytes, bytes, tuple[str, ...]]
Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A page as it is sent: plain or packed."""

    start: Message
    unchanged: Message
    body: Message
    etag: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A page, and what it was made of."""

    stamp: Stamp
    plain: Form
    packed: Form
    size: int


@dataclass(frozen=True, slots=True)
class Caught:
    """An answer, whole."""

    status: int
    headers: Headers
    body: bytes


class KeptPages:
    """Stands in front of everything."""

    def __init__(self, app: ASGIApp, *, config: Config) -> None:
        self.app = app
        self._own_host = urlsplit(config.base_url).netloc.encode()
        self._personal = {cookie_name(name, config).encode() for name in ("session", "said")}
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._size = 0
        self._stamps: dict[str, tuple[float, Stamp]] = {}
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            if place := PLACE.fullmatch(scope["path"]):
                await self._page(place[1], scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _page(self, slug: str, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self._read(slug, scope)
        if asked is None:
            await self.app(scope, receive, send)
            return
        key, coding, known = asked
        stamp = await self._stamp(slug, scope)
        if stamp is None:
            await self.app(scope, receive, send)
            return
        kept = self._pages.get(key)
        if kept is None or kept.stamp != stamp:
            kept = await self._renewed(key, stamp, scope)
        if kept is None:
            await self.app(scope, receive, send)
            return
        form = kept.packed if b"gzip" in coding else kept.plain
        if known and (form.etag in known or known == b"*"):
            await send(form.unchanged)
            await send(NOTHING)
        else:
            await send(form.start)
            await send(form.body)

    def _read(self, slug: str, scope: Scope) -> tuple[Key, bytes, bytes] | None:
        """Which page is asked for, what the browser can unpack, and what it has already. None for
        a request that is not everybody's.
        """
        host = cookies = coding = known = b""
        for name, value in scope["headers"]:
            if name == b"cookie":
                if cookies:
                    return None
                cookies = value
            elif name == b"accept-encoding":
                coding = value
            elif name == b"if-none-match":
                known = value
            elif name == b"host":
                host = value
        query = scope["query_string"]
        if query and not ASKED.fullmatch(query):
            return None
        choices = _choices(cookies, self._personal) if cookies else NO_CHOICES
        if choices is None:
            return None
        place = self._own_host or scope["scheme"].encode() + b"://" + host
        return (slug, query, place, choices), coding, known

    async def _stamp(self, slug: str, scope: Scope) -> Stamp | None:
        """All that the page is made of, in a few values: the last deed on record, the figures that
        may be shown, the minute. None for a campaign that the public does not know.
        """
        now = clock.now().timestamp()
        at, before = self._stamps.get(slug, (0.0, ()))
        if before and 0 <= now - at < LOOK_EVERY:
            return before
        try:
            stamp = await _made_of(slug, scope["app"].state.ballot_box)
        except NotFound:
            self._stamps.pop(slug, None)
            return None
        except Exception as error:  # The database is away: a page that was kept can still be read.
            log.error("kept pages not compared", exc_info=error)
            return before or None
        if stamp == before:  # The same tuple is compared without looking into it.
            stamp = before
        self._stamps[slug] = (now, stamp)
        return stamp

    async def _renewed(self, key: Key, stamp: Stamp, scope: Scope) -> Kept | None:
        """The page made anew, once for all who wait for it. None when it is not everybody's."""
        async with self._turn:
            kept = self._pages.get(key)
            if kept is None or kept.stamp != stamp:
                kept = self._keep(key, stamp, await self._rendered(key, scope))
        return kept

    async def _rendered(self, key: Key, scope: Scope) -> Caught:
        """The page as the ordinary handler makes it for a request without a sender."""
        _slug, _query, place, choices = key
        named = zip(CHOICES, choices, strict=True)
        cookies = "; ".join(f"{name}={choice}" for name, choice in named if choice)
        host = self._own_host or place.partition(b"://")[2]
        bare = {
            **scope,
            "headers": [(b"host", host), (b"cookie", cookies.encode())],
            "client": None,
            "state": {},
        }
        start: Message = {}
        body = b""

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def catch(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
            else:
                body += message.get("body", b"")

        await self.app(bare, nothing, catch)
        return Caught(start["status"], list(start["headers"]), body)

    def _keep(self, key: Key, stamp: Stamp, caught: Caught) -> Kept | None:
        """Keep what is everybody's; None for what is not."""
        headers = dict(caught.headers)
        is_personal = headers.get(b"cache-control") != FOR_EVERYBODY or b"set-cookie" in headers
        self._drop(key)
        if caught.status != 200 or is_personal:
            return None
        tag = hashlib.sha256(caught.body).hexdigest()[:24].encode()
        small = gzip.compress(caught.body, 6, mtime=0)
        plain = _form(headers, caught.body, b'"%s"' % tag)
        packed = _form(headers | {b"content-encoding": b"gzip"}, small, b'"%s.gz"' % tag)
        kept = Kept(stamp, plain, packed, len(caught.body) + len(small))
        self._pages[key] = kept
        self._size += kept.size
        while self._size > MOST_BYTES or len(self._pages) > MOST_PAGES:
            self._drop(next(iter(self._pages)))
        return kept

    def _drop(self, key: Key) -> None:
        if gone := self._pages.pop(key, None):
            self._size -= gone.size


async def _made_of(slug: str, box: BallotBox) -> Stamp:
    """Raises `NotFound`."""
    now = clock.now()
    paper = await box.papers.find(slug)
    figures = await box.live.figures(paper, now=now)
    shown = None if figures.votes is None else tuple(figures.votes.items())
    return await last_number(), paper.version, shown, now.timestamp() // 60


def _choices(header: bytes, personal: set[bytes]) -> tuple[str, ...] | None:
    """What the reader chose, in the order of `CHOICES`. None where the cookies tell of a person or
    of a choice that nobody offers.
    """
    chosen = list(NO_CHOICES)
    for part in header.split(b";"):
        name, _equals, value = part.strip().partition(b"=")
        if name in personal:
            return None
        if (place := NAMED.get(name)) is not None:
            if value not in ALLOWED[place]:
                return None
            chosen[place] = value.decode()
    return tuple(chosen)


def _form(headers: dict[bytes, bytes], body: bytes, etag: bytes) -> Form:
    said = headers | {
        b"etag": etag,
        b"vary": b"Cookie, Accept-Encoding",
        b"content-length": b"%d" % len(body),
    }
    kept = {name: said[name] for name in (b"etag", b"vary", b"cache-control")}
    return Form(
        start={"type": "http.response.start", "status": 200, "headers": list(said.items())},
        unchanged={"type": "http.response.start", "status": 304, "headers": list(kept.items())},
        body={"type": "http.response.body", "body": body},
        etag=etag,
    )
