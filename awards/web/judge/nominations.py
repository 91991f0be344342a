"""The moderators' room: a queue on the left, one decision on the right."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import NumberRange

from awards import clock
from awards.campaigns.queries import timeline_of
from awards.errors import Conflict, Refused
from awards.i18n import translate as _
from awards.nominations.actions import (
    approve_nomination,
    record_consent,
    reject_nomination,
    request_consent,
    return_nomination,
)
from awards.nominations.queries import (
    MODERATORS,
    find_for_moderator,
    list_similar,
    next_waiting,
)
from awards.nominations.rules import (
    REJECTION_RULES,
    Answer,
    GivenBy,
    How,
    clean_text,
    honours_of,
    is_email,
    late_approval,
)
from awards.templating import words_plain
from awards.web.addresses import asked_name
from awards.web.errors import status_of
from awards.web.forms import Form, WholeNumberField, options, said
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.judge.checks import checks_of
from awards.web.judge.queue import queue_of
from awards.web.render import page, see_other
from awards.web.sessions import actor
from awards.web.site.nominations import KIND_NAMES, RELATION_NAMES, links

HOW_NAMES = {
    How.PAPER: _l("On paper"),
    How.PHONE: _l("By telephone"),
    How.IN_PERSON: _l("In person"),
}
GIVEN_NAMES = {
    GivenBy.NOMINEE: _l("The nominee"),
    GivenBy.GUARDIAN: _l("A guardian"),
    GivenBy.FAMILY: _l("The family of somebody who has died"),
}


class DecisionForm(Form):
    """One form, three addresses: approval, return, rejection."""

    revision = WholeNumberField(validators=[NumberRange(0, 10**8)])
    rule = SelectField(_l("Rule that is not met"), choices=[], validate_choice=False)
    reason = TextAreaField(_l("Reason"), filters=[clean_text])


class ConsentForm(Form):
    """The nominee's answer, given in another way than by the link."""

    answer = RadioField(
        _l("What they said"),
        choices=options([("yes", _l("Agrees to take part")), ("no", _l("Does not want to"))]),
        default="yes",
    )
    how = RadioField(
        _l("How it was said"), choices=options((how.value, name) for how, name in HOW_NAMES.items())
    )
    given_by = RadioField(
        _l("Who said it"),
        choices=options((who.value, name) for who, name in GIVEN_NAMES.items()),
        default=GivenBy.NOMINEE.value,
    )
    show_photo = BooleanField(_l("Photos may be shown"), default=True)
    show_story = BooleanField(_l("The whole story may be shown"), default=True)
    note = TextAreaField(_l("Note"), filters=[clean_text])


@staff(*MODERATORS)
async def index(request: Request) -> Response:
    """The queue: what has waited longest comes first."""
    queue = await queue_of(request)
    return page(request, "judge/nominations/index.html", **queue)


@staff(*MODERATORS)
async def show(request: Request) -> Response:
    """All that one decision needs."""
    return await _shown(request)


@staff(*MODERATORS)
async def approve(request: Request) -> Response:
    """Make them a candidate."""
    form = DecisionForm(await request.form())
    try:
        made = await approve_nomination(**_decision(request, form), note=form.reason.data or "")
    except Refused as refused:
        return await _refused(request, refused, form)
    sentence = _("Approved. {name} has number {number}.").format(
        name=words_plain(made.name), number=made.number
    )
    return await _next(request, sentence)


@staff(*MODERATORS)
async def send_back(request: Request) -> Response:
    """Return it with what is still needed."""
    form = DecisionForm(await request.form())
    try:
        await return_nomination(**_decision(request, form), reason=form.reason.data or "")
    except Refused as refused:
        return await _refused(request, refused, form)
    return await _next(request, _("Returned. The nominator reads your words."))


@staff(*MODERATORS)
async def reject(request: Request) -> Response:
    """Say no, by which rule and why."""
    form = DecisionForm(await request.form())
    decision = _decision(request, form)
    try:
        await reject_nomination(
            **decision, rule=form.rule.data or "", reason=form.reason.data or ""
        )
    except Refused as refused:
        return await _refused(request, refused, form)
    return await _next(request, _("Not taken forward. The nominator reads the rule and reason."))


@staff(*MODERATORS)
async def consent(request: Request) -> Response:
    """Record what the nominee said on paper, by telephone or in person."""
    form = ConsentForm(await request.form())
    if not form.validate():
        return await _shown(request, consent_form=form, status=422)
    code = request.path_params["code"]
    try:
        await record_consent(by=actor(request), code=code, answer=_answer(form))
    except Refused as refused:
        form.blame(refused)
        return await _shown(request, consent_form=form, status=status_of(refused))
    return see_other(request, "judge:nomination", code=code, said=_("The answer is on record."))


@staff(*MODERATORS)
async def ask(request: Request) -> Response:
    """Write to the nominee once more."""
    code = request.path_params["code"]
    try:
        await request_consent(by=actor(request), code=code, links=links(request))
    except Conflict as refused:
        return see_other(request, "judge:nomination", code=code, said=said(refused))
    return see_other(request, "judge:nomination", code=code, said=_("A new letter is on its way."))


def _decision(request: Request, form: DecisionForm) -> dict[str, Any]:
    """What each decision says. Without a revision nothing was read, so none will match."""
    revision = form.revision.data if form.validate() else None
    return {
        "by": actor(request),
        "code": request.path_params["code"],
        "revision": revision or 0,
        "links": links(request),
    }


async def _refused(request: Request, refused: Refused, form: DecisionForm) -> Response:
    form.blame(refused)
    return await _shown(request, form=form, status=status_of(refused))


async def _next(request: Request, sentence: str) -> Response:
    """On to whatever has waited longest."""
    campaign = asked_name(request, "campaign")
    waiting = await next_waiting(by=actor(request), campaign=campaign)
    query = urlencode({"campaign": campaign}) if campaign else ""
    if waiting is None:
        return see_other(request, "judge:nominations", said=sentence, query=query)
    return see_other(request, "judge:nomination", code=waiting.code, said=sentence, query=query)


def _answer(form: ConsentForm) -> Answer:
    return Answer(
        agrees=form.answer.data == "yes",
        how=How(form.how.data),
        given_by=GivenBy(form.given_by.data),
        show_photo=bool(form.show_photo.data),
        show_story=bool(form.show_story.data),
        note=form.note.data or "",
    )


async def _shown(
    request: Request,
    *,
    form: DecisionForm | None = None,
    consent_form: ConsentForm | None = None,
    status: int = 200,
) -> Response:
    nomination = await find_for_moderator(request.path_params["code"], by=actor(request))
    fresh = DecisionForm(data={"revision": nomination.revision})
    form = form or fresh
    form.rule.choices = options([("", _("Please choose")), *_rules()])
    similar = await list_similar(nomination)
    queue = await queue_of(request, nomination.state)
    return page(
        request, "judge/nominations/show.html", nomination=nomination, form=form, **queue,
        revision=nomination.revision, consent_form=consent_form or ConsentForm(), status=status,
        checks=checks_of(request, nomination, similar), similar=similar, facts=_facts(nomination),
        photos=[photo.picture for photo in nomination.photos], rules=REJECTION_RULES,
        too_late=late_approval(timeline_of(nomination.campaign), clock.now()),
        born=_month(nomination.birth_month), honours=honours_of(nomination.past_honours),
        can_write=is_email(nomination.nominee_contact),
    )  # fmt: skip


def _rules() -> list[tuple[str, str]]:
    return [(key, _(words)) for key, words in REJECTION_RULES.items()]


def _facts(nomination: Any) -> list[tuple[str, object]]:
    rows = [
        (_("Who is it"), KIND_NAMES[nomination.kind]),
        (_("Award"), words_plain(nomination.category.title)),
        (_("Workplace or community"), nomination.employer),
        (_("To reach the nominee"), nomination.nominee_contact),
        (_("Nominated by"), nomination.nominator_name),
        (_("How they know each other"), RELATION_NAMES.get(nomination.relation, "")),
        (_("To reach the nominator"), nomination.nominator_contact),
    ]
    return [(name, what) for name, what in rows if str(what)]


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None
