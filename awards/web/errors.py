"""How a refusal or a failure is said: a page for people, a problem document (RFC 9457) for
programs.
"""

import secrets
from typing import Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from awards.errors import Busy, Conflict, Forbidden, Invalid, NotFound, Refused, TooMany, Unproven
from awards.i18n import mark as _
from awards.i18n import speaking, translate
from awards.web.csrf import FIELD, StaleForm
from awards.web.forms import said
from awards.web.render import page
from awards.web.surroundings import chosen_language

log = structlog.get_logger()

STATUS: dict[type[Refused], int] = {
    StaleForm: 403, NotFound: 404, Forbidden: 403, Unproven: 401, Conflict: 409, Invalid: 422,
    TooMany: 429, Busy: 503,
}  # fmt: skip
SENTENCES = {
    400: _("We could not read this request. Please go back and try again."),
    404: _("We can’t find this page. Your votes and drafts are safe."),
    405: _("This page can’t be used that way. Please start from the page before."),
    413: _(
        "What you sent is too large. Choose fewer or smaller photos; your words are "
        "still on the page before."
    ),
}
NEVER_ECHOED = (FIELD, "password", "code")
UNREADABLE = _("We could not read this request. Please go back and try again.")


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
    # No route, or none that took it: what set the language has ended by now.
    with speaking(chosen_language(request)):
        sentence = translate(SENTENCES.get(error.status_code, UNREADABLE))
        response = _answer(request, error.status_code, f"http.{error.status_code}", sentence)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def unexpected(request: Request, error: Exception) -> Response:
    """A bug, logged once, under an id that the person can name. No personal data goes into the log."""
    error_id = secrets.token_hex(3).upper()
    log.error("unexpected", error_id=error_id, method=request.method, exc_info=error)
    with speaking(chosen_language(request)):
        sentence = translate(
            _("Our mistake, and we have noted it ({id}). Please come back shortly.")
        ).format(id=error_id)
        return _answer(request, 500, "internal", sentence, error_id=error_id)


def is_api(request: Request) -> bool:
    """Whether a program asks."""
    return request.url.path.startswith("/api/")


def _answer(request: Request, status: int, code: str, message: str, error_id: str = "") -> Response:
    if is_api(request) or "frame" not in request.scope.get("state", {}):
        return problem(status, code, message)
    return page(request, "errors/page.html", status=status, message=message, error_id=error_id)


def problem(status: int, code: str, message: str, **more: Any) -> Response:
    """An RFC 9457 problem document with a stable `code`."""
    body = {"type": "about:blank", "title": message, "status": status, "code": code, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


async def _send_again(request: Request, error: StaleForm) -> Response:
    """A page that holds all that was typed, with a fresh token and one button."""
    form = await request.form()
    kept = [
        (name, value)
        for name, value in form.multi_items()
        if isinstance(value, str) and name not in NEVER_ECHOED
    ]
    has_files = any(
        not isinstance(value, str) and value.filename for _name, value in form.multi_items()
    )
    return page(
        request, "errors/send_again.html", status=403, kept=kept, has_files=has_files, message=said(error),
        action=request.url.path,
    )  # fmt: skip


HANDLERS: dict[Any, Any] = {
    Refused: refused,
    HTTPException: http_error,
    Exception: unexpected,
}
