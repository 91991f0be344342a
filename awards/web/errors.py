"""How a refusal or a failure is said: a page for people, a problem document (RFC 9457) for
programs.
"""

import secrets
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from awards.db import is_away
from awards.errors import Busy, Conflict, Forbidden, Invalid, NotFound, Refused, TooMany, Unproven
from awards.i18n import language, speaking, translate
from awards.i18n import mark as _
from awards.web.csrf import FIELD, SignedOut, StaleForm
from awards.web.forms import said
from awards.web.render import here, page
from awards.web.surroundings import asked_language, chosen_language

log = structlog.get_logger()

STATUS: dict[type[Refused], int] = {
    SignedOut: 401, StaleForm: 403, Unproven: 401, Forbidden: 403, NotFound: 404, Conflict: 409,
    Invalid: 422, TooMany: 429, Busy: 503,
}  # fmt: skip
UNREADABLE = _("We could not read this request. Please go back and try again.")
SENTENCES = {
    404: _("We can’t find this page. Your votes and drafts are safe."),
    405: _("This page can’t be used that way. Please start from the page before."),
    413: _(
        "What you sent is too large. Choose fewer or smaller photos; your words are "
        "still on the page before."
    ),
}
SENTENCES_FOR_PROGRAMS = {
    400: _("The body is not JSON that we can read."),
    404: _("There is nothing at this address."),
    405: _("This address does not take this method. The Allow header names those it does."),
    413: _("The body is too large."),
    415: _("The body has to be JSON. Send it with the content type application/json."),
}
NEVER_ECHOED = (FIELD, "password", "again", "code")


class Failures:
    """Turns a bug into an answer. It stands inside of what adds headers to answers, so that this
    one gets them too.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched_send)
        except ClientDisconnect:
            return  # In the middle of what they sent: nobody waits for an answer.
        except Exception as error:
            request = Request(scope, receive)
            response = await (unavailable if is_away(error) else unexpected)(request, error)
            if not has_begun:  # Else the answer is out, and this came after it.
                await response(scope, receive, send)


def status_of(refused: Refused) -> int:
    """The one status of a kind of refusal."""
    return next((STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS), 403)


async def refused(request: Request, error: Exception) -> Response:
    """A rule or an action said no."""
    assert isinstance(error, Refused)  # noqa: S101 - Starlette hands over what was registered
    if isinstance(error, StaleForm) and not is_api(request):
        return await _send_again(request, error)
    response = _answer(request, status_of(error), error.code, said(error))
    if isinstance(error, TooMany | Busy):
        response.headers["retry-after"] = str(error.seconds)
    return response


async def http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: no route, wrong method, too large."""
    assert isinstance(error, HTTPException)  # noqa: S101
    with _speaking(request):
        sentences = SENTENCES_FOR_PROGRAMS if is_api(request) else SENTENCES
        sentence = translate(sentences.get(error.status_code, UNREADABLE))
        response = _answer(request, error.status_code, f"http.{error.status_code}", sentence)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def unavailable(request: Request, error: Exception) -> Response:
    """The database can't be reached or written. It is no bug, and the same may be sent again."""
    log.error("database away", method=request.method, kind=type(error).__name__)
    busy = Busy()
    with _speaking(request):
        say = problem if is_api(request) else partial(_bare, request)
        response = say(503, busy.code, said(busy))
    response.headers["retry-after"] = str(busy.seconds)
    return response


async def unexpected(request: Request, error: Exception) -> Response:
    """A bug, logged once, under an id that the person can name."""
    error_id = secrets.token_hex(3).upper()
    log.error("unexpected", error_id=error_id, method=request.method, exc_info=error)
    with _speaking(request):
        sentence = translate(
            _("Our mistake, and we have noted it ({id}). Please come back shortly.")
        ).format(id=error_id)
        return _answer(request, 500, "internal", sentence, error_id=error_id)


def _speaking(request: Request) -> AbstractContextManager[None]:
    """Where no route took the request, what set the reader's language has ended by now."""
    header = request.headers.get("accept-language", "")
    return speaking(asked_language(header) if is_api(request) else chosen_language(request))


def is_api(request: Request) -> bool:
    """Whether a program asks."""
    return request.url.path.startswith("/api/")


def _answer(request: Request, status: int, code: str, message: str, error_id: str = "") -> Response:
    if is_api(request):
        return problem(status, code, message)
    if "frame" not in request.scope.get("state", {}):
        return _bare(request, status, code, message)
    return page(request, "errors/page.html", status=status, message=message, error_id=error_id)


def _bare(request: Request, status: int, code: str, message: str) -> Response:
    """What is said where no page stands, or when not even its frame can be read."""
    if "text/html" not in request.headers.get("accept", ""):
        return problem(status, code, message)
    template = request.app.state.environment.get_template("errors/bare.html")
    html = template.render(language=language(), title=message, message="")
    return HTMLResponse(html, status, headers={"cache-control": "no-store"})


def problem(status: int, code: str, message: str, **more: Any) -> Response:
    """An RFC 9457 problem document with a stable `code`."""
    body = {"type": "about:blank", "title": message, "status": status, "code": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


async def _send_again(request: Request, error: StaleForm) -> Response:
    """A page that holds all that was typed, with a fresh token and one button."""
    items, stash = (await request.form()).multi_items(), error.stash
    gone = {*NEVER_ECHOED, stash.replaces} if stash else set(NEVER_ECHOED)
    kept = [(name, v) for name, v in items if isinstance(v, str) and name not in gone]
    has_files = any(not isinstance(value, str) and value.filename for _name, value in items)
    return page(
        request,
        "errors/send_again.html",
        status=status_of(error),
        kept=kept + [(stash.replaces, value) for value in stash.values] if stash else kept,
        photos=len(stash.values) if stash else 0,
        wrong=stash.wrong if stash else [],
        has_lost_files=has_files and stash is None,
        is_signed_out=isinstance(error, SignedOut),
        message=said(error),
        action=here(request),
    )


HANDLERS: dict[Any, Any] = {Refused: refused, HTTPException: http_error}
