"""Honouring winners: from the published result to a page worth showing."""

from functools import partial
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from awards import clock
from awards.actor import Role
from awards.clock import day_in
from awards.errors import NotFound, Refused
from awards.honours.actions import (
    add_honour,
    add_photo,
    create_profile,
    edit_profile,
    keep_upload,
    publish_profile,
    remove_honour,
    remove_photo,
    unpublish_profile,
)
from awards.honours.queries import (
    find_profile,
    find_profile_page,
    list_desk_profiles,
    list_waiting,
)
from awards.honours.rules import CITATION_LINES, MOST_PHOTOS, HonourText, ProfileText
from awards.i18n import translate as _
from awards.media.queries import find_picture
from awards.web.admin.bilingual import both_of, texts_in, words_in
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
from awards.web.render import page, see_other
from awards.web.sessions import actor

HONOURERS = (Role.ORGANISER, Role.EDITOR, Role.ADMIN)
BILINGUAL = (
    "name", "title", "region", "occupation", "line", "citation", "story", "acceptance",
    "portrait_alt",
)  # fmt: skip


class ProfileForm(Form):
    """All that is written of a winner."""

    name_zh = StringField(_l("Name in Chinese"), [InputRequired(), Length(max=60)])
    name_en = StringField(_l("Name in English"), [Length(max=120)])
    title_zh = StringField(_l("Honour in Chinese"), [InputRequired(), Length(max=60)])
    title_en = StringField(_l("Honour in English"), [Length(max=120)])
    conferred_on = DateField(_l("Conferred on"), [InputRequired()])
    region_zh = StringField(_l("Where from, in Chinese"), [Length(max=40)])
    region_en = StringField(_l("Where from, in English"), [Length(max=80)])
    occupation_zh = StringField(_l("Occupation in Chinese"), [Length(max=60)])
    occupation_en = StringField(_l("Occupation in English"), [Length(max=120)])
    line_zh = StringField(_l("In one sentence, in Chinese"), [Length(max=140)])
    line_en = StringField(_l("In one sentence, in English"), [Length(max=300)])
    citation_zh = TextAreaField(_l("Citation in Chinese"), [Length(max=200)])
    citation_en = TextAreaField(_l("Citation in English"), [Length(max=600)])
    story_zh = TextAreaField(_l("Story in Chinese"), [Length(max=20_000)])
    story_en = TextAreaField(_l("Story in English"), [Length(max=40_000)])
    acceptance_zh = TextAreaField(_l("Their own words, in Chinese"), [Length(max=400)])
    acceptance_en = TextAreaField(_l("Their own words, in English"), [Length(max=800)])
    portrait = FileField(_l("Portrait"))
    portrait_note = HiddenField()
    portrait_off = BooleanField(_l("Take the picture off"))
    portrait_alt_zh = StringField(_l("What the picture shows, in Chinese"), [Length(max=200)])
    portrait_alt_en = StringField(_l("What the picture shows, in English"), [Length(max=300)])


class HonourForm(Form):
    """One more honour of a winner."""

    title_zh = StringField(_l("Honour in Chinese"), [InputRequired(), Length(max=60)])
    title_en = StringField(_l("Honour in English"), [Length(max=120)])
    issuer_zh = StringField(_l("Given by, in Chinese"), [Length(max=60)])
    issuer_en = StringField(_l("Given by, in English"), [Length(max=120)])
    conferred = StringField(_l("Year, month or day"), [InputRequired(), Length(max=10)])


@staff(*HONOURERS)
async def index(request: Request) -> Response:
    """Winners who wait for their page, and the pages there are."""
    by = actor(request)
    waiting = await list_waiting()
    profiles = await list_desk_profiles()
    return page(
        request,
        "admin/honours/index.html",
        waiting=[
            each for each in waiting if by.may(*HONOURERS, campaign=each.candidate.campaign_id)
        ],
        profiles=[each for each in profiles if by.may(*HONOURERS, campaign=each.campaign_id)],
    )


@staff(*HONOURERS)
async def create(request: Request) -> Response:
    """Begin the page of a winner."""
    today = day_in(request.app.state.config.zone, clock.now())
    profile = await create_profile(
        by=actor(request), candidate=await _candidate(request), conferred_on=today
    )
    return see_other(
        request,
        "admin:honour_edit",
        slug=profile.slug,
        said=_("The page is begun with what the candidate’s page says. Please add the citation."),
    )


@staff(*HONOURERS)
async def show(request: Request) -> Response:
    """The page as visitors will see it."""
    return await _preview(request)


@staff(*HONOURERS)
async def edit(request: Request) -> Response:
    """The form with what is written."""
    profile = await _profile(request)
    note = note_of(request, profile.portrait_id)
    form = ProfileForm(
        data={
            **both_of(profile, BILINGUAL),
            "conferred_on": profile.conferred_on,
            "portrait_note": note,
        }
    )
    return await _form_page(request, form, profile)


@staff(*HONOURERS)
async def change(request: Request) -> Response:
    """Keep what was changed."""
    profile, form = await _profile(request), ProfileForm(await request.form())
    is_valid = form.validate()
    try:
        portrait = await kept_picture(
            request, form, "portrait", keep=keep_upload, before=profile.portrait_id
        )
    except Refused as refused:
        blame_picture(form, refused, "portrait")
        return await _form_page(request, form, profile, status=422)
    if not is_valid:
        return await _form_page(request, form, profile, status=422)
    try:
        await edit_profile(by=actor(request), slug=profile.slug, text=_text(form, portrait))
    except Refused as refused:
        form.blame(refused)
        return await _form_page(request, form, profile, status=status_of(refused))
    return see_other(request, "admin:honour", slug=profile.slug, said=_("Your changes are kept."))


@staff(*HONOURERS)
async def publish(request: Request) -> Response:
    """Show it to everybody."""
    try:
        profile = await publish_profile(by=actor(request), slug=request.path_params["slug"])
    except NotFound:
        raise
    except Refused as refused:
        return await _preview(request, refused=refused)
    return see_other(request, "admin:honour", slug=profile.slug, said=_("The page is published."))


@staff(*HONOURERS)
async def unpublish(request: Request) -> Response:
    """Take it back, to work on it."""
    profile = await unpublish_profile(by=actor(request), slug=request.path_params["slug"])
    return see_other(
        request, "admin:honour", slug=profile.slug, said=_("Visitors no longer see this page.")
    )


@staff(*HONOURERS)
async def create_photo(request: Request) -> Response:
    """Add a picture to the gallery."""
    profile, form = await _profile(request), PhotoForm(await request.form())
    if status := await hang(request, form, partial(add_photo, slug=profile.slug)):
        return await _preview(request, photo_form=form, status=status)
    return _back(request, _("The picture is added."))


@staff(*HONOURERS)
async def drop_photo(request: Request) -> Response:
    """Take a picture out of the gallery."""
    slug, photo = request.path_params["slug"], request.path_params["photo"]
    await remove_photo(by=actor(request), slug=slug, photo=photo)
    return _back(request, _("The picture is taken out."))


@staff(*HONOURERS)
async def create_honour(request: Request) -> Response:
    """Put an honour on the ladder."""
    form = HonourForm(await request.form())
    if not form.validate():
        return await _preview(request, honour_form=form, status=422)
    text = HonourText(
        title=words_in(form, "title"),
        issuer=words_in(form, "issuer"),
        conferred=(form.conferred.data or "").strip(),
    )
    try:
        await add_honour(by=actor(request), slug=request.path_params["slug"], text=text)
    except Refused as refused:
        form.blame(refused)
        return await _preview(request, honour_form=form, status=status_of(refused))
    return _back(request, _("The honour is added."))


@staff(*HONOURERS)
async def drop_honour(request: Request) -> Response:
    """Take an honour off the ladder."""
    slug, honour = request.path_params["slug"], request.path_params["honour"]
    await remove_honour(by=actor(request), slug=slug, honour=honour)
    return _back(request, _("The honour is taken off."))


def _back(request: Request, sentence: str) -> Response:
    return see_other(request, "admin:honour", slug=request.path_params["slug"], said=sentence)


async def _profile(request: Request) -> Any:
    """The winner, for those who honour in their campaign."""
    by = actor(request)
    profile = await find_profile(request.path_params["slug"], by=by)
    by.require(*HONOURERS, campaign=profile.campaign_id)
    return profile


async def _candidate(request: Request) -> UUID:
    form = await request.form()
    try:
        return UUID(str(form.get("candidate", "")))
    except ValueError:
        raise NotFound() from None


async def _preview(
    request: Request,
    *,
    photo_form: PhotoForm | None = None,
    honour_form: HonourForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> Response:
    by = actor(request)
    shown = await find_profile_page(request.path_params["slug"], by=by)
    by.require(*HONOURERS, campaign=shown.profile.campaign_id)
    return page(
        request,
        "admin/honours/show.html",
        status=status_of(refused) if refused else status,
        shown=shown,
        profile=shown.profile,
        views=shown.profile.views,
        photo_form=photo_form or PhotoForm(),
        honour_form=honour_form or HonourForm(),
        refusal=said(refused) if refused else "",
        most_photos=MOST_PHOTOS,
    )


async def _form_page(
    request: Request, form: ProfileForm, profile: Any, *, status: int = 200
) -> Response:
    portrait = noted(request, form.portrait_note.data)
    return page(
        request,
        "admin/honours/edit.html",
        status=status,
        form=form,
        profile=profile,
        portrait=await find_picture(portrait) if portrait else None,
        citation_lines=CITATION_LINES,
    )


def _text(form: ProfileForm, portrait: UUID | None) -> ProfileText:
    written = texts_in(form, BILINGUAL)
    written["conferred_on"] = form.conferred_on.data
    return ProfileText(portrait=portrait, **written)
