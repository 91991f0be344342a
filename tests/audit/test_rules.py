"""The digest of a deed covers all of it, and what came before."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from awards.audit.rules import BEGINNING, Deed, chained

DEED = Deed(
    number=1,
    at=datetime(2026, 11, 23, 4, 0, 0, 17, tzinfo=UTC),
    actor="operator",
    action="role.granted",
    subject="person:1",
    details={"role": "editor", "campaign": 0},
)


@pytest.mark.parametrize(
    "change",
    [
        {"number": 2},
        {"at": DEED.at + timedelta(microseconds=1)},
        {"actor": "organiser"},
        {"action": "role.withdrawn"},
        {"subject": "person:2"},
        {"details": {"role": "admin", "campaign": 0}},
        {"details": {}},
    ],
)
def test_every_part_of_a_deed_counts(change: dict[str, object]) -> None:
    assert chained(BEGINNING, replace(DEED, **change)) != chained(BEGINNING, DEED)  # type: ignore[arg-type]


def test_what_came_before_counts() -> None:
    assert chained(bytes([1] * 32), DEED) != chained(BEGINNING, DEED)


@pytest.mark.parametrize(
    "same",
    [
        replace(DEED, at=DEED.at.astimezone(timezone(timedelta(hours=8)))),
        replace(DEED, details={"campaign": 0, "role": "editor"}),
    ],
)
def test_the_same_deed_has_the_same_digest(same: Deed) -> None:
    assert chained(BEGINNING, same) == chained(BEGINNING, DEED)
