"""A citizen nominates: the form, the private page that follows, and what was returned."""

import re
from dataclasses import fields
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from awards import clock
from awards.campaigns.queries import find_campaign, stage_of, timeline_of
from awards.campaigns.rules import StageKind
from awards.clock import day_in
from awards.errors import Refused
from awards.i18n import language
from awards.i18n import translate as _
from awards.nominations.actions import (
    revise_nomination,
    submit_nomination,
    withdraw_nomination,
)
from awards.nominations.queries import find_nomination, find_sent
from awards.nominations.rules import (
    MOST_PHOTOS,
    REJECTION_RULES,
    Choices,
    Links,
    Papers,
    clean_month,
    clean_name,
    clean_text,
    honours_of,
    limits_for,
    masked_contact,
    papers_objections,
    photos_objection,
    revision_objection,
    stage_objection,
)
from awards.signing import random_secret
from awards.templating import words_plain, written
from awards.web.csrf import own_origin
from awards.web.errors import status_of
from awards.web.forms import Form, options, said
from awards.web.forms import lazy as _l
from awards.web.guards import source
from awards.web.render import page, see_other
from awards.web.sessions import actor
from awards.web.site.photos import Photos, kept_photos, take_photos

SEND_KEY = re.compile(r"[\w-]{20,40}", re.ASCII)
KIND_NAMES = {
    "person": _l("One person"),
    "couple": _l("A couple"),
    "family": _l("A family"),
    "group": _l("A group"),
    "organisation": _l("An organisation"),
}
GENDER_NAMES = {"f": _l("Woman"), "m": _l("Man"), "": _l("Not said")}
RELATION_NAMES = {
    "neighbour": _l("Neighbour or friend"),
    "colleague": _l("Colleague"),
    "helped": _l("I was helped"),
    "family": _l("Family"),
    "workplace": _l("On behalf of a workplace or organisation"),
    "self": _l("It is myself"),
    "other": _l("In another way"),
}


class NominationForm(Form):
    """What is asked. The rules say what is wrong with an answer; here it is only cleaned."""

    send_key = HiddenField()
    revision = HiddenField()
    category = RadioField(_l("Award"), choices=[], validate_choice=False)
    kind = RadioField(
        _l("Who is it"),
        choices=options(KIND_NAMES.items()),
        default="person",
        validate_choice=False,
    )
    name = StringField(_l("Name"), filters=[clean_name])
    gender = RadioField(
        _l("Gender"), choices=options(GENDER_NAMES.items()), default="", validate_choice=False
    )
    birth_month = StringField(_l("Year and month of birth"), filters=[clean_month])
    region = SelectField(_l("Region"), choices=[], validate_choice=False)
    occupation = StringField(_l("What they do"), filters=[clean_text])
    employer = StringField(_l("Workplace or community"), filters=[clean_text])
    nominee_contact = StringField(_l("How to reach them"), filters=[clean_text])
    one_liner = StringField(_l("The deed in one line"), filters=[clean_text])
    summary = TextAreaField(_l("What happened"), filters=[clean_text])
    story = TextAreaField(_l("The whole story"), filters=[clean_text])
    past_honours = TextAreaField(_l("Earlier honours"), filters=[clean_text])
    photos = MultipleFileField(_l("Photos"))
    relation = RadioField(
        _l("How you know each other"),
        choices=options(RELATION_NAMES.items()),
        validate_choice=False,
    )
    nominator_name = StringField(_l("Your name"), filters=[clean_name])
    nominator_contact = StringField(_l("Your e-mail or telephone"), filters=[clean_text])
    pledge = BooleanField(_l("All of it is true to the best of my knowledge"))

    @property
    def papers(self) -> Papers:
        """What was written, as the rules read it."""
        typed: dict[str, Any] = {each.name: self[each.name].data or "" for each in fields(Papers)}
        return Papers(**{**typed, "pledge": bool(self.pledge.data)})


async def new(request: Request) -> Response:
    """The empty form, or when nominations open."""
    campaign = await find_campaign(request.path_params["slug"], by=actor(request))
    if no := stage_objection(timeline_of(campaign), clock.now()):
        return _closed(request, campaign, no)
    form = NominationForm(data={"send_key": random_secret(24)})
    return _shown(request, campaign, form, Photos())


async def create(request: Request) -> Response:
    """Keep the nomination, or show what is missing with everything that was typed."""
    campaign = await find_campaign(request.path_params["slug"], by=actor(request))
    form = _filled(await request.form())
    if no := stage_objection(timeline_of(campaign), clock.now()):
        return _closed(request, campaign, no, form)
    if sent := await find_sent(form.send_key.data or ""):
        return _sent(request, sent.code, _("This nomination has been sent already. Here it is."))
    photos = await take_photos(request, "photos")
    if not _is_complete(form, campaign, photos, language()):
        return _shown(request, campaign, form, photos, status=422)
    try:
        await request.app.state.codes.throttle.ask("nomination.source", source(request))
        made = await submit_nomination(
            by=actor(request), campaign=campaign, papers=form.papers, photos=photos.ids,
            send_key=form.send_key.data or "", language=language(), links=links(request),
        )  # fmt: skip
    except Refused as refused:
        form.blame(refused)
        return _shown(request, campaign, form, photos, status=status_of(refused))
    return _sent(request, made.code, _("Thank you. First we ask whether they agree."))


async def show(request: Request) -> Response:
    """The nominator's own page: where it stands, what comes next, what was sent."""
    nomination = await find_nomination(request.path_params["code"])
    return page(
        request, "site/nominations/show.html", nomination=nomination, sent=_as_sent(nomination),
        private_pictures=True,
        rules=REJECTION_RULES, campaign=nomination.campaign,
        photos=[photo.picture for photo in nomination.photos],
    )  # fmt: skip


async def edit(request: Request) -> Response:
    """The form once more, with all that was sent, for what was returned."""
    nomination = await find_nomination(request.path_params["code"])
    if no := revision_objection(nomination.state, nomination.revision, nomination.revision):
        raise no
    pictures = [photo.picture for photo in nomination.photos]
    photos = kept_photos(pictures, request.app.state.config)
    form = NominationForm(data=_typed(nomination))
    return _shown(request, nomination.campaign, form, photos, nomination=nomination)


async def revise(request: Request) -> Response:
    """Keep the mended papers; they go back to the moderators."""
    nomination = await find_nomination(request.path_params["code"])
    form, photos = _filled(await request.form()), await take_photos(request, "photos")
    if not _is_complete(form, nomination.campaign, photos, nomination.language):
        return _shown(request, nomination.campaign, form, photos, nomination=nomination, status=422)
    try:
        await revise_nomination(
            by=actor(request), code=nomination.code, revision=_number(form.revision.data),
            papers=form.papers, photos=photos.ids, links=links(request),
        )  # fmt: skip
    except Refused as refused:
        form.blame(refused)
        return _shown(
            request, nomination.campaign, form, photos, nomination=nomination,
            status=status_of(refused),
        )  # fmt: skip
    return _sent(request, nomination.code, _("Your changes have arrived. We read them again."))


async def withdraw(request: Request) -> Response:
    """Take it back."""
    made = await withdraw_nomination(by=actor(request), code=request.path_params["code"])
    return _sent(request, made.code, _("The nomination is withdrawn."))


def links(request: Request) -> Links:
    """The addresses that letters name."""
    path = request.app.url_path_for
    return Links(
        nomination=own_origin(request) + str(path("site:nomination", code="{code}")),
        consent=own_origin(request) + str(path("site:consent", token="{token}")),  # noqa: S106 - a place
    )


def _filled(sent: Any) -> NominationForm:
    form = NominationForm(sent)
    if not SEND_KEY.fullmatch(form.send_key.data or ""):
        form.send_key.data = random_secret(24)
    return form


def _is_complete(form: NominationForm, campaign: Any, photos: Photos, tongue: str) -> bool:
    """Whether it can be sent; else each objection stands at its field."""
    today = day_in(campaign.zone, clock.now())
    choices = Choices.of(campaign.categories, campaign.regions)
    objections = papers_objections(form.papers, choices, language=tongue, today=today)
    for objection in objections:
        form.blame(objection)
    too_many = photos_objection(len(photos.kept))
    if wrong := [*photos.wrong, *([said(too_many)] if too_many else [])]:
        form.photos.errors = [" ".join(wrong)]
    return not form.errors


def _shown(
    request: Request,
    campaign: Any,
    form: NominationForm,
    photos: Photos,
    *,
    nomination: Any = None,
    status: int = 200,
) -> Response:
    form.category.choices = options(
        (each.slug, words_plain(each.title)) for each in campaign.categories
    )
    regions = [(each.slug, words_plain(each.title)) for each in campaign.regions]
    form.region.choices = options([("", _("Please choose")), *regions])
    return page(
        request, "site/nominations/new.html", campaign=campaign, form=form, photos=photos.kept,
        private_pictures=True,
        room=max(1, MOST_PHOTOS - len(photos.kept)), nomination=nomination, status=status,
        limits=limits_for(nomination.language if nomination else language()), most=MOST_PHOTOS,
        window=timeline_of(campaign).window(StageKind.NOMINATION),
    )  # fmt: skip


def _closed(
    request: Request, campaign: Any, refused: Refused, form: NominationForm | None = None
) -> Response:
    """When nominations open or closed; and words that came too late, so that they are not lost."""
    typed = [each for each in (form or ()) if isinstance(each.data, str) and each.data]
    window = timeline_of(campaign).window(StageKind.NOMINATION)
    return page(
        request, "site/nominations/closed.html", campaign=campaign, window=window,
        code=refused.code, status=status_of(refused), stage=stage_of(campaign, clock.now()),
        typed=[each for each in typed if each.type in ("StringField", "TextAreaField")],
    )  # fmt: skip


def _sent(request: Request, code: str, sentence: str) -> Response:
    return see_other(request, "site:nomination", code=code, said=sentence)


def _typed(nomination: Any) -> dict[str, Any]:
    names = [each.name for each in fields(Papers) if hasattr(nomination, each.name)]
    return {
        **{name: getattr(nomination, name) for name in names},
        "category": nomination.category.slug,
        "region": nomination.region.slug,
        "revision": nomination.revision,
        "pledge": True,
    }


def _as_sent(nomination: Any) -> list[tuple[str, object]]:
    """What was written, in rows; addresses only so far that one knows one's own."""
    rows = [
        (_("Award"), words_plain(nomination.category.title)),
        (_("Who is it"), KIND_NAMES[nomination.kind]),
        (_("Name"), written(nomination.name)),
        (_("Gender"), GENDER_NAMES[nomination.gender] if nomination.gender else ""),
        (_("Year and month of birth"), nomination.birth_month),
        (_("Region"), words_plain(nomination.region.title)),
        (_("What they do"), written(nomination.occupation)),
        (_("Workplace or community"), written(nomination.employer)),
        (_("Earlier honours"), written(_(", ").join(honours_of(nomination.past_honours)))),
        (_("How to reach them"), masked_contact(nomination.nominee_contact)),
        (_("Your name"), written(nomination.nominator_name)),
        (_("Your e-mail or telephone"), masked_contact(nomination.nominator_contact)),
        (_("How you know each other"), RELATION_NAMES.get(nomination.relation, "")),
    ]
    return [(name, what) for name, what in rows if str(what)]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0
