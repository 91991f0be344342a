"""Candidates at the editors' desk."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from awards.actor import Actor, Role
from awards.campaigns.models import Campaign
from awards.nominations.actions import answer_consent
from awards.nominations.models import Candidate, NominationPhoto
from awards.nominations.queries import find_candidate
from awards.nominations.rules import Answer
from awards.words import Words
from tests import make
from tests.digest import digest
from tests.nominations.steps import approve, open_campaign, send, token_for
from tests.web.site.citizen import Citizen, plain

SignIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]

ENGLISH = {
    "name_zh": "石顺", "name_en": "Shi Shun", "occupation_zh": "修车师傅",
    "occupation_en": "Bicycle mender", "one_liner_zh": "学生的车不收钱。",
    "one_liner_en": "Pupils pay nothing.", "summary_zh": "二十六年了。",
    "summary_en": "For twenty-six years.", "story_zh": "下雨天备着伞。",
    "story_en": "He keeps umbrellas.",
}  # fmt: skip


@pytest.fixture
async def campaign() -> Campaign:
    return await open_campaign(slug="lamp")


@pytest.fixture
async def desk(editor: Actor, signed_in: SignIn, campaign: Campaign) -> Citizen:
    return Citizen(await signed_in(editor))


@pytest.fixture
async def candidate(campaign: Campaign, moderator: Actor) -> Candidate:
    """Somebody approved with two photos who has not answered yet."""
    photos = [(await make.picture(public=False)).id for _n in range(2)]
    return await approve(moderator, await send(campaign, photos=photos))


async def test_the_list_shows_numbers_and_states(
    desk: Citizen, campaign: Campaign, candidate: Candidate
) -> None:
    await make.candidate(campaign, 201, name="沈渡生")

    text = plain(await desk.open("/admin/campaigns/lamp/candidates"))

    assert "101 石顺 只有一种语言 助人为乐 尚未公开 已询问" in text
    assert "201 沈渡生 见义勇为 已公开 随资料导入" in text


async def test_an_empty_list_says_what_to_do(desk: Citizen) -> None:
    assert "还没有候选人" in await desk.open("/admin/campaigns/lamp/candidates")


async def test_words_are_written_in_both_languages(
    desk: Citizen, campaign: Campaign, candidate: Candidate
) -> None:
    path = f"/admin/candidates/{candidate.id}"
    await desk.open(path)
    assert desk.value("name_zh") == "石顺"

    answer = await desk.send(path, ENGLISH)

    assert answer.headers["location"] == "/admin/campaigns/lamp/candidates"
    await answer_consent(token=await token_for("shi@example.com"), answer=Answer(agrees=True))
    changed = await find_candidate(campaign.id, 101)
    assert changed.name == Words("石顺", "Shi Shun")


async def test_another_photo_is_put_first(desk: Citizen, candidate: Candidate) -> None:
    photos = await NominationPhoto.all().order_by("position")
    path = f"/admin/candidates/{candidate.id}"
    await desk.open(path)
    assert desk.chosen("portrait") == str(photos[0].picture_id)

    await desk.send(path, {**ENGLISH, "portrait": str(photos[1].picture_id)})

    assert (await NominationPhoto.get(position=1)).picture_id == photos[1].picture_id


async def test_wrong_words_are_kept_and_named(desk: Citizen, candidate: Candidate) -> None:
    path = f"/admin/candidates/{candidate.id}"
    await desk.open(path)
    before = await digest()
    wrong = {**ENGLISH, "name_zh": "", "name_en": "Shi <b>", "summary_zh": "", "summary_en": ""}

    await desk.send(path, wrong, status=422)

    assert set(desk.wrong()) == {"name_en", "summary_zh"}
    assert desk.value("name_en") == "Shi <b>"
    assert desk.value("story_en") == "He keeps umbrellas."
    assert await digest() == before


async def test_who_left_the_list_is_not_changed(desk: Citizen, candidate: Candidate) -> None:
    path = f"/admin/candidates/{candidate.id}"
    await desk.open(path)
    await answer_consent(token=await token_for("shi@example.com"), answer=Answer(agrees=False))

    await desk.send(path, ENGLISH, status=409)

    assert "这位已退出名单" in plain(desk.page)


async def test_an_editor_of_one_campaign_sees_no_other(
    signed_in: SignIn, campaign: Campaign, candidate: Candidate
) -> None:
    other = await open_campaign(slug="other")
    desk = Citizen(await signed_in(await make.person(Role.EDITOR, campaign=other.id)))
    before = await digest()
    await desk.open("/admin/campaigns/other/candidates")
    await desk.open("/admin/campaigns/lamp/candidates", status=403)
    await desk.open(f"/admin/candidates/{candidate.id}", status=403)
    await desk.open("/account")

    await desk.send(f"/admin/candidates/{candidate.id}", ENGLISH, status=403)

    assert await digest() == before


async def test_a_moderator_does_not_write_words(
    moderator: Actor, signed_in: SignIn, candidate: Candidate
) -> None:
    client = await signed_in(moderator)

    assert (await client.get(f"/admin/candidates/{candidate.id}")).status_code == 403
