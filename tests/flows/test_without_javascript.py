"""In English, with JavaScript switched off: whatever goes wrong, nothing that was typed is lost."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from awards.campaigns.models import Campaign
from awards.campaigns.rules import StageKind
from awards.nominations.models import Nomination
from tests import make
from tests.flows import photos
from tests.flows.citizen import IN_ENGLISH, SEND, add_photos, typed, write
from tests.flows.conftest import Enter, Site, Visitor
from tests.flows.voter import ask_for_code, enter_code

pytestmark = pytest.mark.browser

CAST = "form[action$='/ballots'] button"
FORGED = "000000"


async def reader(enter: Enter) -> Visitor:
    """Somebody who reads English and has switched JavaScript off."""
    return await enter(language="en", javascript=False)


async def campaign_of(preset: str) -> Campaign:
    """A campaign in voting with five candidates."""
    campaign = await make.campaign(preset=preset, slug=f"award-{preset.replace('_', '-')}")
    for number, name in (
        (101, "陆春芳"),
        (102, "石顺"),
        (103, "白鹭"),
        (201, "韩麦"),
        (202, "苏禾"),
    ):
        await make.candidate(campaign, number, name=name)
    return campaign


async def test_a_vote_for_one_person(enter: Enter, site: Site) -> None:
    campaign = await campaign_of("daily_tap")
    visitor = await reader(enter)
    page = await visitor.open(f"/campaigns/{campaign.slug}")
    page = await visitor.press("a[data-vote][href$='=101']")
    await visitor.look("en-prove")
    await expect(page.locator("main")).to_contain_text("Candidate 101")

    code = await ask_for_code(visitor, "ann@example.com")
    await visitor.look("en-code")
    page = await enter_code(visitor, FORGED if code != FORGED else "111111", status=401)
    await expect(page.locator(".field__error")).to_be_visible()
    await visitor.look("en-wrong-code")
    page = await enter_code(visitor, code)
    await expect(page.locator("h1")).to_have_text("A vote for Candidate 101?")
    await expect(page.locator("main")).to_contain_text("an•••@example.com")
    await visitor.look("en-tap")
    page = await visitor.press(CAST)
    await expect(page.locator("h1")).to_have_text("Your vote is recorded")
    await expect(page.locator("main")).to_contain_text("9 votes")
    await visitor.look("en-receipt")

    page = await visitor.open(f"/campaigns/{campaign.slug}/ballot?candidate=101")
    await expect(page.locator("main")).to_contain_text(
        "You can vote for this person again tomorrow."
    )
    await expect(page.locator(CAST)).to_have_count(0)
    await visitor.look("en-again")
    page = await visitor.open(f"/campaigns/{campaign.slug}/ballot")
    await expect(page.locator(".quota [data-some]")).to_have_text("You have 9 votes left today")
    await expect(page.locator(".candidate[data-state=voted]")).to_have_attribute(
        "data-number", "101"
    )
    await visitor.look("en-taps")


async def test_a_code_serves_once(enter: Enter, site: Site) -> None:
    campaign = await campaign_of("daily_tap")
    visitor = await reader(enter)
    await visitor.open(f"/campaigns/{campaign.slug}/ballot?candidate=102")
    code = await ask_for_code(visitor, "bob@example.com")
    there = visitor.page.url
    await enter_code(visitor, code)

    page = await visitor.open(there)
    # The browser has been told to forget which address this was: a second code has to be asked for.
    await expect(page.locator("[name=code]")).to_have_count(0)
    await expect(page.locator("main")).to_contain_text("Please have a code sent again.")
    await expect(page.locator("main")).to_contain_text("Candidate 102")
    await visitor.look("en-used-code")


async def test_a_ballot_of_several(enter: Enter, site: Site) -> None:
    campaign = await campaign_of("class_cap")
    visitor = await reader(enter)
    await visitor.open(f"/campaigns/{campaign.slug}/ballot")
    page = await enter_code(visitor, await ask_for_code(visitor, "cai@example.com"))
    await visitor.look("en-ballot")
    for number in (101, 102, 103, 201):
        await page.check(f"[name=choice][value='{number}']")
    page = await visitor.press(".ballotbar button", status=422)
    await visitor.look("en-ballot-too-many")
    await expect(page.locator(".errors")).to_be_visible()
    assert await page.locator("[name=choice]:checked").count() == 4

    await page.uncheck("[name=choice][value='103']")
    page = await visitor.press(".ballotbar button")
    await expect(page.locator("h1")).to_have_text("You chose 3 people")
    await visitor.look("en-review")
    page = await visitor.press("a[aria-label='Take Candidate 201 off']")
    page = await visitor.press(CAST)
    await expect(page.locator("h1")).to_have_text("Your ballot is recorded")

    page = await visitor.open(f"/campaigns/{campaign.slug}/ballot")
    await expect(page.locator("h1")).to_have_text("You have cast your ballot")
    await visitor.look("en-cast")


async def form_of_nomination(visitor: Visitor) -> None:
    """A campaign that takes nominations, and its form in front of the visitor."""
    campaign = await make.campaign(stage=StageKind.NOMINATION, slug="open-award")
    await visitor.open(f"/campaigns/{campaign.slug}/nominations/new")


async def test_a_nomination_with_mistakes_first(enter: Enter, site: Site, tmp_path: Path) -> None:
    visitor = await reader(enter)
    await form_of_nomination(visitor)
    wrong = IN_ENGLISH | {"name": "Shi 🚲", "one_liner": "x" * 141, "nominator_contact": "nowhere"}
    page = visitor.page
    await write(page, wrong)
    note = tmp_path / "note.jpg"
    note.write_text("This is not a photo.")
    await add_photos(page, photos.located(tmp_path / "good.jpg"), note)
    page = await visitor.press(SEND, status=422)
    await visitor.look("en-nomination-mistakes")
    assert await typed(page, list(wrong)) == wrong
    for field in ("name", "one_liner", "nominator_contact", "photos", "pledge"):
        await expect(page.locator(f"#{field}-error")).to_be_visible()
    await expect(page.locator("#one_liner-error")).to_contain_text("1 too many")
    await expect(page.locator("#photos-error")).to_contain_text("note.jpg")
    await expect(page.locator(".upload img")).to_have_count(1)

    await write(page, IN_ENGLISH)
    await page.check("[name=pledge]")
    page = await visitor.press(SEND)
    await visitor.look("en-nomination-sent")
    await expect(page.locator("h1")).to_have_text("𬴊石顺·Shi Shun")
    await expect(page.locator("main")).to_contain_text("<script>alert('summary')</script>")
    await expect(page.locator(".upload img")).to_have_count(1)
    await expect(page.locator("main")).to_contain_text("We have it and are reading it")


async def test_a_photo_that_is_too_large(enter: Enter, site: Site, tmp_path: Path) -> None:
    visitor = await reader(enter)
    await form_of_nomination(visitor)
    page = visitor.page
    await write(page, IN_ENGLISH)
    await page.check("[name=pledge]")
    await add_photos(page, photos.huge(tmp_path / "huge.jpg"))
    page = await visitor.press(SEND, status=422)
    await visitor.look("en-photo-too-large")
    await expect(page.locator("#photos-error")).to_contain_text("MB; at most 10 MB.")
    assert await typed(page, list(IN_ENGLISH)) == IN_ENGLISH
    page = await visitor.press(SEND)
    await expect(page.locator("h1")).to_have_text("𬴊石顺·Shi Shun")


async def test_the_same_photo_with_javascript(enter: Enter, site: Site, tmp_path: Path) -> None:
    visitor = await enter(language="en")
    await form_of_nomination(visitor)
    page = visitor.page
    await expect(page.locator("[data-previews]")).to_be_visible()
    await write(page, IN_ENGLISH)
    await page.check("[name=pledge]")
    await add_photos(page, photos.huge(tmp_path / "huge.jpg"))
    page = await visitor.press(SEND)
    await expect(page.locator(".upload img")).to_have_count(1)
    await expect(page.locator("main")).to_contain_text("<script>alert('summary')</script>")
    assert await Nomination.all().count() == 1


async def test_a_session_that_ended_while_typing(enter: Enter, site: Site) -> None:
    visitor = await reader(enter)
    await form_of_nomination(visitor)
    await write(visitor.page, IN_ENGLISH)
    await visitor.page.check("[name=pledge]")
    await visitor.context.clear_cookies(name="visitor")
    page = await visitor.press(SEND, status=403)
    await visitor.look("en-send-again")
    await expect(page.locator("h1")).to_have_text("Please send it once more")
    page = await visitor.press("main form button.button--main")
    await expect(page.locator("h1")).to_have_text("𬴊石顺·Shi Shun")


@pytest.mark.parametrize("javascript", [False, True])
async def test_a_double_click_sends_once(enter: Enter, site: Site, javascript: bool) -> None:
    visitor = await enter(language="en", javascript=javascript)
    await form_of_nomination(visitor)
    await write(visitor.page, IN_ENGLISH)
    await visitor.page.check("[name=pledge]")
    await visitor.page.locator(SEND).dblclick()
    await expect(visitor.page.locator("h1")).to_have_text("𬴊石顺·Shi Shun")
    assert await Nomination.all().count() == 1


async def test_a_page_that_does_not_exist(enter: Enter, site: Site) -> None:
    visitor = await reader(enter)
    page = await visitor.open("/nothing/here", status=404)
    await visitor.look("en-404")
    await expect(page.locator("main")).to_contain_text("Your votes and drafts are safe.")
    await expect(page.locator("main a")).to_have_attribute("href", "/")
