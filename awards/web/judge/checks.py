"""What is looked at before a decision, by itself: private data, consent, age, similar names."""

from typing import Any

from starlette.requests import Request

from awards import clock
from awards.clock import day_in
from awards.i18n import translate as _
from awards.nominations.rules import is_minor, personal_data
from awards.web.forms import lazy as _l

FOUND_NAMES = {
    "id_number": _l("an identity number"),
    "phone": _l("a telephone number"),
    "email": _l("an e-mail address"),
    "plate": _l("a number plate"),
}


def checks_of(request: Request, nomination: Any, similar: list[Any]) -> list[dict[str, object]]:
    today = day_in(nomination.campaign.zone, clock.now())
    checks = [_privacy_check(nomination), _consent_check(request, nomination)]
    if is_minor(nomination.birth_month, today):
        checks.append(_care(_("Under eighteen: a guardian has to agree")))
    if similar:
        checks.append(_care(_("{n} of a similar name in this campaign").format(n=len(similar))))
    else:
        checks.append(_good(_("Nobody of a similar name in this campaign")))
    return checks


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
