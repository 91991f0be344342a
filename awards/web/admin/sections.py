"""The parts of the portal: their names, their order, and whether the navigation shows them."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from awards.actor import Role
from awards.errors import Refused
from awards.i18n import translate as _
from awards.portal.actions import add_section, edit_section, move_section
from awards.portal.queries import count_by_section, find_section, list_sections
from awards.portal.rules import SectionKind
from awards.web.admin.bilingual import both_of, texts_in
from awards.web.errors import status_of
from awards.web.forms import Form, WholeNumberField, options
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.render import page, see_other
from awards.web.sessions import actor

EDITORS = (Role.EDITOR, Role.ADMIN)
KINDS = [
    (SectionKind.ARTICLES.value, _l("Articles")),
    (SectionKind.GALLERY.value, _l("Gallery: pictures first")),
    (SectionKind.CAMPAIGNS.value, _l("The awards")),
    (SectionKind.SHOWCASE.value, _l("The showcase")),
]


class SectionForm(Form):
    """How a section is called."""

    title_zh = StringField(_l("Title in Chinese"), [InputRequired(), Length(max=20)])
    title_en = StringField(_l("Title in English"), [Length(max=40)])
    intro_zh = TextAreaField(_l("In one sentence, in Chinese"), [Length(max=200)])
    intro_en = TextAreaField(_l("In one sentence, in English"), [Length(max=300)])
    in_navigation = BooleanField(_l("Show it in the navigation"))


class NewSectionForm(SectionForm):
    """What is settled once: address and kind."""

    slug = StringField(_l("Address"), [InputRequired(), Length(max=40)])
    kind = SelectField(_l("Kind"), choices=options(KINDS))


class PlaceForm(Form):
    """Where a section stands, counted from 1."""

    position = WholeNumberField(_l("Place"), [InputRequired(), NumberRange(min=1, max=999)])


@staff(*EDITORS, everywhere=True)
async def index(request: Request) -> Response:
    """Every section in its order."""
    return page(
        request,
        "admin/sections/index.html",
        sections=await list_sections(),
        counts=await count_by_section(),
    )


@staff(*EDITORS, everywhere=True)
async def new(request: Request) -> Response:
    """The form for a new one."""
    return _form_page(request, NewSectionForm(data={"in_navigation": True}))


@staff(*EDITORS, everywhere=True)
async def create(request: Request) -> Response:
    """Open it."""
    form = NewSectionForm(await request.form())
    if not form.validate():
        return _form_page(request, form, status=422)
    try:
        await add_section(
            by=actor(request),
            slug=(form.slug.data or "").strip(),
            kind=SectionKind(form.kind.data),
            **_written(form),
        )
    except Refused as refused:
        form.blame(refused)
        return _form_page(request, form, status=status_of(refused))
    return see_other(request, "admin:sections", said=_("The section is open."))


@staff(*EDITORS, everywhere=True)
async def edit(request: Request) -> Response:
    """The form with what is written."""
    section = await find_section(request.path_params["slug"])
    form = SectionForm(
        data={
            **both_of(section, ("title", "intro")),
            "in_navigation": section.in_navigation,
        }
    )
    return _form_page(request, form, section=section)


@staff(*EDITORS, everywhere=True)
async def change(request: Request) -> Response:
    """Keep what was changed."""
    section = await find_section(request.path_params["slug"])
    form = SectionForm(await request.form())
    if not form.validate():
        return _form_page(request, form, section=section, status=422)
    try:
        await edit_section(by=actor(request), slug=section.slug, **_written(form))
    except Refused as refused:
        form.blame(refused)
        return _form_page(request, form, section=section, status=status_of(refused))
    return see_other(request, "admin:sections", said=_("Your changes are kept."))


@staff(*EDITORS, everywhere=True)
async def move(request: Request) -> Response:
    """Put it elsewhere in the order."""
    section = await find_section(request.path_params["slug"])
    form = PlaceForm(await request.form())
    if not form.validate():
        return see_other(request, "admin:sections", said=str(form.position.errors[0]))
    await move_section(by=actor(request), slug=section.slug, position=form.position.data or 1)
    return see_other(request, "admin:sections")


def _form_page(
    request: Request, form: SectionForm, *, section: Any = None, status: int = 200
) -> Response:
    return page(request, "admin/sections/edit.html", status=status, form=form, section=section)


def _written(form: SectionForm) -> dict[str, Any]:
    return {
        **texts_in(form, ("title", "intro")),
        "in_navigation": bool(form.in_navigation.data),
    }
