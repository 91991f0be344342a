"""The moderators' room: the queue, one decision at a time, and nobody else's campaigns."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from awards import clock
from awards.actor import Actor, Role
from awards.campaigns.models import Campaign
from awards.db import in_transaction
from awards.nominations.actions import answer_consent
from awards.nominations.models import Candidate, Consent, ModerationDecision, Nomination
from awards.nominations.queries import find_nomination, list_candidates
from awards.nominations.rules import Answer
from tests import make
from tests.digest import digest
from tests.nominations.steps import approve, close_nominations, open_campaign, send, token_for
from tests.web.site.citizen import Citizen, plain, said

SignIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def campaign() -> Campaign:
    return await open_campaign(slug="lamp")


@pytest.fixture
async def desk(moderator: Actor, signed_in: SignIn, campaign: Campaign) -> Citizen:
    """A moderator at the browser."""
    return Citizen(await signed_in(moderator))


async def opened(desk: Citizen, nomination: Nomination) -> str:
    """The decision's page is open; its path."""
    path = f"/judge/nominations/{nomination.code}"
    await desk.open(path)
    return path


async def wait_since(nomination: Nomination, days: float) -> None:
    async with in_transaction():
        await Nomination.filter(id=nomination.id).update(
            changed_at=clock.now() - timedelta(days=days)
        )


def order(page: str, *names: str) -> list[str]:
    return sorted(names, key=page.index)


async def test_the_queue_begins_with_what_waited_longest(desk: Citizen, campaign: Campaign) -> None:
    new, old = await send(campaign, name="陆春芳"), await send(campaign, name="沈渡生")
    await wait_since(old, 7)
    await wait_since(new, 0.1)

    page = await desk.open("/judge")

    assert order(page, "陆春芳", "沈渡生") == ["沈渡生", "陆春芳"]
    assert page.count('data-state="late"') == 1
    assert "第8天" in page


async def test_an_empty_queue_says_so(desk: Citizen) -> None:
    assert "都审完了" in await desk.open("/judge")


async def test_the_heaps_are_counted(desk: Citizen, campaign: Campaign, moderator: Actor) -> None:
    await send(campaign)
    await approve(moderator, await send(campaign, name="陆春芳"))

    page = await desk.open("/judge?state=approved")

    assert "陆春芳" in page and "石顺" not in page
    assert "待审 1" in plain(page) and "已通过 1" in plain(page)
    assert "石顺" in await desk.open("/judge?state=nonsense")
    await desk.open("/judge?page=2", status=404)


async def test_a_long_queue_has_pages(desk: Citizen, campaign: Campaign) -> None:
    for n in range(31):
        await make.nomination(campaign, name=f"石顺{n:02}")

    first, second = await desk.open("/judge"), await desk.open("/judge?state=submitted&page=2")

    assert (first.count("queue__row"), second.count("queue__row")) == (30, 1)


async def test_the_queue_asks_the_database_the_same_for_one_and_three(
    desk: Citizen, campaign: Campaign, queries_of: Callable[[str], Awaitable[int]]
) -> None:
    await send(campaign)
    one = await queries_of("/judge")
    await send(campaign, name="陆春芳")
    await send(campaign, name="沈渡生")

    assert await queries_of("/judge") == one


async def test_a_moderator_of_one_campaign_sees_no_other(
    signed_in: SignIn, campaign: Campaign
) -> None:
    other = await open_campaign(slug="other")
    hidden, own = await send(other, name="陆春芳"), await send(campaign)
    local = await make.person(Role.MODERATOR, campaign=campaign.id)
    desk = Citizen(await signed_in(local))
    queue = await desk.open("/judge")
    await opened(desk, own)
    before = await digest()

    assert "石顺" in queue and "陆春芳" not in queue
    assert "陆春芳" not in await desk.open("/judge?campaign=other")
    path = f"/judge/nominations/{hidden.code}"
    assert (await desk.client.get(path)).status_code == 403
    for deed in ("approval", "return", "rejection", "consent", "consent-request"):
        fields = {"reason": "请补一张照片。", "rule": "scope", "revision": "1", "answer": "yes",
                  "how": "phone", "given_by": "nominee", "note": "11月20日电话"}  # fmt: skip
        await desk.send(f"{path}/{deed}", fields, status=403)
    assert await digest() == before


async def test_an_editor_is_not_let_in(editor: Actor, signed_in: SignIn) -> None:
    client = await signed_in(editor)

    assert (await client.get("/judge")).status_code == 403


async def test_all_that_a_decision_needs_is_shown(desk: Citizen, campaign: Campaign) -> None:
    sent = await send(campaign, birth_month="2012-05", story="他的电话是13812345678。")
    await send(campaign, name="石 顺", category="bravery")
    await opened(desk, sent)

    text = plain(desk.page)

    assert "文字里好像有电话号码，请核对" in text
    assert "未满十八岁，要由监护人同意" in text
    assert "本次评选里有1份姓名相近的" in text
    assert "本人还没有答复" in text
    assert "shi@example.com" in text and "李念" in text
    assert desk.client.get is not None
    answer = await desk.client.get(f"/judge/nominations/{sent.code}")
    assert answer.headers["cache-control"] == "private, no-store"


async def test_an_approval_gives_a_number_and_goes_on(desk: Citizen, campaign: Campaign) -> None:
    sent, waiting = await send(campaign), await send(campaign, name="陆春芳")
    path = await opened(desk, sent)

    answer = await desk.send(f"{path}/approval")

    assert answer.headers["location"] == f"/judge/nominations/{waiting.code}"
    assert "已通过。石顺的编号是101。" in plain(await desk.follow(answer))
    assert (await Candidate.get()).number == 101
    last = await desk.send(f"/judge/nominations/{waiting.code}/approval")
    assert last.headers["location"] == "/judge"


async def test_a_return_needs_words(desk: Citizen, campaign: Campaign) -> None:
    path = await opened(desk, await send(campaign))
    before = await digest()

    await desk.send(f"{path}/return", {"reason": " "}, status=422)
    assert desk.wrong() == {"reason": "请写明还需要补充什么，会原样写给推荐人。"}
    assert await digest() == before
    await desk.send(f"{path}/return", {"reason": "请补一张照片。"})

    assert (await Nomination.get()).state == "returned"


async def test_a_rejection_needs_rule_and_reason_and_keeps_what_was_typed(
    desk: Citizen, campaign: Campaign
) -> None:
    path = await opened(desk, await send(campaign))

    await desk.send(f"{path}/rejection", {"reason": "不在本地生活。"}, status=422)
    assert set(desk.wrong()) == {"rule"}
    assert desk.value("reason") == "不在本地生活。"
    await desk.send(f"{path}/rejection", {"reason": "", "rule": "scope"}, status=422)
    assert set(desk.wrong()) == {"reason"}
    assert desk.chosen("rule") == "scope"
    await desk.send(f"{path}/rejection", {"reason": "不在本地生活。", "rule": "scope"})

    assert (await Nomination.get()).state == "rejected"


async def test_who_comes_second_reads_who_was_first(
    desk: Citizen, campaign: Campaign, moderator: Actor
) -> None:
    sent = await send(campaign)
    path = await opened(desk, sent)
    form = desk.page
    await approve(moderator, sent)
    before = await digest()

    for deed in ("approval", "return", "rejection"):
        desk.page = form
        fields = {"reason": "请补一张照片。", "rule": "scope"}
        answer = await desk.send(f"{path}/{deed}", fields, status=409)
        assert f"{moderator.name}已经作了决定，您的决定没有记录。" in said(answer)

    assert await digest() == before


async def test_papers_that_changed_meanwhile_are_read_again(
    desk: Citizen, campaign: Campaign
) -> None:
    sent = await send(campaign)
    path = await opened(desk, sent)
    async with in_transaction():
        await Nomination.filter(id=sent.id).update(revision=3)

    answer = await desk.send(f"{path}/approval", status=409)

    assert "您打开以后内容有过改动" in said(answer)
    assert desk.hidden()["revision"] == ["3"]
    await desk.send(f"{path}/approval")


async def test_a_decision_without_a_revision_is_none(desk: Citizen, campaign: Campaign) -> None:
    path = await opened(desk, await send(campaign))

    await desk.send(f"{path}/approval", {"revision": "soon"}, status=409)

    assert await ModerationDecision.all().count() == 0


async def test_two_presses_at_once_are_one_decision(desk: Citizen, campaign: Campaign) -> None:
    path = await opened(desk, await send(campaign))
    form = {name: values[0] for name, values in desk.hidden().items()}

    answers = await asyncio.gather(
        *(desk.client.post(f"{path}/approval", data=form) for _n in range(3))
    )

    assert sorted(each.status_code for each in answers) == [303, 409, 409]
    assert await Candidate.all().count() == 1


async def test_after_voting_has_opened_nobody_is_approved(
    desk: Citizen, campaign: Campaign
) -> None:
    sent = await send(campaign)
    await close_nominations(campaign, voting=True)
    path = await opened(desk, sent)

    answer = await desk.send(f"{path}/approval", status=409)

    assert "投票已经开始，不能再增加候选人。" in said(answer)


ANSWER = {
    "answer": "yes", "how": "phone", "given_by": "nominee", "note": "11月20日电话，本人",
    "show_photo": "y",
}  # fmt: skip


async def test_an_answer_by_telephone_is_recorded(
    desk: Citizen, campaign: Campaign, moderator: Actor
) -> None:
    sent = await send(campaign, nominee_contact="13812345678")
    await approve(moderator, sent)
    path = await opened(desk, sent)
    assert "没有邮箱，请用电话或书面询问。" in plain(desk.page)

    answer = await desk.send(f"{path}/consent", ANSWER)

    text = plain(await desk.follow(answer))
    consent = await Consent.get()
    assert (consent.how, consent.recorded_by, consent.note, consent.show_story) == (
        "phone", moderator.name, "11月20日电话，本人", False,
    )  # fmt: skip
    assert f"{moderator.name}记录" in text and "11月20日电话，本人" in text
    assert [each.number for each in await list_candidates(campaign.id)] == [101]


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"note": ""}, "note"), ({"how": ""}, "how"), ({"how": "link"}, "how"),
     ({"given_by": "neighbour"}, "given_by"), ({"answer": ""}, "answer")],
)  # fmt: skip
async def test_half_an_answer_is_not_recorded(
    desk: Citizen, campaign: Campaign, changes: dict[str, str], field: str
) -> None:
    path = await opened(desk, await send(campaign))
    before = await digest()

    answer = await desk.send(f"{path}/consent", {**ANSWER, **changes}, status=422)

    assert f'href="#{field}' in answer.text
    assert "<details open>" in answer.text
    assert await digest() == before


async def test_the_letter_is_written_again(desk: Citizen, campaign: Campaign) -> None:
    path = await opened(desk, await send(campaign))
    old = await token_for("shi@example.com")

    answer = await desk.send(f"{path}/consent-request")

    assert "新的信已经发出。" in plain(await desk.follow(answer))
    assert await token_for("shi@example.com") != old


async def test_a_letter_that_makes_no_sense_is_explained(desk: Citizen, campaign: Campaign) -> None:
    path = await opened(desk, await send(campaign))
    await answer_consent(token=await token_for("shi@example.com"), answer=Answer(agrees=True))

    answer = await desk.send(f"{path}/consent-request")

    assert "本人已经答复过了。" in plain(await desk.follow(answer))


async def test_every_state_has_its_page_in_both_languages(
    desk: Citizen, campaign: Campaign
) -> None:
    sent = await send(campaign)
    for state in ("submitted", "returned", "approved", "rejected", "withdrawn"):
        async with in_transaction():
            await Nomination.filter(id=sent.id).update(state=state)
        for language in ("zh-Hans", "en"):
            desk.client.cookies.set("language", language, domain="haoren.test")
            page = await desk.open(f"/judge/nominations/{sent.code}")
            assert ("/approval" in page) is (state == "submitted")


async def test_a_forgotten_nominee_has_a_page_without_a_name(
    desk: Citizen, campaign: Campaign
) -> None:
    sent = await find_nomination((await send(campaign)).code)
    async with in_transaction():
        await Nomination.filter(id=sent.id).update(name="", state="withdrawn", summary="")

    assert "已删除" in await desk.open(f"/judge/nominations/{sent.code}")
    assert "已删除" in await desk.open(f"/nominations/{sent.code}")
