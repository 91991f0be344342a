"""The moderators' room: a queue on the left, one decision on the right."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from wtforms import BooleanField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import NumberRange

from awards import clock
from awards.campaigns.queries import list_campaigns, timeline_of
from awards.clock import day_in
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
    count_by_state,
    find_for_moderator,
    list_queue,
    list_similar,
    next_waiting,
)
from awards.nominations.rules import (
    REJECTION_RULES,
    Answer,
    GivenBy,
    How,
    NominationState,
    clean_text,
    honours_of,
    is_email,
    is_late,
    is_minor,
    late_approval,
    personal_data,
    waited_days,
)
from awards.templating import words_plain
from awards.web.errors import status_of
from awards.web.forms import Form, options, said
from awards.web.forms import lazy as _l
from awards.web.guards import staff
from awards.web.paging import page_number
from awards.web.render import page, see_other
from awards.web.sessions import actor
from awards.web.site.nominations import KIND_NAMES, RELATION_NAMES, as_private, links

PER_PAGE = 30
TABS = {
    "submitted": (_l("Waiting"), (NominationState.SUBMITTED,)),
    "returned": (_l("Returned"), (NominationState.RETURNED,)),
    "approved": (_l("Approved"), (NominationState.APPROVED,)),
    "closed": (_l("Closed"), (NominationState.REJECTED, NominationState.WITHDRAWN)),
}
"""The heaps of the queue, and which states lie on each."""
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
FOUND_NAMES = {
    "id_number": _l("an identity number"),
    "phone": _l("a telephone number"),
    "email": _l("an e-mail address"),
    "plate": _l("a number plate"),
}


class DecisionForm(Form):
    """One form, three addresses: approval, return, rejection."""

    revision = IntegerField(validators=[NumberRange(0, 10**8)])
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
    queue = await _queue(request)
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
    campaign = request.query_params.get("campaign", "")
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
    queue = await _queue(request, nomination.state)
    response = page(
        request, "judge/nominations/show.html", nomination=nomination, form=form, **queue,
        revision=nomination.revision, consent_form=consent_form or ConsentForm(), status=status,
        checks=_checks(request, nomination, similar), similar=similar, facts=_facts(nomination),
        photos=[photo.picture for photo in nomination.photos], rules=REJECTION_RULES,
        too_late=late_approval(timeline_of(nomination.campaign), clock.now()),
        born=_month(nomination.birth_month), honours=honours_of(nomination.past_honours),
        can_write=is_email(nomination.nominee_contact),
    )  # fmt: skip
    return as_private(response)


def _rules() -> list[tuple[str, str]]:
    return [(key, _(words)) for key, words in REJECTION_RULES.items()]


async def _queue(request: Request, state: str = "") -> dict[str, Any]:
    """The left side: tabs with counts, the campaigns to choose from, the rows."""
    by, asked = actor(request), request.query_params
    campaign = asked.get("campaign", "")
    counts = _heaps(await count_by_state(by=by, campaign=campaign))
    heap = _heap_of(state) if state else asked.get("state", "")
    heap = heap if heap in TABS else "submitted"
    pages = max(1, -(-counts[heap] // PER_PAGE))
    number = page_number(request, pages)
    rows = await list_queue(
        by=by, states=TABS[heap][1], campaign=campaign, first=(number - 1) * PER_PAGE,
        most=PER_PAGE,
    )  # fmt: skip
    mine = [each for each in await list_campaigns() if by.may(*MODERATORS, campaign=each.id)]
    here = str(request.app.url_path_for("judge:nominations"))
    kept = {"campaign": campaign} if campaign else {}
    return {
        "rows": [_row(request, each, kept) for each in rows],
        "tabs": _tabs(here, counts, heap, kept),
        "campaigns": [("", _("All campaigns")), *((c.slug, words_plain(c.title)) for c in mine)],
        "campaign": campaign, "state": heap, "here_queue": here, "kept": urlencode(kept),
        "page_number": number, "pages": pages, "waiting": counts["submitted"],
        "prefix": f"{here}?{urlencode({**kept, 'state': heap})}&page=",
    }  # fmt: skip


def _tabs(
    here: str, counts: dict[str, int], current: str, kept: dict[str, str]
) -> list[dict[str, object]]:
    return [
        {
            "text": name,
            "href": f"{here}?{urlencode({**kept, 'state': heap})}",
            "count": counts[heap],
            "current": heap == current,
        }
        for heap, (name, _states) in TABS.items()
    ]


def _heaps(counts: dict[str, int]) -> dict[str, int]:
    return {
        heap: sum(counts[state.value] for state in states) for heap, (_n, states) in TABS.items()
    }


def _heap_of(state: str) -> str:
    return next(heap for heap, (_n, states) in TABS.items() if state in states)


def _row(request: Request, nomination: Any, kept: dict[str, str]) -> dict[str, object]:
    now, zone = clock.now(), nomination.campaign.zone
    waits = nomination.state == NominationState.SUBMITTED
    there = str(request.app.url_path_for("judge:nomination", code=nomination.code))
    about = [nomination.occupation, words_plain(nomination.region.title)]
    award = [words_plain(nomination.category.title), words_plain(nomination.campaign.title)]
    return {
        "code": nomination.code,
        "name": nomination.name or _("Deleted"),
        "href": f"{there}?{urlencode(kept)}" if kept else there,
        "lines": [_(", ").join(part for part in about if part), " · ".join(award)],
        "when": _waited(waited_days(nomination.changed_at, now, zone)),
        "late": waits and is_late(nomination.changed_at, now, zone),
    }


def _waited(days: int) -> str:
    if days < 2:
        return _("yesterday") if days else _("today")
    return _("day {n}").format(n=days + 1)


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


def _checks(request: Request, nomination: Any, similar: list[Any]) -> list[dict[str, object]]:
    today = day_in(nomination.campaign.zone, clock.now())
    checks = [_privacy_check(nomination), _consent_check(request, nomination)]
    if is_minor(nomination.birth_month, today):
        checks.append(_care(_("Under eighteen: a guardian has to agree")))
    if similar:
        checks.append(_care(_("{n} of a similar name in this campaign").format(n=len(similar))))
    else:
        checks.append(_good(_("Nobody of a similar name in this campaign")))
    return checks


def _month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None


def _privacy_check(nomination: Any) -> dict[str, object]:
    texts = (nomination.name, nomination.one_liner, nomination.summary, nomination.story,
             nomination.past_honours, nomination.occupation, nomination.employer)  # fmt: skip
    found = personal_data("\n".join(texts))
    if not found:
        return _good(_("No identity number, telephone, e-mail or number plate in the texts"))
    kinds = _(", ").join(str(FOUND_NAMES[kind]) for kind in found)
    return _care(_("The texts seem to name {kinds}").format(kinds=kinds))


def _consent_check(request: Request, nomination: Any) -> dict[str, object]:
    write = request.app.state.environment.filters["month_day"]
    consent = nomination.consent
    if consent is None:
        return _care(_("The nominee has not been asked yet"))
    if consent.state == "granted":
        return _good(_("The nominee agrees"), write(consent.decided_at))
    if consent.state == "requested":
        return _care(_("The nominee has not answered yet"), write(consent.requested_at))
    return _care(_("The nominee does not want to take part"), write(consent.decided_at))


def _good(text: str, note: str = "") -> dict[str, object]:
    return {"text": text, "state": "good", "note": note or _("automatic")}


def _care(text: str, note: str = "") -> dict[str, object]:
    return {"text": text, "state": "care", "note": note or _("automatic")}
