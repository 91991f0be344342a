"""Seven ways to lead from a voter to a ballot without a key. Each says which ballot it takes for
whose; how often that is true is for the test to say.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.drills.dump import NUMBER, PLACE, Dump, Row

RARE = 3
"""A value that so many rows share, or fewer, is a trace."""
LETTERS = ("letter", "email_code")
KEYS = {"campaign", "period", NUMBER, PLACE}
NO_COUNTS = KEYS | {"cast_window"}
Who = bytes | str
Guess = list[tuple[Who, bytes]]
Key = Callable[[Row], Any]


def by_order(dump: Dump) -> Guess:
    """The n-th voter cast the n-th ballot."""
    return _by_rank(dump.voters, dump.ballots, _place_in(dump.voters), _place_in(dump.ballots))


def by_xmin(dump: Dump) -> Guess:
    """Transactions have numbers."""
    return _by_rank(dump.voters, dump.ballots, _of(NUMBER), _of(NUMBER))


def by_ctid(dump: Dump) -> Guess:
    """Rows lie somewhere."""
    return _by_rank(dump.voters, dump.ballots, _of(PLACE), _of(PLACE))


def by_time(dump: Dump) -> Guess:
    """Whatever tells a time."""
    return _by_rank(dump.voters, dump.ballots, _times, _times)


def by_counts(dump: Dump) -> Guess:
    """Whatever tells how often."""
    return _by_rank(dump.voters, dump.ballots, _numbers, _numbers)


def by_shared_values(dump: Dump) -> Guess:
    """The same value in a row of a ballot and in any row that has to do with a voter."""
    ballots: dict[Any, list[bytes]] = {}
    for row in dump.ballots:
        for value in _traces(row):
            ballots.setdefault(value, []).append(row["tag"])
    ballots = {value: tags for value, tags in ballots.items() if len(tags) <= RARE}
    return [
        (who, tag)
        for name, rows in dump.tables.items()
        if name != "ballot"
        for row in rows
        if (who := row.get("pid") or row.get("address"))
        for value in _traces(row)
        for tag in ballots.get(value, [])
    ]


def by_letters(dump: Dump) -> Guess:
    """Letters with codes have addresses and times; the next ballot may be of the same person."""
    letters = [row for name in LETTERS for row in dump.tables.get(name, []) if row["address"]]
    if not letters:
        return []
    return _by_rank(letters, dump.ballots, _times, _place_in(dump.ballots))


MATCHERS: Mapping[str, Callable[[Dump], Guess]] = {
    "order": by_order, "xmin": by_xmin, "ctid": by_ctid, "time": by_time, "counts": by_counts,
    "shared values": by_shared_values, "letters": by_letters,
}  # fmt: skip


def _by_rank(voters: Sequence[Row], ballots: Sequence[Row], first: Key, second: Key) -> Guess:
    """The voters and the ballots side by side, each in its own order; ties at random."""
    chance = random.Random(len(voters))  # noqa: S311 - to be repeated
    left = sorted(chance.sample(voters, len(voters)), key=first)
    right = sorted(chance.sample(ballots, len(ballots)), key=second)
    return [
        (row.get("pid") or row["address"], right[place * len(right) // len(left)]["tag"])
        for place, row in enumerate(left)
    ]


def _place_in(rows: Sequence[Row]) -> Key:
    places = {id(row): place for place, row in enumerate(rows)}
    return lambda row: places[id(row)]


def _of(column: str) -> Key:
    return lambda row: row.get(column, 0)


def _times(row: Row) -> tuple[str, ...]:
    return tuple(
        value.isoformat() if isinstance(value, datetime) else f"{value!s:>20}"
        for name, value in sorted(row.items())
        if isinstance(value, datetime) or name.endswith(("_at", "_window"))
    )


def _numbers(row: Row) -> tuple[int, ...]:
    return tuple(
        value
        for name, value in sorted(row.items())
        if isinstance(value, int) and name not in NO_COUNTS
    )


def _traces(row: Row) -> list[str]:
    """What could be found again elsewhere."""
    return [str(value) for name, value in row.items() if name not in KEYS and value]
