"""A whole vote by signing in at another site, in the hand: with JavaScript it goes by itself,
without it by one press more. The other site stands under another name, as it does in life.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.async_api import Route, expect

from awards.campaigns.models import Campaign
from awards.campaigns.rules import Channel
from awards.config import Config
from awards.voting.counting import recount
from tests import make
from tests.conftest import KEYS
from tests.fakes.openid import CLIENT, SECRET, FakeOpenId
from tests.fakes.served import served
from tests.flows.conftest import DESK, Enter, Site, Visitor

pytestmark = pytest.mark.browser

LEAVE = "form[action$='/departures'] button"
ADMIT = "form[action$='/tokens'] button"
CAST = "form[action$='/ballots'] button"


@pytest.fixture
async def city() -> AsyncIterator[FakeOpenId]:
    fake = FakeOpenId()
    async with served(fake.app()) as address:
        fake.serve_at(address)
        there = address.replace("127.0.0.1", "localhost")
        fake.metadata = {"authorization_endpoint": f"{there}/authorize"}
        yield fake


@pytest.fixture
def config(database_url: str, tmp_path: Path, city: FakeOpenId) -> Config:
    issuer = urlsplit(city.issuer)
    names = f"{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}"
    return Config(
        data_dir=tmp_path, database_url=database_url, secret_keys=KEYS,
        oidc_url=f"http://{names}@{issuer.netloc}{issuer.path}?name=望河通",
    )  # fmt: skip


async def campaign_of(site: Site, city: FakeOpenId, channels: str) -> Campaign:
    city.back = f"{site.address}/arrivals/oidc"
    campaign = await make.campaign(preset="up_to_ten", slug="award", channels=channels)
    for number, name in ((101, "陆春芳"), (102, "石顺"), (201, "韩麦")):
        await make.candidate(campaign, number, name=name)
    return campaign


async def sign_in(visitor: Visitor, person: str) -> None:
    """Away, and through the page over there."""
    await visitor.page.locator(LEAVE).click()
    await visitor.page.wait_for_url("**/authorize?**")
    await visitor.page.get_by_role("link", name=person).click()


async def stay(route: Route) -> None:
    """The page as it is, but for going on by itself."""
    answer = await route.fetch()
    text = (await answer.text()).replace('http-equiv="refresh"', 'name="was"')
    await route.fulfill(response=answer, body=text)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("javascript", [True, False])
async def test_somebody_signs_in_and_votes(
    enter: Enter, site: Site, city: FakeOpenId, language: str, javascript: bool
) -> None:
    campaign = await campaign_of(site, city, "oidc")
    visitor = await enter(language=language, javascript=javascript)
    page = await visitor.open("/campaigns/award/ballot?choice=101&choice=201")
    await visitor.look(f"{language}-{javascript}-sign-in")

    await sign_in(visitor, "lu")
    if not javascript:
        await page.wait_for_url("**/arrivals/oidc?**")
        await expect(page.locator(".picked > *")).to_have_count(2)
        await visitor.look(f"{language}-arrival")
        await page.locator(ADMIT).click()
    await page.wait_for_url("**/ballot?choice=101&choice=201")
    await expect(page.locator(".who")).to_contain_text("望河通")
    await visitor.look(f"{language}-{javascript}-signed-in")
    await visitor.press(".ballotbar button")
    await visitor.press(CAST)

    counts = await recount(campaign.id)
    assert counts.by_channel[Channel.OIDC].votes == {101: 1, 201: 1}
    assert city.complaints == []


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_whoever_says_no_is_told_what_to_do(
    enter: Enter, site: Site, city: FakeOpenId, language: str
) -> None:
    await campaign_of(site, city, "email oidc code")
    visitor = await enter(language=language)
    page = await visitor.open("/campaigns/award/ballot?choice=101&choice=201")
    await visitor.look(f"{language}-beside-others")

    await sign_in(visitor, "nobody")
    await page.wait_for_url("**/arrivals/oidc?**")
    await expect(page.locator(".errors")).to_be_visible()
    await expect(page.locator(".picked > *")).to_have_count(2)
    await visitor.look(f"{language}-said-no")
    await sign_in(visitor, "bai")
    await page.wait_for_url("**/ballot?choice=101&choice=201")


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_what_the_pages_on_the_way_look_like(
    enter: Enter, site: Site, city: FakeOpenId, language: str
) -> None:
    await campaign_of(site, city, "oidc")
    visitor = await enter(language=language, viewport=DESK)
    await visitor.page.route("**/departures", stay)
    await visitor.open("/campaigns/award/ballot?choice=101")
    await visitor.page.locator(LEAVE).click()
    await visitor.page.wait_for_url("**/departures")
    await visitor.look(f"{language}-departure")
    await visitor.open("/arrivals/oidc?code=x&state=y", status=401)
    await visitor.look(f"{language}-astray")
