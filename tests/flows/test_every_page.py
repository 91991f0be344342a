"""Every page of the map, as somebody who may see it, in both languages: no barrier, no word in the console."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page
from starlette.routing import Route
from tests import make
from tests.flows.conftest import DESK, Enter, Site
from tests.flows.samples import Samples, load_samples
from tests.test_routes import flat

from awards.actor import Role
from awards.config import Config
from awards.web.routes import routes

pytestmark = pytest.mark.browser

NOT_PAGES = {"live", "ready", "media", "site:preferences"}
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


def pages(config: Config) -> Iterator[Route]:
    """Every address that a GET reaches and that answers with a page."""
    for route in flat(routes(config)):
        is_page = "GET" in (route.methods or ()) and route.name not in NOT_PAGES
        if is_page and not route.name.startswith("api:") and "." not in route.path.rsplit("/", 1)[-1]:
            yield route


def filled(route: Route, samples: Samples) -> str:
    """The route's address, with what the demonstration season has for its places."""
    place = re.sub(r"{(\w+)(?::\w+)?}", lambda found: str(samples.of(route.path, found[1])), route.path)
    return place + samples.queries.get(route.name, "")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_every_page_is_free_of_barriers(enter: Enter, site: Site, language: str) -> None:
    samples = await load_samples(site.config)
    visitor = await enter(language=language, viewport=DESK, actor=await make.person(*Role))
    await samples.sign_as_voter(visitor.context, site.address)
    found: list[str] = []

    for route in pages(site.config):
        page = await visitor.open(filled(route, samples))
        found += [f"{route.name}: {each}" for each in await barriers(page)]

    assert found == []


async def barriers(page: Page) -> list[str]:
    """What axe finds, whether the page scrolls sideways, and whether it is a page at all."""
    results = await Axe().run(page)
    found = [
        f"{violation['id']} at {node['target']}: {node['failureSummary'][:160]}"
        for violation in results.response["violations"]
        for node in violation["nodes"][:3]
    ]
    if await page.evaluate(SIDEWAYS) > 0:
        found.append("scrolls sideways")
    if await page.locator("h1").count() != 1:
        found.append(f"has {await page.locator('h1').count()} first headings")
    return found
