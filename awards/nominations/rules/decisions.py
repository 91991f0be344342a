"""What may happen to a nomination, when, and what has to be said with it."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from awards.campaigns.rules import StageKind, Timeline
from awards.errors import Conflict, Invalid, Refused
from awards.i18n import mark as _

PATIENCE = 2
"""Working days after which a nomination that waits is late."""
REASON_LEAST, REASON_MOST = 5, 1000


CLOSED_FOR = timedelta(days=365)
"""After so long the papers that led to nothing are of no use to anybody: not even to an appeal."""


class NominationState(StrEnum):
    """Where one person's papers stand."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DecisionKind(StrEnum):
    """What a moderator can decide."""

    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"


REJECTION_RULES = {
    "scope": _("Lives, works or studies in the region of the award, or comes from there"),
    "recency": _("The deed falls into the time that the award names"),
    "category": _("The deed fits the award’s categories"),
    "duplicate": _("One nomination for each person"),
    "past_winner": _("Nobody is given the same title twice"),
    "unverified": _("What is told can be checked"),
    "exclusion": _("Nothing stands against the honour by the award’s rules"),
    "other": _("Another rule, named in the reason"),
}
"""Which rule a nomination did not meet, in the words that the nominator reads."""


def decision_objection(state: str, revision: int, seen: int, *, by: str = "") -> Refused | None:
    """Why nobody can decide on it now, or None. `seen` is the revision the moderator had read."""
    if state == NominationState.SUBMITTED:
        return _changed_since(revision, seen)
    if state == NominationState.RETURNED:
        return Conflict(
            "nomination.returned",
            _("It has been returned and waits for the nominator. Nothing was changed."),
        )
    if state == NominationState.WITHDRAWN:
        return Conflict("nomination.withdrawn", _("It has been withdrawn. Nothing was changed."))
    return Conflict(
        "nomination.decided",
        _("{name} has decided on it already. Your decision was not recorded; here is what stands."),
        name=by,
    )


def return_objection(reason: str) -> Refused | None:
    """Why it can't be returned with these words, or None."""
    return _reason_objection(
        reason, _("Please say what is still needed; the nominator reads these words.")
    )


def rejection_objection(rule: str, reason: str) -> Refused | None:
    """Why it can't be rejected with this rule and reason, or None."""
    if rule not in REJECTION_RULES:
        return Invalid(
            "decision.rule",
            _("Please name the rule of the award that is not met."),
            field="rule",
        )
    return _reason_objection(
        reason, _("Please give the reason in plain words; the nominator reads them.")
    )


def revision_objection(state: str, revision: int, seen: int) -> Refused | None:
    """Why the nominator can't change the papers now, or None."""
    if state != NominationState.RETURNED:
        return Conflict(
            "nomination.not_returned", _("It can be changed only while it is returned to you.")
        )
    return _changed_since(revision, seen)


def withdrawal_objection(state: str) -> Refused | None:
    """Why the nominator can't withdraw it now, or None."""
    if state in (NominationState.SUBMITTED, NominationState.RETURNED):
        return None
    return Conflict(
        "nomination.decided_on", _("A decision has been made; it can’t be withdrawn any more.")
    )


def stage_objection(timeline: Timeline, now: datetime) -> Refused | None:
    """Why nobody can nominate now, or None."""
    window = timeline.window(StageKind.NOMINATION)
    if window is None:
        return Refused("nomination.none", _("This award takes no nominations here."))
    if now < window.start:
        return Refused("nomination.not_open", _("Nominations have not opened yet."))
    if now >= window.end:
        return Refused("nomination.closed", _("Nominations have closed."))
    return None


def late_approval(timeline: Timeline, now: datetime) -> Refused | None:
    """Why nobody can join the candidates any more, or None.

    A vote is fair when all stand in it from its start; an award that takes nominations while it
    votes has said so with its dates.
    """
    takes_nominations = any(
        window.contains(now)
        for kind in (StageKind.NOMINATION, StageKind.REVIEW)
        if (window := timeline.window(kind))
    )
    if takes_nominations or not timeline.has_opened(StageKind.VOTING, now):
        return None
    return Conflict(
        "nomination.voting_has_opened",
        _("Voting has opened; nobody can join the candidates any more."),
    )


def waited_days(since: datetime, now: datetime, zone: str) -> int:
    """Calendar days since it came; 0 is today."""
    return (_day(now, zone) - _day(since, zone)).days


def is_late(since: datetime, now: datetime, zone: str) -> bool:
    """Whether it has waited longer than two working days."""
    first, today = _day(since, zone), _day(now, zone)
    if (today - first).days > 3 * PATIENCE:
        return True
    days = (first + timedelta(days=n) for n in range(1, (today - first).days + 1))
    return sum(1 for day in days if day.weekday() < 5) > PATIENCE


def _changed_since(revision: int, seen: int) -> Refused | None:
    if revision == seen:
        return None
    return Conflict(
        "nomination.changed",
        _(
            "It has been changed since you opened it. Please read it once more; "
            "nothing was recorded."
        ),
    )


def _reason_objection(reason: str, message: str) -> Refused | None:
    if len(reason) < REASON_LEAST:
        return Invalid("decision.reason", message, field="reason")
    if len(reason) > REASON_MOST:
        return Invalid(
            "decision.reason_long",
            _("At most {most} characters; {written} are written."),
            field="reason", most=REASON_MOST, written=len(reason),
        )  # fmt: skip
    return None


def _day(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()
