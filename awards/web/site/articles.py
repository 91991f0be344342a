"""An article, with what stands around it."""

from starlette.requests import Request
from starlette.responses import Response

from awards import clock
from awards.portal.actions import article_views
from awards.portal.frame import href_of
from awards.portal.queries import find_article, neighbours, sidebars
from awards.web.render import page


async def show(request: Request) -> Response:
    """One published article. Reading it is counted, and written later."""
    now = clock.now()
    article = await find_article(request.path_params["id"], now=now)
    if request.method == "GET":
        article_views.seen(article.id)
    return page(
        request,
        "site/articles/show.html",
        article=article,
        section_href=href_of(article.section),
        views=article.views + article_views.waiting(article.id),
        beside=await neighbours(article, now=now),
        sidebars=await sidebars(now=now, without=article.id),
    )
