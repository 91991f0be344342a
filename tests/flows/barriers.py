"""What keeps somebody from reading a page."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

ONLY_WHAT_IS_WRONG = {"resultTypes": ["violations"]}
SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
TOO_WIDE = """[...document.querySelectorAll('main *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 3).map((each) => each.outerHTML.slice(0, 100)).join(' / ')"""


async def barriers(page: Page) -> list[str]:
    """What axe finds, and what is wrong with the page's shape."""
    results = await Axe().run(page, options=ONLY_WHAT_IS_WRONG)
    found = [
        f"{violation['id']} at {node['target']}: {node['failureSummary'][:200]}"
        for violation in results.response["violations"]
        for node in violation["nodes"][:3]
    ]
    return found + await shape(page)


async def shape(page: Page) -> list[str]:
    """Whether the page scrolls sideways, and whether it has one heading that is above all."""
    found = []
    if (over := await page.evaluate(SIDEWAYS)) > 0:
        found.append(f"scrolls sideways by {over}: {await page.evaluate(TOO_WIDE)}")
    if (count := await page.locator("h1").count()) != 1:
        found.append(f"has {count} first headings")
    return found
