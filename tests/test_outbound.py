import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

import httpx
import pytest

from awards import outbound
from awards.outbound import MOST_BYTES, Answer, Outbound, Unanswered, Unreached, is_public


@dataclass
class Neighbour:
    """A server on this machine, and what it was sent."""

    answer: bytes
    port: int = 0
    heard: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def neighbour(answer: bytes) -> AsyncIterator[Neighbour]:
    there = Neighbour(answer)

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there.heard.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(there.answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    there.port = server.sockets[0].getsockname()[1]
    async with server:
        yield there


def ok(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def test_a_server_inside_is_asked_where_the_operator_says_so() -> None:
    async with neighbour(ok(b'{"code": "OK"}')) as there:
        url = f"http://localhost:{there.port}/sms"

        answer = await Outbound(inside=True).ask(httpx.Request("POST", url, content=b"x"))

    assert answer == Answer(200, b'{"code": "OK"}')
    assert answer.fields == {"code": "OK"}
    assert f"host: localhost:{there.port}".encode() in there.heard[0].lower()


async def test_all_addresses_of_a_name_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    async def two(_host: str, _port: int) -> list[object]:
        return [ip_address("::1"), ip_address("127.0.0.1")]

    monkeypatch.setattr(outbound, "addresses", two)
    async with neighbour(ok(b"here")) as there:
        url = f"http://gateway.example:{there.port}/"

        answer = await Outbound(inside=True).ask(httpx.Request("POST", url, content=b"words"))

    assert answer.body == b"here"
    assert f"host: gateway.example:{there.port}".encode() in there.heard[0].lower()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "10.0.0.7", "169.254.169.254"])
async def test_addresses_of_our_own_network_are_not_asked(host: str) -> None:
    async with neighbour(ok(b"")) as there:
        with pytest.raises(Unreached):
            await Outbound().ask(httpx.Request("GET", f"https://{host}:{there.port}/"))

    assert there.heard == []


async def test_only_https_is_asked() -> None:
    with pytest.raises(Unreached, match="https"):
        await Outbound().ask(httpx.Request("GET", "http://example.com/"))


async def test_a_name_that_leads_nowhere_is_unreached() -> None:
    with pytest.raises(Unreached):
        await Outbound(inside=True).ask(httpx.Request("GET", "http://nowhere.invalid/"))


async def test_a_detour_is_not_taken() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://localhost/\r\nContent-Length: 0\r\n\r\n"
    async with neighbour(moved) as there:
        url = f"http://localhost:{there.port}/"

        answer = await Outbound(inside=True).ask(httpx.Request("GET", url))

    assert (answer.status, len(there.heard)) == (302, 1)


async def test_an_answer_that_does_not_end_is_none() -> None:
    async with neighbour(ok(b"x" * (MOST_BYTES + 1))) as there:
        url = f"http://localhost:{there.port}/"

        with pytest.raises(Unanswered):
            await Outbound(inside=True).ask(httpx.Request("GET", url))


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        (httpx.ConnectTimeout("late"), Unreached),
        (httpx.ReadTimeout("late"), Unanswered),
        (httpx.RemoteProtocolError("cut"), Unanswered),
    ],
)
async def test_whether_something_may_have_been_done_is_told_apart(
    error: httpx.HTTPError, wanted: type[Exception]
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(wanted):
        await Outbound(transport=httpx.MockTransport(fail)).ask(
            httpx.Request("POST", "https://gateway.example/")
        )


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"\xff", b"[" * 60_000])
def test_what_is_no_object_has_no_fields(body: bytes) -> None:
    assert Answer(200, body).fields == {}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("127.0.0.1", False),
        ("100.64.0.1", False), ("192.168.1.1", False), ("224.0.0.1", False),
        ("::1", False), ("fe80::1", False), ("fd00::1", False), ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True), ("2002:7f00:1::", False), ("255.255.255.255", False),
    ],
)  # fmt: skip
def test_public_addresses(text: str, wanted: bool) -> None:
    assert is_public(ip_address(text)) is wanted
