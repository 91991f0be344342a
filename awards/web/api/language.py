"""In which language a program is answered: that of its `Accept-Language`, else the default."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from awards.errors import Refused
from awards.i18n import DEFAULT, speaking
from awards.web.errors import http_error, refused

Handler = Callable[[Request], Awaitable[Response]]
SPOKEN = {"en": "en", "zh": "zh-Hans"}


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


def asked_language(header: str) -> str:
    """The first language of the header that we speak."""
    for part in header.split(","):
        tag = part.partition(";")[0].strip().lower().partition("-")[0]
        if tag in SPOKEN:
            return SPOKEN[tag]
    return DEFAULT
