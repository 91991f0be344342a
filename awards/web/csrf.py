"""No change without a form of ours: the Origin is ours **and** the token belongs to
this browser.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from itsdangerous import BadSignature
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.errors import Forbidden, Refused
from awards.i18n import mark as _
from awards.signing import Signer, digest, random_secret
from awards.web.sessions import visit

Handler = Callable[[Request], Awaitable[Response]]
Keep = Callable[[Request], Awaitable["Stash"]]
FIELD = "csrf_token"
MAX_AGE = 7 * 24 * 3600
MOST_FILES = 40
"""More than any form takes: whoever chooses too many photos gets a sentence and keeps the words."""


@dataclass(frozen=True)
class Stash:
    """Files of a stale form that are safe: the hidden fields that name them, and what was wrong."""

    replaces: str
    values: list[str]
    wrong: list[str]


class StaleForm(Refused):
    """The form came from this site but its token is missing or no longer this browser's. What was
    typed is kept.
    """

    stash: Stash | None = None

    def __init__(self, code: str = "csrf", message: str = "") -> None:
        super().__init__(
            code,
            message
            or _("This page was open for too long. Nothing is lost; please send it once more."),
        )


class SignedOut(StaleForm):
    """The session ended while somebody typed. What was typed is kept."""

    def __init__(self) -> None:
        super().__init__(
            "signed_out",
            _(
                "You have been signed out meanwhile. Nothing is lost: sign in on another tab, come "
                "back to this one and send it once more."
            ),
        )


class ForeignForm(Forbidden):
    """The form came from somewhere else."""

    def __init__(self) -> None:
        super().__init__(
            "csrf.origin", _("This request came from another site and was not carried out.")
        )


def csrf_token(request: Request) -> str:
    """A token for the forms of this page. No two are alike, or compression would tell of them."""
    browser = _browser(visit(request).binding)
    signed: str = request.app.state.forms.write(f"{browser}.{random_secret(6)}")
    return signed.removeprefix(f"{browser}.")


def csrf_field(request: Request) -> Markup:
    """The token as a hidden field."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, csrf_token(request))


def protected(handler: Handler, *, keep: Keep | None = None) -> Handler:
    """Let the handler run only for a form of ours. `routes.form` wraps every POST with it. `keep`
    puts the files of a stale form where they are safe, so that they travel on with the words.
    """

    async def guarded(request: Request) -> Response:
        if not is_own_origin(request):
            raise ForeignForm()
        if not is_utf8(request):
            raise HTTPException(400)
        try:
            form = await request.form(max_files=MOST_FILES, max_fields=400)
            if not is_valid_token(request, form.get(FIELD)):
                stale = StaleForm()
                stale.stash = await keep(request) if keep else None
                raise stale
            return await handler(request)
        finally:
            await request.close()  # Uploads lie in temporary files.

    guarded.handler = handler  # type: ignore[attr-defined]  # what test_routes looks for
    return guarded


def is_own_origin(request: Request) -> bool:
    """Whether the browser says that our own page sent this. Browsers too old to say are left to the
    token.
    """
    site = request.headers.get("sec-fetch-site")
    if site not in (None, "same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    try:
        return origin is None or urlsplit(origin)[:2] == urlsplit(own_origin(request))[:2]
    except ValueError:
        return False


def is_utf8(request: Request) -> bool:
    """Whether the form is written as our pages ask for. Others could hold signs that nothing
    takes.
    """
    kind = request.headers.get("content-type", "").lower()
    return "charset" not in kind or "utf-8" in kind.rpartition("charset")[2]


def own_origin(request: Request) -> str:
    """Scheme and host under which this site is reached."""
    config = request.app.state.config
    return config.base_url or f"{request.url.scheme}://{request.url.netloc}"


def is_valid_token(request: Request, token: object) -> bool:
    """Whether the token was made for this browser."""
    return isinstance(token, str) and is_token_of(
        request.app.state.forms, visit(request).binding, token
    )


def is_token_of(forms: Signer, binding: str, token: str) -> bool:
    """Whether the token was made for the browser that holds this cookie."""
    try:
        _content, signed_at = forms.read(f"{_browser(binding)}.{token}")
    except BadSignature:
        return False
    return clock.now().timestamp() - signed_at <= MAX_AGE


def _browser(binding: str) -> str:
    return digest(binding).hex()
