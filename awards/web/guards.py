"""Who may open a page of staff. Whether the deed itself is allowed, the action asks again."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from awards.actor import Role
from awards.errors import Forbidden
from awards.web.csrf import Handler
from awards.web.render import go
from awards.web.sessions import actor, person


def staff(*roles: Role) -> Callable[[Handler], Handler]:
    """Only for people who hold one of the roles, in whichever campaign. No roles: for anybody
    signed in.
    """

    def guard(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: Request) -> Response:
            if person(request) is None:
                back = request.url.path if request.method == "GET" else "/"
                return go(
                    request, f"{request.app.url_path_for('account:sign_in')}?back={quote(back)}"
                )
            if roles and not actor(request).roles.intersection(roles):
                raise Forbidden()
            return await handler(request)

        guarded.roles = roles  # type: ignore[attr-defined]  # the authorisation table reads them
        return guarded

    return guard


def source(request: Request) -> str:
    """The sender's network address, for limits. Behind a proxy uvicorn has already put the real one
    here.
    """
    return request.client.host if request.client else "unknown"
