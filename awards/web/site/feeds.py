"""For machines that read along: the feed, the map of the site, and what robots may do."""

import hashlib
import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from awards import clock
from awards.honours.queries import every_profile
from awards.portal.queries import latest_articles, site_map
from awards.web.csrf import own_origin
from awards.web.render import render

ENTRIES = 30
FRESH = "public, max-age=300"
# What XML 1.0 can't carry, escaped or not.
UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


async def articles(request: Request) -> Response:
    """The newest articles as an Atom feed."""
    newest = await latest_articles(now=clock.now(), most=ENTRIES)
    xml = render(request, "site/feeds/articles.xml", articles=newest)
    return _kept(request, xml, "application/atom+xml")


async def sitemap(request: Request) -> Response:
    """Every public page."""
    xml = render(
        request,
        "site/feeds/sitemap.xml",
        map=await site_map(now=clock.now()),
        profiles=await every_profile(),
    )
    return _kept(request, xml, "application/xml")


async def robots(request: Request) -> Response:
    """Everything that is public may be read; personal pages are nobody's to index."""
    private = (
        "/account",
        "/admin",
        "/judge",
        "/nominations/",
        "/consents/",
        "/receipts/",
        "/search",
    )
    lines = ["User-agent: *", *(f"Disallow: {each}" for each in private)]
    text = "\n".join([*lines, f"Sitemap: {own_origin(request)}/sitemap.xml", ""])
    return PlainTextResponse(text, headers={"cache-control": FRESH})


def _kept(request: Request, xml: str, media_type: str) -> Response:
    body = UNSPEAKABLE.sub("", xml).encode()
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"cache-control": FRESH, "etag": tag, "vary": "Cookie"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)
