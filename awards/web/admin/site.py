"""Who runs the site, its fixed pages, and what people wrote to it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from awards.actor import Role
from awards.errors import Refused
from awards.i18n import translate as _
from awards.portal.actions import SiteText, add_page, answer_feedback, edit_page, edit_site
from awards.portal.queries import find_page, find_site, list_feedback, list_pages
from awards.web.admin.bilingual import both_of, texts_in
from awards.web.errors import status_of
from awards.web.forms import Form, WholeNumberField
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor

EDITORS = (Role.EDITOR, Role.ADMIN)
BILINGUAL = ("name", "slogan", "strapline", "operator", "hours", "address", "reprint_note")
PLAIN = ("enquiry_phone", "supervision_phone", "icp_number", "psb_number")


class SiteForm(Form):
    """What stands at the top and the foot of each page."""

    name_zh = StringField(_l("Name of the site, in Chinese"), [InputRequired(), Length(max=20)])
    name_en = StringField(_l("Name of the site, in English"), [Length(max=40)])
    slogan_zh = StringField(_l("Slogan in Chinese"), [Length(max=30)])
    slogan_en = StringField(_l("Slogan in English"), [Length(max=60)])
    strapline_zh = StringField(_l("What this site is, in Chinese"), [Length(max=60)])
    strapline_en = StringField(_l("What this site is, in English"), [Length(max=120)])
    operator_zh = StringField(_l("Who runs it, in Chinese"), [Length(max=60)])
    operator_en = StringField(_l("Who runs it, in English"), [Length(max=120)])
    hours_zh = StringField(_l("Hours in Chinese"), [Length(max=60)])
    hours_en = StringField(_l("Hours in English"), [Length(max=120)])
    address_zh = StringField(_l("Street address in Chinese"), [Length(max=100)])
    address_en = StringField(_l("Street address in English"), [Length(max=200)])
    reprint_note_zh = TextAreaField(_l("Note below reprints, in Chinese"), [Length(max=300)])
    reprint_note_en = TextAreaField(_l("Note below reprints, in English"), [Length(max=500)])
    enquiry_phone = StringField(_l("Telephone for questions"), [Length(max=30)])
    supervision_phone = StringField(_l("Telephone for supervision"), [Length(max=30)])
    icp_number = StringField(_l("ICP filing"), [Length(max=60)])
    psb_number = StringField(_l("Public security filing"), [Length(max=60)])
    since_year = WholeNumberField(
        _l("Since which year"), [InputRequired(), NumberRange(min=1900, max=2200)]
    )


class PageForm(Form):
    """A fixed page."""

    title_zh = StringField(_l("Title in Chinese"), [InputRequired(), Length(max=40)])
    title_en = StringField(_l("Title in English"), [Length(max=80)])
    body_zh = TextAreaField(_l("Text in Chinese"), [Length(max=60_000)])
    body_en = TextAreaField(_l("Text in English"), [Length(max=120_000)])
    in_footer = BooleanField(_l("Show it at the foot of each page"))


class NewPageForm(PageForm):
    """A fixed page with its address."""

    slug = StringField(_l("Address"), [InputRequired(), Length(max=40)])


@staff(*EDITORS, everywhere=True)
async def edit(request: Request) -> Response:
    """The form of the site, and the list of its pages."""
    site = await find_site()
    written = both_of(site, BILINGUAL) if site else {}
    plain = {name: getattr(site, name) for name in (*PLAIN, "since_year") if site}
    return await _site_page(request, SiteForm(data={**written, **plain}))


@staff(*EDITORS, everywhere=True)
async def change(request: Request) -> Response:
    """Keep what was changed."""
    form = SiteForm(await request.form())
    if not form.validate():
        return await _site_page(request, form, status=422)
    plain: dict[str, Any] = {name: form[name].data or "" for name in PLAIN}
    try:
        await edit_site(
            by=actor(request),
            text=SiteText(
                **texts_in(form, BILINGUAL), **plain, since_year=form.since_year.data or 0
            ),
        )
    except Refused as refused:
        form.blame(refused)
        return await _site_page(request, form, status=status_of(refused))
    return see_other(request, "admin:site", said=_("Your changes are kept."))


@staff(*EDITORS, everywhere=True)
async def new_page(request: Request) -> Response:
    """The form for a new page."""
    return _page_page(request, NewPageForm(data={"in_footer": True}))


@staff(*EDITORS, everywhere=True)
async def create_page(request: Request) -> Response:
    """Keep a new page."""
    form = NewPageForm(await request.form())
    if not form.validate():
        return _page_page(request, form, status=422)
    try:
        await add_page(by=actor(request), slug=(form.slug.data or "").strip(), **_written(form))
    except Refused as refused:
        form.blame(refused)
        return _page_page(request, form, status=status_of(refused))
    return see_other(request, "admin:site", said=_("The page is there."))


@staff(*EDITORS, everywhere=True)
async def show_page(request: Request) -> Response:
    """The form with what is written."""
    fixed = await find_page(request.path_params["slug"])
    form = PageForm(data={**both_of(fixed, ("title", "body")), "in_footer": fixed.in_footer})
    return _page_page(request, form, fixed=fixed)


@staff(*EDITORS, everywhere=True)
async def change_page(request: Request) -> Response:
    """Keep what was changed."""
    fixed = await find_page(request.path_params["slug"])
    form = PageForm(await request.form())
    if not form.validate():
        return _page_page(request, form, fixed=fixed, status=422)
    try:
        await edit_page(by=actor(request), slug=fixed.slug, **_written(form))
    except Refused as refused:
        form.blame(refused)
        return _page_page(request, form, fixed=fixed, status=status_of(refused))
    return see_other(request, "admin:site", said=_("Your changes are kept."))


@staff(*EDITORS, everywhere=True)
async def feedback(request: Request) -> Response:
    """What people wrote."""
    return page(request, "admin/site/feedback.html", letters=await list_feedback())


@staff(*EDITORS, everywhere=True)
async def answer(request: Request) -> Response:
    """Note that it was seen to."""
    await answer_feedback(by=actor(request), id=request.path_params["id"])
    return see_other(request, "admin:feedback", said=_("Noted as answered."))


async def _site_page(request: Request, form: SiteForm, *, status: int = 200) -> Response:
    return page(
        request, "admin/site/edit.html", status=status, form=form, fixed_pages=await list_pages()
    )


def _page_page(
    request: Request, form: PageForm, *, fixed: Any = None, status: int = 200
) -> Response:
    return page(request, "admin/site/page.html", status=status, form=form, fixed=fixed)


def _written(form: PageForm) -> dict[str, Any]:
    return {
        **texts_in(form, ("title", "body")),
        "in_footer": bool(form.in_footer.data),
    }
