"""What the portal asks of its texts, and how a search is read."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from awards.campaigns.rules import StageKind
from awards.errors import Invalid
from awards.honours.rules import alt_missing
from awards.i18n import mark as _
from awards.words import Words

PAGE = 20
"""Rows on a page of a section."""
LONGEST_TITLE = 120
LONGEST_SLUG = 40
LONGEST_SUMMARY = 400
LONGEST_BODY = 60_000
LONGEST_FEEDBACK = 2000
ANSWERED_FOR = timedelta(days=365)
"""How long a complaint stays after it was answered."""
LONGEST_QUERY = 60
MOST_PHOTOS = 12

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")
ID_LENGTH = 12
ID_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"

Row = TypeVar("Row")


class SectionKind(StrEnum):
    """How a section is shown. Campaigns and the showcase have pages of their own."""

    ARTICLES = "articles"
    GALLERY = "gallery"
    CAMPAIGNS = "campaigns"
    SHOWCASE = "showcase"


HOME_COLUMNS = ("notices", "news", "events")
"""Sections whose headlines the home page shows first, where a site has them."""
URGENCY = (
    StageKind.VOTING,
    StageKind.NOMINATION,
    StageKind.CANDIDATES,
    StageKind.RESULT,
    StageKind.HONOURS,
    StageKind.CHECKING,
    StageKind.REVIEW,
)
"""Which stage asks most of visitors: a campaign in the first of these leads the home page."""


class FeedbackKind(StrEnum):
    """What somebody writes to us about."""

    COMPLAINT = "complaint"
    CORRECTION = "correction"
    IDEA = "idea"
    OTHER = "other"


@dataclass(frozen=True)
class ArticleText:
    """All that an editor writes of an article."""

    section: str
    title: Words
    body: Words
    summary: Words = field(default_factory=Words)
    source: Words = field(default_factory=Words)
    byline: Words = field(default_factory=Words)
    editor: Words = field(default_factory=Words)
    is_reprint: bool = False
    is_recommended: bool = False
    is_lead: bool = False
    cover: UUID | None = None
    cover_alt: Words = field(default_factory=Words)
    cover_caption: Words = field(default_factory=Words)

    def objection(self) -> Invalid | None:
        """Why this may not be kept, or None. A draft may be unfinished, but it has a title."""
        if not self.title.zh.strip():
            return Invalid(
                "article.title_missing", _("Please write the title in Chinese."), field="title_zh"
            )
        if self.cover and not self.cover_alt.zh.strip():
            return alt_missing("cover_alt_zh")
        return None

    def publication_objection(self) -> Invalid | None:
        """Why this may not be published, or None."""
        if not self.body.zh.strip():
            return Invalid(
                "article.body_missing",
                _("An article needs its text in Chinese before it is published."),
                field="body_zh",
            )
        return self.objection()


def slug_objection(slug: str) -> Invalid | None:
    """Why this may not stand in an address, or None."""
    if len(slug) <= LONGEST_SLUG and SLUG.fullmatch(slug):
        return None
    return Invalid(
        "slug.invalid",
        _("Up to 40 small letters, digits and single hyphens, please, such as winter-warmth."),
        field="slug",
    )


def new_article_id() -> str:
    """An address that tells nothing and is easy to read out."""
    return "".join(secrets.choice(ID_LETTERS) for _n in range(10))


def folded(text: str) -> str:
    """The text as it is compared: one form of each sign, no case, no spaces, nothing invisible."""
    return INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold())


def contains(query: str, texts: Iterable[Words | str]) -> bool:
    """Whether every word of the query stands in one of the texts, in either language."""
    both = [[each.zh, each.en] if isinstance(each, Words) else [each] for each in texts]
    whole = "\0".join(folded(text) for pair in both for text in pair)
    asked = [folded(word) for word in query.split()]
    return any(asked) and all(word in whole for word in asked)


def candidate_number(query: str) -> int | None:
    """The number that the query asks for, if it is one: 203, No. 203, 203号, ２０３."""
    plain = re.fullmatch(r"(?:no\.?|#|编号)?(\d{1,6})号?", folded(query))
    return int(plain[1]) if plain else None


def pages_of(total: int, size: int = PAGE) -> int:
    """How many pages a list of so many rows has. The first one always is."""
    return max(1, -(-total // size))


def year_of(text: str) -> int | None:
    """A year as an address gives it, or None."""
    return int(text) if re.fullmatch(r"[12][0-9]{3}", text) else None


def urgency(kind: StageKind | None) -> int:
    """The lower, the more there is to do for a visitor now."""
    return URGENCY.index(kind) if kind else len(URGENCY)


def in_turn(rows: Sequence[Row], day: date, most: int) -> list[Row]:
    """Some of the rows; each day others, so that nobody always stands first."""
    if len(rows) <= most:
        return list(rows)
    start = day.toordinal() * most % len(rows)
    return [rows[(start + n) % len(rows)] for n in range(most)]
