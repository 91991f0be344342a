"""Candidates: their states, their numbers, and the words that the public reads."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, count

from awards.errors import Invalid, Refused
from awards.i18n import mark as _
from awards.nominations.rules.papers import limits_for
from awards.nominations.rules.texts import name_objection
from awards.words import Words


class CandidateState(StrEnum):
    """Where a candidate stands. Only a published one may be voted for."""

    PRELIMINARY = "preliminary"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"


PUBLIC = (CandidateState.PUBLISHED, CandidateState.WITHDRAWN, CandidateState.DISQUALIFIED)
"""States with a place on the list, once a candidate has been published: a card stays where votes
were given.
"""


@dataclass(frozen=True)
class CandidateWords:
    """What an editor may change of a candidate, in both languages."""

    name: Words
    occupation: Words
    one_liner: Words
    summary: Words
    employer: Words = field(default_factory=Words)
    story: Words = field(default_factory=Words)
    portrait_alt: Words = field(default_factory=Words)


def next_number(category: int, taken: Collection[int]) -> int:
    """The next free number: the category's digit and the place, three digits; four from the
    hundredth on.
    """
    places = chain(
        (category * 100 + place for place in range(1, 100)),
        (category * 1000 + place for place in count(100)),
    )
    return next(number for number in places if number not in taken)


def words_objections(words: CandidateWords) -> list[Refused]:
    """Everything that is wrong with the words, each at its field (`name_zh`, `summary_en` …)."""
    return [objection for objection in _objections(words) if objection]


def _objections(words: CandidateWords) -> Iterator[Refused | None]:
    for part in ("name", "occupation", "one_liner", "summary"):
        yield _missing(getattr(words, part), part)
    for language, text in (("zh", words.name.zh), ("en", words.name.en)):
        yield name_objection(text, f"name_{language}") if text else None
    for tag, language in (("zh-Hans", "zh"), ("en", "en")):
        limits = limits_for(tag)
        most = {
            "one_liner": 140,
            "occupation": limits.occupation * 2,
            "employer": limits.employer * 2,
            "summary": limits.summary * 2,
            "story": limits.story * 2,
            "portrait_alt": 200,
        }
        for part, longest in most.items():
            yield _too_long(getattr(getattr(words, part), language), f"{part}_{language}", longest)


def _missing(words: Words, part: str) -> Refused | None:
    if words:
        return None
    return Invalid(
        "candidate.missing", _("Please write this in at least one language."), field=f"{part}_zh"
    )


def _too_long(text: str, name: str, most: int) -> Refused | None:
    if len(text) <= most:
        return None
    return Invalid(
        "candidate.too_long",
        _("At most {most} characters; {written} are written."),
        field=name, most=most, written=len(text),
    )  # fmt: skip
