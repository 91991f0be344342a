"""The quick way of a vote: past the map and everything that pages need, straight to the ballot box.

It takes what a browser or a program plainly sends and answers what was kept. Everything else, every
refusal too, goes on to the ordinary handler, which does the same with care and explains itself: a
vote sent twice is one vote.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from awards.config import Config
from awards.errors import Busy, Refused
from awards.signing import Signer
from awards.voting.ballot_box import BallotBox
from awards.voting.gate import Gate
from awards.web.api.shapes import BallotShape
from awards.web.busy import BusyPages
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
NONE, FIRST = [""], ["1"]
Headers = dict[bytes, bytes]
Form = dict[str, list[str]]
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]


@dataclass(frozen=True)
class Hall:
    """What a vote needs on its way."""

    config: Config
    box: BallotBox
    gate: Gate
    busy: BusyPages
    forms: Signer
    receipts: Signer


class QuickVotes:
    """Stands in front of everything."""

    def __init__(self, app: ASGIApp, hall: Hall) -> None:
        self.app = app
        self.hall = hall
        self.base_url = hall.config.base_url.encode()
        self.visitor, self.token = (cookie_name(name, hall.config) for name in ("visitor", TOKEN))
        kept = headers_for(https=not hall.config.is_development)
        kept["cache-control"] = "private, no-store"
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
                take = self._of_program if of[1] else self._of_browser
                try:
                    answer = await take(scope, of[2], body)
                except Exception:  # noqa: S110 - it goes wrong there again, and is told there
                    pass
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

    async def _of_browser(self, scope: Scope, slug: str, body: bytes) -> Answer | None:
        """A form of ours, with the cookies of the browser that we gave it to."""
        headers: Headers = dict(scope["headers"])
        if headers.get(b"content-type") not in FORM or not _is_own(headers, scope, self.base_url):
            return None
        hall, form, cookies = self.hall, _form(body), _cookies(headers.get(b"cookie", b""))
        if hall.box.is_full:  # Before anything that costs time, which is what is short.
            return _not_now(hall, scope, form, cookies)
        binding = cookies.get(self.visitor, "")
        if not binding or not is_token_of(hall.forms, binding, form.get(FIELD, NONE)[0]):
            return None
        sent = SentVote(
            cookies.get(self.token, ""),
            choices_in(form.get("choice", []) + form.get("candidate", [])),
            day_in(form.get("day", NONE)[0]),
            slot_in(form.get("slot", FIRST)[0]),
            source_of(scope),
        )
        try:
            receipt = await take_vote(hall.box, hall.gate, slug, sent, source="web")
        except Busy:
            return _not_now(hall, scope, form, cookies)
        except Refused:
            return None
        text = write_receipt(hall.receipts, receipt, slug)
        kept = cookie(RECEIPT, text, hall.config, max_age=RECEIPT_FOR)
        there = f"/receipts/{receipt.tracker}"
        return 303, [(b"location", there.encode()), (b"set-cookie", kept.encode())], b""

    async def _of_program(self, scope: Scope, slug: str, body: bytes) -> Answer | None:
        """JSON with a Bearer token; cookies count for nothing here."""
        headers: Headers = dict(scope["headers"])
        scheme, _space, token = headers.get(b"authorization", b"").partition(b" ")
        if scheme != b"Bearer" or headers.get(b"content-type") not in JSON:
            return None
        try:
            shape = BallotShape.model_validate_json(body)
        except ValidationError:
            return None
        source = source_of(scope)
        sent = SentVote(token.decode("latin-1"), shape.choices, shape.day, shape.slot, source)
        try:
            receipt = await take_vote(self.hall.box, self.hall.gate, slug, sent, source="api")
        except Refused:
            return None
        status = 201 if receipt.is_new else 200
        said = b'{"receipt":{"tracker":"%s","day":"%s"}}'
        answer = said % (receipt.tracker.encode(), f"{receipt.day}".encode())
        return status, [(b"content-type", b"application/json")], answer


def _not_now(hall: Hall, scope: Scope, form: Form, cookies: dict[str, str]) -> Answer:
    return hall.busy.answer(cookies.get("language", ""), action=scope["path"], form=form)


def _is_own(headers: Headers, scope: Scope, base_url: bytes) -> bool:
    """Whether the browser says that our own page sent this."""
    if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return False
    origin = headers.get(b"origin")
    own = base_url or scope["scheme"].encode() + b"://" + headers.get(b"host", b"")
    return origin is None or origin == own


def _cookies(header: bytes) -> dict[str, str]:
    """Our own cookies hold nothing that is quoted."""
    found = {}
    for each in header.decode("latin-1").split("; "):
        name, _equals, value = each.partition("=")
        found[name] = value
    return found


def _form(body: bytes) -> Form:
    """The fields of a form. Most hold nothing that was escaped."""
    text = body.decode("latin-1")
    if "%" in text or "+" in text or not text.isascii():
        pairs = parse_qsl(text, keep_blank_values=True)
    else:
        pairs = [(name, value) for name, _, value in (e.partition("=") for e in text.split("&"))]
    form: Form = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def _again(read: Message, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """Let the body that was read be read once more."""
    waiting = [read]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again
