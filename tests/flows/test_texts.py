"""A whole vote by phone number, in the hand: with JavaScript and without it."""

import pytest
from playwright.async_api import expect

from awards.campaigns.rules import Channel
from awards.voting.counting import recount
from tests import make
from tests.flows.conftest import Enter, Site
from tests.web.site.voter import sent_code

pytestmark = pytest.mark.browser

ASK = "form[action$='/verifications'] button"
ADMIT = "form[action$='/tokens'] button"
CAST = "form[action$='/ballots'] button"


@pytest.mark.parametrize(("language", "javascript"), [("zh-Hans", True), ("en", False)])
async def test_somebody_votes_by_phone_number(
    enter: Enter, site: Site, language: str, javascript: bool
) -> None:
    campaign = await make.campaign(preset="up_to_ten", slug="award", channels="email sms code")
    for number, name in ((101, "陆春芳"), (102, "石顺"), (201, "韩麦")):
        await make.candidate(campaign, number, name=name)
    visitor = await enter(language=language, javascript=javascript)
    page = await visitor.open("/campaigns/award/ballot?choice=101&choice=201")
    await visitor.look(f"{language}-{javascript}-phone")
    await expect(page.locator("[name=email]")).to_be_hidden()
    await page.check("[name=way][value=email]")
    await expect(page.locator("[name=phone]")).to_be_hidden()
    await page.check("[name=way][value=sms]")

    await page.fill("[name=phone]", "1381234")
    await visitor.press(ASK, status=422)
    await visitor.look(f"{language}-{javascript}-wrong-number")
    await page.fill("[name=phone]", "138 1234 5678")
    await visitor.press(ASK)
    await visitor.look(f"{language}-{javascript}-message")
    await page.fill("[name=code]", await sent_code("+8613812345678"))
    await visitor.press(ADMIT)
    await expect(page.locator(".who")).to_contain_text("138****5678")
    await visitor.press(".ballotbar button")
    await visitor.press(CAST)

    assert (await recount(campaign.id)).by_channel[Channel.SMS].votes == {101: 1, 201: 1}
