"""Ranks, winners, ties, and when a count may stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.results.rules import (
    UNRANKED,
    Contest,
    Standing,
    agreement_objection,
    already_published,
    count_objection,
    is_undecided,
    not_counted,
    rank,
    standings,
)
from awards.voting.rules import Counts

VOTES = st.dictionaries(st.integers(1, 999), st.integers(0, 5), max_size=12)


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ({}, {}),
        ({101: 0}, {101: 1}),
        ({101: 3, 102: 7}, {101: 2, 102: 1}),
        ({101: 7, 102: 9, 103: 7, 104: 1}, {101: 2, 102: 1, 103: 2, 104: 4}),
    ],
)
def test_rank_is_shared_by_equal_votes_and_leaves_the_gap(
    votes: dict[int, int], expected: dict[int, int]
) -> None:
    assert rank(votes) == expected


@given(VOTES)
def test_rank_is_one_more_than_those_with_more_votes(votes: dict[int, int]) -> None:
    ordered = sorted(votes.values(), reverse=True)

    assert rank(votes) == {number: 1 + ordered.index(own) for number, own in votes.items()}


def test_standings_give_the_places_to_the_first() -> None:
    contest = Contest(numbers=(101, 102, 103), places=2)

    assert standings(contest, {101: 4, 102: 9, 103: 6}) == [
        Standing(102, 9, 1, won=True),
        Standing(103, 6, 2, won=True),
        Standing(101, 4, 3),
    ]


def test_a_tie_at_the_last_place_is_flagged_and_not_decided() -> None:
    contest = Contest(numbers=(101, 102, 103), places=2)

    assert standings(contest, {101: 5, 102: 9, 103: 5}) == [
        Standing(102, 9, 1, won=True),
        Standing(101, 5, 2, tied=True),
        Standing(103, 5, 2, tied=True),
    ]


def test_a_tie_within_the_places_lets_both_win() -> None:
    contest = Contest(numbers=(101, 102, 103), places=2)

    assert standings(contest, {101: 5, 102: 5, 103: 1}) == [
        Standing(101, 5, 1, won=True),
        Standing(102, 5, 1, won=True),
        Standing(103, 1, 3),
    ]


def test_nobody_wins_without_a_vote() -> None:
    assert standings(Contest(numbers=(101, 102), places=2), {101: 1}) == [
        Standing(101, 1, 1, won=True),
        Standing(102, 0, 2),
    ]
    assert standings(Contest(numbers=(101,), places=1), {}) == [Standing(101, 0, 1)]


def test_who_withdrew_is_counted_but_neither_ranked_nor_chosen() -> None:
    contest = Contest(numbers=(101, 102), places=1, withdrawn=frozenset({101}))

    assert standings(contest, {101: 9, 102: 2}) == [
        Standing(102, 2, 1, won=True),
        Standing(101, 9, UNRANKED),
    ]


@given(votes=VOTES, places=st.integers(1, 4))
def test_winners_never_exceed_the_places_and_never_have_fewer_votes(
    votes: dict[int, int], places: int
) -> None:
    lines = standings(Contest(tuple(sorted(votes)), places), votes)

    won = [line for line in lines if line.won]
    rest = [line for line in lines if not line.won]
    assert len(won) <= places
    assert min((line.votes for line in won), default=99) > max(
        (line.votes for line in rest), default=-1
    )
    assert all(
        line.tied == is_undecided(rank=line.rank, votes=line.votes, won=line.won, places=places)
        for line in lines
    )


def test_counting_is_refused_while_voting_is_open() -> None:
    no = count_objection(is_open=True)

    assert no is not None
    assert no.code == "result.voting_open"


def test_counting_is_allowed_once_voting_has_closed() -> None:
    assert count_objection(is_open=False) is None


def test_a_count_that_differs_names_the_candidates() -> None:
    no = agreement_objection(Counts(6, {101: 5, 102: 1}), Counts(6, {101: 5, 103: 2}))

    assert no is not None
    assert (no.code, no.values) == (
        "result.disagrees",
        {"counted": 6, "kept": 6, "numbers": "102, 103"},
    )


def test_another_number_of_ballots_is_no_agreement() -> None:
    no = agreement_objection(Counts(6, {101: 5}), Counts(5, {101: 5}))

    assert no is not None
    assert (no.code, no.values) == ("result.disagrees", {"counted": 6, "kept": 5, "numbers": "–"})


def test_missing_numbers_have_no_votes() -> None:
    assert agreement_objection(Counts(5, {101: 5, 102: 0}), Counts(5, {101: 5})) is None


def test_refusals_to_publish_have_their_codes() -> None:
    assert (not_counted().code, already_published().code) == (
        "result.not_counted",
        "result.published",
    )
