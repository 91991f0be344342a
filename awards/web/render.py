"""From a handler to an answer: one function for pages, one for “done, go there”."""

import hashlib
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

from itsdangerous import BadSignature
from jinja2 import Environment
from starlette.applications import Starlette
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from awards import clock
from awards.config import Config
from awards.i18n import language
from awards.media.rules import nearest
from awards.signing import serializer
from awards.templating import environment
from awards.web.assets import static
from awards.web.csrf import csrf_field
from awards.web.sessions import drop_cookie, person, read_cookie, set_cookie, visit

SAID_FOR = 60
PICTURE_FOR = 3600


DRAWN = "img/portrait.svg"
_private_pictures: ContextVar[bool] = ContextVar("private_pictures", default=False)


class Shown(Protocol):
    """A stored picture, as templates see it."""

    id: UUID
    width: int
    published_at: object


def page_environment(app: Starlette, config: Config) -> Environment:
    """The environment of pages: what `awards.templating` gives, and the program's addresses."""
    env = environment(config.zone)

    @lru_cache(maxsize=2048)  # A page names some thirty; each is looked for in the whole map.
    def path(name: str, **params: object) -> str:
        return str(app.url_path_for(name, **params))

    def picture_url(picture: Shown, width: int = 640) -> str:
        address = f"/media/{picture.id}/{nearest(picture.width, width)}.webp"
        if picture.published_at:
            return address
        # A page for everybody never opens a picture that is not public, or no longer.
        allowed = _private_pictures.get()
        return f"{address}?key={picture_key(config, picture.id)}" if allowed else static(DRAWN)

    env.globals |= {"path": path, "static": static, "picture_url": picture_url}
    return env


def picture_key(config: Config, picture: UUID) -> str:
    """Lets whoever sees this page see a private picture, for an hour."""
    return str(serializer(config.signing_keys, "picture").dumps(picture.hex))


def is_picture_key(config: Config, picture: UUID, key: str) -> bool:
    """Whether the key was given for this picture within the hour."""
    try:
        return bool(
            serializer(config.signing_keys, "picture").loads(key, max_age=PICTURE_FOR)
            == picture.hex
        )
    except BadSignature:
        return False


def page(request: Request, template: str, /, *, status: int = 200, **context: Any) -> Response:
    """The template as an answer, with what every page knows."""
    said = _take_said(request)
    html = render(request, template, said=said, status=status, **context)
    response = HTMLResponse(html, status)
    personal = person(request) or visit(request).new_visitor or said or "csrf_token" in html
    response.headers["cache-control"] = "private, no-store" if personal else "private, no-cache"
    response.headers["vary"] = "Cookie"
    if said:
        drop_cookie(response, "said", request.app.state.config)
    return response if personal or status != 200 else _validated(request, response)


def _validated(request: Request, response: Response) -> Response:
    """With a tag of what it says, and without its text for a browser that has it already."""
    tag = f'W/"{hashlib.sha256(response.body).hexdigest()[:20]}"'
    response.headers["etag"] = tag
    if request.headers.get("if-none-match") != tag:
        return response
    kept = {name: response.headers[name] for name in ("cache-control", "vary", "etag")}
    return Response(status_code=304, headers=kept)


def render(request: Request, template: str, /, **context: Any) -> str:
    """The template's text, with what every page knows. Private pictures are shown to staff, and
    where the handler says `private_pictures`: on a page that belongs to one person.
    """
    frame = request.scope["state"]["frame"]
    env: Environment = request.app.state.environment
    _private_pictures.set(bool(person(request)) or bool(context.pop("private_pictures", False)))
    return env.get_template(template).render(
        request=request,
        language=language(),
        mode=request.cookies.get("mode", ""),
        theme=request.cookies.get("theme", ""),
        here=here(request),
        now=clock.now(),
        signed_in=person(request),
        csrf_field=lambda: csrf_field(request),
        site=frame.site,
        nav=frame.nav,
        footer_pages=frame.footer_pages,
        base_url=_base_url(request),
        is_development=request.app.state.config.is_development,
        **{"said": "", "status": 200, **context},
    )


def see_other(
    request: Request, name: str, /, *, said: str = "", query: str = "", **params: Any
) -> Response:
    """Done: on to another page, which shows `said` once."""
    target = str(request.app.url_path_for(name, **params)) + (f"?{query}" if query else "")
    return go(request, target, said=said)


def go(request: Request, target: str, /, *, said: str = "") -> Response:
    """On to an address of ours; anything else leads home."""
    response = RedirectResponse(own_path(target), status_code=303)
    response.headers["cache-control"] = "private, no-store"
    if said:
        config: Config = request.app.state.config
        value = str(serializer(config.signing_keys, "said").dumps(said))
        set_cookie(response, "said", value, config, max_age=SAID_FOR)
    return response


def own_path(target: str) -> str:
    """A path of this site out of what somebody sent, so that no link of ours leads elsewhere."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    is_ours = (
        not parts.scheme and not parts.netloc and target.startswith("/") and "\\" not in target
    )
    return target if is_ours and not target.startswith("//") else "/"


def _take_said(request: Request) -> str:
    kept = read_cookie(request, "said")
    if not kept:
        return ""
    try:
        return str(
            serializer(request.app.state.config.signing_keys, "said").loads(kept, max_age=SAID_FOR)
        )
    except BadSignature:
        return ""


def here(request: Request) -> str:
    """This page's address, to come back to."""
    url: URL = request.url
    return own_path(f"{url.path}?{url.query}" if url.query else url.path)


def _base_url(request: Request) -> str:
    config: Config = request.app.state.config
    return config.base_url or f"{request.url.scheme}://{request.url.netloc}"
