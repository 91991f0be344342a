"""What a campaign is made of: stages, ballot rule, presets, and what freezes when voting opens."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from awards.errors import Conflict, Invalid, Refused
from awards.i18n import mark as _
from awards.words import Words

MOST_CANDIDATE_NUMBER = 65_535
"""A choice is kept in two bytes."""
MOST_PICKS = 500
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


# --- time -----------------------------------------------------------------------------------------


class StageKind(StrEnum):
    """The parts of a campaign's time, in their order."""

    NOMINATION = "nomination"
    REVIEW = "review"
    CANDIDATES = "candidates"
    VOTING = "voting"
    CHECKING = "checking"
    RESULT = "result"
    HONOURS = "honours"


@dataclass(frozen=True)
class Window:
    """A span of time. `start` belongs to it, `end` no longer."""

    start: datetime
    end: datetime

    def contains(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


class StepState(StrEnum):
    """Where a stage stands on the way."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"


@dataclass(frozen=True)
class Step:
    """One stage as the progress rail shows it."""

    kind: StageKind
    state: StepState
    window: Window


@dataclass(frozen=True)
class StageView:
    """Where a campaign stands: the stage that runs, if one does, and the one that comes."""

    kind: StageKind | None
    window: Window | None
    next: Step | None
    steps: tuple[Step, ...]


class Timeline:
    """The stages of one campaign, in their order. What runs now follows from the dates alone."""

    def __init__(self, stages: Mapping[StageKind, Window]) -> None:
        self._windows = {kind: stages[kind] for kind in StageKind if kind in stages}

    def window(self, kind: StageKind) -> Window | None:
        return self._windows.get(kind)

    def at(self, now: datetime) -> StageKind | None:
        """The stage that runs. Of two that overlap, the later one in the order."""
        running = [kind for kind, window in self._windows.items() if window.contains(now)]
        return running[-1] if running else None

    def has_opened(self, kind: StageKind, now: datetime) -> bool:
        window = self.window(kind)
        return window is not None and window.start <= now

    def has_ended(self, kind: StageKind, now: datetime) -> bool:
        window = self.window(kind)
        return window is not None and window.end <= now

    def steps(self, now: datetime) -> tuple[Step, ...]:
        return tuple(
            Step(kind, _state(window, now), window) for kind, window in self._windows.items()
        )

    def view(self, now: datetime) -> StageView:
        steps, kind = self.steps(now), self.at(now)
        coming = next((step for step in steps if step.state is StepState.NEXT), None)
        return StageView(kind, self.window(kind) if kind else None, coming, steps)


def _state(window: Window, now: datetime) -> StepState:
    if window.contains(now):
        return StepState.NOW
    return StepState.DONE if window.end <= now else StepState.NEXT


# --- the ballot rule ------------------------------------------------------------------------------


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

    @property
    def is_ballot(self) -> bool:
        """Whether a vote is a whole ballot with several picks."""
        return self.shape is Shape.BALLOT

    @property
    def has_daily_ballots(self) -> bool:
        """Whether the same vote can stand again on another day."""
        if self.is_ballot:
            return self.ballots is Ballots.DAILY
        if self.per_candidate_day is not None or self.per_candidate is not None:
            return self.per_candidate_day is not None
        return self.per_day is not None or self.per_category is not None

    @property
    def is_daily(self) -> bool:
        """Whether anything is counted by the day, so that a form must say which day it is of."""
        by_day = (self.per_day, self.per_candidate_day, self.per_category)
        return self.has_daily_ballots or (
            not self.is_ballot and any(limit is not None for limit in by_day)
        )

    @property
    def least(self) -> int:
        """How many candidates a vote names at least."""
        return (self.min_picks or 1) if self.is_ballot else 1

    @property
    def most(self) -> int:
        """How many candidates a vote names at most."""
        return (self.max_picks or MOST_PICKS) if self.is_ballot else 1

    @property
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
    chosen: dict[str, object] = {}
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


# --- presets --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preset:
    """A ballot rule that awards really use, with the shares of those who decide, in percent."""

    id: str
    title: str
    rule: BallotRule
    shares: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({"public": 100}))


_TAP = BallotRule(Shape.TAP)
_BALLOT = BallotRule(Shape.BALLOT, min_picks=1)
_SHIPPED = (
    Preset(
        "daily_tap",
        _("Ten votes a day, one a day for each candidate"),
        replace(_TAP, per_day=10, per_candidate_day=1),
    ),
    Preset(
        "once_multi",
        _("Each candidate once, as many candidates as one likes"),
        replace(_TAP, per_candidate=1),
    ),
    Preset(
        "fixed_total",
        _("Twelve votes in all, one for each candidate"),
        replace(_TAP, per_campaign=12, per_candidate=1, visibility=HIDDEN),
    ),
    Preset("up_to_ten", _("One ballot with 1 to 10 names"), replace(_BALLOT, max_picks=10)),
    Preset(
        "exact_ten_daily",
        _("One ballot a day with exactly ten names; a jury decides too"),
        replace(
            _BALLOT, min_picks=10, max_picks=10, ballots=Ballots.DAILY, visibility="daily@18:00"
        ),
        {"public": 70, "jury": 30},
    ),
    Preset(
        "class_cap",
        _("One ballot, at most 2 names in a category and 10 in all"),
        replace(_BALLOT, per_category=2, max_picks=10),
    ),
    Preset(
        "national_50",
        _("One ballot, at most 10 names in a category and 50 in all"),
        replace(_BALLOT, per_category=10, max_picks=50, visibility=HIDDEN),
    ),
    Preset(
        "province_mix",
        _("One ballot with exactly ten names; jury, past winners and a panel decide too"),
        replace(_BALLOT, min_picks=10, max_picks=10, visibility=HIDDEN),
        {"jury": 50, "public": 25, "past_winners": 15, "panel": 10},
    ),
    Preset(
        "citizen_panel",
        _("Ten votes a day, each candidate once; a jury and a citizens’ panel decide too"),
        replace(_TAP, per_candidate=1, per_day=10),
        {"public": 50, "panel": 25, "jury": 25},
    ),
    Preset(
        "filter_then_jury",
        _("Six votes a day in each category; the first three go to the jury"),
        replace(_TAP, per_category=6),
        {"jury": 100},
    ),
    Preset(
        "like_only",
        _("Likes that rank nobody; the jury decides"),
        BallotRule(Shape.LIKE, per_candidate=1),
        {"jury": 100},
    ),
)
PRESETS: Mapping[str, Preset] = MappingProxyType({preset.id: preset for preset in _SHIPPED})
"""The eleven rules that the program ships, by id."""
OWN_RULE = "own"
"""Stands for a preset where a campaign brings a rule of its own."""


# --- a campaign before it is one ------------------------------------------------------------------


@dataclass(frozen=True)
class CategoryPlan:
    """A category. `number` leads the numbers of its candidates."""

    slug: str
    number: int
    title: Words
    description: Words = field(default_factory=Words)
    places: int = 1


@dataclass(frozen=True)
class RegionPlan:
    slug: str
    title: Words


@dataclass(frozen=True)
class CampaignPlan:
    """All that an organiser says about a campaign, by form, by kit or in the demonstration."""

    slug: str
    title: Words
    rule: BallotRule
    stages: Mapping[StageKind, Window]
    categories: tuple[CategoryPlan, ...]
    regions: tuple[RegionPlan, ...] = ()
    preset: str = OWN_RULE
    zone: str = "Asia/Shanghai"
    summary: Words = field(default_factory=Words)
    intro: Words = field(default_factory=Words)
    rules_text: Words = field(default_factory=Words)
    host: Words = field(default_factory=Words)
    organiser: Words = field(default_factory=Words)
    approval_number: str = ""
    enquiry_phone: str = ""
    supervision_phone: str = ""

    @property
    def frozen_part(self) -> tuple[object, ...]:
        """What may no longer change once voting has opened."""
        categories = {category.slug: category.number for category in self.categories}
        return (self.rule, self.zone, self.stages.get(StageKind.VOTING), categories)


def plan_objection(plan: CampaignPlan) -> Refused | None:
    """Why this can't be a campaign, or None."""
    return (
        _bad_slugs(plan)
        or _untitled(plan)
        or rule_objection(plan.rule)
        or _unknown_zone(plan)
        or _bad_categories(plan)
        or _bad_stages(plan.stages)
    )


def freeze_objection(
    timeline: Timeline, before: CampaignPlan, after: CampaignPlan, *, now: datetime
) -> Refused | None:
    """Why the change comes too late, or None: what a vote may be stands once voting has opened."""
    if timeline.has_opened(StageKind.VOTING, now) and before.frozen_part != after.frozen_part:
        return Conflict(
            "campaign.frozen",
            _("Voting has opened: the ballot rule, the categories and the voting time stand."),
        )
    return None


def stages_from(
    first: date, days: Mapping[StageKind, tuple[int, int]], *, zone: str
) -> dict[StageKind, Window]:
    """Windows from whole days counted from `first`: 9:00 on the one to 18:00 on the other."""
    place = ZoneInfo(zone)

    def at(day: int, clock: time) -> datetime:
        return datetime.combine(first + timedelta(days=day), clock, place)

    return {
        kind: Window(at(begin, time(9)), at(end, time(18))) for kind, (begin, end) in days.items()
    }


def _bad_slugs(plan: CampaignPlan) -> Refused | None:
    kinds = (
        ("slug", 60, [plan.slug]),
        ("category", 40, [category.slug for category in plan.categories]),
        ("region", 40, [region.slug for region in plan.regions]),
    )
    for kind, most, slugs in kinds:
        for slug in slugs:
            if len(slug) > most or not SLUG.fullmatch(slug):
                return _bad_plan(
                    kind, _("“{slug}” is no short name: use a-z, 0-9 and -."), slug=slug
                )
        if len(set(slugs)) < len(slugs):
            return _bad_plan(kind, _("Two of the same kind have the same short name."))
    return None


def _untitled(plan: CampaignPlan) -> Refused | None:
    titles = [plan.title, *(category.title for category in plan.categories)]
    titles += [region.title for region in plan.regions]
    if not all(titles):
        return _bad_plan("title", _("A title is missing."))
    if any(len(text) > 200 for title in titles for text in (title.zh, title.en)):
        return _bad_plan("title", _("A title may have at most 200 characters."))
    return None


def _unknown_zone(plan: CampaignPlan) -> Refused | None:
    try:
        ZoneInfo(plan.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _bad_plan("zone", _("“{zone}” is no time zone."), zone=plan.zone)
    return None


def _bad_categories(plan: CampaignPlan) -> Refused | None:
    if not plan.categories:
        return _bad_plan("category", _("A campaign needs at least one category."))
    numbers = [category.number for category in plan.categories]
    if len(set(numbers)) < len(numbers) or not all(1 <= number <= 99 for number in numbers):
        return _bad_plan("category", _("Each category has a number of its own, from 1 to 99."))
    if not all(1 <= category.places <= 1000 for category in plan.categories):
        return _bad_plan("places", _("A category has from 1 to 1000 places."))
    return None


def _bad_stages(stages: Mapping[StageKind, Window]) -> Refused | None:
    before: Window | None = None
    for kind in StageKind:
        window = stages.get(kind)
        if window is None:
            continue
        if window.start >= window.end:
            return _bad_plan(
                "stages", _("The stage {stage} ends before it begins."), stage=str(kind)
            )
        if before and window.start < before.end:
            return _bad_plan(
                "stages",
                _("The stage {stage} begins before the one before it ends."),
                stage=str(kind),
            )
        before = window
    return None


def _bad_plan(key: str, message: str, **values: object) -> Invalid:
    return Invalid("campaign.invalid", message, field=key, **values)
