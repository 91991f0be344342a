"""Honouring in the browser: from a result to a page on the wall."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from awards import clock
from awards.actor import Actor
from awards.campaigns.rules import StageKind
from awards.db import in_transaction
from awards.honours.models import Honour, Profile, ProfilePhoto
from awards.nominations.models import Candidate
from awards.results.models import Result, ResultLine
from tests import make
from tests.web.admin.desk import photo, send, value_of

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
WRITTEN = {
    "name_zh": "陆春芳",
    "name_en": "Lu Chunfang",
    "title_zh": "望河好人",
    "conferred_on": "2026-12-20",
    "line_zh": "一锅热汤。",
    "citation_zh": "一口锅，\r\n十九年。",
    "story_zh": "凌晨四点，灯亮了。",
    "portrait_alt_zh": "围白围裙的人",
}


@pytest.fixture
async def desk(editor: Actor, signed_in: SignedIn) -> httpx.AsyncClient:
    """An editor, and a campaign whose winner waits for a page."""
    campaign = await make.campaign(stage=StageKind.HONOURS, slug="done")
    await make.candidate(campaign, 101)
    async with in_transaction():
        result = await Result.create(
            campaign=campaign, ballots=1, counted_at=clock.now(), counted_by="organiser",
            published_at=clock.now(),
        )  # fmt: skip
        await ResultLine.create(result=result, number=101, votes=1, rank=1, won=True)
    return await signed_in(editor)


async def _begun(desk: httpx.AsyncClient) -> str:
    candidate = value_of(await desk.get("/admin/honours"), "candidate")
    begun = await send(desk, "/admin/honours", {"candidate": candidate}, page="/admin/honours")
    assert begun.status_code == 303
    return "/admin/honours/done-101"


async def test_a_winner_is_honoured_in_the_browser(desk: httpx.AsyncClient) -> None:
    address = await _begun(desk)
    form = await desk.get(f"{address}/edition")
    refused = await send(desk, f"{address}/publication", page=address)
    kept = await send(
        desk,
        address,
        WRITTEN,
        page=f"{address}/edition",
        files={"portrait": ("lu.jpg", photo(480, 600))},
    )
    published = await send(desk, f"{address}/publication", page=address)
    desk.cookies.delete("session", domain="haoren.test")
    shown = await desk.get("/showcase/done-101")
    wall = await desk.get("/showcase")

    assert value_of(form, "story_zh") == "凌晨四点，灯亮了。"
    assert refused.status_code == 422
    assert "颁奖词" in refused.text
    assert [kept.status_code, published.status_code] == [303, 303]
    assert "一口锅，<br>十九年。" in shown.text.replace("\r", "")
    profile = await Profile.get(slug="done-101")
    image = f"http://haoren.test/media/{profile.portrait_id}/480.webp"
    assert f'<meta property="og:image" content="{image}">' in shown.text
    assert "陆春芳" in wall.text


async def test_bad_input_keeps_words_and_portrait(desk: httpx.AsyncClient) -> None:
    address = await _begun(desk)

    refused = await send(
        desk,
        address,
        {**WRITTEN, "citation_zh": "行\n" * 7},
        page=f"{address}/edition",
        files={"portrait": ("lu.jpg", photo(480, 600))},
    )
    no_photo = await send(
        desk,
        address,
        WRITTEN,
        page=f"{address}/edition",
        files={"portrait": ("lu.jpg", b"nothing")},
    )
    no_name = await send(desk, address, {**WRITTEN, "name_zh": ""}, page=f"{address}/edition")

    assert [each.status_code for each in (refused, no_photo, no_name)] == [422] * 3
    assert value_of(refused, "line_zh") == "一锅热汤。"
    assert value_of(refused, "portrait_note")
    assert (await Profile.get(slug="done-101")).citation.zh == ""


async def test_earlier_honours_and_pictures(desk: httpx.AsyncClient) -> None:
    address = await _begun(desk)

    wrong = await send(
        desk, f"{address}/honours", {"title_zh": "县好人", "conferred": "去年"}, page=address
    )
    empty = await send(desk, f"{address}/honours", {"title_zh": ""}, page=address)
    added = await send(
        desk, f"{address}/honours", {"title_zh": "县好人", "conferred": "2019-05"}, page=address
    )
    honour = await Honour.get(conferred="2019-05")
    without = await send(desk, f"{address}/photos", {"alt_zh": "灯"}, page=address)
    nameless = await send(desk, f"{address}/photos", {"alt_zh": ""}, page=address)
    pictured = await send(
        desk,
        f"{address}/photos",
        {"alt_zh": "一盏灯"},
        page=address,
        files={"picture": ("a.jpg", photo())},
    )
    kept = await ProfilePhoto.first()
    assert kept is not None
    gone = await send(desk, f"{address}/honours/{honour.id}/removal", page=address)
    off = await send(desk, f"{address}/photos/{kept.id}/removal", page=address)

    assert [wrong.status_code, empty.status_code, without.status_code, nameless.status_code] == [
        422
    ] * 4
    assert value_of(wrong, "title_zh") == "县好人"
    assert [added.status_code, pictured.status_code, gone.status_code, off.status_code] == [303] * 4
    assert await Honour.all().count() == 1
    assert await ProfilePhoto.all().count() == 0


async def test_a_page_is_taken_back(desk: httpx.AsyncClient) -> None:
    address = await _begun(desk)
    await send(desk, address, WRITTEN, page=f"{address}/edition")
    await send(desk, f"{address}/publication", page=address)

    back = await send(desk, f"{address}/withdrawal", page=address)

    assert back.status_code == 303
    assert (await desk.get("/showcase/done-101")).status_code == 404


async def test_nobody_gets_no_page(desk: httpx.AsyncClient) -> None:
    for candidate in ("", "nobody", "00000000-0000-0000-0000-000000000000"):
        refused = await send(
            desk, "/admin/honours", {"candidate": candidate}, page="/admin/honours"
        )

        assert refused.status_code == 404
    assert await Profile.all().count() == 0


async def test_what_a_nominator_told_of_earlier_honours_stands_without_a_date(
    desk: httpx.AsyncClient,
) -> None:
    async with in_transaction():
        await Candidate.all().update(past_honours=[{"title": {"zh": "县好人", "en": ""}}])

    address = await _begun(desk)
    shown = await desk.get(address)

    assert shown.status_code == 200
    assert "<li><b>县好人</b>" in shown.text
