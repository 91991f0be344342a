"""The editor's desk in the browser: from an empty form to the home page."""

import re
from collections.abc import Awaitable, Callable
from io import BytesIO

import httpx
import pytest
from PIL import Image

from awards.actor import Actor
from awards.config import Config
from awards.media.models import Picture
from awards.media.store import open_store, place
from awards.portal.models import Article, ArticlePhoto
from awards.words import Words
from tests import make
from tests.web.admin.desk import photo, send, value_of

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
WRITTEN = {
    "section": "news",
    "title_zh": "东关街的第一盏灯 🏮",
    "summary_zh": "头一锅不卖。",
    "body_zh": "凌晨四点，汤锅先亮了。\n\n> 应该的。",
    "source_zh": "望河晚报",
    "byline_zh": "记者 文竹",
    "cover_alt_zh": "锅前的人",
    "is_lead": "y",
}


@pytest.fixture
async def desk(editor: Actor, signed_in: SignedIn) -> httpx.AsyncClient:
    """An editor who has signed in, and a section to write for."""
    await make.section()
    return await signed_in(editor)


async def _write(
    desk: httpx.AsyncClient, *, pictured: bool = True, **changes: str
) -> httpx.Response:
    return await send(
        desk,
        "/admin/articles",
        {**WRITTEN, **changes},
        page="/admin/articles/new",
        files={"cover": ("lamp.jpg", photo())} if pictured else None,
    )


async def test_an_editor_publishes_an_article_with_a_picture(
    desk: httpx.AsyncClient, config: Config
) -> None:
    kept = await _write(desk)
    article = await Article.first()
    assert article is not None
    address = f"/admin/articles/{article.id}"
    preview = await desk.get(address)
    hidden = await desk.get(f"/articles/{article.id}")
    published = await send(desk, f"{address}/publication", page=address)
    desk.cookies.delete("session", domain="haoren.test")
    shown = await desk.get(f"/articles/{article.id}")
    home = await desk.get("/")

    assert (kept.status_code, kept.headers["location"]) == (303, address)
    assert "东关街的第一盏灯 🏮" in preview.text
    assert hidden.status_code == 404
    assert published.status_code == 303
    assert shown.status_code == 200
    assert "<blockquote>" in shown.text
    assert "（记者 文竹）" in shown.text
    picture = await Picture.get(id=article.cover_id)
    assert f"/media/{picture.id}/" in home.text
    stored = await open_store(config.storage).get_async(place(picture.id, 640))
    assert b"Exif" not in bytes(await stored.bytes_async())
    assert (await desk.get(f"/media/{picture.id}/640.webp")).status_code == 200


async def test_the_picture_of_a_draft_is_not_public(desk: httpx.AsyncClient) -> None:
    await _write(desk)
    article = await Article.first()
    assert article is not None
    preview = await desk.get(f"/admin/articles/{article.id}")

    signed = re.search(rf"/media/{article.cover_id}/640\.webp\?key=[^ \"]+", preview.text)
    bare = await desk.get(f"/media/{article.cover_id}/640.webp")

    assert signed
    assert (await desk.get(signed[0])).status_code == 200
    assert bare.status_code == 404


async def test_bad_input_keeps_all_that_was_typed_and_the_picture(
    desk: httpx.AsyncClient,
) -> None:
    refused = await _write(desk, title_zh="", title_en="The first lamp")

    assert refused.status_code == 422
    for name in ("summary_zh", "body_zh", "source_zh", "byline_zh", "cover_alt_zh"):
        assert value_of(refused, name) == WRITTEN[name]
    assert value_of(refused, "title_en") == "The first lamp"
    note = value_of(refused, "cover_note")
    assert await Article.all().count() == 0

    mended = await send(
        desk, "/admin/articles", {**WRITTEN, "cover_note": note}, page="/admin/articles/new"
    )

    article = await Article.first()
    assert mended.status_code == 303
    assert article is not None
    assert article.cover_id == (await Picture.first()).id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title_zh": "  "}, "请用中文写出标题。"),
        ({"cover_alt_zh": ""}, "请用一句话写明图中是谁"),
        ({"section": "nowhere"}, "请在这几项里选一个。"),
        ({"title_zh": "长" * 121}, "120"),
    ],
)
async def test_what_is_wrong_is_said_in_the_language_of_the_page(
    desk: httpx.AsyncClient, changes: dict[str, str], sentence: str
) -> None:
    refused = await _write(desk, pictured="cover_alt_zh" in changes, **changes)

    assert refused.status_code == 422
    assert sentence in refused.text
    assert await Article.all().count() == 0


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.jpg", b"no picture at all", "这个文件不是"),
        ("a.jpg", b"\xff\xd8" + b"0" * (11 << 20), "MB"),
    ],
)
async def test_a_file_that_is_no_photo_or_too_large_loses_no_words(
    desk: httpx.AsyncClient, name: str, data: bytes, sentence: str
) -> None:
    refused = await send(
        desk, "/admin/articles", WRITTEN, page="/admin/articles/new", files={"cover": (name, data)}
    )

    assert refused.status_code == 422
    assert sentence in refused.text
    assert value_of(refused, "body_zh") == WRITTEN["body_zh"]
    assert await Picture.all().count() == 0


async def test_a_note_from_elsewhere_names_no_picture(desk: httpx.AsyncClient) -> None:
    secret = await make.picture(public=False)

    await send(
        desk,
        "/admin/articles",
        {**WRITTEN, "cover_note": secret.id.hex},
        page="/admin/articles/new",
    )

    article = await Article.first()
    assert article is not None
    assert article.cover_id is None


async def test_an_article_is_changed_and_its_picture_taken_off(desk: httpx.AsyncClient) -> None:
    await _write(desk)
    article = await Article.first()
    assert article is not None
    address = f"/admin/articles/{article.id}"
    form = await desk.get(f"{address}/edition")

    await send(desk, address, {**WRITTEN, "title_zh": "第二盏灯"}, page=f"{address}/edition")
    kept = await Article.get(id=article.id)
    await send(
        desk,
        address,
        {**WRITTEN, "title_zh": "第二盏灯", "cover_off": "y"},
        page=f"{address}/edition",
    )

    assert value_of(form, "title_zh") == WRITTEN["title_zh"]
    assert value_of(form, "body_zh") == WRITTEN["body_zh"]
    assert (kept.title.zh, kept.cover_id) == ("第二盏灯", article.cover_id)
    assert (await Article.get(id=article.id)).cover_id is None


async def test_an_article_without_text_is_not_published(desk: httpx.AsyncClient) -> None:
    await _write(desk, pictured=False, body_zh="")
    article = await Article.first()
    assert article is not None
    address = f"/admin/articles/{article.id}"

    refused = await send(desk, f"{address}/publication", page=address)

    assert refused.status_code == 422
    assert "发布前请先写好中文正文" in refused.text
    assert (await Article.get(id=article.id)).published_at is None


async def test_a_published_article_can_be_made_a_draft_again(desk: httpx.AsyncClient) -> None:
    article = await make.article(await make.section("events", position=2))
    address = f"/admin/articles/{article.id}"

    done = await send(desk, f"{address}/withdrawal", page=address)

    assert done.status_code == 303
    assert (await desk.get(f"/articles/{article.id}")).status_code == 404
    assert article.id in (await desk.get("/admin/articles?state=drafts")).text


async def test_a_gallery_grows_picture_by_picture(desk: httpx.AsyncClient) -> None:
    article = await make.article(await make.section("media", kind="gallery", position=2))
    address = f"/admin/articles/{article.id}"

    without = await send(desk, f"{address}/photos", {"alt_zh": "灯"}, page=address)
    nameless = await send(
        desk,
        f"{address}/photos",
        {"alt_zh": ""},
        page=address,
        files={"picture": ("a.jpg", photo())},
    )
    added = await send(
        desk,
        f"{address}/photos",
        {"alt_zh": "一盏灯", "caption_zh": "试灯。"},
        page=address,
        files={"picture": ("a.jpg", photo())},
    )
    kept = await ArticlePhoto.first()
    assert kept is not None
    shown = await desk.get(f"/articles/{article.id}")
    removed = await send(desk, f"{address}/photos/{kept.id}/removal", page=address)

    assert [without.status_code, nameless.status_code] == [422, 422]
    assert "请选一张图片" in without.text
    assert [added.status_code, removed.status_code] == [303, 303]
    assert 'alt="一盏灯"' in shown.text
    assert "试灯。" in shown.text
    assert await ArticlePhoto.all().count() == 0


async def test_script_in_every_field_stays_text(desk: httpx.AsyncClient) -> None:
    evil = "<script>alert(1)</script>\"'>"
    texts = {name: evil for name in WRITTEN if name not in ("section", "is_lead")}

    await _write(desk, pictured=False, **texts)
    article = await Article.first()
    assert article is not None
    address = f"/admin/articles/{article.id}"
    await send(desk, f"{address}/publication", page=address)
    pages = [
        await desk.get(each)
        for each in (address, f"/articles/{article.id}", "/", "/search?q=alert")
    ]

    assert [each.status_code for each in pages] == [200] * 4
    assert all("<script>alert" not in each.text for each in pages)


async def test_the_desk_is_for_editors(
    client: httpx.AsyncClient, signed_in: SignedIn, moderator: Actor
) -> None:
    rooms = (
        "/admin/articles", "/admin/articles/new", "/admin/sections", "/admin/site",
        "/admin/feedback", "/admin/pages/new", "/admin/honours",
    )  # fmt: skip
    before = [await client.get(each) for each in rooms]
    await signed_in(moderator)
    after = [await client.get(each) for each in rooms]

    assert {each.status_code for each in before} == {303}
    assert all(each.headers["location"].startswith("/sign-in?back=") for each in before)
    assert {each.status_code for each in after} == {403}


async def test_an_empty_desk_says_what_to_do(desk: httpx.AsyncClient) -> None:
    for address in ("/admin/articles", "/admin/articles?state=drafts", "/admin/honours"):
        shown = await desk.get(address)

        assert shown.status_code == 200
        assert 'class="empty"' in shown.text
    assert (await desk.get("/admin/articles?page=2")).status_code == 404


def test_the_test_photo_says_where_it_was_taken() -> None:
    with Image.open(BytesIO(photo())) as image:
        assert 0x8825 in image.getexif()


async def test_an_article_may_be_english_as_well(desk: httpx.AsyncClient) -> None:
    section = await make.section("events", position=2)
    article = await make.article(section, title=Words("第一盏灯", "The first lamp"))
    desk.cookies.set("language", "en", domain="haoren.test")

    shown = await desk.get(f"/articles/{article.id}")

    assert "<h1" in shown.text
    assert "The first lamp" in shown.text
    assert "Source: Wanghe Evening News" in shown.text


async def test_one_article_leads(desk: httpx.AsyncClient) -> None:
    await _write(desk, pictured=False)
    first = await Article.first()
    assert first is not None

    second = await _write(desk, pictured=False, title_zh="第二盏灯")
    leads = await Article.filter(is_lead=True)
    address = f"/admin/articles/{first.id}"
    third = await send(desk, address, WRITTEN, page=f"{address}/edition")

    assert [second.status_code, third.status_code] == [303, 303]
    assert [each.title.zh for each in leads] == ["第二盏灯"]
    assert [each.id for each in await Article.filter(is_lead=True)] == [first.id]
