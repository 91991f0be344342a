"""The editor's desk: articles, from the first draft to the home page."""

from functools import partial
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from wtforms import BooleanField, FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from awards import clock
from awards.actor import Role
from awards.errors import Refused
from awards.i18n import translate as _
from awards.media.queries import find_picture
from awards.portal.actions import (
    add_photo,
    edit_article,
    keep_upload,
    publish_article,
    remove_photo,
    unpublish_article,
    write_article,
)
from awards.portal.queries import count_desk_articles, find_article, list_desk_articles
from awards.portal.queries import list_sections as every_section
from awards.portal.rules import (
    LONGEST_BODY,
    LONGEST_SUMMARY,
    LONGEST_TITLE,
    MOST_PHOTOS,
    ArticleText,
    SectionKind,
    pages_of,
)
from awards.web.admin.bilingual import both_of, texts_in
from awards.web.admin.pictures import (
    PhotoForm,
    blame_picture,
    hang,
    kept_picture,
    note_of,
    noted,
)
from awards.web.errors import status_of
from awards.web.forms import Form, said
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.paging import page_number
from awards.web.render import page, see_other
from awards.web.sessions import actor

EDITORS = (Role.EDITOR, Role.ADMIN)
BILINGUAL = (
    "title", "summary", "body", "source", "byline", "editor", "cover_alt", "cover_caption",
)  # fmt: skip
WRITTEN = (SectionKind.ARTICLES, SectionKind.GALLERY)
"""Kinds of sections that articles stand in."""
MARKS = ("is_reprint", "is_recommended", "is_lead")


class ArticleForm(Form):
    """All that an editor writes of an article. Chinese is needed, English is welcome."""

    section = SelectField(_l("Section"), [InputRequired()])
    title_zh = StringField(_l("Title in Chinese"), [InputRequired(), Length(max=LONGEST_TITLE)])
    summary_zh = TextAreaField(_l("In short, in Chinese"), [Length(max=LONGEST_SUMMARY)])
    body_zh = TextAreaField(_l("Text in Chinese"), [Length(max=LONGEST_BODY)])
    source_zh = StringField(_l("Source, in Chinese"), [Length(max=60)])
    byline_zh = StringField(_l("Byline, in Chinese"), [Length(max=60)])
    editor_zh = StringField(_l("Editor in charge, in Chinese"), [Length(max=60)])
    title_en = StringField(_l("Title in English"), [Length(max=2 * LONGEST_TITLE)])
    summary_en = TextAreaField(_l("In short, in English"), [Length(max=2 * LONGEST_SUMMARY)])
    body_en = TextAreaField(_l("Text in English"), [Length(max=2 * LONGEST_BODY)])
    source_en = StringField(_l("Source, in English"), [Length(max=120)])
    byline_en = StringField(_l("Byline, in English"), [Length(max=120)])
    editor_en = StringField(_l("Editor in charge, in English"), [Length(max=120)])
    cover = FileField(_l("Cover picture"))
    cover_note = HiddenField()
    cover_off = BooleanField(_l("Take the picture off"))
    cover_alt_zh = StringField(_l("What the picture shows, in Chinese"), [Length(max=200)])
    cover_alt_en = StringField(_l("What the picture shows, in English"), [Length(max=300)])
    cover_caption_zh = StringField(_l("Caption in Chinese"), [Length(max=200)])
    cover_caption_en = StringField(_l("Caption in English"), [Length(max=300)])
    is_reprint = BooleanField(_l("Reprinted from another paper"))
    is_recommended = BooleanField(_l("Recommended: beside every article"))
    is_lead = BooleanField(_l("Lead: first on the home page"))


@staff(*EDITORS, everywhere=True)
async def index(request: Request) -> Response:
    """The drafts, or what is published."""
    drafts = request.query_params.get("state") == "drafts"
    counts = {each: await count_desk_articles(drafts=each) for each in (True, False)}
    number = page_number(request, pages_of(counts[drafts]))
    return page(
        request,
        "admin/articles/index.html",
        articles=await list_desk_articles(drafts=drafts, page=number),
        drafts=drafts,
        counts=counts,
        page=number,
        pages=pages_of(counts[drafts]),
    )


@staff(*EDITORS, everywhere=True)
async def new(request: Request) -> Response:
    """The empty form; `?section=` chooses one."""
    section = request.query_params.get("section")
    form = ArticleForm(data={"section": section, "editor_zh": actor(request).name})
    return await _form_page(request, form)


@staff(*EDITORS, everywhere=True)
async def create(request: Request) -> Response:
    """Keep it as a draft, and show what it looks like."""
    form = ArticleForm(await request.form())
    text = await _text_of(request, form)
    if text is None:
        return await _form_page(request, form, status=422)
    try:
        article = await write_article(by=actor(request), text=text)
    except Refused as refused:
        form.blame(refused)
        return await _form_page(request, form, status=status_of(refused))
    return see_other(
        request, "admin:article", id=article.id, said=_("The draft is kept. Have a look at it.")
    )


@staff(*EDITORS, everywhere=True)
async def show(request: Request) -> Response:
    """The article as readers will see it."""
    return await _preview(request, PhotoForm())


@staff(*EDITORS, everywhere=True)
async def edit(request: Request) -> Response:
    """The form with what is written."""
    article = await _article(request)
    marks = {name: getattr(article, name) for name in MARKS}
    note = note_of(request, article.cover_id)
    form = ArticleForm(
        data={
            **both_of(article, BILINGUAL),
            **marks,
            "section": article.section.slug,
            "cover_note": note,
        }
    )
    return await _form_page(request, form, article=article)


@staff(*EDITORS, everywhere=True)
async def change(request: Request) -> Response:
    """Keep what was changed."""
    article, form = await _article(request), ArticleForm(await request.form())
    text = await _text_of(request, form, before=article.cover_id)
    if text is None:
        return await _form_page(request, form, article=article, status=422)
    try:
        await edit_article(by=actor(request), id=article.id, text=text)
    except Refused as refused:
        form.blame(refused)
        return await _form_page(request, form, article=article, status=status_of(refused))
    return see_other(request, "admin:article", id=article.id, said=_("Your changes are kept."))


@staff(*EDITORS, everywhere=True)
async def publish(request: Request) -> Response:
    """Show it to everybody."""
    try:
        article = await publish_article(by=actor(request), id=request.path_params["id"])
    except Refused as refused:
        return await _preview(request, PhotoForm(), refused=refused)
    return see_other(request, "admin:article", id=article.id, said=_("The article is published."))


@staff(*EDITORS, everywhere=True)
async def unpublish(request: Request) -> Response:
    """Make it a draft again."""
    article = await unpublish_article(by=actor(request), id=request.path_params["id"])
    return see_other(request, "admin:article", id=article.id, said=_("It is a draft again."))


@staff(*EDITORS, everywhere=True)
async def create_photo(request: Request) -> Response:
    """Add a picture to the gallery."""
    article, form = await _article(request), PhotoForm(await request.form())
    if status := await hang(request, form, partial(add_photo, id=article.id)):
        return await _preview(request, form, status=status)
    return see_other(request, "admin:article", id=article.id, said=_("The picture is added."))


@staff(*EDITORS, everywhere=True)
async def drop_photo(request: Request) -> Response:
    """Take a picture out of the gallery."""
    article = await _article(request)
    await remove_photo(by=actor(request), id=article.id, photo=request.path_params["photo"])
    return see_other(request, "admin:article", id=article.id, said=_("The picture is taken out."))


async def _article(request: Request) -> Any:
    return await find_article(request.path_params["id"], now=clock.now(), by=actor(request))


async def _preview(
    request: Request, form: PhotoForm, *, refused: Refused | None = None, status: int = 200
) -> Response:
    article = await _article(request)
    return page(
        request,
        "admin/articles/show.html",
        status=status_of(refused) if refused else status,
        article=article,
        views=article.views,
        form=form,
        refusal=said(refused) if refused else "",
        most_photos=MOST_PHOTOS,
    )


async def _form_page(
    request: Request, form: ArticleForm, *, article: Any = None, status: int = 200
) -> Response:
    sections = [each for each in await every_section() if each.kind in WRITTEN]
    form.section.choices = [(each.slug, each.title.best("zh-Hans")[0]) for each in sections]
    cover = noted(request, form.cover_note.data)
    return page(
        request,
        "admin/articles/edit.html",
        status=status,
        form=form,
        article=article,
        cover=await find_picture(cover) if cover else None,
        longest={"title": LONGEST_TITLE, "summary": LONGEST_SUMMARY},
    )


async def _text_of(
    request: Request, form: ArticleForm, *, before: UUID | None = None
) -> ArticleText | None:
    """What was typed, or None when something is to be mended; the picture is kept either way."""
    sections = await every_section()
    form.section.choices = [(each.slug, each.slug) for each in sections if each.kind in WRITTEN]
    is_valid = form.validate()
    try:
        cover = await kept_picture(request, form, "cover", keep=keep_upload, before=before)
    except Refused as refused:
        blame_picture(form, refused, "cover")
        return None
    return _text(form, cover) if is_valid else None


def _text(form: ArticleForm, cover: UUID | None) -> ArticleText:
    marks: dict[str, Any] = {name: bool(form[name].data) for name in MARKS}
    return ArticleText(section=form.section.data, cover=cover, **texts_in(form, BILINGUAL), **marks)
