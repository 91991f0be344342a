"""What the demonstration says, as it is written in `content/`, with its days counted from today."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from awards.campaigns.rules import (
    PRESETS,
    CampaignPlan,
    CategoryPlan,
    RegionPlan,
    StageKind,
    Window,
    in_order,
)
from awards.words import Words

CONTENT = Path(__file__).parent / "content"
PICTURES = Path(__file__).parent / "pictures"
ZONE = ZoneInfo("Asia/Shanghai")

Entry = Mapping[str, Any]


def read(name: str) -> dict[str, Any]:
    """One file of the content."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def words(entry: Entry, key: str) -> Words:
    """A bilingual text, or none."""
    found = Words.of(entry.get(key))
    return Words(found.zh.strip(), found.en.strip())


@dataclass(frozen=True)
class Calendar:
    """Moments relative to the day on which the demonstration is loaded."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def at(self, days: int, clock: str) -> datetime:
        """A time of day, so many days from today."""
        day = self.today + timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(clock), ZONE)

    def before(self, days_ago: int, clock: str) -> datetime:
        """A moment that has passed: at the latest, now."""
        return min(self.at(-days_ago, clock), self.now)


def plan_of(entry: Entry, regions: Mapping[str, Words], calendar: Calendar) -> CampaignPlan:
    """A campaign as an organiser would have written it."""
    return CampaignPlan(
        slug=entry["slug"],
        title=words(entry, "title"),
        rule=PRESETS[entry["preset"]].rule,
        preset=entry["preset"],
        channels=in_order(entry.get("channels", ["email"])),
        stages={
            StageKind(stage["kind"]): Window(
                calendar.at(stage["starts"]["days"], stage["starts"]["clock"]),
                calendar.at(stage["ends"]["days"], stage["ends"]["clock"]),
            )
            for stage in entry["stage"]
        },
        categories=tuple(
            CategoryPlan(
                each["slug"],
                number,
                words(each, "title"),
                words(each, "description"),
                each.get("places", 1),
            )
            for number, each in enumerate(entry["category"], 1)
        ),
        regions=tuple(RegionPlan(slug, regions[slug]) for slug in entry["regions"]),
        summary=words(entry, "summary"),
        intro=words(entry, "intro"),
        rules_text=words(entry, "rules"),
        host=words(entry, "host"),
        organiser=words(entry, "organiser"),
        approval_number=entry.get("approval_no", ""),
        enquiry_phone=entry.get("enquiry_phone", ""),
        supervision_phone=entry.get("supervision_phone", ""),
    )
