"""Fixed pages of the house: about, terms, contact."""

from starlette.requests import Request
from starlette.responses import Response

from awards.portal.queries import find_page
from awards.web.render import page


async def show(request: Request) -> Response:
    """One fixed page."""
    return page(request, "site/pages/show.html", fixed=await find_page(request.path_params["slug"]))
