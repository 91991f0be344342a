"""What a winner's page needs, and the order of honours."""

from datetime import date
from uuid import uuid4

import pytest

from awards.honours.rules import (
    HonourText,
    ProfileText,
    Rung,
    around,
    consent_objection,
    honour_objection,
    ladder,
)
from awards.words import Words


def _profile(**changes: object) -> ProfileText:
    written: dict[str, object] = {
        "name": Words("陆春芳", ""),
        "title": Words("最美家乡人", ""),
        "line": Words("一锅热汤。", ""),
        "citation": Words("一口锅，\n十九年。", ""),
        "story": Words("凌晨四点。", ""),
        "conferred_on": date(2026, 12, 20),
    }
    return ProfileText(**{**written, **changes})  # type: ignore[arg-type]


def test_a_complete_page_may_be_published() -> None:
    assert _profile().publication_objection() is None


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": Words(" ", "Lu")}, "profile.incomplete", "name_zh"),
        ({"title": Words()}, "profile.incomplete", "title_zh"),
        ({"citation": Words("行\n" * 7, "")}, "profile.citation_long", "citation_zh"),
        ({"portrait": uuid4()}, "picture.alt_missing", "portrait_alt_zh"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, object], code: str, field: str) -> None:
    no = _profile(**changes).objection()

    assert no is not None
    assert (no.code, no.field) == (code, field)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"story": Words("", "English alone")}, "profile.story_missing"),
        ({"citation": Words()}, "profile.citation_missing"),
    ],
)
def test_an_unfinished_page_is_kept_but_not_published(
    changes: dict[str, object], code: str
) -> None:
    no = _profile(**changes).publication_objection()

    assert _profile(**changes).objection() is None
    assert no is not None
    assert no.code == code


@pytest.mark.parametrize("conferred", ["2023", "2023-10", "2023-10-08"])
def test_an_honour_has_a_year_a_month_or_a_day(conferred: str) -> None:
    assert HonourText(Words("县好人", ""), Words(), conferred).objection() is None


@pytest.mark.parametrize(
    "conferred", ["", "23", "2023-13", "2023-1", "2023-10-32", "2023-02-29", "２０２３", "去年"]
)
def test_any_other_date_of_an_honour_is_refused(conferred: str) -> None:
    no = HonourText(Words("县好人", ""), Words(), conferred).objection()

    assert no is not None
    assert (no.code, no.field) == ("honour.when_invalid", "conferred")


def test_an_honour_needs_its_name() -> None:
    no = HonourText(Words("", "Good person"), Words(), "2023").objection()

    assert no is not None
    assert no.field == "title_zh"


@pytest.mark.parametrize(
    ("public", "won", "code"),
    [
        (True, True, None),
        (True, False, "honour.not_a_winner"),
        (False, False, "honour.result_missing"),
        (False, True, "honour.result_missing"),
    ],
)
def test_only_winners_by_a_published_result_are_honoured(
    public: bool, won: bool, code: str | None
) -> None:
    no = honour_objection(result_is_public=public, won=won)

    assert (no.code if no else None) == code


def test_nothing_is_public_without_consent() -> None:
    no = consent_objection(granted=False)

    assert consent_objection(granted=True) is None
    assert no is not None
    assert no.code == "honour.no_consent"


def test_the_ladder_begins_with_the_top_and_goes_back_in_time() -> None:
    names = [("a", "2019-05", False), ("b", "2026-12-20", True), ("c", "2023", False)]

    rungs = ladder(Rung(Words(name, ""), Words(), when, top) for name, when, top in names)

    assert [rung.title.zh for rung in rungs] == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("conferred", "known", "day"),
    [
        ("2023", "year", date(2023, 1, 1)),
        ("2023-10", "month", date(2023, 10, 1)),
        ("2023-10-08", "date", date(2023, 10, 8)),
        ("", "", None),
        ("2023-02-29", "", None),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_is_known(
    conferred: str, known: str, day: date | None
) -> None:
    rung = Rung(Words("县好人", ""), Words(), conferred, False)

    assert (rung.known, rung.day) == (known, day)


def test_neighbours_stand_around_a_place() -> None:
    rows = ["a", "b", "c"]

    assert [around(rows, at) for at in range(3)] == [(None, "b"), ("a", "c"), ("b", None)]
    assert around(["a"], 0) == (None, None)
