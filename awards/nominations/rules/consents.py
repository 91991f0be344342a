"""The nominee's answer: who may give it, how, until when, and that it can be taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from awards.errors import Conflict, Invalid, Refused
from awards.i18n import mark as _

CONSENT_LIFE = timedelta(days=14)
FORGET_AFTER = timedelta(days=29)
"""Letters and pages promise “within 30 days”."""
NOTE_MOST = 500


class ConsentState(StrEnum):
    """What the nominee has said."""

    REQUESTED = "requested"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class How(StrEnum):
    """By which way the answer came."""

    LINK = "link"
    PAPER = "paper"
    PHONE = "phone"
    IN_PERSON = "in_person"


class GivenBy(StrEnum):
    """Who gave it. A guardian speaks for a minor, the family for somebody who has died."""

    NOMINEE = "nominee"
    GUARDIAN = "guardian"
    FAMILY = "family"


@dataclass(frozen=True)
class Answer:
    """An answer and all that is recorded of it."""

    agrees: bool
    how: How = How.LINK
    given_by: GivenBy = GivenBy.NOMINEE
    show_photo: bool = True
    show_story: bool = True
    note: str = ""


def answer_objection(
    state: str, expires_at: datetime, *, agrees: bool, now: datetime
) -> Refused | None:
    """Why this answer can't be taken by the link, or None. A “no” is taken at any time."""
    if not agrees:
        return None
    if state in (ConsentState.DECLINED, ConsentState.WITHDRAWN):
        return Conflict(
            "consent.declined",
            _("You have said no. Should you have changed your mind, please call us."),
        )
    if state == ConsentState.REQUESTED and now >= expires_at:
        return Conflict(
            "consent.expired", _("This letter is too old for an answer. Please call us.")
        )
    return None


def record_objection(answer: Answer, state: str | None, *, is_minor: bool) -> Refused | None:
    """Why a moderator can't record this answer, or None. `state` is what stands by now."""
    if answer.how is How.LINK:
        return Invalid("consent.how", _("Please say how the answer came."), field="how")
    if len(answer.note) < 5:
        return Invalid(
            "consent.note",
            _("Please note when and to whom it was said, or where the paper is kept."),
            field="note",
        )
    if len(answer.note) > NOTE_MOST:
        return Invalid(
            "consent.note_long",
            _("At most {most} characters; {written} are written."),
            field="note", most=NOTE_MOST, written=len(answer.note),
        )  # fmt: skip
    return _contradiction(answer, state) or _guardian_missing(answer, is_minor=is_minor)


def _contradiction(answer: Answer, state: str | None) -> Refused | None:
    if state in (ConsentState.DECLINED, ConsentState.WITHDRAWN):
        return Conflict("consent.stands", _("The nominee has declined. That answer stands."))
    return None


def _guardian_missing(answer: Answer, *, is_minor: bool) -> Refused | None:
    if not (answer.agrees and is_minor) or answer.given_by is GivenBy.GUARDIAN:
        return None
    return Invalid(
        "consent.guardian",
        _("The nominee is under eighteen: a guardian has to agree."),
        field="given_by",
    )
