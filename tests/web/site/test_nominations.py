"""Nominating without JavaScript: whatever goes wrong, nothing that was typed is lost."""

import asyncio
import html
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
from starlette.applications import Starlette

from awards import clock
from awards.actor import Actor
from awards.campaigns.models import Campaign, Stage
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.media.models import Picture
from awards.nominations.actions import return_nomination
from awards.nominations.models import Nomination, NominationPhoto
from awards.nominations.queries import find_nomination
from awards.notifications.models import Letter
from tests import make
from tests.digest import digest
from tests.nominations.papers import LINKS
from tests.nominations.pictures import heavy_jpeg, jpeg, vast_png
from tests.nominations.steps import close_nominations, open_campaign
from tests.web.site.citizen import FILLED, Citizen, plain, said

NEW = "/campaigns/lamp/nominations/new"
SEND = "/campaigns/lamp/nominations"
SCRIPT = "<script>alert('x')</script>"


@pytest.fixture
async def citizen(client: httpx.AsyncClient) -> Citizen:
    """Somebody at the open form, in Chinese."""
    await open_campaign(slug="lamp")
    citizen = Citizen(client)
    await citizen.open(NEW)
    return citizen


async def the_nomination() -> Nomination:
    return await find_nomination((await Nomination.get()).code)


async def test_a_nomination_leads_to_a_private_page(citizen: Citizen) -> None:
    answer = await citizen.send(SEND, FILLED, photos=[("a.jpg", jpeg()), ("b.jpg", jpeg())])

    sent = await the_nomination()
    assert answer.headers["location"] == f"/nominations/{sent.code}"
    text = plain(await citizen.follow(answer))
    assert "推荐收到了。我们先写信问他本人愿不愿意。" in text
    assert (sent.name, sent.language, sent.relation) == ("石顺", "zh-Hans", "neighbour")
    assert [photo.position for photo in sent.photos] == [1, 2]
    assert await Letter.all().count() == 2


async def test_the_private_page_is_kept_by_nobody(citizen: Citizen) -> None:
    answer = await citizen.send(SEND, FILLED)

    shown = await citizen.client.get(answer.headers["location"])

    assert shown.headers["cache-control"] == "private, no-store"
    assert shown.headers["x-robots-tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in shown.text
    assert "shi@example.com" not in shown.text and "li@example.com" not in shown.text
    assert 'data-draft-done="nomination-lamp"' in shown.text
    again = await citizen.client.get(answer.headers["location"])
    assert "data-draft-done" not in again.text


async def test_an_unknown_nomination_is_not_found(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/nominations/{'a' * 26}")

    assert answer.status_code == 404


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_missing_fields_are_named_and_the_rest_is_kept(
    citizen: Citizen, language: str
) -> None:
    citizen.client.cookies.set("language", language, domain="haoren.test")
    before = await digest()
    typed = {**FILLED, "name": "", "one_liner": "", "category": "", "pledge": ""}
    typed = {name: value for name, value in typed.items() if value}

    await citizen.send(SEND, typed, status=422)

    assert await digest() == before
    assert set(citizen.wrong()) == {"category", "name", "one_liner", "pledge"}
    assert (
        citizen.wrong()["name"]
        == {"zh-Hans": "请写姓名。", "en": "Please write the name."}[language]
    )
    for name in ("occupation", "employer", "summary", "story", "nominator_contact", "birth_month"):
        assert citizen.value(name) == typed[name]
    assert [citizen.chosen(name) for name in ("kind", "gender", "relation", "region")] == [
        "person", "m", "neighbour", "east",
    ]  # fmt: skip
    assert 'class="errors" role="alert"' in citizen.page
    assert 'href="#name"' in citizen.page and 'href="#category-0"' in citizen.page


async def test_too_long_texts_are_kept_whole(citizen: Citizen) -> None:
    long = {"summary": "好" * 501, "story": "长" * 6001, "one_liner": "热" * 41, "name": "顺" * 61}

    await citizen.send(SEND, {**FILLED, **long}, status=422)

    assert set(citizen.wrong()) == set(long)
    assert citizen.wrong()["story"] == "最多6000字，已写6001字，多了1字。"
    for name, value in long.items():
        assert citizen.value(name) == value


async def test_good_photos_are_kept_when_words_are_missing(citizen: Citizen) -> None:
    photos = [("a.jpg", jpeg(640, 480)), ("b.jpg", jpeg(480, 600))]
    await citizen.send(SEND, {**FILLED, "summary": "太短"}, photos=photos, status=422)
    tokens = citizen.hidden()["kept"]
    shown = re.findall(r'src="(/media/[^"]+)"', citizen.page)
    picture = await citizen.client.get(shown[0].replace("&amp;", "&"))

    await citizen.send(SEND, FILLED)

    assert len(tokens) == 2
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
    sent = await the_nomination()
    assert [(await Picture.get(id=photo.picture_id)).height for photo in sent.photos] == [480, 600]


async def test_a_kept_photo_can_be_taken_off(citizen: Citizen) -> None:
    photos = [("a.jpg", jpeg(640, 480)), ("b.jpg", jpeg(480, 600))]
    await citizen.send(SEND, {**FILLED, "name": ""}, photos=photos, status=422)
    tokens = citizen.hidden()["kept"]

    await citizen.send(SEND, {**FILLED, "dropped": tokens[0]})

    sent = await the_nomination()
    assert [(await Picture.get(id=photo.picture_id)).height for photo in sent.photos] == [600]


async def test_forged_photos_are_left_out(citizen: Citizen) -> None:
    other = await make.picture(public=False)

    await citizen.send(SEND, {**FILLED, "kept": [other.id.hex, "forged.token.value", ""]})

    assert await NominationPhoto.all().count() == 0


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("IMG_1.jpg", heavy_jpeg(12 * 1024 * 1024), "12.0"),
        ("notes.pdf", b"%PDF-1.7 no picture", "这个文件不是我们能读的照片"),
        ("empty.jpg", b"\xff\xd8\xff", "这个文件不是我们能读的照片"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "这个文件不是我们能读的照片"),
        ("vast.png", vast_png(), "50"),
    ],
    ids=["12 MB", "no picture", "broken", "svg", "50 megapixels"],
)
async def test_a_bad_photo_loses_no_word_and_no_good_photo(
    citizen: Citizen, name: str, data: bytes, sentence: str
) -> None:
    photos = [("good.jpg", jpeg()), (name, data)]

    await citizen.send(SEND, FILLED, photos=photos, status=422)

    assert set(citizen.wrong()) == {"photos"}
    assert f"“{name}”" in citizen.wrong()["photos"]
    assert sentence in citizen.wrong()["photos"]
    for field in ("name", "summary", "story", "one_liner", "nominator_contact"):
        assert citizen.value(field) == FILLED[field]
    assert await Nomination.all().count() == 0
    await citizen.send(SEND, FILLED)
    assert await NominationPhoto.all().count() == 1


async def test_too_many_photos_can_be_taken_off(citizen: Citizen) -> None:
    await citizen.send(SEND, FILLED, photos=[(f"{n}.jpg", jpeg()) for n in range(8)], status=422)
    tokens = citizen.hidden()["kept"]

    assert "请去掉2张" in citizen.wrong()["photos"]
    await citizen.send(SEND, {**FILLED, "dropped": tokens[:2]})
    assert await NominationPhoto.all().count() == 6


async def test_of_very_many_photos_some_are_left_out(citizen: Citizen) -> None:
    await citizen.send(
        SEND, FILLED, photos=[(f"{n}.jpg", jpeg(8, 8)) for n in range(15)], status=422
    )

    assert len(citizen.hidden()["kept"]) == 12
    assert "另有3张没有收下" in citizen.wrong()["photos"]
    assert citizen.value("summary") == FILLED["summary"]


async def test_where_a_photo_was_taken_is_gone(citizen: Citizen) -> None:
    await citizen.send(SEND, FILLED, photos=[("a.jpg", jpeg(gps=True))])
    sent = await the_nomination()
    page = await citizen.open(f"/nominations/{sent.code}")

    address = re.findall(r'src="(/media/[^"]+)"', page)[0].replace("&amp;", "&")
    body = (await citizen.client.get(address)).content

    assert body[8:12] == b"WEBP"
    assert b"EXIF" not in body and b"Exif" not in body and b"Phone of" not in body
    assert (await citizen.client.get(address.partition("?")[0])).status_code == 404


async def test_rare_characters_are_names_and_emoji_are_not(citizen: Citizen) -> None:
    await citizen.send(SEND, {**FILLED, "name": "石顺😀"}, status=422)
    assert citizen.wrong() == {"name": "姓名里不能有“😀”，请去掉。"}
    assert citizen.value("name") == "石顺😀"

    rare = "𠮷·𰻝\U000e0100娃"
    answer = await citizen.send(SEND, {**FILLED, "name": rare, "one_liner": "一锅热汤😀🧑‍🌾"})

    assert "一锅热汤😀🧑‍🌾" in await citizen.follow(answer)
    assert (await the_nomination()).name == rare


async def test_script_is_text_everywhere(citizen: Citizen, moderator: Actor) -> None:
    texts = ("occupation", "employer", "one_liner", "past_honours")
    typed = {**FILLED, **dict.fromkeys(texts, SCRIPT), "summary": SCRIPT * 3, "story": SCRIPT * 5}

    names = {"name": SCRIPT, "nominator_name": SCRIPT, "birth_month": SCRIPT}
    await citizen.send(SEND, {**typed, **names, "nominee_contact": SCRIPT}, status=422)
    assert "<script>alert" not in citizen.page
    assert {*names, "nominee_contact"} == set(citizen.wrong())
    answer = await citizen.send(SEND, typed)

    page = await citizen.follow(answer)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    citizen.client.cookies.set("session", await make.session(moderator), domain="haoren.test")
    judged = await citizen.open(f"/judge/nominations/{(await the_nomination()).code}")
    assert "<script>alert" not in judged
    assert all("<script" not in letter.html for letter in await Letter.all())


async def test_a_second_press_leads_to_the_same_nomination(citizen: Citizen) -> None:
    first, page = await citizen.send(SEND, FILLED), citizen.page

    second = await citizen.send(SEND, FILLED)

    assert second.headers["location"] == first.headers["location"]
    assert await Nomination.all().count() == 1
    assert "这份推荐已经收到过了" in plain(await citizen.follow(second))
    assert citizen.page != page


async def test_two_presses_at_once_are_one_nomination(citizen: Citizen) -> None:
    answers = await asyncio.gather(
        *(citizen.send(SEND, FILLED, photos=[("a.jpg", jpeg())]) for _n in range(3))
    )

    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await Nomination.all().count() == 1
    assert await NominationPhoto.all().count() == 1
    assert await Letter.all().count() == 2


async def test_without_a_good_key_a_nomination_is_sent_all_the_same(citizen: Citizen) -> None:
    await citizen.send(SEND, {**FILLED, "send_key": "short"})

    assert len((await Nomination.get()).send_key) == 32


async def test_a_form_that_was_open_too_long_keeps_its_words(citizen: Citizen) -> None:
    page = citizen.page
    citizen.page = page.replace('name="csrf_token" value="', 'name="csrf_token" value="x')

    await citizen.send(SEND, FILLED, status=403)
    await citizen.send(SEND)

    assert (await Nomination.get()).summary == FILLED["summary"]


async def test_kept_photos_survive_a_form_that_was_open_too_long(citizen: Citizen) -> None:
    await citizen.send(SEND, {**FILLED, "name": ""}, photos=[("a.jpg", jpeg())], status=422)
    citizen.page = citizen.page.replace('name="csrf_token" value="', 'name="csrf_token" value="x')

    await citizen.send(SEND, FILLED, status=403)
    await citizen.send(SEND)

    assert await NominationPhoto.all().count() == 1


async def test_too_many_from_one_place_lose_no_word(citizen: Citizen, app: Starlette) -> None:
    for _n in range(20):
        await app.state.codes.throttle.ask("nomination.source", "127.0.0.1")

    await citizen.send(SEND, FILLED, status=429)

    assert citizen.value("summary") == FILLED["summary"]
    assert await Nomination.all().count() == 0


async def test_before_the_stage_the_page_says_when(client: httpx.AsyncClient) -> None:
    campaign = await open_campaign(slug="lamp")
    later = clock.now() + timedelta(days=3)
    await _move(campaign.slug, later, later + timedelta(days=1))

    answer = await client.get(NEW)

    assert answer.status_code == 403
    day = later.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%Y年%-m月%-d日")
    assert f"可以推荐的时间是{day}" in said(answer)


async def test_words_that_came_too_late_are_shown(citizen: Citizen) -> None:
    campaign = await open_campaign(slug="other")
    await close_nominations(campaign, voting=False)
    before = await digest()

    await citizen.send("/campaigns/other/nominations", FILLED, status=403)

    assert "推荐已经截止" in citizen.page
    assert str(FILLED["summary"]) in citizen.page
    assert await digest() == before


async def test_an_award_without_nominations_says_so(client: httpx.AsyncClient) -> None:
    campaign = await open_campaign(slug="lamp")
    await _drop_stage(campaign.slug)

    answer = await client.get(NEW)

    assert answer.status_code == 403
    assert "这项评选不在网上接受推荐" in answer.text


async def test_a_campaign_that_is_not_public_is_not_found(client: httpx.AsyncClient) -> None:
    await make.campaign(stage=StageKind.NOMINATION, slug="lamp", published_at=None)

    assert (await client.get(NEW)).status_code == 404


# Returned, revised, withdrawn


@pytest.fixture
async def returned(citizen: Citizen, moderator: Actor) -> str:
    """The path of a nomination that was returned."""
    answer = await citizen.send(SEND, FILLED, photos=[("a.jpg", jpeg())])
    sent = await the_nomination()
    await return_nomination(
        by=moderator, code=sent.code, revision=1, reason="请补一张修车摊的照片。", links=LINKS
    )
    return str(answer.headers["location"])


async def test_what_was_returned_says_what_is_needed(citizen: Citizen, returned: str) -> None:
    page = await citizen.open(returned)

    assert "请补一张修车摊的照片。" in page
    assert f'href="{returned}/revision"' in page


async def test_the_form_comes_back_filled_and_is_sent_again(
    citizen: Citizen, returned: str
) -> None:
    await citizen.open(f"{returned}/revision")
    for name in ("name", "summary", "story", "nominee_contact", "nominator_contact", "birth_month"):
        assert citizen.value(name) == FILLED[name]
    assert citizen.chosen("region") == "east"

    answer = await citizen.send(
        f"{returned}/revision", {**FILLED, "one_liner": "一句新话。"}, photos=[("b.jpg", jpeg())]
    )

    assert "修改收到了" in plain(await citizen.follow(answer))
    sent = await the_nomination()
    assert (sent.state, sent.revision, sent.one_liner) == ("submitted", 3, "一句新话。")
    assert len(sent.photos) == 2


async def test_a_bad_revision_keeps_words_and_photos(citizen: Citizen, returned: str) -> None:
    await citizen.open(f"{returned}/revision")
    before = await digest()

    await citizen.send(f"{returned}/revision", {**FILLED, "name": "", "story": "新的"}, status=422)

    assert set(citizen.wrong()) == {"name"}
    assert citizen.value("story") == "新的"
    assert len(citizen.hidden()["kept"]) == 1
    assert await digest() == before


async def test_a_revision_sent_twice_is_refused_with_its_words(
    citizen: Citizen, returned: str
) -> None:
    await citizen.open(f"{returned}/revision")
    await citizen.send(f"{returned}/revision", FILLED)
    before = await digest()

    await citizen.send(f"{returned}/revision", {**FILLED, "story": "第二遍"}, status=409)

    assert citizen.value("story") == "第二遍"
    assert await digest() == before
    assert (await citizen.client.get(f"{returned}/revision")).status_code == 409


async def test_the_nominator_withdraws(citizen: Citizen) -> None:
    answer = await citizen.send(SEND, FILLED)
    await citizen.follow(answer)

    done = await citizen.send(f"{answer.headers['location']}/withdrawal")

    assert "您已撤回" in plain(await citizen.follow(done))
    assert "withdrawal" not in citizen.page
    again = await citizen.client.post(
        f"{answer.headers['location']}/withdrawal", data={"csrf_token": "x"}
    )
    assert again.status_code == 403


async def _move(slug: str, starts: datetime, ends: datetime) -> None:
    async with in_transaction():
        await Stage.filter(campaign__slug=slug, kind="nomination").update(
            starts_at=starts, ends_at=ends
        )


async def _drop_stage(slug: str) -> None:
    campaign = await Campaign.get(slug=slug)
    async with in_transaction():
        await Stage.filter(campaign_id=campaign.id, kind="nomination").delete()


async def test_photos_of_a_form_that_came_too_late_travel_on(citizen: Citizen) -> None:
    citizen.client.cookies.delete("visitor")

    kept = await citizen.send(
        SEND, FILLED, photos=[("a.jpg", jpeg()), ("notes.jpg", b"words")], status=403
    )

    assert "1张照片也保存好了。" in kept.text and "notes.jpg" in kept.text
    assert await Nomination.all().count() == 0
    await citizen.send(SEND)
    sent = await the_nomination()
    assert (sent.name, len(list(sent.photos))) == ("石顺", 1)


@pytest.mark.parametrize("in_time", [True, False])
async def test_a_source_sends_only_so_many_photos(
    app: Starlette, citizen: Citizen, *, in_time: bool
) -> None:
    for _time in range(149):
        await app.state.codes.throttle.ask("photo.source", "127.0.0.1")
    if not in_time:
        citizen.client.cookies.delete("visitor")

    answer = await citizen.send(
        SEND,
        {**FILLED, "name": ""},
        photos=[("a.jpg", jpeg()), ("b.jpg", jpeg())],
        status=422 if in_time else 403,
    )

    assert "“b.jpg”" in html.unescape(answer.text) and "a.jpg" not in answer.text
    assert "请等" in answer.text
    assert await Picture.all().count() == 1
    assert str(FILLED["summary"]) in html.unescape(answer.text)
