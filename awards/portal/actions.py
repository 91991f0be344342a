"""What editors do with the portal, what visitors write to it, and the counting of reads."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tortoise.expressions import F

from awards import clock
from awards.actor import Actor, system
from awards.audit.actions import record
from awards.db import in_transaction
from awards.errors import Conflict, Invalid, NotFound
from awards.honours.rules import alt_missing
from awards.i18n import mark as _
from awards.media.actions import Prepared, keep_picture, publish_picture
from awards.media.models import Picture
from awards.portal.models import Article, ArticlePhoto, Feedback, FixedPage, Section, Site
from awards.portal.queries import (
    EDITORS,
    find_article,
    find_page,
    find_section,
    find_site,
    next_photo_position,
)
from awards.portal.rules import (
    ANSWERED_FOR,
    LONGEST_FEEDBACK,
    MOST_PHOTOS,
    ArticleText,
    FeedbackKind,
    SectionKind,
    new_article_id,
    slug_objection,
)
from awards.views import ViewCounter
from awards.words import Words

article_views = ViewCounter()
"""Reads of articles in this process that the database does not know yet."""


@dataclass(frozen=True)
class SiteText:
    """All that is said of who runs the site."""

    name: Words
    slogan: Words
    strapline: Words
    operator: Words
    hours: Words
    address: Words
    reprint_note: Words
    enquiry_phone: str
    supervision_phone: str
    icp_number: str
    psb_number: str
    since_year: int


async def keep_upload(*, by: Actor, prepared: Prepared) -> Picture:
    """Keep an editor's picture before the text is right, so that it need not be sent twice."""
    by.require(*EDITORS)
    async with in_transaction():
        return await keep_picture(prepared)


async def write_article(*, by: Actor, text: ArticleText) -> Article:
    """Begin an article, as a draft."""
    by.require(*EDITORS)
    section = await find_section(text.section)
    if no := text.objection():
        raise no
    async with in_transaction():
        if text.is_lead:
            await _take_lead()
        article = await Article.create(
            id=new_article_id(), changed_at=clock.now(), section=section, **_columns(text)
        )
        await record(by=by, action="article.written", subject=f"article:{article.id}")
    return article


async def edit_article(*, by: Actor, id: str, text: ArticleText) -> Article:
    """Change an article; one that is public stays so."""
    by.require(*EDITORS)
    article = await find_article(id, now=clock.now(), by=by)
    section = await find_section(text.section)
    is_published = article.published_at is not None
    if no := text.publication_objection() if is_published else text.objection():
        raise no
    article.update_from_dict({**_columns(text), "section": section, "changed_at": clock.now()})
    async with in_transaction():
        if text.is_lead:
            await _take_lead()
        await article.save()
        if is_published:
            await _publish_pictures(article)
        await record(by=by, action="article.edited", subject=f"article:{id}")
    return article


async def publish_article(*, by: Actor, id: str) -> Article:
    """Show an article to everybody, with its pictures. Publishing it again changes nothing."""
    by.require(*EDITORS)
    article = await find_article(id, now=clock.now(), by=by)
    if no := _text_of(article).publication_objection():
        raise no
    if article.published_at is None:
        article.published_at = clock.now()
        async with in_transaction():
            await article.save(update_fields=["published_at"])
            await _publish_pictures(article)
            await record(by=by, action="article.published", subject=f"article:{id}")
    return article


async def unpublish_article(*, by: Actor, id: str) -> Article:
    """Make an article a draft again. Its pictures stay public: they may stand elsewhere too."""
    by.require(*EDITORS)
    article = await find_article(id, now=clock.now(), by=by)
    if article.published_at is not None:
        article.published_at = None
        async with in_transaction():
            await article.save(update_fields=["published_at"])
            await record(by=by, action="article.unpublished", subject=f"article:{id}")
    return article


async def add_photo(
    *, by: Actor, id: str, prepared: Prepared, alt: Words, caption: Words
) -> ArticlePhoto:
    """Add a picture to an article's gallery."""
    by.require(*EDITORS)
    article = await find_article(id, now=clock.now(), by=by)
    if not alt.zh.strip():
        raise alt_missing("alt_zh")
    if len(article.photos) >= MOST_PHOTOS:
        raise Invalid(
            "article.too_many_photos",
            _("An article shows at most {most} pictures."),
            most=MOST_PHOTOS,
        )
    async with in_transaction():
        photo = await ArticlePhoto.create(
            article=article,
            picture=await keep_picture(prepared),
            position=await next_photo_position(article),
            alt=alt,
            caption=caption,
        )
        if article.published_at is not None:
            await publish_picture(photo.picture_id)
        await record(by=by, action="article.photo_added", subject=f"article:{id}")
    return photo


async def remove_photo(*, by: Actor, id: str, photo: UUID) -> None:
    """Take a picture out of an article's gallery."""
    by.require(*EDITORS)
    async with in_transaction():
        if not await ArticlePhoto.filter(id=photo, article_id=id).delete():
            raise NotFound()
        await record(by=by, action="article.photo_removed", subject=f"article:{id}")


async def flush_article_views() -> None:
    """Write the reads that wait: one statement for each article."""
    taken = article_views.take()
    if not taken:
        return
    try:
        async with in_transaction():
            for id, reads in sorted(taken.items()):
                await Article.filter(id=id).update(views=F("views") + reads)
    except BaseException:
        article_views.put_back(taken)
        raise


async def add_section(
    *, by: Actor, slug: str, title: Words, intro: Words, kind: SectionKind, in_navigation: bool
) -> Section:
    """Open a new part of the portal, after all others."""
    by.require(*EDITORS)
    if no := slug_objection(slug) or _title_objection(title):
        raise no
    async with in_transaction():
        if await Section.exists(slug=slug):
            raise Conflict(
                "section.exists", _("There is a section with this address already."), field="slug"
            )
        section = await Section.create(
            slug=slug,
            title=title,
            intro=intro,
            kind=kind,
            in_navigation=in_navigation,
            position=await Section.all().count() + 1,
        )
        await record(by=by, action="section.added", subject=f"section:{slug}")
    return section


async def edit_section(
    *, by: Actor, slug: str, title: Words, intro: Words, in_navigation: bool
) -> Section:
    """Change how a section is called and whether the navigation shows it."""
    by.require(*EDITORS)
    section = await find_section(slug)
    if no := _title_objection(title):
        raise no
    section.update_from_dict({"title": title, "intro": intro, "in_navigation": in_navigation})
    async with in_transaction():
        await section.save()
        await record(by=by, action="section.edited", subject=f"section:{slug}")
    return section


async def move_section(*, by: Actor, slug: str, position: int) -> None:
    """Put a section at a place in the order, counted from 1; the others close up."""
    by.require(*EDITORS)
    section = await find_section(slug)
    async with in_transaction():
        others = await Section.exclude(id=section.id).order_by("position")
        others.insert(max(0, position - 1), section)
        for place, each in enumerate(others, 1):
            await Section.filter(id=each.id).update(position=place)
        await record(by=by, action="section.moved", subject=f"section:{slug}", position=position)


async def edit_site(*, by: Actor, text: SiteText) -> Site:
    """Say who runs the site."""
    by.require(*EDITORS)
    if not text.name.zh.strip():
        raise Invalid("site.name_missing", _("Please write the name in Chinese."), field="name_zh")
    site = await find_site()
    async with in_transaction():
        if site is None:
            site = await Site.create(id=1, **vars(text))
        else:
            await site.update_from_dict(vars(text)).save()
        await record(by=by, action="site.edited", subject="site:1")
    return site


async def edit_page(
    *, by: Actor, slug: str, title: Words, body: Words, in_footer: bool
) -> FixedPage:
    """Change a fixed page."""
    by.require(*EDITORS)
    page = await find_page(slug)
    if no := _title_objection(title):
        raise no
    page.update_from_dict(
        {"title": title, "body": body, "in_footer": in_footer, "changed_at": clock.now()}
    )
    async with in_transaction():
        await page.save()
        await record(by=by, action="page.edited", subject=f"page:{slug}")
    return page


async def add_page(
    *, by: Actor, slug: str, title: Words, body: Words, in_footer: bool
) -> FixedPage:
    """Write a new fixed page, after all others."""
    by.require(*EDITORS)
    if no := slug_objection(slug) or _title_objection(title):
        raise no
    async with in_transaction():
        if await FixedPage.exists(slug=slug):
            raise Conflict(
                "page.exists", _("There is a page with this address already."), field="slug"
            )
        page = await FixedPage.create(
            slug=slug,
            title=title,
            body=body,
            in_footer=in_footer,
            position=await FixedPage.all().count() + 1,
            changed_at=clock.now(),
        )
        await record(by=by, action="page.added", subject=f"page:{slug}")
    return page


async def send_feedback(
    *, kind: FeedbackKind, text: str, contact: str = "", about: str = ""
) -> Feedback:
    """Take in a complaint or an opinion. Anybody may write one."""
    if not text.strip():
        raise Invalid("feedback.empty", _("Please write what it is about."), field="text")
    if len(text) > LONGEST_FEEDBACK:
        raise Invalid(
            "feedback.too_long",
            _("At most {most} characters, please; you have {count}."),
            field="text",
            most=LONGEST_FEEDBACK,
            count=len(text),
        )
    async with in_transaction():
        return await Feedback.create(
            kind=kind, text=text, contact=contact, about=about, received_at=clock.now()
        )


async def answer_feedback(*, by: Actor, id: UUID) -> None:
    """Note that somebody answered, or saw to it."""
    by.require(*EDITORS)
    async with in_transaction():
        if not await Feedback.filter(id=id).update(answered_at=clock.now()):
            raise NotFound()
        await record(by=by, action="feedback.answered", subject=f"feedback:{id}")


async def forget_feedback() -> int:
    """Delete what was answered a year ago: how many. The record keeps that it was answered."""
    due = Feedback.filter(answered_at__lte=clock.now() - ANSWERED_FOR)
    if not await due.exists():
        return 0
    async with in_transaction():
        gone = await due.only("id")
        for row in gone:
            await record(
                by=system("jobs", roles=()),
                action="feedback.forgotten",
                subject=f"feedback:{row.id}",
            )
        await Feedback.filter(id__in=[row.id for row in gone]).delete()
    return len(gone)


async def _take_lead() -> None:
    """One article leads: the mark goes over to whichever was given it last."""
    await Article.filter(is_lead=True).update(is_lead=False)


def _title_objection(title: Words) -> Invalid | None:
    if title.zh.strip():
        return None
    return Invalid("title.missing", _("Please write the title in Chinese."), field="title_zh")


def _columns(text: ArticleText) -> dict[str, Any]:
    columns: dict[str, Any] = {**vars(text), "cover_id": text.cover}
    del columns["section"], columns["cover"]
    return columns


def _text_of(article: Article) -> ArticleText:
    return ArticleText(
        section="",
        title=article.title,
        body=article.body,
        cover=article.cover_id,
        cover_alt=article.cover_alt,
    )


async def _publish_pictures(article: Article) -> None:
    """Called inside the transaction that shows the article."""
    if article.cover_id:
        await publish_picture(article.cover_id)
    for photo in article.photos:
        await publish_picture(photo.picture_id)
