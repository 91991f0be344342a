"""X1: whatever is sent, to whatever address, is answered: never with a mistake of ours, never with
a traceback in the log, never not at all.
"""

import asyncio
import contextlib
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import pytest
import structlog
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Message

from awards.bootstrap import ROOT
from awards.config import Config
from awards.signing import Signer, digest
from tests.drills.site import NUMBERS, Poll, Site, add_poll, furnish
from tests.drills.sizes import size
from tests.program import start_program

REQUESTS = size("x1", quick=1_900, ci=9_500, full=1_000_000)
"""In the process, on each engine; and so many over the wire."""
ON_THE_WIRE = size("x1", quick=100, ci=500, full=20_000)
PATIENCE = 10.0
AT_ONCE = 16
PLACE = re.compile(r"{(\w+)(?::(\w+))?}")
FIELD = re.compile(r'name="([a-z_]+)"')
METHODS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "FOO"]
ODD: list[bytes] = [
    b"", b" ", b"\0", b"a\0b", b"%", b"%zz", b"..", b"../../etc/passwd", b"-1", b"0", b"9" * 30,
    b"9" * 5000, b"1e999", b"NaN", b"null", b"true", b"[]", b"{}", b"'\"><script>", b"{{7*7}}",
    b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\xa0\xae\xb7", "望河\u202e\u0000".encode(), b"x" * 3000,
    b"2026-02-30", b"0000-00-00", b"9999-12-31", b"00000000-0000-0000-0000-000000000000",
    b"vt1.", b"vt1.AAAA.BBBB.CCCC", b"=?utf-8?q?x?=", b"\r\nx: y", b"//[", b"http://[x",
    b"\x1f\x8b",
    "１２".encode(), "\u0661".encode(), b"101,102", b"a@b", b"+86 138", b"%00", b"%0d%0a",
    b"~" * 50,
]  # fmt: skip
KINDS = [
    b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded;charset=UTF-8",
    b"application/x-www-form-urlencoded; charset=utf-16", b"multipart/form-data",
    b"multipart/form-data; boundary=B", b"multipart/form-data; boundary=", b"application/json",
    b"application/json; charset=utf-8", b"application/json; charset=utf-32", b"text/plain", b"",
    b"multipart/form-data; boundary=B; charset=punycode", b"\xff/\xff", b"image/svg+xml",
]  # fmt: skip
HEADERS = [
    b"accept", b"accept-language", b"accept-encoding", b"authorization",
    b"cookie", b"host", b"if-modified-since", b"if-none-match", b"origin", b"range", b"referer",
    b"sec-fetch-site", b"user-agent", b"x-forwarded-for", b"last-event-id",
]  # fmt: skip
LINES = [
    b"GET", b"GET /", b"\x16\x03\x01", b"GET http://[ HTTP/1.1", b"GET / HTTP/9.9", b" / HTTP/1.1",
    b"CONNECT a:1 HTTP/1.1",
]  # fmt: skip
SEED = int(time.time()) if REQUESTS > 10_000 else 11
USUAL = {
    b"accept": b"text/html", b"accept-language": b"zh-CN,zh;q=0.9,en;q=0.8",
    b"accept-encoding": b"gzip, br", b"authorization": b"Bearer vt1.x", b"cookie": b"language=en",
    b"range": b"bytes=5-1", b"sec-fetch-site": b"same-origin", b"origin": b"http://haoren.test",
}  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What is sent, in the pieces in which it comes."""

    method: str
    path: bytes
    query: bytes
    headers: list[tuple[bytes, bytes]]
    body: list[bytes]
    leaves: bool


@dataclass
class Fuzz:
    """Requests without end, each of its own number."""

    chance: random.Random
    addresses: list[tuple[str, str]]
    names: list[str]
    slugs: list[str]
    forms: Signer

    def request(self, number: int) -> Request:
        chance = self.chance
        address, method = self.addresses[number % len(self.addresses)]
        path = self._path(address)
        headers = [
            (name, self._value(name)) for name in chance.sample(HEADERS, chance.randint(0, 5))
        ]
        body, kind = self._body()
        if chance.random() < 0.9:
            headers.append((b"content-type", kind))
        if chance.random() < 0.5:
            headers = [each for each in headers if each[0] not in (b"cookie", b"origin", b"host")]
            headers += [(b"cookie", b"visitor=v; vote=" + self._odd()), (b"host", b"haoren.test")]
        cuts = sorted(chance.randrange(len(body) + 1) for _each in range(chance.choice([0, 0, 2])))
        pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
        query = self._query() if chance.random() < 0.4 else b""
        if chance.random() < 0.1:
            method = chance.choice(METHODS)
        return Request(method, path, query, headers, pieces, chance.random() < 0.03)

    def _path(self, address: str) -> bytes:
        def fill(found: re.Match[str]) -> str:
            if self.chance.random() < 0.4:
                return str(self.chance.choice(NUMBERS))
            if found[1] == "slug" and self.chance.random() < 0.7:
                return self.chance.choice(self.slugs)
            return quote(self._odd(), safe="/." if found[2] == "path" else "")

        filled = PLACE.sub(fill, address).encode("ascii")
        return filled + (self._odd_path() if self.chance.random() < 0.05 else b"")

    def _odd_path(self) -> bytes:
        return quote(self._odd()).encode("ascii")

    def _odd(self) -> bytes:
        chance = self.chance
        if chance.random() < 0.2:
            return chance.randbytes(chance.randint(1, 40))
        return chance.choice(ODD)

    def _value(self, name: bytes) -> bytes:
        usual = USUAL.get(name)
        value = usual if usual and self.chance.random() < 0.6 else self._odd()
        return bytes(byte for byte in value if byte > 31 and byte != 127)

    def _form(self) -> bytes:
        chance = self.chance
        fields = [b"csrf_token=" + self._proof()] if chance.random() < 0.6 else []
        for _each in range(chance.randint(0, 8)):
            name = chance.choice(self.names).encode() if chance.random() < 0.9 else self._odd()
            value = self._odd()
            fields.append(name + b"=" + (value if chance.random() < 0.3 else quote(value).encode()))
        return b"&".join(fields)

    def _query(self) -> bytes:
        """What is not ASCII in an address the server has refused before."""
        return b"".join(
            b"%c" % byte if 32 < byte < 127 else b"%%%02X" % byte for byte in self._form()
        )

    def _proof(self) -> bytes:
        """A token that belongs to this browser, so that what comes behind it is reached."""
        browser = digest("v").hex()
        signed: bytes = self.forms.sign(f"{browser}.x")
        return signed.removeprefix(browser.encode() + b".")

    def _body(self) -> tuple[bytes, bytes]:
        chance = self.chance
        kind = chance.choice(KINDS)
        if kind.startswith(b"multipart") and chance.random() < 0.8:
            return self._parts(), kind
        if kind.startswith(b"application/json"):
            return self._json(), kind
        return (self._form() if chance.random() < 0.8 else self._odd()), kind

    def _parts(self) -> bytes:
        parts = [
            b'--B\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + self._proof()
        ]
        for _each in range(self.chance.randint(0, 5)):
            file = b'; filename="' + self._odd() + b'"' if self.chance.random() < 0.4 else b""
            name = self.chance.choice(self.names).encode()
            head = b'--B\r\nContent-Disposition: form-data; name="' + name + b'"' + file
            parts.append(head + b"\r\n\r\n" + self._odd())
        end = self.chance.choice([b"\r\n--B--\r\n", b"\r\n--B", b""])
        return b"\r\n".join(parts) + end

    def _json(self) -> bytes:
        chance = self.chance
        return chance.choice([
            b'{"choices":[%s],"day":"%s"}' % (self._odd(), self._odd()),
            b'{"choices":[101],"slot":%s}' % self._odd(),
            b'{"choices":[%s]}' % b",".join([b"101"] * chance.randint(0, 2000)),
            b'{"code":"%s"}' % self._odd(),
            b'{"code":%s}' % self._odd(),
            b"[" * 20_000,
            b'{"choices":' * 900,
            b'\xff\xfe{"choices":[101]}',
            self._odd(),
        ])  # fmt: skip


def addresses(routes: Sequence[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Every address on the map, with its places, and a method that it takes."""
    for route in routes:
        if isinstance(route, Mount):
            if route.routes:
                yield from addresses(route.routes, before + route.path)
            else:
                yield f"{before}{route.path}/{{path:path}}", "GET"
        elif isinstance(route, Route):
            for method in sorted((route.methods or {"GET"}) - {"HEAD"}):
                yield before + route.path, method


async def send(app: Starlette, request: Request) -> int:
    """Hand the request over as the server does; the status of the answer, 0 if nobody waited."""
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "method": request.method, "path": unquote(request.path.decode("ascii")),
        "raw_path": request.path, "query_string": request.query, "root_path": "",
        "headers": request.headers, "client": ("127.0.0.1", 50000), "server": ("haoren.test", 80),
    }  # fmt: skip
    coming, status = list(request.body), 0

    async def receive() -> Message:
        if coming:
            piece = coming.pop(0)
            if not coming and request.leaves:
                return {"type": "http.disconnect"}
            return {"type": "http.request", "body": piece, "more_body": bool(coming)}
        await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def answer(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]

    async with asyncio.timeout(PATIENCE):
        await app(scope, receive, answer)
    return status


def fuzz_of(app: Starlette, config: Config, poll: Poll) -> Fuzz:
    """Requests to every address of the map."""
    names = sorted({
        name for path in (ROOT / "templates").rglob("*.html")
        for name in FIELD.findall(path.read_text(encoding="utf-8"))
    })  # fmt: skip
    everywhere = [each for each in addresses(app.routes) if not each[0].startswith("/dev/")]
    slugs = [poll.slug, "nowhere", "about"]
    chance = random.Random(SEED)  # noqa: S311 - to be repeated
    return Fuzz(chance, everywhere, names, slugs, Signer(config.signing_keys, "form"))


@pytest.mark.x1
# Starlette leaves the files of a form that breaks off to the garbage collector, which closes them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
async def test_whatever_is_sent_is_answered(app: Starlette, config: Config) -> None:
    fuzz = fuzz_of(app, config, await add_poll(config))
    seen: Counter[int] = Counter()
    wrong: list[str] = []
    started = time.monotonic()
    with structlog.testing.capture_logs() as lines:
        for number in range(REQUESTS):
            request = fuzz.request(number)
            try:
                status = await send(app, request)
            except TimeoutError:
                wrong.append(f"hangs: {request}")
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {request}")
            else:
                seen[status] += 1
                if status >= 500 and status != 503:
                    wrong.append(f"{status}: {request}")
            told = [line for line in lines if "exception" in line or line["event"] == "unexpected"]
            if told:
                wrong.append(f"{told[0]}: {request}")
            lines.clear()
            if len(wrong) > 5:
                break

    took = time.monotonic() - started
    print(
        f"seed {SEED}: {sum(seen.values())} requests to {len(fuzz.addresses)} addresses, "
        f"{took:.0f} s"
    )
    print(dict(sorted(seen.items())))
    assert not wrong, "\n".join(each[:2000] for each in wrong)
    assert {200, 303, 404, 405, 422} <= set(seen)


def on_the_wire(chance: random.Random, request: Request) -> bytes:
    """The request as bytes, and some of them wrong."""
    body = b"".join(request.body)
    target = request.path + (b"?" + request.query if request.query else b"")
    lines = [b"%s %s HTTP/1.1" % (request.method.encode(), target)]
    lines += [b"%s: %s" % header for header in request.headers]
    lines += [b"connection: close", b"content-length: %d" % len(body)]
    spoil = chance.choice(
        ["", "", "bytes", "bytes", "cut", "length", "chunks", "head", "line", "feeds", "twice"]
    )
    if spoil == "length":
        lines[-1] = b"content-length: " + chance.choice([b"-1", b"1e3", b"9" * 30, b"", b"0, 5"])
    if spoil == "chunks":
        lines[-1] = b"transfer-encoding: chunked"
        body = b"%s\r\n%s\r\n0\r\n\r\n" % (chance.choice([b"5", b"-5", b"fffffffff", b"x"]), body)
    if spoil == "head":
        lines.append(b"x: " + b"y" * chance.choice([9_000, 70_000, 200_000]))
    if spoil == "line":
        lines[0] = chance.choice(LINES)
    if spoil == "twice":
        lines += [lines[-1], b"transfer-encoding: chunked", b"content-length: 1"]
    raw = (b"\n" if spoil == "feeds" else b"\r\n").join([*lines, b"", b""]) + body
    if spoil == "cut":
        raw = raw[: chance.randrange(len(raw))]
    if spoil == "bytes":
        changed = bytearray(raw)
        for _each in range(chance.choice([1, 1, 4, 40])):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        raw = bytes(changed)
    return raw


async def ask(port: int, raw: bytes) -> bytes:
    """What came back before the connection closed. Who waits for more of us is told that there is
    none.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(PATIENCE):
            with contextlib.suppress(ConnectionError):
                writer.write(raw)
                await writer.drain()
                with contextlib.suppress(TimeoutError):
                    return await asyncio.wait_for(reader.read(), 0.5)
                writer.write_eof()
                return await reader.read()
            return b""
    finally:
        writer.transport.abort()


@pytest.mark.x1
async def test_whatever_comes_over_the_wire_is_answered(config: Config) -> None:
    poll, site = await furnish(config), Site(config)
    chance = random.Random(SEED)  # noqa: S311 - to be repeated
    fuzz = fuzz_of(start_program(config, with_jobs=False), config, poll)
    left, seen, wrong = list(range(ON_THE_WIRE)), Counter[int](), list[str]()

    async def send_some() -> None:
        while left and len(wrong) < 5:
            raw = on_the_wire(chance, fuzz.request(left.pop()))
            try:
                found = re.match(rb"HTTP/1\.[01] (\d{3}) ", await ask(site.port, raw))
            except TimeoutError:
                wrong.append(f"hangs: {raw!r}")
            else:
                status = int(found[1]) if found else 0
                seen[status] += 1
                if status >= 500 and status != 503:
                    wrong.append(f"{status}: {raw!r}")

    try:
        await site.start()
        await asyncio.gather(*(send_some() for _each in range(AT_ONCE)))
        await site.ready()
    finally:
        site.stop()

    print(f"seed {SEED}: {sum(seen.values())} over the wire: {dict(sorted(seen.items()))}")
    assert not wrong, "\n".join(each[:2000] for each in wrong)
    assert {200, 400, 404} <= set(seen)
    said = site.log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in said and "unexpected" not in said, site.said(40)
