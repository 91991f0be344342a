"""Search over people, winners and articles, by number, name or words."""

from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.portal.queries import NOTHING, search
from awards.portal.rules import LONGEST_QUERY
from awards.web.render import page


async def show(request: Request) -> Response:
    """What was found for `?q=`; without one, the box alone."""
    query = " ".join(request.query_params.get("q", "").split())
    is_long = len(query) > LONGEST_QUERY
    asks = bool(query) and not is_long
    found = await search(query, now=clock.now()) if asks else NOTHING
    return page(
        request,
        "site/search/show.html",
        query=query,
        asks=asks,
        is_long=is_long,
        longest=LONGEST_QUERY,
        found=found,
    )
