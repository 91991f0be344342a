"""Counts that move on a page that somebody looks at, and the page of a full house."""

import pytest
from playwright.async_api import Route, expect

from awards.voting import live
from awards.voting.rules import Counts
from awards.web import streams
from awards.web.busy import BusyPages
from awards.web.render import page_environment
from tests import make
from tests.flows.conftest import Enter, Site
from tests.program import start_program

pytestmark = pytest.mark.browser

COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"
COUNT = ".candidate[data-number='101'] .candidate__count"


@pytest.fixture
def tally(monkeypatch: pytest.MonkeyPatch) -> dict[str, Counts]:
    """What has been counted, and figures that may move at any time."""
    found = {"now": Counts(1, {101: 1})}

    async def read(_campaign: int) -> Counts:
        return found["now"]

    monkeypatch.setattr(live, "read_tally", read)
    monkeypatch.setattr(live, "may_move", lambda *_counts, waited: True)
    monkeypatch.setattr(streams, "LOOK_EVERY", 0.1)
    return found


@pytest.mark.parametrize(
    ("language", "before", "after", "told"),
    [
        ("en", "1 vote", "1,234 votes", "Brought up to date at"),
        ("zh-Hans", "1 票", "1,234 票", "已更新。"),
    ],
)
@pytest.mark.parametrize("has_room", [True, False])
async def test_counts_move_while_one_looks(
    enter: Enter, site: Site, tally: dict[str, Counts], monkeypatch: pytest.MonkeyPatch,
    language: str, before: str, after: str, told: str, has_room: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(streams, "MOST", 10 if has_room else 0)
    campaign = await make.campaign(slug="award")
    await make.candidate(campaign, 101)
    visitor = await enter(language=language)
    await visitor.open("/campaigns/award")
    await expect(visitor.page.locator(COUNT)).to_have_text(before)
    tally["now"] = Counts(1300, {101: 1234})
    if has_room:
        await expect(visitor.page.locator("[data-counts-told]")).to_contain_text(told)
    else:  # The page asks, at once and then each minute; also when somebody comes back to it.
        await visitor.page.evaluate(COME_BACK)
    await expect(visitor.page.locator(COUNT)).to_have_text(after)
    await visitor.look(f"live-counts-{language}")


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_the_page_of_a_full_house(
    enter: Enter, site: Site, language: str, javascript: bool
) -> None:
    pages = BusyPages(page_environment(start_program(site.config), site.config))
    form = {"csrf_token": ["a.b"], "choice": ["101"], "day": ["2026-11-23"]}
    body = pages.page(language, action="/pages/nothing", form=form)
    visitor = await enter(language=language, javascript=javascript)

    async def full(route: Route) -> None:
        await route.fulfill(status=200, body=body, content_type="text/html; charset=utf-8")

    await visitor.page.route("**/campaigns/award/ballots", full)
    await visitor.open("/campaigns/award/ballots")
    told = visitor.page.locator("[data-words]")
    await expect(told).to_have_text(
        "" if not javascript else "This page tries again for you." if language == "en"
        else "这页会替您再试。"
    )  # fmt: skip
    await visitor.look(f"busy-{language}-{'script' if javascript else 'plain'}")
    await visitor.press("form button", status=405)
