"""The quick way of a vote: past the map and everything that pages need, straight to the ballot box.

It takes what a browser or a program plainly sends and answers what was kept. Everything else, every
refusal too, goes on to the ordinary handler, which does the same with care and explains itself: a
vote sent twice is one vote.
"""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from awards.errors import Refused
from awards.web.api.shapes import BallotShape
from awards.web.csrf import FIELD, is_token_of
from awards.web.guards import source_of
from awards.web.headers import headers_for
from awards.web.sessions import cookie, cookie_name
from awards.web.vote import (
    RECEIPT,
    RECEIPT_FOR,
    TOKEN,
    SentVote,
    choices_in,
    day_in,
    slot_in,
    take_vote,
    write_receipt,
)

PLACE = re.compile(r"(/api/v1)?/campaigns/([a-z0-9-]+)/ballots")
MOST_BYTES = 16 << 10
FORM = (b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded;charset=UTF-8")
JSON = (b"application/json", b"application/json; charset=utf-8")
Headers = dict[bytes, bytes]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


class QuickVotes:
    """Stands in front of everything."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        kept = headers_for(https=https) | {"cache-control": "private, no-store"}
        self.headers = [(name.encode(), value.encode()) for name, value in kept.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            if place := PLACE.fullmatch(scope["path"]):
                await self._vote(scope, receive, send, of=place)
                return
        await self.app(scope, receive, send)

    async def _vote(self, scope: Scope, receive: Receive, send: Send, *, of: re.Match[str]) -> None:
        read = await receive()
        answer = None
        if read["type"] == "http.request" and not read.get("more_body"):
            body = read.get("body", b"")
            if len(body) <= MOST_BYTES:
                take = _of_program if of[1] else _of_browser
                # What goes wrong here goes wrong there again, and is told there.
                with suppress(Exception):
                    answer = await take(scope, of[2], body)
        if answer is None:
            await self.app(scope, _again(read, receive), send)
            return
        status, headers, body = answer
        length = (b"content-length", b"%d" % len(body))
        await send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*headers, length, *self.headers],
            }
        )
        await send({"type": "http.response.body", "body": body})


async def _of_browser(scope: Scope, slug: str, body: bytes) -> Answer | None:
    """A form of ours, with the cookies of the browser that we gave it to."""
    headers: Headers = dict(scope["headers"])
    state, cookies = scope["app"].state, _cookies(headers.get(b"cookie", b""))
    config = state.config
    if headers.get(b"content-type") not in FORM or not _is_own(headers, scope, config.base_url):
        return None
    form = _form(body)
    binding = cookies.get(cookie_name("visitor", config), "")
    token = form.get(FIELD, [""])[0]
    if not binding or not is_token_of(state.forms, binding, token):
        return None
    sent = SentVote(
        cookies.get(cookie_name(TOKEN, config), ""),
        choices_in([*form.get("choice", ()), *form.get("candidate", ())]),
        day_in(form.get("day", [""])[0]),
        slot_in(form.get("slot", ["1"])[0]),
        source_of(scope),
    )
    try:
        receipt = await take_vote(state.ballot_box, state.gate, slug, sent, source="web")
    except Refused:
        return None
    kept = cookie(
        RECEIPT, write_receipt(state.receipts, receipt, slug), config, max_age=RECEIPT_FOR
    )
    there = f"/receipts/{receipt.tracker}"
    return 303, [(b"location", there.encode()), (b"set-cookie", kept.encode())], b""


async def _of_program(scope: Scope, slug: str, body: bytes) -> Answer | None:
    """JSON with a Bearer token; cookies count for nothing here."""
    headers: Headers = dict(scope["headers"])
    scheme, _space, token = headers.get(b"authorization", b"").partition(b" ")
    if scheme != b"Bearer" or headers.get(b"content-type") not in JSON:
        return None
    try:
        shape = BallotShape.model_validate_json(body)
    except ValidationError:
        return None
    state, network = scope["app"].state, source_of(scope)
    sent = SentVote(token.decode("latin-1"), shape.choices, shape.day, shape.slot, network)
    try:
        receipt = await take_vote(state.ballot_box, state.gate, slug, sent, source="api")
    except Refused:
        return None
    status = 201 if receipt.is_new else 200
    said = b'{"receipt":{"tracker":"%s","day":"%s"}}'
    answer = said % (receipt.tracker.encode(), f"{receipt.day}".encode())
    return status, [(b"content-type", b"application/json")], answer


def _is_own(headers: Headers, scope: Scope, base_url: str) -> bool:
    """Whether the browser says that our own page sent this."""
    if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return False
    origin = headers.get(b"origin")
    own = base_url.encode() or scope["scheme"].encode() + b"://" + headers.get(b"host", b"")
    return origin is None or origin == own


def _cookies(header: bytes) -> dict[str, str]:
    """Our own cookies hold nothing that is quoted."""
    pairs = (each.partition("=") for each in header.decode("latin-1").split("; "))
    return {name: value for name, _equals, value in pairs}


def _form(body: bytes) -> dict[str, list[str]]:
    """The fields of a form. Most hold nothing that was escaped."""
    text = body.decode("latin-1")
    if "%" in text or "+" in text or not text.isascii():
        pairs = parse_qsl(text, keep_blank_values=True)
    else:
        pairs = [(name, value) for name, _, value in (e.partition("=") for e in text.split("&"))]
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def _again(read: Message, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """Let the body that was read be read once more."""
    waiting = [read]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
