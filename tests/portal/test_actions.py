"""Writing, publishing and reading: each change with its record, each refusal without a trace."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from awards import clock
from awards.actor import Actor
from awards.audit.queries import list_records
from awards.db import in_transaction
from awards.errors import Conflict, Forbidden, Invalid, NotFound
from awards.media.actions import Prepared
from awards.media.models import Picture
from awards.portal import actions
from awards.portal.actions import (
    SiteText,
    add_page,
    add_photo,
    add_section,
    answer_feedback,
    article_views,
    edit_article,
    edit_page,
    edit_section,
    edit_site,
    flush_article_views,
    forget_feedback,
    keep_upload,
    move_section,
    publish_article,
    remove_photo,
    send_feedback,
    unpublish_article,
    write_article,
)
from awards.portal.models import Article, ArticlePhoto, Feedback, FixedPage, Section, Site
from awards.portal.rules import MOST_PHOTOS, ArticleText, FeedbackKind, SectionKind
from awards.words import Words
from tests import make

TEXT = ArticleText(
    "news", Words("第一盏灯", "The first lamp"), Words("凌晨四点。", "At four."), is_lead=True
)


def _prepared() -> Prepared:
    return Prepared(uuid4(), 640, 427, b"0" * 32, 10)


async def _deeds() -> list[str]:
    return [each.action for each in reversed(await list_records())]


async def test_an_editor_writes_a_draft_and_publishes_it(editor: Actor) -> None:
    await make.section()
    picture = await make.picture(public=False)

    article = await write_article(
        by=editor,
        text=ArticleText(
            "news", TEXT.title, TEXT.body, cover=picture.id, cover_alt=Words("汤锅", "A pot")
        ),
    )
    as_draft = await Article.get(id=article.id)
    await publish_article(by=editor, id=article.id)

    assert as_draft.published_at is None
    assert (await Article.get(id=article.id)).published_at is not None
    assert (await Picture.get(id=picture.id)).published_at is not None
    assert await _deeds() == ["article.written", "article.published"]


async def test_publishing_again_changes_nothing(editor: Actor) -> None:
    article = await make.article(await make.section())
    before = (await Article.get(id=article.id)).published_at

    await publish_article(by=editor, id=article.id)

    assert (await Article.get(id=article.id)).published_at == before
    assert await _deeds() == []


async def test_an_article_without_text_is_not_published(editor: Actor) -> None:
    article = await make.article(
        await make.section(), body=Words("", "English alone"), published_at=None
    )

    with pytest.raises(Invalid, match=r"article\.body_missing"):
        await publish_article(by=editor, id=article.id)

    assert (await Article.get(id=article.id)).published_at is None


async def test_a_published_article_can_be_taken_back(editor: Actor) -> None:
    article = await make.article(await make.section())

    await unpublish_article(by=editor, id=article.id)
    await unpublish_article(by=editor, id=article.id)

    assert (await Article.get(id=article.id)).published_at is None
    assert await _deeds() == ["article.unpublished"]


async def test_a_change_keeps_views_and_day_and_shows_a_new_picture(editor: Actor) -> None:
    article = await make.article(await make.section(), views=7)
    picture = await make.picture(public=False)

    await edit_article(
        by=editor,
        id=article.id,
        text=ArticleText(
            "news", Words("新标题", ""), TEXT.body, cover=picture.id, cover_alt=Words("汤锅", "")
        ),
    )

    changed = await Article.get(id=article.id)
    assert (changed.title.zh, changed.views) == ("新标题", 7)
    assert changed.published_at == article.published_at
    assert (await Picture.get(id=picture.id)).published_at is not None


async def test_a_published_article_cannot_lose_its_text(editor: Actor) -> None:
    article = await make.article(await make.section())

    with pytest.raises(Invalid, match=r"article\.body_missing"):
        await edit_article(by=editor, id=article.id, text=ArticleText("news", TEXT.title, Words()))

    assert (await Article.get(id=article.id)).body.zh == "凌晨四点。"
    assert await _deeds() == []


async def test_nobody_but_editors_writes(stranger: Actor, moderator: Actor) -> None:
    article = await make.article(await make.section())

    for by in (stranger, moderator, Actor()):
        for refused in (
            write_article(by=by, text=TEXT),
            edit_article(by=by, id=article.id, text=TEXT),
            publish_article(by=by, id=article.id),
            unpublish_article(by=by, id=article.id),
            keep_upload(by=by, prepared=_prepared()),
            add_photo(
                by=by, id=article.id, prepared=_prepared(), alt=Words("灯", ""), caption=Words()
            ),
            remove_photo(by=by, id=article.id, photo=_prepared().id),
            move_section(by=by, slug="news", position=1),
            answer_feedback(by=by, id=_prepared().id),
        ):
            with pytest.raises(Forbidden):
                await refused

    assert await Article.all().count() == 1
    assert await Picture.all().count() == 0
    assert await _deeds() == []


async def test_an_article_needs_a_section_that_exists(editor: Actor) -> None:
    with pytest.raises(NotFound):
        await write_article(by=editor, text=TEXT)

    assert await Article.all().count() == 0


async def test_pictures_join_a_gallery_in_order_and_leave_it(editor: Actor) -> None:
    article = await make.article(await make.section())

    first, second = [
        await add_photo(
            by=editor, id=article.id, prepared=_prepared(), alt=Words("灯", ""), caption=Words()
        )
        for _n in range(2)
    ]
    await remove_photo(by=editor, id=article.id, photo=first.id)

    left = await ArticlePhoto.filter(article_id=article.id)
    assert [(each.id, each.position) for each in left] == [(second.id, 1)]
    assert (await Picture.get(id=second.picture_id)).published_at is not None
    with pytest.raises(NotFound):
        await remove_photo(by=editor, id=article.id, photo=first.id)


async def test_a_gallery_picture_needs_words_and_has_a_limit(editor: Actor) -> None:
    article = await make.article(await make.section())

    with pytest.raises(Invalid, match=r"picture\.alt_missing"):
        await add_photo(
            by=editor, id=article.id, prepared=_prepared(), alt=Words("", "A lamp"), caption=Words()
        )
    for _n in range(MOST_PHOTOS):
        await add_photo(
            by=editor, id=article.id, prepared=_prepared(), alt=Words("灯", ""), caption=Words()
        )
    with pytest.raises(Invalid, match=r"article\.too_many_photos"):
        await add_photo(
            by=editor, id=article.id, prepared=_prepared(), alt=Words("灯", ""), caption=Words()
        )

    assert await ArticlePhoto.all().count() == MOST_PHOTOS


async def test_reads_are_written_by_one_flush_and_none_is_lost(
    editor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    article_views.take()
    section = await make.section()
    one, other = await make.article(section, views=5), await make.article(section)
    for each in (one, one, other):
        article_views.seen(each.id)

    def full() -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "in_transaction", full)
        with pytest.raises(OSError, match="disk full"):
            await flush_article_views()
    await flush_article_views()
    await flush_article_views()

    assert [(await Article.get(id=each.id)).views for each in (one, other)] == [7, 1]


async def test_sections_are_opened_named_and_ordered(editor: Actor) -> None:
    for slug in ("news", "events", "aid"):
        await add_section(
            by=editor,
            slug=slug,
            title=Words("栏目", slug),
            intro=Words(),
            kind=SectionKind.ARTICLES,
            in_navigation=True,
        )

    await move_section(by=editor, slug="aid", position=1)
    await move_section(by=editor, slug="news", position=99)
    await edit_section(
        by=editor, slug="aid", title=Words("扶困", "Aid"), intro=Words(), in_navigation=False
    )

    rows = await Section.all().order_by("position")
    assert [(each.slug, each.position) for each in rows] == [("aid", 1), ("events", 2), ("news", 3)]
    assert (rows[0].title.zh, rows[0].in_navigation) == ("扶困", False)


@pytest.mark.parametrize(
    ("slug", "title", "kind", "code"),
    [
        ("news", "新闻", Conflict, "section.exists"),
        ("No News", "新闻", Invalid, "slug.invalid"),
        ("other", " ", Invalid, "title.missing"),
    ],
)
async def test_a_section_needs_a_free_address_and_a_name(
    editor: Actor, slug: str, title: str, kind: type[Exception], code: str
) -> None:
    await make.section("news")

    with pytest.raises(kind, match=code.replace(".", r"\.")):
        await add_section(
            by=editor,
            slug=slug,
            title=Words(title, ""),
            intro=Words(),
            kind=SectionKind.ARTICLES,
            in_navigation=True,
        )

    assert await Section.all().count() == 1
    assert await _deeds() == []


async def test_the_site_is_named_and_renamed(editor: Actor) -> None:
    def text(name: str) -> SiteText:
        empty = Words()
        return SiteText(
            name=Words(name, ""), slogan=empty, strapline=empty, operator=empty, hours=empty,
            address=empty, reprint_note=empty, enquiry_phone="", supervision_phone="",
            icp_number="", psb_number="", since_year=2013,
        )  # fmt: skip

    await edit_site(by=editor, text=text("望河好人"))
    await edit_site(by=editor, text=text("南渡好人"))
    with pytest.raises(Invalid, match=r"site\.name_missing"):
        await edit_site(by=editor, text=text(" "))

    assert [each.name.zh for each in await Site.all()] == ["南渡好人"]


async def test_fixed_pages_are_added_and_changed(editor: Actor) -> None:
    await add_page(
        by=editor, slug="about", title=Words("关于", ""), body=Words("一", ""), in_footer=True
    )
    await edit_page(
        by=editor, slug="about", title=Words("关于我们", ""), body=Words("二", ""), in_footer=False
    )
    with pytest.raises(Conflict, match=r"page\.exists"):
        await add_page(
            by=editor, slug="about", title=Words("关于", ""), body=Words(), in_footer=True
        )
    with pytest.raises(Invalid, match=r"title\.missing"):
        await edit_page(by=editor, slug="about", title=Words(), body=Words(), in_footer=True)

    page = await FixedPage.get(slug="about")
    assert (page.title.zh, page.body.zh, page.in_footer) == ("关于我们", "二", False)


async def test_anybody_may_write_to_us_and_an_editor_answers(editor: Actor) -> None:
    letter = await send_feedback(
        kind=FeedbackKind.IDEA, text="字再大一点 🙂", contact="li@example.com"
    )

    await answer_feedback(by=editor, id=letter.id)

    kept = await Feedback.get(id=letter.id)
    assert (kept.text, kept.kind) == ("字再大一点 🙂", "idea")
    assert kept.answered_at is not None
    assert kept.received_at.astimezone(UTC) <= datetime.now(UTC)


async def test_what_was_answered_a_year_ago_is_forgotten(editor: Actor) -> None:
    old, recent, waiting = [
        await send_feedback(kind=FeedbackKind.IDEA, text=text, contact="li@example.com")
        for text in ("旧", "新", "还没答")
    ]
    async with in_transaction():
        for letter, days in ((old, 366), (recent, 364)):
            then = clock.now() - timedelta(days=days)
            await Feedback.filter(id=letter.id).update(answered_at=then)
        await Feedback.filter(id=waiting.id).update(received_at=clock.now() - timedelta(days=999))

    assert await forget_feedback() == 1
    assert await forget_feedback() == 0

    assert {each.text for each in await Feedback.all()} == {"新", "还没答"}
    assert [each.action for each in await list_records()] == ["feedback.forgotten"]


@pytest.mark.parametrize(
    ("text", "code"), [(" ", "feedback.empty"), ("啊" * 2001, "feedback.too_long")]
)
async def test_an_empty_or_endless_letter_is_not_kept(database: None, text: str, code: str) -> None:
    with pytest.raises(Invalid, match=code.replace(".", r"\.")):
        await send_feedback(kind=FeedbackKind.IDEA, text=text)

    assert await Feedback.all().count() == 0
