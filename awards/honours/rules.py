"""What a winner's page needs, who may have one, and how it is laid out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from awards.errors import Conflict, Invalid, Refused
from awards.i18n import mark as _
from awards.words import Words

CITATION_LINES = 6
"""Columns that the citation has room for when it is set upright."""
WALL = 40
"""People on a page of the showcase."""
MOST_PHOTOS = 8
WHEN = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")

Row = TypeVar("Row")


@dataclass(frozen=True)
class HonourText:
    """One honour as it is written: a title, who gave it, and a year, month or day."""

    title: Words
    issuer: Words
    conferred: str
    is_top: bool = False

    def objection(self) -> Invalid | None:
        """Why this may not be kept, or None."""
        if not self.title.zh.strip():
            return Invalid(
                "honour.title_missing", _("Please write the honour in Chinese."), field="title_zh"
            )
        if first_day(self.conferred) is None:
            return Invalid(
                "honour.when_invalid",
                _("Please give a year, a month or a day, such as 2023, 2023-10 or 2023-10-08."),
                field="conferred",
            )
        return None


@dataclass(frozen=True)
class ProfileText:
    """All that is written of a winner."""

    name: Words
    title: Words
    line: Words
    citation: Words
    story: Words
    conferred_on: date
    region: Words = field(default_factory=Words)
    occupation: Words = field(default_factory=Words)
    acceptance: Words = field(default_factory=Words)
    portrait: UUID | None = None
    portrait_alt: Words = field(default_factory=Words)

    def objection(self) -> Invalid | None:
        """Why this may not be kept, or None."""
        for name, value in (("name_zh", self.name), ("title_zh", self.title)):
            if not value.zh.strip():
                return Invalid("profile.incomplete", _("Please fill this in."), field=name)
        if len(self.citation.zh.strip().splitlines()) > CITATION_LINES:
            return Invalid(
                "profile.citation_long",
                _("The citation has room for {most} lines; please make it shorter."),
                field="citation_zh",
                most=CITATION_LINES,
            )
        if self.portrait and not self.portrait_alt.zh.strip():
            return alt_missing("portrait_alt_zh")
        return None

    def publication_objection(self) -> Invalid | None:
        """Why this may not be published, or None."""
        if not self.story.zh.strip():
            return Invalid(
                "profile.story_missing",
                _("A winner’s page needs the story in Chinese before it is published."),
                field="story_zh",
            )
        if not self.citation.zh.strip():
            return Invalid(
                "profile.citation_missing",
                _("A winner’s page needs a citation before it is published."),
                field="citation_zh",
            )
        return self.objection()


def first_day(conferred: str) -> date | None:
    """The first day that a year, a month or a day may mean; None for anything else."""
    if not WHEN.fullmatch(conferred):
        return None
    year, month, day = (*conferred.split("-"), "1", "1")[:3]
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # the 31st of a short month
        return None


def alt_missing(field: str) -> Invalid:
    """The objection to a picture that a blind reader would not learn of."""
    return Invalid(
        "picture.alt_missing",
        _("Please say in a few words what the picture shows, for readers who can’t see it."),
        field=field,
    )


def honour_objection(*, result_is_public: bool, won: bool) -> Refused | None:
    """Why a candidate may not be honoured, or None."""
    if not result_is_public:
        return Conflict(
            "honour.result_missing", _("The result has to be published before anybody is honoured.")
        )
    if not won:
        return Conflict(
            "honour.not_a_winner", _("By the published result this person did not win.")
        )
    return None


def consent_objection(*, granted: bool) -> Refused | None:
    """Why a winner's page may not be public, or None."""
    if granted:
        return None
    return Conflict(
        "honour.no_consent",
        _("There is no recorded consent of this person, so nothing of them can be published."),
    )


@dataclass(frozen=True)
class Rung:
    """An honour on the ladder: its date as a year, a month or a day, or without one: those that a
    nominator told of have none.
    """

    title: Words
    issuer: Words
    conferred: str
    is_top: bool

    @property
    def known(self) -> str:
        """How exactly the date is known: year, month or date; empty when it is not."""
        return ("year", "month", "date")[self.conferred.count("-")] if self.day else ""

    @property
    def day(self) -> date | None:
        """The first day that the date may mean."""
        return first_day(self.conferred)


def ladder(rungs: Iterable[Rung]) -> list[Rung]:
    """The top honour first, then the newest."""
    newest = sorted(rungs, key=lambda rung: rung.conferred, reverse=True)
    return sorted(newest, key=lambda rung: not rung.is_top)


def around(rows: Sequence[Row], at: int) -> tuple[Row | None, Row | None]:
    """What stands before and after a place in a list."""
    return rows[at - 1] if at > 0 else None, rows[at + 1] if at + 1 < len(rows) else None
