"""Pages that exist on a developer's machine alone."""

from starlette.requests import Request
from starlette.responses import Response

from awards.notifications.queries import list_letters
from awards.web.render import page


async def outbox(request: Request) -> Response:
    """The latest letters, as their readers get them."""
    return page(request, "dev/outbox.html", letters=await list_letters())


async def components(request: Request) -> Response:
    """Every component in every state."""
    return page(request, "dev/components.html")
