"""Headers on every answer: what a browser may do with our pages."""

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types haoren",
    )
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
PRIVATE = re.compile(
    r"/(nominations|consents|receipts|booth|arrivals|sign-in|sign-out|account|judge|admin)(/|$)"
    r"|/campaigns/[^/]+/(nominations|verifications|departures|tokens)(/|$)"
)
"""Addresses that belong to one person. Whatever is answered there, a refusal too, nobody keeps and
no search engine lists.
"""
ALONE = {"cache-control": "private, no-store", "x-robots-tag": "noindex"}
HSTS = "max-age=31536000; includeSubDomains"


def headers_for(*, https: bool) -> dict[str, str]:
    """What every answer says to the browser."""
    return {**HEADERS, "strict-transport-security": HSTS} if https else HEADERS


class SecurityHeaders:
    """Adds the headers; a handler that set one of them itself keeps its own."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = headers_for(https=https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if PRIVATE.match(scope["path"]):
                    headers.update(ALONE)
            await send(message)

        await self.app(scope, receive, send_with_headers)
