"""Ballots of paper: what two people read alike is what stands on them, and what of it counts."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from awards.campaigns.rules import BallotRule
from awards.errors import Invalid, Refused
from awards.i18n import mark as _
from awards.voting.rules.paper import BallotPaper
from awards.voting.rules.vote import choices_objection

READERS = 2
"""So many people must have read the same."""
MOST_MARKS = 200
NUMBER = re.compile(r"[0-9]{1,4}")
BETWEEN = re.compile(r"[\s,，、;；.]+")

Reading = tuple[int, ...]


class LineState(StrEnum):
    """How far one ballot of a batch is."""

    MISSING = "missing"
    ONCE = "once"
    DIFFERING = "differing"
    AGREED = "agreed"


def read_line(text: str) -> Reading:
    """The numbers that are marked, as somebody typed them; nothing for a blank ballot. Raises
    `Invalid`.
    """
    parts = [each for each in BETWEEN.split(text.strip()) if each]
    if len(parts) > MOST_MARKS or not all(NUMBER.fullmatch(each) for each in parts):
        raise Invalid(
            "paper.unreadable",
            _("“{text}” are no candidates’ numbers."),
            field="choices",
            text=text[:40],
        )
    return tuple(sorted(int(each) for each in parts))


def agreed(readings: Iterable[Reading]) -> Reading | None:
    """What enough people have read alike, and more than read anything else, if so."""
    first, *others = [*Counter(readings).most_common(2), ((), 0)]
    return first[0] if first[1] >= READERS and first[1] > others[0][1] else None


def line_state(readings: Sequence[Reading]) -> LineState:
    """How far the ballot is that these people have read."""
    if not readings:
        return LineState.MISSING
    if agreed(readings) is not None:
        return LineState.AGREED
    return LineState.ONCE if len(readings) < READERS else LineState.DIFFERING


def paper_objection(reading: Reading, paper: BallotPaper) -> Refused | None:
    """Why a ballot of paper does not count, or None. In campaigns with single votes it holds as
    many names as one person has votes on one day.
    """
    if paper.rule.is_ballot or not reading:
        return choices_objection(reading, paper)
    return next(filter(None, (choices_objection([each], paper) for each in reading)), None) or (
        _too_many(reading, paper) if _is_over(reading, paper) else None
    )


def _is_over(reading: Reading, paper: BallotPaper) -> bool:
    rule = paper.rule
    in_category = Counter(paper.candidates[each] for each in reading)
    limits = [each for each in (rule.per_day, rule.per_campaign) if each is not None]
    return (
        len(set(reading)) < len(reading)
        or any(len(reading) > most for most in limits)
        or (rule.per_category is not None and max(in_category.values()) > rule.per_category)
    )


def _too_many(reading: Reading, paper: BallotPaper) -> Refused:
    return Invalid(
        "ballot.too_many", _("More is marked than one person may choose."), field="choices"
    )


def votes_of(reading: Reading, rule: BallotRule) -> list[Reading]:
    """The votes of one ballot of paper, as the ballot box takes them."""
    return [reading] if rule.is_ballot else [(each,) for each in reading]


def sort_out(
    lines: Mapping[int, Reading], paper: BallotPaper
) -> tuple[dict[int, Reading], dict[int, Reading]]:
    """The ballots that count, and those that do not, by their serial numbers."""
    valid = {n: each for n, each in lines.items() if paper_objection(each, paper) is None}
    return valid, {n: each for n, each in lines.items() if n not in valid}
