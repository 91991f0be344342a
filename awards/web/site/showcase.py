"""The showcase (好人展播): the wall of winners, and each winner's page."""

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from awards.honours.actions import profile_views
from awards.honours.queries import (
    count_profiles,
    find_profile_page,
    list_honouring_campaigns,
    list_profiles,
    list_years,
)
from awards.honours.rules import WALL
from awards.portal.rules import pages_of, year_of
from awards.web.addresses import asked_name
from awards.web.paging import page_number
from awards.web.render import page


async def index(request: Request) -> Response:
    """The wall, by year; narrowed to a year or to one award."""
    year = year_of(request.query_params.get("year", ""))
    campaign = asked_name(request, "award")
    total = await count_profiles(year=year, campaign=campaign)
    number = page_number(request, pages_of(total, WALL))
    people = await list_profiles(year=year, campaign=campaign, page=number)
    return page(
        request,
        "site/showcase/index.html",
        walls=[(key, list(group)) for key, group in groupby(people, lambda p: p.conferred_on.year)],
        years=await list_years(),
        campaigns=await list_honouring_campaigns(),
        year=year,
        campaign=campaign,
        total=total,
        honoured=await count_profiles(),
        page=number,
        pages=pages_of(total, WALL),
    )


async def show(request: Request) -> Response:
    """One winner. Reading the page is counted, and written later."""
    shown = await find_profile_page(request.path_params["slug"])
    if request.method == "GET":
        profile_views.seen(shown.profile.id)
    return page(
        request,
        "site/showcase/show.html",
        shown=shown,
        profile=shown.profile,
        views=shown.profile.views + profile_views.waiting(shown.profile.id),
    )
