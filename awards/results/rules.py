"""How counted votes become a result: ranks, winners, and what is left to be decided by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from awards.errors import Conflict, Refused
from awards.i18n import mark as _
from awards.voting.rules import Counts

UNRANKED = 1_000_000
"""Stands after every rank: for whoever left the list once votes were given."""


@dataclass(frozen=True)
class Contest:
    """One category: who stands in it, by number, and how many places there are."""

    numbers: tuple[int, ...]
    places: int
    withdrawn: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Standing:
    """What one candidate got, and what follows.

    `tied` means level with others at the last place: undecided.
    """

    number: int
    votes: int
    rank: int
    won: bool = False
    tied: bool = False


def rank(votes: Mapping[int, int]) -> dict[int, int]:
    """Each number's rank: equal votes share one, and the next rank leaves the gap (1, 2, 2, 4)."""
    return {
        number: 1 + sum(other > own for other in votes.values()) for number, own in votes.items()
    }


def standings(contest: Contest, votes: Mapping[int, int]) -> list[Standing]:
    """The category in order of rank; equals by number; those who withdrew at the end."""
    counted = {number: votes.get(number, 0) for number in contest.numbers}
    ranked = rank({n: v for n, v in counted.items() if n not in contest.withdrawn})
    lines = [
        Standing(
            number,
            counted[number],
            place,
            won=won,
            tied=_reaches(place, counted[number], contest) and not won,
        )
        for number, place in ranked.items()
        for won in [_wins(number, ranked, counted, contest.places)]
    ]
    lines += [
        Standing(number, counted[number], UNRANKED)
        for number in contest.numbers
        if number in contest.withdrawn
    ]
    return sorted(lines, key=lambda line: (line.rank, line.number))


def _reaches(place: int, votes: int, contest: Contest) -> bool:
    """Whether the rank is within the places. Nobody wins without a single vote."""
    return votes > 0 and place <= contest.places


def _wins(number: int, ranked: Mapping[int, int], counted: Mapping[int, int], places: int) -> bool:
    """Whether all who share this rank fit into the places.

    A tie at the last place is not for us to decide.
    """
    sharing = sum(other == ranked[number] for other in ranked.values())
    return counted[number] > 0 and ranked[number] + sharing - 1 <= places


def is_undecided(*, rank: int, votes: int, won: bool, places: int) -> bool:
    """Whether a stored line waits for a tie to be broken: within the places, yet no winner."""
    return not won and votes > 0 and rank <= places


def count_objection(*, is_open: bool) -> Refused | None:
    """Why the ballots may not be counted for good now, or None."""
    if not is_open:
        return None
    return Conflict(
        "result.voting_open", _("Voting is still open. Ballots are counted once it has closed.")
    )


def agreement_objection(counted: Counts, other: Counts) -> Refused | None:
    """Why a count may not stand beside other figures of the same ballots, or None."""
    differing = differences(counted.votes, other.votes)
    if not differing and counted.ballots == other.ballots:
        return None
    return Conflict(
        "result.disagrees",
        _(
            "The count does not agree with the figures kept ({counted} and {kept} ballots; numbers "
            "that differ: {numbers}). Nothing was changed; please call the operator."
        ),
        counted=counted.ballots,
        kept=other.ballots,
        numbers=", ".join(str(number) for number in differing[:10]) or "–",
    )


def differences(one: Mapping[int, int], other: Mapping[int, int]) -> Sequence[int]:
    """The numbers whose votes differ; a missing number has none."""
    return sorted(
        number for number in one.keys() | other.keys() if one.get(number, 0) != other.get(number, 0)
    )


def not_counted() -> Conflict:
    """The refusal to publish what nobody has counted."""
    return Conflict("result.not_counted", _("There is no count yet. Count the ballots first."))


def already_published() -> Conflict:
    """The refusal to count or publish what everybody has seen."""
    return Conflict("result.published", _("The result is published; it stands."))
