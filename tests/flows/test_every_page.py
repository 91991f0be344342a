"""Every page of the map, as somebody who may see it, in both languages: no barrier, no word in the
console.
"""

import re
from collections.abc import Iterator

import pytest
from starlette.routing import Route

from awards.actor import Role
from awards.config import Config
from awards.web.routes import routes
from tests import make
from tests.flows.barriers import barriers, shape
from tests.flows.conftest import DESK, PHONE, Enter, Site
from tests.flows.samples import Samples, load_samples, vote
from tests.test_routes import flat

pytestmark = pytest.mark.browser

NOT_PAGES = {"live", "ready", "media", "site:preferences", "site:me", "site:counts"}
MANY_HEADINGS = "dev:components"
"""Shows components that bring the first heading of a page along."""


def pages(config: Config) -> Iterator[Route]:
    """Every address that a GET reaches and that answers with a page."""
    for route in flat(routes(config)):
        is_page = "GET" in (route.methods or ()) and route.name not in NOT_PAGES
        if (
            is_page
            and not route.name.startswith("api:")
            and "." not in route.path.rsplit("/", 1)[-1]
        ):
            yield route


def is_expected(route: Route, said: str) -> bool:
    """Whether this belongs to the page of components."""
    return route.name == MANY_HEADINGS and said.endswith("first headings")


def filled(route: Route, samples: Samples) -> str:
    """The route's address, with what the demonstration season has for its places."""
    place = re.sub(
        r"{(\w+)(?::\w+)?}", lambda found: str(samples.of(route.path, found[1])), route.path
    )
    return place + samples.queries.get(route.name, "")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_every_page_is_free_of_barriers(enter: Enter, site: Site, language: str) -> None:
    samples = await load_samples(site.config)
    visitor = await enter(language=language, viewport=DESK, actor=await make.person(*Role))
    await vote(visitor, samples)
    found: list[str] = []

    for route in pages(site.config):
        page, answer = visitor.page, await visitor.page.goto(site.address + filled(route, samples))
        if answer is None or answer.status != 200:
            found.append(f"{route.name}: {answer and answer.status}")
            continue
        said = await barriers(page)
        await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        said += [f"in the hand {each}" for each in await shape(page)]
        await page.set_viewport_size(DESK)  # type: ignore[arg-type]
        found += [f"{route.name}: {each}" for each in said if not is_expected(route, each)]

    assert not found, "\n".join(found)
