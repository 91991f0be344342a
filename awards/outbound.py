"""Asking other people's servers: at public addresses alone, without detours, within bounds.

What is asked is built by the caller as an `httpx.Request`. The host is looked up once, every
address that it has is checked, and the one that was checked is the one that is used, so that a name
can't point elsewhere a moment later.
"""

import asyncio
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from json import JSONDecodeError, loads
from typing import Any

import httpx

PATIENCE = 5.0
"""Seconds for each step: to connect, to send, to hear the next bytes."""
PATIENCE_IN_ALL = 15.0
MOST_BYTES = 64 * 1024


class Unreached(Exception):
    """Nothing was asked: the server can't be reached, or may not be. The same may be sent again."""


class Unanswered(Exception):
    """It was asked, and no whole answer came: what was asked for may have been done."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; an empty one when it is none."""
        try:
            found = loads(self.body)
        except (JSONDecodeError, UnicodeDecodeError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class Outbound:
    """The way out. `inside` also lets addresses of one's own network be asked: the operator's word
    for a server of theirs. `transport` is for tests.
    """

    def __init__(
        self, *, inside: bool = False, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._inside = inside
        self._transport = transport

    async def ask(self, request: httpx.Request) -> Answer:
        """Send this, follow nothing, read a bounded answer. Raises `Unreached`, `Unanswered`."""
        if request.url.scheme != "https" and not self._inside:
            raise Unreached("only https is asked")
        transport = self._transport or Checked(inside=self._inside)
        # The environment is not asked for a proxy: it would choose the address in our place.
        client = httpx.AsyncClient(transport=transport, timeout=PATIENCE, trust_env=False)
        try:
            async with asyncio.timeout(PATIENCE_IN_ALL), client:
                request.extensions.setdefault("timeout", client.timeout.as_dict())
                return await _read(await client.send(request, stream=True))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise Unreached(f"{request.url.host}: {error or type(error).__name__}") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unanswered(f"{request.url.host}: {type(error).__name__}") from error


class Checked(httpx.AsyncBaseTransport):
    """Connects to the address that it has checked, in the name of the host."""

    def __init__(self, *, inside: bool) -> None:
        self._inside = inside
        self._wire = httpx.AsyncHTTPTransport(verify=_certificates(), trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        found = await addresses(host, request.url.port or 443)
        if not self._inside and not all(is_public(each) for each in found):
            raise httpx.ConnectError(f"{host} is no public address")
        request.extensions["sni_hostname"] = host
        for address in found[:-1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._at(address, request)
        return await self._at(found[-1], request)

    async def _at(
        self, address: IPv4Address | IPv6Address, request: httpx.Request
    ) -> httpx.Response:
        request.url = request.url.copy_with(host=str(address))
        return await self._wire.handle_async_request(request)

    async def aclose(self) -> None:
        await self._wire.aclose()


async def addresses(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    """Where this name leads. Raises `httpx.ConnectError` for one that leads nowhere."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise httpx.ConnectError("there is no such name") from None
    return [ip_address(str(each[4][0]).partition("%")[0]) for each in found]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is an address of the open net, whatever way it is written in."""
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (mapped is None or is_public(mapped))


async def _read(response: httpx.Response) -> Answer:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise httpx.ReadError("the answer is too long")
    return Answer(response.status_code, body)


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that we trust: reading them takes as long as a whole request."""
    return httpx.create_ssl_context(trust_env=False)
