"""Who asks: the session of a signed-in person, or the random cookie of a visitor. A GET makes no
row.
"""

from dataclasses import dataclass
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from awards import clock
from awards.accounts.actions import keep_session
from awards.accounts.queries import SignedIn, find_session
from awards.accounts.rules import SEEN_EVERY
from awards.actor import VISITOR, Actor
from awards.config import Config
from awards.signing import random_secret

YEAR = 365 * 24 * 3600


@dataclass
class Visit:
    """What one request knows of its sender. `new_visitor` is set when a form was shown to somebody
    without a cookie.
    """

    session: str = ""
    visitor: str = ""
    signed_in: SignedIn | None = None
    new_visitor: bool = False

    @property
    def binding(self) -> str:
        """The cookie's value that CSRF tokens are bound to. Not the session's: what somebody types
        while their session ends can still be sent once they are back.
        """
        if not self.visitor:
            self.visitor, self.new_visitor = random_secret(), True
        return self.visitor


class VisitMiddleware:
    """Reads the cookies, and gives a visitor one when a form was shown."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self.app = app
        self.config = config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        cookies = Request(scope).cookies
        visit = Visit(
            session=cookies.get(cookie_name("session", self.config), ""),
            visitor=cookies.get(cookie_name("visitor", self.config), ""),
        )
        if visit.session:
            visit.signed_in = await find_session(visit.session)
        scope.setdefault("state", {})["visit"] = visit

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and visit.new_visitor:
                value = cookie("visitor", visit.visitor, self.config, max_age=YEAR)
                MutableHeaders(scope=message).append("set-cookie", value)
            await send(message)

        await self.app(scope, receive, send_with_cookie)
        await _keep(visit.signed_in)


async def _keep(signed_in: SignedIn | None) -> None:
    """After the answer: nobody waits for it, and a page that can be read stays so when nothing can
    be written.
    """
    if signed_in and clock.now() - signed_in.seen_at >= SEEN_EVERY:
        await keep_session(session=signed_in.session)


def cookie_name(name: str, config: Config) -> str:
    """`__Host-` where the site is https: nobody but this host can then set it."""
    return name if config.is_development else f"__Host-{name}"


def cookie(name: str, value: str, config: Config, *, max_age: int | None = None) -> str:
    """A Set-Cookie line with our flags: HttpOnly, Lax, Secure outside development. The value is of
    signs that need no quoting.
    """
    life = "" if max_age is None else f"; Max-Age={max_age}"
    secure = "" if config.is_development else "; Secure"
    return f"{cookie_name(name, config)}={value}; HttpOnly{life}; Path=/; SameSite=lax{secure}"


def set_cookie(
    response: Response, name: str, value: str, config: Config, *, max_age: int | None = None
) -> None:
    """Set one of our cookies."""
    response.headers.append("set-cookie", cookie(name, value, config, max_age=max_age))


def drop_cookie(response: Response, name: str, config: Config) -> None:
    """Take one of our cookies back."""
    set_cookie(response, name, "", config, max_age=0)


def read_cookie(request: Request, name: str) -> str:
    """The value of one of our cookies, or nothing."""
    return request.cookies.get(cookie_name(name, request.app.state.config), "")


def visit(request: Request) -> Visit:
    """What this request knows of its sender."""
    found: Any = request.scope["state"]["visit"]
    assert isinstance(found, Visit)  # noqa: S101 - the middleware stands on every mount of pages
    return found


def person(request: Request) -> SignedIn | None:
    """The signed-in person, if there is one."""
    return visit(request).signed_in


def actor(request: Request) -> Actor:
    """Who acts in this request."""
    signed_in = person(request)
    return signed_in.actor if signed_in else VISITOR
