"""The reader's choices, kept in cookies of their own browser: language, care mode,
light or dark.
"""

from starlette.requests import Request
from starlette.responses import Response

from awards.i18n import LANGUAGES
from awards.web.render import go
from awards.web.sessions import YEAR

CHOICES = {"language": set(LANGUAGES), "mode": {"", "care"}, "theme": {"", "dark", "light"}}


async def choose(request: Request) -> Response:
    """Remember what the link says, and go back. An unknown choice changes nothing."""
    response = go(request, request.query_params.get("back", "/"))
    for name, allowed in CHOICES.items():
        choice = request.query_params.get(name)
        if choice in allowed:
            response.set_cookie(
                name, choice, max_age=YEAR if choice else 0, samesite="lax", httponly=True,
                secure=not request.app.state.config.is_development,
            )  # fmt: skip
    return response
