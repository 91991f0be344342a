"""Each of the eleven ballot rules, voted as somebody votes with a phone in the hand: in both
languages, with and without JavaScript, from the award's page to the receipt.

Twelve of the 44 ways are gone at a time, drawn by a seed that is printed; `--drill presets` goes
all of them, AWARDS_TEST_PRESETS=<seed> those of that seed again.
"""

import asyncio
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from playwright.async_api import Error, Page, expect

from awards.accounts.throttle import LIMITS
from awards.campaigns.models import Campaign
from awards.campaigns.rules import PRESETS
from awards.config import Config
from awards.voting.counting import count_ballots
from tests import make
from tests.drills.sizes import CHOSEN
from tests.flows.conftest import Enter, Site, Visitor
from tests.flows.voter import ask_for_code, enter_code

pytestmark = [pytest.mark.browser, pytest.mark.presets]

ASKED = os.environ.get("AWARDS_TEST_PRESETS", "")
AT_A_TIME, AT_ONCE = 12, 3
CATEGORIES = (1, 2, 3)
IN_EACH = 5
CAST = "form[action$='/ballots'] button"
HEADINGS = {
    "zh-Hans": ("票已收好", "选票已收好"),
    "en": ("Your vote is recorded", "Your ballot is recorded"),
}


@pytest.fixture
def config(config: Config, monkeypatch: pytest.MonkeyPatch) -> Config:
    """So many voters at one address would be asked for a sum (tests/flows/test_work.py)."""
    monkeypatch.setitem(LIMITS, "code.source", ("1000/day",))
    return config.model_copy(update={"ask_votes": 1000, "ask_letters": 1000})


@dataclass(frozen=True)
class Way:
    """One way to vote."""

    preset: str
    language: str
    javascript: bool

    def __str__(self) -> str:
        return f"{self.preset}-{self.language}-{'script' if self.javascript else 'plain'}"


def all_ways() -> list[Way]:
    return [
        Way(preset, language, javascript)
        for preset in PRESETS
        for language in HEADINGS
        for javascript in (True, False)
    ]


def drawn(seed: int) -> list[Way]:
    """Twelve ways: every rule once, and one more; what else varies is drawn."""
    draw = random.Random(seed)  # noqa: S311 - which ways to go is no secret
    ways = all_ways()
    draw.shuffle(ways)
    chosen = [next(way for way in ways if way.preset == preset) for preset in PRESETS]
    return [*chosen, *(way for way in ways if way not in chosen)][:AT_A_TIME]


def asked() -> Sequence[Way]:
    """What the environment asks for."""
    if CHOSEN in ("presets", "all"):
        return all_ways()
    seed = int(ASKED) if ASKED else random.SystemRandom().randrange(10**6)
    print(f"AWARDS_TEST_PRESETS={seed}")
    return drawn(seed)


async def test_every_rule_is_voted_in_a_browser(enter: Enter, site: Site) -> None:
    ways = asked()
    failed: list[str] = []
    campaigns = {preset: await award(preset) for preset in {way.preset for way in ways}}
    voters = dict.fromkeys(campaigns, 0)

    at_once = asyncio.Semaphore(AT_ONCE)

    async def go(way: Way) -> None:
        async with at_once:
            visitor = await enter(language=way.language, javascript=way.javascript)
            try:
                votes = await vote(visitor, campaigns[way.preset], way)
                voters[way.preset] += votes
                await visitor.look(f"preset-{way}")
            except (AssertionError, Error) as error:
                failed.append(f"{way}: {error}")
            await visitor.page.close()

    await asyncio.gather(*(go(way) for way in ways))
    assert not failed, "\n".join(failed)
    for preset, campaign in campaigns.items():
        counted = await count_ballots(campaign.id)
        assert (preset, counted.ballots) == (preset, voters[preset])


async def award(preset: str) -> Campaign:
    """An award in voting with fifteen candidates."""
    campaign = await make.campaign(preset=preset, slug=preset.replace("_", "-"))
    for category in CATEGORIES:
        for place in range(1, IN_EACH + 1):
            await make.candidate(campaign, category * 100 + place)
    return campaign


async def vote(visitor: Visitor, campaign: Campaign, way: Way) -> int:
    """From the award's page to the receipt; how many ballots were cast."""
    page = await visitor.open(f"/campaigns/{campaign.slug}")
    rule = PRESETS[way.preset].rule
    if rule.is_ballot:
        await visitor.press("a[href$='/ballot']")
        await prove(visitor, way)
        await fill_in(page, way)
        await visitor.press(".ballotbar button")
        await visitor.look(f"preset-{way}-review")
        await visitor.press(CAST)
        await expect(page.locator("h1")).to_have_text(HEADINGS[way.language][1])
        return 1
    await visitor.press("a[data-vote][href$='=101']")
    await prove(visitor, way)
    await visitor.press(CAST)
    await expect(page.locator("h1")).to_have_text(HEADINGS[way.language][0])
    await vote_on(visitor, campaign, way)
    return 2


async def vote_on(visitor: Visitor, campaign: Campaign, way: Way) -> None:
    """One more, from the list: with JavaScript one press on the award's page is a vote."""
    if way.javascript and PRESETS[way.preset].rule.slots == 1:
        page = await visitor.open(f"/campaigns/{campaign.slug}")
        await expect(
            page.locator(".candidate[data-number='101'][data-state=voted]")
        ).to_be_visible()
        await visitor.press(".candidate[data-number='201'] form button")
    else:
        page = await visitor.open(f"/campaigns/{campaign.slug}/ballot")
        await visitor.press(".candidate[data-number='201'] form button")
    await expect(page.locator("h1")).to_have_text(HEADINGS[way.language][0])


async def prove(visitor: Visitor, way: Way) -> None:
    """An address of one's own, by the code in the letter."""
    address = f"{str(way).replace('_', '-').lower()}@example.com"
    await enter_code(visitor, await ask_for_code(visitor, address))


async def fill_in(page: Page, way: Way) -> None:
    """As many as the rule wants, and no more in a category than it allows."""
    rule = PRESETS[way.preset].rule
    in_each = min(rule.per_category or IN_EACH, IN_EACH)
    numbers = [category * 100 + place for place in range(1, in_each + 1) for category in CATEGORIES]
    wanted = max(rule.least, min(rule.most, 3))
    for number in numbers[:wanted]:
        await page.check(f"[name=choice][value='{number}']")
    await expect(page.locator(".ballot")).to_be_visible()


def test_the_draw_is_repeatable_and_leaves_no_rule_out() -> None:
    for seed in range(50):
        ways = drawn(seed)
        assert ways == drawn(seed) and len(set(ways)) == AT_A_TIME
        assert {way.preset for way in ways} == set(PRESETS)
    assert len(all_ways()) == 44
