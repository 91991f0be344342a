"""Whom the gate asks, and whom it does not."""

import timeit
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine

from awards.accounts.throttle import Throttle
from awards.errors import Refused
from awards.voting.gate import MOST_NAMES, SPAN, Crowd, Gate, Shown, Verdict, neighbours
from awards.voting.rules import Channel, VotingToken

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
CAMPUS, HOME = "10.0.0.1", "10.0.0.2"
BY_MAIL = VotingToken(1, Channel.EMAIL, b"v" * 16)
BY_SLIP = VotingToken(1, Channel.CODE, b"v" * 16)
Freeze = Callable[[datetime], time_machine.Traveller]


def gate(votes: int = 3, letters: int = 3) -> Gate:
    return Gate(Throttle(), votes=votes, letters=letters)


def crowded(token: VotingToken = BY_MAIL) -> Gate:
    """A gate to which the campus came three times."""
    busy = gate()
    for _vote in range(3):
        assert busy.judge_vote(token, CAMPUS, Shown.NOTHING) is Verdict.TAKE
        busy.count_vote(token, CAMPUS)
    return busy


def test_a_busy_network_is_asked_and_another_is_not() -> None:
    busy = crowded()

    assert busy.judge_vote(BY_MAIL, CAMPUS, Shown.NOTHING) is Verdict.ASK
    assert busy.judge_vote(BY_MAIL, HOME, Shown.NOTHING) is Verdict.TAKE


def test_who_has_worked_is_always_taken() -> None:
    busy = crowded()

    for _vote in range(1000):
        assert busy.judge_vote(BY_MAIL, CAMPUS, Shown.WORK) is Verdict.TAKE
        busy.count_vote(BY_MAIL, CAMPUS)


def test_who_can_t_work_has_a_narrow_lane_and_then_is_held(frozen_at: Freeze) -> None:
    clock, busy = frozen_at(NOON), crowded()

    verdicts = [busy.judge_vote(BY_MAIL, CAMPUS, Shown.UNABLE) for _vote in range(25)]

    assert verdicts == [Verdict.TAKE] * 20 + [Verdict.HOLD] * 5
    clock.shift(601)
    busy = crowded()
    assert busy.judge_vote(BY_MAIL, CAMPUS, Shown.UNABLE) is Verdict.TAKE


def test_who_holds_a_slip_is_neither_asked_nor_counted() -> None:
    assert crowded(BY_SLIP).judge_vote(BY_MAIL, CAMPUS, Shown.NOTHING) is Verdict.TAKE
    assert crowded().judge_vote(BY_SLIP, CAMPUS, Shown.NOTHING) is Verdict.TAKE


def test_nought_asks_always() -> None:
    strict = gate(votes=0, letters=0)

    assert strict.judge_vote(BY_MAIL, HOME, Shown.NOTHING) is Verdict.ASK
    with pytest.raises(Refused, match=r"work\.needed"):
        strict.letter_budget(1, HOME, Shown.NOTHING)


def test_a_hot_campaign_asks_before_letters() -> None:
    hot = gate()
    for _letter in range(3):
        assert hot.letter_budget(1, CAMPUS, Shown.NOTHING) == "code.source"
        hot.count_letter(1, CAMPUS)

    with pytest.raises(Refused, match=r"work\.needed"):
        hot.letter_budget(1, HOME, Shown.NOTHING)
    assert hot.letter_budget(1, HOME, Shown.WORK) == "code.worked"
    assert hot.letter_budget(1, HOME, Shown.UNABLE) == "code.plain"
    assert hot.letter_budget(2, HOME, Shown.NOTHING) == "code.source"


async def test_a_network_with_many_letters_is_asked_not_shut_out() -> None:
    throttle = Throttle()
    calm = Gate(throttle, votes=3, letters=1000)
    for _letter in range(30):
        await throttle.ask(calm.letter_budget(1, CAMPUS, Shown.NOTHING), CAMPUS)

    with pytest.raises(Refused, match=r"work\.needed"):
        calm.letter_budget(1, CAMPUS, Shown.NOTHING)
    for _letter in range(600):
        await throttle.ask(calm.letter_budget(1, CAMPUS, Shown.WORK), CAMPUS)


def test_a_farm_that_spreads_over_its_neighbours_is_asked() -> None:
    calm = gate(letters=1000)
    for number in range(240):
        calm.count_letter(1, f"10.0.7.{number}")

    with pytest.raises(Refused, match=r"work\.needed"):
        calm.letter_budget(1, "10.0.7.250", Shown.NOTHING)
    assert calm.letter_budget(1, "10.0.8.1", Shown.NOTHING) == "code.source"


@pytest.mark.parametrize(
    ("source", "wider"),
    [
        ("10.1.2.3", "10.1.2.0/24"),
        ("2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("2001:db8::/64", "2001:db8::/48"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_neighbours_are_let_out_together(source: str, wider: str) -> None:
    assert neighbours(source) == wider


# --- the crowd ------------------------------------------------------------------------------------


def test_a_crowd_disperses(frozen_at: Freeze) -> None:
    clock, crowd = frozen_at(NOON), Crowd(4)
    for _each in range(4):
        crowd.count(CAMPUS)

    clock.shift(SPAN + 1)
    assert crowd.is_busy(CAMPUS), "of the span before"
    clock.shift(SPAN + 1)
    assert not crowd.is_busy(CAMPUS)


def test_two_spans_count_together(frozen_at: Freeze) -> None:
    clock, crowd = frozen_at(NOON), Crowd(4)
    for _each in range(3):
        crowd.count(CAMPUS)
    clock.shift(SPAN + 1)
    assert not crowd.is_busy(CAMPUS)

    crowd.count(CAMPUS)

    assert crowd.is_busy(CAMPUS)


def test_after_a_long_silence_nothing_is_left(frozen_at: Freeze) -> None:
    clock, crowd = frozen_at(NOON), Crowd(2)
    crowd.count(CAMPUS)
    clock.shift(10 * SPAN)

    crowd.count(CAMPUS)

    assert not crowd.is_busy(CAMPUS)


def test_a_million_names_fit_into_little_room() -> None:
    crowd = Crowd(2)
    tracemalloc.start()
    for number in range(10 * MOST_NAMES):
        crowd.count(f"2001:db8:{number:x}::/64")
    used, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert used < 10 << 20


def test_a_quiet_gate_costs_next_to_nothing() -> None:
    calm = gate(votes=1000)
    seconds = min(
        timeit.repeat(lambda: calm.judge_vote(BY_MAIL, HOME, Shown.NOTHING), number=1000, repeat=9)
    )

    assert seconds / 1000 < 2e-6
