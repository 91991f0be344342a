"""In which language a program is answered: that of its `Accept-Language`, else the default."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from awards.errors import Refused
from awards.i18n import speaking
from awards.web.errors import http_error, refused
from awards.web.surroundings import asked_language

Handler = Callable[[Request], Awaitable[Response]]


def speaks(handler: Handler) -> Handler:
    """Let the handler, and what it refuses, speak the program's language."""

    @wraps(handler)
    async def speaking_handler(request: Request) -> Response:
        with speaking(asked_language(request.headers.get("accept-language", ""))):
            try:
                return await handler(request)
            except Refused as error:
                return await refused(request, error)
            except HTTPException as error:
                return await http_error(request, error)

    return speaking_handler
