"""Why a vote may not be cast: one function for each question, chained with `or`."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from awards.campaigns.rules import BallotRule, closed_channel
from awards.errors import Conflict, Forbidden, Invalid, Refused
from awards.i18n import mark as _
from awards.voting.rules.paper import BallotPaper, VotingToken


def vote_objection(choices: Sequence[int], paper: BallotPaper, *, now: datetime) -> Refused | None:
    """Why this vote may not be cast, or None."""
    return opening_objection(paper, now=now) or choices_objection(choices, paper)


def opening_objection(paper: BallotPaper, *, now: datetime) -> Refused | None:
    """Why nobody can vote at this moment, or None."""
    if paper.window is None:
        return not_open()
    if now < paper.window.start:
        return Refused(
            "voting.not_open",
            _("Voting opens on {time}. Meet the candidates."),
            time=_in_zone(paper.window.start, paper),
        )
    return closing_objection(paper, now=now) or _paused(paper)


def not_open() -> Refused:
    """The refusal where no voting is planned."""
    return Refused("voting.not_open", _("Voting is not open."))


def closing_objection(paper: BallotPaper, *, now: datetime) -> Refused | None:
    """Why it is too late for a vote, or None."""
    if paper.window and now >= paper.window.end:
        return Refused(
            "voting.closed", _("Voting closed on {time}."), time=_in_zone(paper.window.end, paper)
        )
    return None


def _paused(paper: BallotPaper) -> Refused | None:
    if not paper.is_paused:
        return None
    return Refused(
        "voting.paused", _("Voting is paused for a while. Votes that were recorded are safe.")
    )


def _in_zone(moment: datetime, paper: BallotPaper) -> str:
    return f"{moment.astimezone(ZoneInfo(paper.zone)):%Y-%m-%d %H:%M}"


def token_objection(token: VotingToken, paper: BallotPaper) -> Refused | None:
    """Why this token gives no vote here, or None."""
    if token.campaign != paper.campaign:
        return Forbidden(
            "token.foreign", _("This proof is for another campaign. Please prove once more here.")
        )
    if token.voter in paper.revoked:
        return revoked()
    return closed_channel(token.channel, paper.channels)


def revoked() -> Forbidden:
    """The refusal of a code, or of a token that came from one, whose batch was taken back."""
    return Forbidden("token.revoked", _("The voting code was taken back by those who issued it."))


def choices_objection(choices: Sequence[int], paper: BallotPaper) -> Refused | None:
    """Why these candidates can't be chosen together, or None."""
    if not choices:
        return _wrong("ballot.empty", _("Please choose at least one candidate."))
    if not paper.candidates.keys() >= set(choices):
        return _wrong(
            "ballot.unknown_candidate", _("This ballot names someone who is not a candidate.")
        )
    if len(set(choices)) < len(choices):
        return _wrong("ballot.repeated_candidate", _("Each candidate can be chosen once."))
    return _size_objection(len(choices), paper.rule) or _category_objection(choices, paper)


def _size_objection(picked: int, rule: BallotRule) -> Refused | None:
    if picked < rule.least:
        return _wrong(
            "ballot.too_few",
            _("You picked {picked}; this ballot needs at least {least}."),
            picked=picked,
            least=rule.least,
        )
    if picked <= rule.most:
        return None
    if not rule.is_ballot:
        return _wrong("ballot.too_many", _("One vote is for one candidate."))
    return _wrong(
        "ballot.too_many",
        _("You picked {picked} of at most {most}. Take {over} off."),
        picked=picked,
        most=rule.most,
        over=picked - rule.most,
    )


def _category_objection(choices: Sequence[int], paper: BallotPaper) -> Refused | None:
    most = paper.rule.per_category
    if most is None or not paper.rule.is_ballot:
        return None
    _category, picked = Counter(paper.candidates[each] for each in choices).most_common(1)[0]
    if picked <= most:
        return None
    return _wrong(
        "ballot.too_many_in_category",
        _("You picked {picked} of at most {most} in one category. Take {over} off."),
        picked=picked,
        most=most,
        over=picked - most,
    )


def _wrong(code: str, message: str, **values: object) -> Invalid:
    return Invalid(code, message, field="choices", **values)


def day_objection(day: date | None, paper: BallotPaper, *, today: date) -> Refused | None:
    """Why a form of this day can't be right, or None. One of a past day may ask for the receipt of
    a ballot that stands; whether it does is for the ballot box to find out.
    """
    if not paper.rule.is_daily:
        return None
    if day is None:
        return Invalid(
            "ballot.day_missing", _("This vote does not say of which day it is."), field="day"
        )
    return other_day() if day > today else None


def other_day() -> Invalid:
    """The refusal of a form that is not of today."""
    return Invalid(
        "ballot.other_day",
        _("This form is of another day. Please open the ballot again."),
        field="day",
    )


def slot_objection(slot: int, rule: BallotRule) -> Refused | None:
    """Why this can't be the voter's n-th vote for one candidate within a period, or None."""
    return None if 1 <= slot <= rule.slots else quota_used(rule)


def already_voted(rule: BallotRule) -> Conflict:
    """The refusal of another ballot where one stands."""
    if rule.has_daily_ballots:
        return Conflict(
            "voting.already_voted",
            _("You have already cast your ballot today; there is one a day for each person."),
        )
    return Conflict(
        "voting.already_voted",
        _("You have already cast your ballot; there is one for each person."),
    )


def quota_used(rule: BallotRule) -> Conflict:
    """The refusal of a vote that nothing is left for."""
    if rule.is_daily:
        return Conflict(
            "voting.quota_used", _("You have no vote left for this today. More at midnight.")
        )
    return Conflict("voting.quota_used", _("You have no vote left for this."))
