"""Sections of the portal: lists of articles, and galleries."""

from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.portal.frame import href_of
from awards.portal.queries import count_articles, find_section, list_articles, sidebars
from awards.portal.rules import SectionKind, pages_of
from awards.web.paging import page_number
from awards.web.render import go, page

PAGE_OF_THEIR_OWN = (SectionKind.CAMPAIGNS, SectionKind.SHOWCASE)


async def show(request: Request) -> Response:
    """A page of one section. Campaigns and the showcase are elsewhere."""
    section, now = await find_section(request.path_params["slug"]), clock.now()
    if section.kind in PAGE_OF_THEIR_OWN:
        return go(request, href_of(section))
    total = await count_articles(section, now=now)
    number = page_number(request, pages_of(total))
    return page(
        request,
        "site/sections/show.html",
        section=section,
        articles=await list_articles(section, now=now, page=number),
        sidebars=await sidebars(now=now),
        page=number,
        pages=pages_of(total),
        total=total,
    )
