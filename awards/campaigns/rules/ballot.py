"""The ballot rule: how many votes a person has, how they are spread, when counts are shown."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import time
from enum import StrEnum
from functools import cached_property
from typing import Self

from awards.errors import Invalid, Refused
from awards.i18n import mark as _

MOST_PICKS = 500


class Shape(StrEnum):
    """How people vote: one candidate at a time, a whole ballot, or thanks that rank nobody."""

    TAP = "tap"
    BALLOT = "ballot"
    LIKE = "like"


class Ballots(StrEnum):
    """How often a ballot may be cast; taps have quotas instead."""

    ONCE = "once"
    DAILY = "daily"


@dataclass(frozen=True)
class Line:
    """A sentence of the rules for people to read: a message of the catalogue and what fills it."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


LIVE, HIDDEN = "live", "hidden"
SNAPSHOT = re.compile(r"daily@([01]\d|2[0-3]):([0-5])0")
QUOTAS = ("per_day", "per_campaign", "per_candidate_day", "per_candidate")
"""Keys for taps and likes; `per_category` counts a day there and one ballot in a ballot."""
PICKS = ("min_picks", "max_picks")


@dataclass(frozen=True)
class BallotRule:
    """What one person's vote may be. A limit that is `None` is no limit."""

    shape: Shape
    per_day: int | None = None
    per_campaign: int | None = None
    per_candidate_day: int | None = None
    per_candidate: int | None = None
    per_category: int | None = None
    min_picks: int | None = None
    max_picks: int | None = None
    ballots: Ballots = Ballots.ONCE
    visibility: str = LIVE

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Self:
        """The rule as stored or as written in a kit. Raises `Invalid` that names the key."""
        for key in value:
            if key not in {known.name for known in fields(cls)}:
                raise _bad_rule(key, _("A ballot rule has no key {key}."))
        rule = cls(**{**value, **_choices_of(value)})  # type: ignore[arg-type]
        if objection := rule_objection(rule):
            raise objection
        return rule

    def as_json(self) -> dict[str, object]:
        """Only what is set, so that stored rules and kits stay short."""
        return {
            key: str(value) if isinstance(value, StrEnum) else value
            for key, value in asdict(self).items()
            if value is not None
        }

    @cached_property
    def is_ballot(self) -> bool:
        """Whether a vote is a whole ballot with several picks."""
        return self.shape is Shape.BALLOT

    @cached_property
    def has_daily_ballots(self) -> bool:
        """Whether the same vote can stand again on another day."""
        if self.is_ballot:
            return self.ballots is Ballots.DAILY
        if self.per_candidate_day is not None or self.per_candidate is not None:
            return self.per_candidate_day is not None
        return self.per_day is not None or self.per_category is not None

    @cached_property
    def is_daily(self) -> bool:
        """Whether anything is counted by the day, so that a form must say which day it is of."""
        by_day = (self.per_day, self.per_candidate_day, self.per_category)
        return self.has_daily_ballots or (
            not self.is_ballot and any(limit is not None for limit in by_day)
        )

    @cached_property
    def least(self) -> int:
        """How many candidates a vote names at least."""
        return (self.min_picks or 1) if self.is_ballot else 1

    @cached_property
    def most(self) -> int:
        """How many candidates a vote names at most."""
        return (self.max_picks or MOST_PICKS) if self.is_ballot else 1

    @cached_property
    def slots(self) -> int:
        """How often one person can vote for one candidate within a period."""
        if self.is_ballot:
            return 1
        if self.per_candidate_day is not None:
            return self.per_candidate_day
        if self.per_candidate is not None:
            return self.per_candidate
        limits = (self.per_day, self.per_category, self.per_campaign)
        return min(limit for limit in limits if limit is not None)

    @property
    def snapshot_time(self) -> time | None:
        """When counts are posted each day, if that is how they are shown."""
        found = SNAPSHOT.fullmatch(self.visibility)
        return time(int(found[1]), int(found[2]) * 10) if found else None

    def lines(self) -> list[Line]:
        """The rule in sentences, most important first."""
        return [*_ballot_lines(self), _visibility_line(self)]


def rule_objection(rule: BallotRule) -> Refused | None:
    """Why this can't be a ballot rule, or None."""
    return (
        _not_counted(rule)
        or _misplaced(rule)
        or (_unlimited(rule) if not rule.is_ballot else _impossible_picks(rule))
        or _unknown_visibility(rule)
    )


def _choices_of(value: Mapping[str, object]) -> dict[str, object]:
    chosen: dict[str, object] = {"visibility": str(value.get("visibility", LIVE))}
    for key, kind, fallback in (("shape", Shape, None), ("ballots", Ballots, Ballots.ONCE)):
        try:
            chosen[key] = kind(str(value.get(key, fallback)))
        except ValueError:
            raise _bad_rule(
                key, _("{key} must be one of: {choices}."), choices=", ".join(kind)
            ) from None
    return chosen


def _not_counted(rule: BallotRule) -> Refused | None:
    for key in (*QUOTAS, "per_category", *PICKS):
        limit = getattr(rule, key)
        if limit is None or (type(limit) is int and 1 <= limit <= MOST_PICKS):
            continue
        return _bad_rule(key, _("{key} must be a whole number from 1 to {most}."), most=MOST_PICKS)
    return None


def _misplaced(rule: BallotRule) -> Refused | None:
    for key in QUOTAS if rule.is_ballot else PICKS:
        if getattr(rule, key) is not None:
            return _bad_rule(key, _("{key} does not go with shape {shape}."), shape=str(rule.shape))
    if rule.ballots is Ballots.DAILY and not rule.is_ballot:
        return _bad_rule(
            "ballots", _("{key} does not go with shape {shape}."), shape=str(rule.shape)
        )
    return None


def _unlimited(rule: BallotRule) -> Refused | None:
    if all(getattr(rule, key) is None for key in (*QUOTAS, "per_category")):
        return _bad_rule("per_day", _("Without any limit everyone could vote without end."))
    return None


def _impossible_picks(rule: BallotRule) -> Refused | None:
    if rule.least > rule.most:
        return _bad_rule("min_picks", _("min_picks is larger than max_picks."))
    return None


def _unknown_visibility(rule: BallotRule) -> Refused | None:
    if rule.visibility in (LIVE, HIDDEN) or rule.snapshot_time:
        return None
    # Ballots carry ten-minute windows, so figures can be posted only where two of them meet.
    return _bad_rule(
        "visibility", _("visibility must be live, hidden, or daily@ with a time such as 18:00.")
    )


def _bad_rule(key: str, message: str, **values: object) -> Invalid:
    return Invalid("rule.invalid", message, field=key, key=key, **values)


def _ballot_lines(rule: BallotRule) -> Iterable[Line]:
    if rule.is_ballot:
        yield _ONE_BALLOT[rule.ballots]
        yield _picks_line(rule)
    for key, one, many in _LIMITS:
        limit = getattr(rule, key)
        if limit is None or (key == "per_category" and rule.is_ballot):
            continue
        yield Line(one) if limit == 1 else Line(many, {"n": limit})
    if rule.is_ballot and rule.per_category is not None:
        yield (
            Line(_("At most one candidate in each category."))
            if rule.per_category == 1
            else Line(_("At most {n} candidates in each category."), {"n": rule.per_category})
        )
    if rule.shape is Shape.LIKE:
        yield Line(_("A like says thank you; it ranks nobody."))


_ONE_BALLOT = {
    Ballots.ONCE: Line(_("Each person has one ballot.")),
    Ballots.DAILY: Line(_("Each person has one ballot a day.")),
}
_LIMITS = (
    (
        "per_day",
        _("Each person has one vote a day."),
        _("Each person has {n} votes a day."),
    ),
    (
        "per_campaign",
        _("Each person has one vote in all."),
        _("Each person has {n} votes in all."),
    ),
    (
        "per_candidate_day",
        _("At most one vote a day for the same candidate."),
        _("At most {n} votes a day for the same candidate."),
    ),
    (
        "per_candidate",
        _("At most one vote for the same candidate."),
        _("At most {n} votes for the same candidate."),
    ),
    (
        "per_category",
        _("At most one vote a day in each category."),
        _("At most {n} votes a day in each category."),
    ),
)


def _picks_line(rule: BallotRule) -> Line:
    if rule.least == rule.most == 1:
        return Line(_("A ballot names one candidate."))
    if rule.least == rule.most:
        return Line(_("A ballot names exactly {n} candidates."), {"n": rule.most})
    if rule.max_picks is None:
        return (
            Line(_("A ballot names as many candidates as you like."))
            if rule.least == 1
            else Line(_("A ballot names at least {n} candidates."), {"n": rule.least})
        )
    return Line(
        _("A ballot names {least} to {most} candidates."),
        {"least": rule.least, "most": rule.most},
    )


def _visibility_line(rule: BallotRule) -> Line:
    if posted := rule.snapshot_time:
        return Line(_("Counts are posted each day at {time}."), {"time": f"{posted:%H:%M}"})
    if rule.visibility == HIDDEN:
        return Line(_("Counts stay hidden until the result is published."))
    return Line(_("Counts are shown while voting is open."))
