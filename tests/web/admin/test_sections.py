"""Arranging the portal in the browser: sections, site, fixed pages, letters."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from awards.actor import Actor
from awards.portal.actions import send_feedback
from awards.portal.models import Feedback, FixedPage, Section, Site
from awards.portal.rules import FeedbackKind
from tests import make
from tests.web.admin.desk import send, value_of

SignedIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]
SITE = {"name_zh": "望河好人", "since_year": "2013", "enquiry_phone": "0400-000-1234"}


@pytest.fixture
async def desk(editor: Actor, signed_in: SignedIn) -> httpx.AsyncClient:
    return await signed_in(editor)


async def test_a_section_is_opened_renamed_and_moved(desk: httpx.AsyncClient) -> None:
    await make.section("news")

    opened = await send(
        desk,
        "/admin/sections",
        {"slug": "aid", "kind": "articles", "title_zh": "扶危助困", "in_navigation": "y"},
        page="/admin/sections/new",
    )
    moved = await send(
        desk, "/admin/sections/aid/position", {"position": "1"}, page="/admin/sections"
    )
    renamed = await send(
        desk, "/admin/sections/aid", {"title_zh": "帮一把"}, page="/admin/sections/aid"
    )

    assert [each.status_code for each in (opened, moved, renamed)] == [303] * 3
    rows = await Section.all().order_by("position")
    assert [each.slug for each in rows] == ["aid", "news"]
    assert (rows[0].title.zh, rows[0].in_navigation) == ("帮一把", False)


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"slug": "news"}, 409), ({"slug": "Bad Address"}, 422), ({"title_zh": ""}, 422)],
)
async def test_a_section_that_cannot_be_keeps_what_was_typed(
    desk: httpx.AsyncClient, changes: dict[str, str], status: int
) -> None:
    await make.section("news")
    typed = {
        "slug": "aid",
        "kind": "articles",
        "title_zh": "扶危",
        "intro_zh": "一句话。",
        **changes,
    }

    refused = await send(desk, "/admin/sections", typed, page="/admin/sections/new")

    assert refused.status_code == status
    assert value_of(refused, "slug") == typed["slug"]
    assert value_of(refused, "intro_zh") == "一句话。"
    assert await Section.all().count() == 1


async def test_a_place_that_is_none_moves_nothing(desk: httpx.AsyncClient) -> None:
    await make.section("news")
    await make.section("aid", position=2)

    await send(desk, "/admin/sections/aid/position", {"position": "up"}, page="/admin/sections")

    assert [each.slug for each in await Section.all().order_by("position")] == ["news", "aid"]


async def test_the_site_gets_its_name(desk: httpx.AsyncClient) -> None:
    kept = await send(desk, "/admin/site", SITE, page="/admin/site")
    refused = await send(
        desk, "/admin/site", {**SITE, "name_zh": "", "slogan_zh": "说好人"}, page="/admin/site"
    )

    assert [kept.status_code, refused.status_code] == [303, 422]
    assert value_of(refused, "slogan_zh") == "说好人"
    assert [(each.name.zh, each.since_year) for each in await Site.all()] == [("望河好人", 2013)]
    assert value_of(await desk.get("/admin/site"), "enquiry_phone") == "0400-000-1234"


async def test_a_fixed_page_is_written_and_changed(desk: httpx.AsyncClient) -> None:
    written = {"slug": "about", "title_zh": "关于我们", "body_zh": "## 我们", "in_footer": "y"}

    added = await send(desk, "/admin/pages", written, page="/admin/pages/new")
    again = await send(desk, "/admin/pages", written, page="/admin/pages/new")
    changed = await send(
        desk,
        "/admin/pages/about",
        {"title_zh": "关于", "body_zh": "改过了。"},
        page="/admin/pages/about",
    )
    empty = await send(desk, "/admin/pages/about", {"title_zh": ""}, page="/admin/pages/about")

    assert [each.status_code for each in (added, again, changed, empty)] == [303, 409, 303, 422]
    page = await FixedPage.get(slug="about")
    assert (page.title.zh, page.body.zh, page.in_footer) == ("关于", "改过了。", False)
    assert "改过了。" in (await desk.get("/pages/about")).text


async def test_letters_are_read_and_answered(desk: httpx.AsyncClient) -> None:
    letter = await send_feedback(
        kind=FeedbackKind.COMPLAINT, text="第一行\n<b>第二行</b>", contact="li@example.com"
    )

    shown = await desk.get("/admin/feedback")
    done = await send(desk, f"/admin/feedback/{letter.id}/answer", page="/admin/feedback")

    assert "第一行<br>&lt;b&gt;第二行" in shown.text
    assert "li@example.com" in shown.text
    assert done.status_code == 303
    assert (await Feedback.get(id=letter.id)).answered_at is not None
