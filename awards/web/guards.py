"""Who may open a page of staff. Whether the deed itself is allowed, the action asks again."""

from collections.abc import Callable
from functools import lru_cache, wraps
from ipaddress import IPv4Address, IPv6Network, ip_address
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from awards.actor import Role
from awards.errors import Forbidden
from awards.web.csrf import Handler, SignedOut
from awards.web.render import go, here
from awards.web.sessions import actor, person


def staff(*roles: Role, everywhere: bool = False) -> Callable[[Handler], Handler]:
    """Only for people who hold one of the roles, in whichever campaign; with `everywhere` only for
    those who hold it for the whole site. No roles: for anybody signed in.
    """

    def guard(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request) -> Response:
            if person(request) is None:
                if request.method == "POST":
                    raise SignedOut()
                there = request.app.url_path_for("account:sign_in")
                return go(request, f"{there}?back={quote(here(request))}")
            by = actor(request)
            if roles and not (by.may(*roles) if everywhere else by.roles.intersection(roles)):
                raise Forbidden()
            return await handler(request)

        guarded.roles = roles  # type: ignore[attr-defined]  # the authorisation table reads them
        return guarded

    return guard


def source(request: Request) -> str:
    """The sender's network, for limits."""
    return source_of(request.scope)


def source_of(scope: Scope) -> str:
    """The sender's network, for limits. Behind a proxy uvicorn has already put the real address
    here. Of IPv6 the /64: one household has that many addresses.
    """
    client = scope.get("client")
    host = str(client[0]) if client else "unknown"
    return _network(host) if ":" in host else host


@lru_cache(maxsize=4096)
def _network(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return host
    return str(address.ipv4_mapped or IPv6Network((address, 64), strict=False))
