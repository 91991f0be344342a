"""A whole award season in Chinese, as everybody in it sees it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from awards.actor import Role
from awards.campaigns.models import Campaign
from awards.nominations.models import NominationPhoto
from tests import make
from tests.flows import photos
from tests.flows.citizen import NEIGHBOUR, RESEND, SEND, add_photos, typed, write
from tests.flows.conftest import Enter, Site, Visitor
from tests.flows.staff import Desk, first_sign_in, sign_in
from tests.flows.voter import ADMIT, ask_for_code, enter_code, link_in

pytestmark = [pytest.mark.browser, pytest.mark.season]

Calendar = Callable[[datetime], None]

SLUG = "2027-lamplight"
HOME = f"/campaigns/{SLUG}"
DAYS = {
    "nomination": ("2027-03-01T09:00", "2027-03-10T18:00"),
    "review": ("2027-03-10T18:00", "2027-03-15T09:00"),
    "candidates": ("2027-03-15T09:00", "2027-03-20T09:00"),
    "voting": ("2027-03-20T09:00", "2027-03-22T18:00"),
    "checking": ("2027-03-22T18:00", "2027-03-24T09:00"),
    "result": ("2027-03-24T09:00", "2027-03-28T09:00"),
    "honours": ("2027-03-28T09:00", "2027-03-30T18:00"),
}
CATEGORIES = "helping | 助人为乐 | Helping others | 2\nbravery | 见义勇为 | Bravery | 1"
REGIONS = "dongguan | 东关区 | Dongguan\nnandu | 南渡县 | Nandu"
OPENING = {"category": "helping", "name": "石顺", "summary": NEIGHBOUR["summary"][:30]}
"""What the citizen had written when the tab was closed."""


async def test_a_whole_season(enter: Enter, site: Site, calendar: Calendar, tmp_path: Path) -> None:
    calendar(at("2027-03-01T09:10"))
    organiser = await first_sign_in(enter, "组织者甲", Role.ORGANISER)
    moderator = await first_sign_in(enter, "审核员乙", Role.MODERATOR)
    await make_campaign(organiser)
    citizen = await enter()
    private = await nominate(citizen, tmp_path)
    await send_back(moderator)
    await correct(citizen, private)
    calendar(at("2027-03-12T09:00"))
    await approve(moderator)
    pictures = await nothing_is_public(await enter(), private)
    await agree(await enter(), pictures)
    calendar(at("2027-03-20T10:00"))
    await vote_with_code(await enter())
    late = await vote_with_link(await enter())
    calendar(at("2027-03-22T18:00"))
    await come_too_late(late)
    calendar(at("2027-03-24T10:00"))
    await publish_result(organiser)
    calendar(at("2027-03-28T10:00"))
    editor = await first_sign_in(enter, "编辑丙", Role.EDITOR)
    await honour(editor, tmp_path)
    await everybody_sees(await enter())


def at(text: str) -> datetime:
    """A moment in Wanghe."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


# --- the organiser opens the award ----------------------------------------------------------------


async def make_campaign(organiser: Desk) -> None:
    """From a preset, in the form; a visitor finds it once it is published."""
    visitor = organiser.visitor
    page = await visitor.open("/admin/campaigns/new")
    await page.fill("[name=title_zh]", "2027望河灯火好人")
    await page.fill("[name=slug]", SLUG)
    await page.fill("[name=summary_zh]", "寻找身边点灯的人。")
    await page.fill("[name=host_zh]", "望河市灯火组委会")
    await page.fill("[name=enquiry_phone]", "0000-1234567")
    await page.select_option("[name=preset]", "daily_tap")
    for kind, (starts, ends) in DAYS.items():
        await page.fill(f"[name={kind}_starts]", starts)
        await page.fill(f"[name={kind}_ends]", ends)
    await page.fill("[name=categories]", CATEGORIES)
    await page.fill("[name=regions]", REGIONS)
    await visitor.look("01-campaign-form")
    await visitor.press("form[action='/admin/campaigns'] button.button--main")
    await visitor.look("02-campaign-made")
    page = await visitor.press(f"form[action='/admin/campaigns/{SLUG}/publication'] button")
    await expect(page.locator("h1")).to_have_text("2027望河灯火好人")
    # Somebody to run against: a candidate who is public already.
    await make.candidate(await Campaign.get(slug=SLUG), 102, name="白鹭")


# --- a citizen nominates, and the committee answers -----------------------------------------------


async def nominate(citizen: Visitor, folder: Path) -> str:
    """Half the words, a closed tab, the other half, two photos; the private page."""
    await citizen.open(HOME)
    await citizen.look("03-campaign-nominating")
    page = await citizen.press(f"a[href='{HOME}/nominations/new']")
    await write(page, OPENING)
    await expect(page.locator("[data-draft-status]").first).not_to_be_empty()
    page = await citizen.another_tab()
    await citizen.open(f"{HOME}/nominations/new")
    await expect(page.locator("[data-draft-status]").first).to_have_text("上次写的已经放回来了。")
    assert await typed(page, list(OPENING)) == OPENING

    await write(page, NEIGHBOUR)
    await page.check("[name=pledge]")
    await add_photos(page, photos.located(folder / "one.jpg"), photos.snapshot(folder / "two.jpg"))
    await citizen.look("04-nomination-form")
    page = await citizen.press(SEND)
    await citizen.look("05-nomination-sent")
    await expect(page.locator("h1")).to_have_text("石顺")
    await expect(page.locator(".upload img")).to_have_count(2)
    private = page.url
    letter = await citizen.site.letter(NEIGHBOUR["nominator_contact"])
    assert link_in(letter) == private
    page = await citizen.open(f"{HOME}/nominations/new")
    assert await page.input_value("[name=name]") == ""
    return private


async def send_back(moderator: Desk) -> None:
    """Not without a reason."""
    visitor = moderator.visitor
    await visitor.open("/judge")
    page = await visitor.press(".queue__row")
    await visitor.look("06-decision")
    page = await visitor.press("button[formaction*='/return']", status=422)
    await expect(page.locator(".errors")).to_be_visible()
    await page.fill("[name=reason]", "请补写是哪一年冬天的事。")
    await visitor.press("button[formaction*='/return']")


async def correct(citizen: Visitor, private: str) -> None:
    """By the letter's link to the private page, and on to the form with all that was sent."""
    letter = await citizen.site.letter(NEIGHBOUR["nominator_contact"], after=1)
    assert link_in(letter) == private
    page = await citizen.open(private)
    await expect(page.locator("main")).to_contain_text("请补写是哪一年冬天的事。")
    await citizen.look("07-returned")
    page = await citizen.press("a[href$='/revision']")
    assert await typed(page, list(NEIGHBOUR)) == NEIGHBOUR
    await page.fill("[name=summary]", NEIGHBOUR["summary"] + "那是2019年的冬天。")
    page = await citizen.press(RESEND)
    await citizen.look("08-corrected")
    await expect(page.locator("main")).to_contain_text("那是2019年的冬天。")
    await expect(page.locator(".upload img")).to_have_count(2)


async def approve(moderator: Desk) -> None:
    """On another day, after signing in with password and app."""
    await sign_in(moderator)
    visitor = moderator.visitor
    await visitor.open("/judge")
    page = await visitor.press(".queue__row")
    await expect(page.locator("main")).to_contain_text("那是2019年的冬天。")
    await visitor.press("button[formaction*='/approval']")
    await visitor.look("09-approved")


# --- nothing is shown before the nominee agrees ---------------------------------------------------


async def nothing_is_public(stranger: Visitor, private: str) -> list[str]:
    """Neither page nor pictures, though the number is given; the addresses of the pictures."""
    await stranger.open(f"{HOME}/candidates/101", status=404)
    page = await stranger.open(HOME)
    await expect(page.locator("main")).not_to_contain_text("石顺")
    pictures = [
        f"/media/{each.picture_id}/320.webp"
        for each in await NominationPhoto.all().order_by("position")
    ]
    assert len(pictures) == 2
    assert [await status(stranger, each) for each in pictures] == [404, 404]
    return pictures


async def agree(nominee: Visitor, pictures: list[str]) -> None:
    """The link of the letter, and a yes; then the page is there, without a word of where it was."""
    letter = await nominee.site.letter(NEIGHBOUR["nominee_contact"])
    page = await nominee.open(link_in(letter))
    await nominee.look("10-consent")
    await page.check("[name=show_photo]")
    await page.check("[name=show_story]")
    await nominee.press("form[action$='/agreement'] button")
    await nominee.look("11-agreed")

    page = await nominee.open(f"{HOME}/candidates/101")
    await nominee.look("12-candidate")
    await expect(page.locator("h1")).to_have_text("石顺")
    await expect(page.locator("main")).to_contain_text("101")
    await expect(page.locator("main")).to_contain_text("车是孩子的腿")
    for each in pictures:
        answer = await nominee.context.request.get(nominee.site.address + each)
        assert (answer.status, photos.metadata(await answer.body())) == (200, {})


async def status(visitor: Visitor, path: str) -> int:
    """What the server says to this browser."""
    return (await visitor.context.request.get(visitor.site.address + path)).status


# --- two people vote, and one comes too late ------------------------------------------------------


async def vote_with_code(voter: Visitor) -> None:
    """Prove an address once, vote, see what is left; for the same person only tomorrow again."""
    await voter.open(HOME)
    await voter.look("13-campaign-voting")
    await voter.press(".candidate[data-number='101'] a[data-vote]")
    code = await ask_for_code(voter, "zhou@example.com")
    page = await enter_code(voter, code)
    await voter.look("14-tap")
    second = await voter.context.new_page()
    await second.goto(page.url)
    page = await voter.press("form[action$='/ballots'] button")
    await expect(page.locator("h1")).to_have_text("票已收好")
    tracker = page.url
    await voter.look("15-receipt")

    # The same form from another tab: the same receipt, and no second vote.
    await second.locator("form[action$='/ballots'] button").click()
    await expect(second).to_have_url(tracker)
    await second.close()
    page = await voter.open(f"{HOME}/ballot?choice=101")
    await expect(page.locator("main")).to_contain_text("您已经投过这一位了")
    await expect(page.locator("form[action$='/ballots']")).to_have_count(0)
    await voter.look("16-voted-before")

    page = await voter.open(HOME)
    await expect(page.locator(".candidate[data-number='101']")).to_have_attribute(
        "data-state", "voted"
    )
    await expect(page.locator("[data-vote-mine]")).to_contain_text("今天还可以投9票")
    await voter.look("17-campaign-voted")
    page = await voter.press(".candidate[data-number='102'] form button")
    await expect(page.locator("h1")).to_have_text("票已收好")


async def vote_with_link(voter: Visitor) -> Visitor:
    """The link of the letter does the same; a page that stays open for too long."""
    await voter.open(f"{HOME}/ballot?choice=101")
    await ask_for_code(voter, "wu@example.com")
    letter = await voter.site.letter("wu@example.com")
    await voter.open(link_in(letter))
    await voter.look("18-link")
    await voter.press(ADMIT)
    page = await voter.press("form[action$='/ballots'] button")
    await expect(page.locator("h1")).to_have_text("票已收好")
    await voter.open(f"{HOME}/ballot?choice=102")
    return voter


async def come_too_late(voter: Visitor) -> None:
    """The page was open since before; the server's clock decides."""
    page = await voter.press("form[action$='/ballots'] button", status=403)
    await expect(page.locator("h1")).to_contain_text("投票已于2027年3月22日 18:00结束")
    await voter.look("19-too-late")


# --- the count, the honours -----------------------------------------------------------------------


async def publish_result(organiser: Desk) -> None:
    """Count the ballots, look, publish."""
    await sign_in(organiser)
    visitor = organiser.visitor
    await visitor.open(f"/admin/campaigns/{SLUG}/result")
    page = await visitor.press("form[action$='/result/counts'] button")
    await visitor.look("20-counted")
    await expect(page.locator("table").first).to_contain_text("石顺")
    await visitor.press_and_confirm("form[action$='/result/publication'] button")
    page = await visitor.open(f"{HOME}/results")
    await visitor.look("21-result")
    await expect(page.locator("main")).to_contain_text("石顺")


async def honour(editor: Desk, folder: Path) -> None:
    """A page for each of the two winners: the first with all that belongs to it."""
    visitor = editor.visitor
    await begin_page(visitor, "石顺")
    await visitor.look("22-honour")
    page = visitor.page
    await page.locator(
        "form[action$='/honours'] summary, details:has(form[action$='/honours']) summary"
    ).click()
    await page.fill("form[action$='/honours'] [name=title_zh]", "东关区好邻居")
    await page.fill("form[action$='/honours'] [name=conferred]", "2024-05")
    await visitor.press("form[action$='/honours'] button.button")
    await page.locator("details:has(form[action$='/photos']) summary").click()
    await page.set_input_files("[name=picture]", photos.snapshot(folder / "three.jpg", hue=200))
    await page.fill("form[action$='/photos'] [name=alt_zh]", "修车摊上的一盏灯")
    await page.fill("form[action$='/photos'] [name=caption_zh]", "修车摊")
    await visitor.press("form[action$='/photos'] .actions button")
    await visitor.press("form[action$='/publication'] button")
    await visitor.look("23-honoured")
    await begin_page(visitor, "白鹭")
    await visitor.press("form[action$='/publication'] button")


async def begin_page(visitor: Visitor, name: str) -> None:
    """Confer the honour and write the citation."""
    await visitor.open("/admin/honours")
    page = await visitor.press(f"li:has-text('{name}') form button")
    await page.fill("[name=citation_zh]", "二十六年修车摊，\n不收学生一分钱。")
    await page.fill("[name=portrait_alt_zh]", f"{name}在灯下")
    await visitor.press("form[action^='/admin/honours/'] .actions button.button--main")


async def everybody_sees(visitor: Visitor) -> None:
    """The home page shows the winner; the winner's page is worth showing."""
    page = await visitor.open("/")
    await visitor.look("24-home")
    page = await visitor.press(f"main a[href='/showcase/{SLUG}-101']:not([tabindex])")
    await visitor.look("25-winner")
    main = page.locator("main")
    await expect(page.locator("h1")).to_have_text("石顺")
    for words in ("不收学生一分钱", "车是孩子的腿", "东关区好邻居", "修车摊"):
        await expect(main).to_contain_text(words)
    await expect(main.locator("img[alt='石顺在灯下']")).to_be_visible()
    await expect(main.locator("img[alt='修车摊上的一盏灯']")).to_be_visible()
    shared = await page.get_attribute("meta[property='og:image']", "content")
    assert shared and shared.startswith(visitor.site.address)
    assert (await visitor.context.request.get(shared)).status == 200
    page = await visitor.press(f"main a[href='/showcase/{SLUG}-102']:not([tabindex])")
    await expect(page.locator("h1")).to_have_text("白鹭")
    await expect(
        page.locator(f"main a[href='/showcase/{SLUG}-101']:not([tabindex])").first
    ).to_be_visible()


# --- an award with a ballot paper -----------------------------------------------------------------


async def test_a_ballot_paper(enter: Enter, site: Site) -> None:
    """Two names in a category and no more; read once more; cast once."""
    campaign = await make.campaign(preset="class_cap", slug="paper")
    for number, name in ((101, "陆春芳"), (102, "石顺"), (103, "白鹭"), (201, "韩麦")):
        await make.candidate(campaign, number, name=name)
    voter = await enter()
    await voter.open("/campaigns/paper")
    await voter.look("31-campaign-paper")
    await voter.press("a[href*='/campaigns/paper/ballot']")
    await voter.look("32-prove")
    page = await enter_code(voter, await ask_for_code(voter, "zheng@example.com"))
    third = page.locator("[name=choice][value='103']")
    await page.check("[name=choice][value='101']")
    await page.check("[name=choice][value='102']")
    await expect(third).to_be_disabled()
    await expect(page.locator(".ballotbar b[data-count]")).to_have_text("2")
    await voter.look("33-paper")
    await page.uncheck("[name=choice][value='102']")
    await third.check()
    await page.check("[name=choice][value='201']")
    page = await voter.press(".ballotbar button")
    await voter.look("34-review")
    await expect(page.locator(".picked li")).to_have_count(3)
    page = await voter.press("form[action$='/ballots'] button.button--main")
    await expect(page.locator("h1")).to_have_text("选票已收好")
    await voter.look("35-receipt")
    tracker = page.url.rsplit("/", 1)[-1]
    page = await voter.open("/campaigns/paper/ballot")
    await expect(page.locator("[name=choice]")).to_have_count(0)
    assert tracker in (await page.locator("main").inner_text()).replace("-", "")
    await voter.look("36-cast")
