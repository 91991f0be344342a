"""A campaign before it is one, what is wrong with it, and what freezes when voting opens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from awards.campaigns.rules.ballot import BallotRule, rule_objection
from awards.campaigns.rules.channels import USUAL, Channels, channels_objection
from awards.campaigns.rules.presets import OWN_RULE
from awards.campaigns.rules.timeline import StageKind, Timeline, Window
from awards.errors import Conflict, Invalid, Refused
from awards.i18n import mark as _
from awards.words import Words

YEARS = range(1950, 2200)
"""Typed by a slip, the first and the last year that there is break every reckoning."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


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
    channels: Channels = USUAL

    @property
    def frozen_part(self) -> tuple[object, ...]:
        """What may no longer change once voting has opened."""
        categories = {category.slug: category.number for category in self.categories}
        voting = self.stages.get(StageKind.VOTING)
        return (self.rule, self.channels, self.zone, voting, categories)


def plan_objection(plan: CampaignPlan) -> Refused | None:
    """Why this can't be a campaign, or None."""
    return (
        _bad_slugs(plan)
        or _untitled(plan)
        or rule_objection(plan.rule)
        or channels_objection(plan.channels)
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
            _(
                "Voting has opened: the ballot rule, the ways to vote, the categories and the "
                "voting time stand."
            ),
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
        if not all(moment.year in YEARS for moment in (window.start, window.end)):
            return _bad_plan(
                "stages",
                _("The stage {stage} needs a time between the years {first} and {last}."),
                stage=str(kind), first=YEARS[0], last=YEARS[-1],
            )  # fmt: skip
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
