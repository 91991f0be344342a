"""Many come at once: the browser does its sum by itself; without JavaScript one goes on by hand."""

import pytest
from playwright.async_api import expect

from awards.campaigns.models import Campaign
from awards.config import Config
from awards.voting.counting import recount
from tests import make
from tests.flows.conftest import DESK, Enter, Site
from tests.flows.voter import ASK, code_in, enter_code

pytestmark = pytest.mark.browser

CAST = "form[action$='/ballots'] button"
GO_ON = "form[data-behavior~=work] button"


@pytest.fixture
def config(config: Config) -> Config:
    """Every vote and every letter is asked for."""
    return config.model_copy(update={"ask_votes": 0, "ask_letters": 0})


async def campaign_of(preset: str = "daily_tap") -> Campaign:
    campaign = await make.campaign(preset=preset, slug="award")
    for number, name in ((101, "陆春芳"), (102, "石顺"), (201, "韩麦")):
        await make.candidate(campaign, number, name=name)
    return campaign


async def votes_of(campaign: Campaign) -> tuple[dict[int, int], int]:
    found = await recount(campaign.id)
    return dict(found.votes), found.held


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_with_javascript_it_goes_by_itself(enter: Enter, site: Site, language: str) -> None:
    campaign = await campaign_of()
    visitor = await enter(language=language)
    page = await visitor.open("/campaigns/award/ballot?candidate=101")
    await page.fill("[name=email]", "ann@example.com")

    await page.locator(ASK).first.click()
    await expect(page.locator("[name=code]")).to_be_visible()
    code = code_in(await site.letter("ann@example.com"))
    page = await enter_code(visitor, code)
    await page.locator(CAST).first.click()

    await page.wait_for_url("**/receipts/*")
    assert await votes_of(campaign) == ({101: 1}, 0)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_without_javascript_one_goes_on_by_hand(
    enter: Enter, site: Site, language: str
) -> None:
    campaign = await campaign_of("up_to_ten")
    visitor = await enter(language=language, javascript=False, viewport=DESK)
    await visitor.open("/campaigns/award/ballot?choice=101&choice=201")
    await visitor.page.fill("[name=email]", "bob@example.com")

    page = await visitor.press(ASK, status=403)
    await visitor.look(f"{language}-work-by-hand")
    await expect(page.locator("progress")).to_be_hidden()
    await expect(page.locator(".picked > *")).to_have_count(2)
    await visitor.press(GO_ON)
    page = await enter_code(visitor, code_in(await site.letter("bob@example.com")))
    page = await visitor.press(".ballotbar button")
    page = await visitor.press(CAST, status=403)
    await visitor.press(GO_ON)

    assert await votes_of(campaign) == ({101: 1, 201: 1}, 0)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_what_it_looks_like_while_the_device_works(
    enter: Enter, site: Site, language: str
) -> None:
    await campaign_of()
    visitor = await enter(language=language)
    page = await visitor.open("/campaigns/award/ballot?candidate=101")
    await page.route(
        "**/solver.js",
        lambda route: route.fulfill(
            body="postMessage({ tried: 120 })", content_type="text/javascript"
        ),
    )
    await page.fill("[name=email]", "cai@example.com")

    await visitor.press(ASK, status=403)

    await expect(page.locator("progress")).to_be_visible()
    await expect(page.locator(GO_ON)).to_be_hidden()
    await visitor.look(f"{language}-work")


async def test_where_the_worker_fails_the_button_is_there(enter: Enter, site: Site) -> None:
    await campaign_of()
    visitor = await enter(language="en")
    page = await visitor.open("/campaigns/award/ballot?candidate=101")
    await page.route(
        "**/solver.js",
        lambda route: route.fulfill(
            body='postMessage({ failed: "no" })', content_type="text/javascript"
        ),
    )
    await page.fill("[name=email]", "dan@example.com")
    await visitor.press(ASK, status=403)

    await visitor.press(GO_ON)

    await expect(page.locator("[name=code]")).to_be_visible()


async def test_on_plain_http_by_host_name_one_goes_on_by_hand(enter: Enter, site: Site) -> None:
    await campaign_of()
    visitor = await enter(language="en")
    await visitor.context.add_init_script(
        "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });"
    )
    page = await visitor.open("/campaigns/award/ballot?candidate=101")
    await page.fill("[name=email]", "fay@example.com")
    await visitor.press(ASK, status=403)

    await expect(page.locator("[data-unable]")).to_be_visible()
    await visitor.press(GO_ON)

    await expect(page.locator("[name=code]")).to_be_visible()


async def test_a_page_that_lay_too_long_does_not_send_itself_for_ever(
    enter: Enter, site: Site
) -> None:
    campaign = await campaign_of()
    visitor = await enter(language="en", javascript=True)
    page = await visitor.open("/campaigns/award/ballot?candidate=101")
    await page.fill("[name=email]", "eve@example.com")
    await page.locator(ASK).first.click()
    await expect(page.locator("[name=code]")).to_be_visible()
    page = await enter_code(visitor, code_in(await site.letter("eve@example.com")))
    await page.evaluate("""() => {
        const work = Object.assign(document.createElement("input"), { name: "work", value: "old" });
        document.querySelector("form[action$='/ballots']").append(work);
    }""")

    await visitor.press(CAST, status=403)
    await expect(page.locator("[data-done]")).to_be_visible()
    await visitor.look("en-work-again")
    await visitor.press(GO_ON)

    assert await votes_of(campaign) == ({101: 1}, 0)
