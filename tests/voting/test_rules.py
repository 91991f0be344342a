from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awards.campaigns.rules import PRESETS, BallotRule, Window
from awards.errors import Conflict, Forbidden, Invalid, Refused
from awards.voting.rules import (
    BallotPaper,
    CampaignKeys,
    Channel,
    Counts,
    Quota,
    Shown,
    VoterView,
    VotingToken,
    already_voted,
    choices_objection,
    closing_objection,
    day_objection,
    may_move,
    opening_objection,
    pack,
    period_of,
    posted_until,
    quota_used,
    shown_now,
    slot_objection,
    token_objection,
    unpack,
    vote_objection,
)

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
"""Noon in Wanghe."""
TODAY = date(2026, 11, 23)
SECOND = timedelta(seconds=1)
PAPER = BallotPaper(
    campaign=7,
    slug="2026-wanghe",
    version=1,
    zone="Asia/Shanghai",
    rule=BallotRule.from_json({"shape": "ballot", "max_picks": 4, "per_category": 1}),
    window=Window(NOON - timedelta(days=3), NOON + timedelta(days=3)),
    is_paused=False,
    candidates={101: 1, 102: 1, 201: 2, 301: 3, 401: 4, 501: 5},
    keys=CampaignKeys.of(7, bytes(32)),
)
TOKEN = VotingToken(7, Channel.CODE, b"v" * 16)
TAPS = replace(PAPER, rule=PRESETS["daily_tap"].rule)


def on(preset: str) -> BallotPaper:
    return replace(PAPER, rule=PRESETS[preset].rule)


def code(no: Refused | None) -> str | None:
    """The refusal's code; its sentence can be filled."""
    assert no is None or no.message.format(**no.values)
    return no.code if no else None


# --- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paper", "moment", "expected"),
    [
        (PAPER, NOON, None),
        (PAPER, NOON - timedelta(days=3), None),
        (PAPER, NOON - timedelta(days=3) - SECOND, "voting.not_open"),
        (PAPER, NOON + timedelta(days=3) - SECOND, None),
        (PAPER, NOON + timedelta(days=3), "voting.closed"),
        (replace(PAPER, window=None), NOON, "voting.not_open"),
        (replace(PAPER, is_paused=True), NOON, "voting.paused"),
        (replace(PAPER, is_paused=True), NOON + timedelta(days=9), "voting.closed"),
        (replace(PAPER, is_paused=True), NOON - timedelta(days=9), "voting.not_open"),
    ],
)
def test_votes_are_taken_while_voting_is_open(
    paper: BallotPaper, moment: datetime, expected: str | None
) -> None:
    assert code(opening_objection(paper, now=moment)) == expected
    assert code(vote_objection([101], paper, now=moment)) == expected


def test_the_hour_is_said_in_the_campaign_s_zone() -> None:
    late = opening_objection(PAPER, now=NOON + timedelta(days=4))

    assert late is not None
    assert late.message.format(**late.values) == "Voting closed on 2026-11-26 12:00."


def test_nothing_closes_that_never_opens() -> None:
    assert closing_objection(replace(PAPER, window=None), now=NOON) is None


# --- who ------------------------------------------------------------------------------------------


def test_a_token_is_good_for_its_own_campaign() -> None:
    assert token_objection(TOKEN, PAPER) is None

    no = token_objection(TOKEN._replace(campaign=8), PAPER)
    assert isinstance(no, Forbidden)
    assert code(no) == "token.foreign"


def test_a_token_of_a_way_that_was_closed_is_refused() -> None:
    no = token_objection(TOKEN, replace(PAPER, channels=(Channel.EMAIL,)))

    assert code(no) == "channel.closed"
    assert token_objection(TOKEN, replace(PAPER, channels=(Channel.CODE,))) is None


def test_a_token_of_a_revoked_code_is_refused() -> None:
    no = token_objection(TOKEN, replace(PAPER, revoked=frozenset({TOKEN.voter})))

    assert isinstance(no, Forbidden)
    assert code(no) == "token.revoked"


# --- for whom -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paper", "choices", "expected"),
    [
        (PAPER, [101], None),
        (PAPER, [101, 201, 301, 401], None),
        (PAPER, [], "ballot.empty"),
        (PAPER, [101, 999], "ballot.unknown_candidate"),
        (PAPER, [0], "ballot.unknown_candidate"),
        (PAPER, [-101], "ballot.unknown_candidate"),
        (PAPER, [101 + 65536], "ballot.unknown_candidate"),
        (PAPER, [101, 101], "ballot.repeated_candidate"),
        (PAPER, [101, 201, 301, 401, 501], "ballot.too_many"),
        (PAPER, [101, 102, 201, 301, 401], "ballot.too_many"),
        (PAPER, [102, 101], "ballot.too_many_in_category"),
        (on("exact_ten_daily"), [101, 102, 201], "ballot.too_few"),
        (on("up_to_ten"), [101, 102, 201], None),
        (on("class_cap"), [101, 102, 201], None),
        (TAPS, [101], None),
        (TAPS, [101, 201], "ballot.too_many"),
        (TAPS, [101, 101], "ballot.repeated_candidate"),
        (TAPS, [], "ballot.empty"),
        (on("filter_then_jury"), [101], None),
        (on("like_only"), [101, 102], "ballot.too_many"),
    ],
)
def test_choices_follow_the_rule(
    paper: BallotPaper, choices: list[int], expected: str | None
) -> None:
    no = choices_objection(choices, paper)

    assert code(no) == expected
    assert no is None or (isinstance(no, Invalid) and no.field == "choices")
    assert code(vote_objection(choices, paper, now=NOON)) == expected


def test_the_refusal_says_by_how_many() -> None:
    no = choices_objection([101, 102, 201, 301, 401], PAPER)

    assert no is not None
    assert no.message.format(**no.values) == "You picked 5 of at most 4. Take 1 off."


@given(st.lists(st.sampled_from([101, 102, 201, 301, 401, 501, 999]), max_size=8))
def test_what_is_accepted_fits_every_limit(choices: list[int]) -> None:
    fits = (
        1 <= len(choices) <= 4
        and 999 not in choices
        and len(set(choices)) == len(choices)
        and len({PAPER.candidates[each] for each in choices}) == len(choices)
    )

    assert (choices_objection(choices, PAPER) is None) == fits


# --- of which day ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paper", "day", "expected"),
    [
        (TAPS, TODAY, None),
        (TAPS, TODAY - timedelta(days=1), None),
        (TAPS, TODAY + timedelta(days=1), "ballot.other_day"),
        (TAPS, None, "ballot.day_missing"),
        (PAPER, None, None),
        (PAPER, TODAY + timedelta(days=1), None),
        (on("citizen_panel"), None, "ballot.day_missing"),
    ],
)
def test_a_form_is_of_a_day_where_days_count(
    paper: BallotPaper, day: date | None, expected: str | None
) -> None:
    assert code(day_objection(day, paper, today=TODAY)) == expected


@pytest.mark.parametrize(("slot", "fits"), [(0, False), (1, True), (6, True), (7, False)])
def test_one_candidate_can_be_chosen_as_often_as_the_rule_says(slot: int, fits: bool) -> None:
    no = slot_objection(slot, PRESETS["filter_then_jury"].rule)

    assert (no is None) == fits
    assert no is None or (isinstance(no, Conflict) and code(no) == "voting.quota_used")


@pytest.mark.parametrize("preset", ["daily_tap", "up_to_ten", "exact_ten_daily", "fixed_total"])
def test_conflicts_have_stable_codes(preset: str) -> None:
    rule = PRESETS[preset].rule

    assert code(already_voted(rule)) == "voting.already_voted"
    assert code(quota_used(rule)) == "voting.quota_used"
    daily = "today" in quota_used(rule).message
    assert daily == rule.is_daily


# --- under which names ----------------------------------------------------------------------------


@given(st.sets(st.integers(1, 65535), min_size=1))
def test_choices_are_packed_and_unpacked(numbers: set[int]) -> None:
    assert unpack(pack(numbers)) == tuple(sorted(numbers))
    assert len(pack(numbers)) == 2 * len(numbers)


def test_a_day_is_a_period_that_people_can_read() -> None:
    assert period_of(TODAY) == 20261123
    assert PAPER.period(TODAY) == 0
    assert TAPS.period(TODAY) == 20261123


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (PRESETS["up_to_ten"].rule, ()),
        (PRESETS["class_cap"].rule, ()),
        (PRESETS["daily_tap"].rule, (Quota(20261123, "all", 10),)),
        (PRESETS["fixed_total"].rule, (Quota(0, "all", 12),)),
        (PRESETS["once_multi"].rule, ()),
        (PRESETS["filter_then_jury"].rule, (Quota(20261123, "category 2", 6),)),
        (
            BallotRule.from_json({"shape": "tap", "per_candidate_day": 1, "per_candidate": 3}),
            (Quota(0, "candidate 201", 3),),
        ),
        (
            BallotRule.from_json(
                {"shape": "tap", "per_day": 5, "per_campaign": 9, "per_candidate": 2}
            ),
            (Quota(20261123, "all", 5), Quota(0, "all", 9)),
        ),
    ],
)
def test_a_tap_draws_on_what_its_key_does_not_keep(
    rule: BallotRule, expected: tuple[Quota, ...]
) -> None:
    assert replace(PAPER, rule=rule).quotas(201, TODAY) == expected


def test_the_same_ballot_has_the_same_names() -> None:
    one = PAPER.ballot(TOKEN, [201, 101], day=TODAY, now=NOON)
    other = PAPER.ballot(TOKEN, [101, 201], day=TODAY, now=NOON + timedelta(hours=1))

    assert (one.tag, one.packed, one.leaf) == (other.tag, other.packed, other.leaf)
    assert one.receipt(cast_window=one.cast_window, is_new=True).tracker == (
        other.receipt(cast_window=one.cast_window, is_new=False).tracker
    )


def test_names_differ_by_voter_day_candidate_and_slot() -> None:
    def tap(voter: bytes = b"v" * 16, number: int = 101, day: date = TODAY, slot: int = 1) -> bytes:
        token = VotingToken(7, Channel.CODE, voter)
        return TAPS.ballot(token, [number], day=day, now=NOON, slot=slot).tag

    tags = [
        tap(),
        tap(voter=b"w" * 16),
        tap(number=102),
        tap(day=TODAY - timedelta(days=1)),
        tap(slot=2),
        PAPER.ballot(TOKEN, [101], day=TODAY, now=NOON).tag,
    ]

    assert len(set(tags)) == len(tags)
    assert {len(tag) for tag in tags} == {16}


def test_the_receipt_s_day_is_that_of_the_row() -> None:
    window = int((NOON - timedelta(days=1)).timestamp()) // 600

    once = PAPER.ballot(TOKEN, [101], day=TODAY, now=NOON).receipt(cast_window=window, is_new=False)
    daily = TAPS.ballot(TOKEN, [101], day=TODAY, now=NOON).receipt(cast_window=window, is_new=False)

    assert once.day == TODAY - timedelta(days=1)
    assert daily.day == TODAY


def test_only_a_form_of_a_past_day_is_late() -> None:
    yesterday = TODAY - timedelta(days=1)

    assert TAPS.ballot(TOKEN, [101], day=yesterday, now=NOON).is_late
    assert not TAPS.ballot(TOKEN, [101], day=TODAY, now=NOON).is_late
    assert not PAPER.ballot(TOKEN, [101], day=yesterday, now=NOON).is_late


def test_the_day_turns_at_the_campaign_s_midnight() -> None:
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)

    assert PAPER.day(midnight - SECOND) == TODAY
    assert PAPER.day(midnight) == TODAY + timedelta(days=1)


# --- what is shown --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "moment", "published", "expected"),
    [
        ("daily_tap", NOON, False, Shown.LIVE),
        ("daily_tap", NOON - timedelta(days=9), False, Shown.NOTHING),
        ("daily_tap", NOON + timedelta(days=9), False, Shown.ALL),
        ("fixed_total", NOON, False, Shown.NOTHING),
        ("fixed_total", NOON + timedelta(days=9), False, Shown.NOTHING),
        ("fixed_total", NOON + timedelta(days=9), True, Shown.ALL),
        ("exact_ten_daily", NOON, False, Shown.POSTED),
    ],
)
def test_figures_are_shown_as_the_rule_says(
    preset: str, moment: datetime, published: bool, expected: Shown
) -> None:
    assert shown_now(on(preset), now=moment, is_published=published) is expected


def test_nothing_is_shown_of_a_vote_without_a_time() -> None:
    paper = replace(PAPER, window=None)

    assert shown_now(paper, now=NOON, is_published=False) is Shown.NOTHING


def test_figures_are_posted_at_the_campaign_s_hour() -> None:
    six = datetime(2026, 11, 23, 10, tzinfo=UTC)

    assert posted_until(on("exact_ten_daily"), now=six) == six
    assert posted_until(on("exact_ten_daily"), now=six - SECOND) == six - timedelta(days=1)
    assert posted_until(on("exact_ten_daily"), now=six + timedelta(hours=20)) == six


@pytest.mark.parametrize(
    ("votes", "seconds", "moves"),
    [(20, 60, True), (19, 60, False), (20, 59, False), (0, 900, False), (500, 61, True)],
)
def test_live_counts_move_late(votes: int, seconds: int, moves: bool) -> None:
    before, after = Counts(100, {}), Counts(100 + votes, {})

    assert may_move(before, after, waited=timedelta(seconds=seconds)) is moves


def test_a_voter_sees_what_is_left() -> None:
    view = VoterView(TAPS, 8, None, {101: 1}, {101: 0, 102: 1})

    assert (view.may_choose(101), view.may_choose(102), view.may_choose(999)) == (
        False,
        True,
        False,
    )
    assert (view.next_slot(101), view.next_slot(102)) == (2, 1)
    assert not view.is_done
    assert VoterView(TAPS, 0, None, {}, {101: 0}).is_done
