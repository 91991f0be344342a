from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from awards.campaigns.rules import (
    PRESETS,
    BallotRule,
    CampaignPlan,
    CategoryPlan,
    Channel,
    RegionPlan,
    StageKind,
    StepState,
    Timeline,
    Window,
    channel_lines,
    closed_channel,
    equipment_objection,
    freeze_objection,
    in_order,
    plan_objection,
    rule_objection,
    stages_from,
)
from awards.errors import Invalid
from awards.words import Words

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
VOTING = Window(NOON, NOON + 10 * DAY)
PLAN = CampaignPlan(
    slug="2026-award",
    title=Words("好人", "Good people"),
    rule=PRESETS["daily_tap"].rule,
    stages={StageKind.NOMINATION: Window(NOON - 10 * DAY, NOON - DAY), StageKind.VOTING: VOTING},
    categories=(
        CategoryPlan("helping", 1, Words("助人为乐")),
        CategoryPlan("brave", 2, Words("勇敢")),
    ),
    regions=(RegionPlan("east", Words("东关区")),),
)


def test_a_window_holds_its_start_and_not_its_end() -> None:
    assert VOTING.contains(VOTING.start)
    assert VOTING.contains(VOTING.end - timedelta(microseconds=1))
    assert not VOTING.contains(VOTING.end)
    assert not VOTING.contains(VOTING.start - timedelta(microseconds=1))


def test_the_timeline_says_what_runs_and_what_comes() -> None:
    line = Timeline(PLAN.stages)

    assert line.at(NOON - 5 * DAY) is StageKind.NOMINATION
    assert line.at(NOON - DAY) is None
    assert line.at(NOON) is StageKind.VOTING
    assert line.window(StageKind.VOTING) == VOTING
    assert line.window(StageKind.RESULT) is None
    assert not line.has_opened(StageKind.VOTING, NOON - DAY)
    assert line.has_opened(StageKind.VOTING, NOON)
    assert not line.has_opened(StageKind.RESULT, NOON)
    assert not line.has_ended(StageKind.VOTING, VOTING.end - timedelta(seconds=1))
    assert line.has_ended(StageKind.VOTING, VOTING.end)
    assert not line.has_ended(StageKind.HONOURS, VOTING.end)


def test_steps_are_done_running_or_to_come() -> None:
    states = [step.state for step in Timeline(PLAN.stages).steps(NOON)]
    assert states == [StepState.DONE, StepState.NOW]

    between = Timeline(PLAN.stages).view(NOON - DAY)
    assert (between.kind, between.window) == (None, None)
    assert between.next is not None and between.next.kind is StageKind.VOTING

    running = Timeline(PLAN.stages).view(NOON)
    assert (running.kind, running.window, running.next) == (StageKind.VOTING, VOTING, None)


def test_stages_can_be_made_from_days() -> None:
    made = stages_from(date(2026, 3, 1), {StageKind.VOTING: (0, 14)}, zone="Asia/Shanghai")

    assert made[StageKind.VOTING].start == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert made[StageKind.VOTING].end == datetime(2026, 3, 15, 10, tzinfo=UTC)


def test_the_eleven_presets_are_there_and_sound() -> None:
    assert list(PRESETS) == [
        "daily_tap", "once_multi", "fixed_total", "up_to_ten", "exact_ten_daily", "class_cap",
        "national_50", "province_mix", "citizen_panel", "filter_then_jury", "like_only",
    ]  # fmt: skip
    for name, preset in PRESETS.items():
        assert preset.id == name
        assert rule_objection(preset.rule) is None
        assert BallotRule.from_json(preset.rule.as_json()) == preset.rule
        assert sum(preset.shares.values()) == 100


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        (
            "daily_tap",
            {"shape": "tap", "per_day": 10, "per_candidate_day": 1, "visibility": "live"},
        ),
        ("once_multi", {"shape": "tap", "per_candidate": 1, "visibility": "live"}),
        (
            "fixed_total",
            {"shape": "tap", "per_campaign": 12, "per_candidate": 1, "visibility": "hidden"},
        ),
        ("up_to_ten", {"shape": "ballot", "min_picks": 1, "max_picks": 10, "visibility": "live"}),
        (
            "exact_ten_daily",
            {
                "shape": "ballot",
                "min_picks": 10,
                "max_picks": 10,
                "ballots": "daily",
                "visibility": "daily@18:00",
            },
        ),
        (
            "class_cap",
            {
                "shape": "ballot",
                "per_category": 2,
                "min_picks": 1,
                "max_picks": 10,
                "visibility": "live",
            },
        ),
        (
            "national_50",
            {
                "shape": "ballot",
                "per_category": 10,
                "min_picks": 1,
                "max_picks": 50,
                "visibility": "hidden",
            },
        ),
        (
            "province_mix",
            {"shape": "ballot", "min_picks": 10, "max_picks": 10, "visibility": "hidden"},
        ),
        (
            "citizen_panel",
            {"shape": "tap", "per_day": 10, "per_candidate": 1, "visibility": "live"},
        ),
        ("filter_then_jury", {"shape": "tap", "per_category": 6, "visibility": "live"}),
        ("like_only", {"shape": "like", "per_candidate": 1, "visibility": "live"}),
    ],
)
def test_a_preset_has_its_rule(preset: str, expected: dict[str, object]) -> None:
    assert PRESETS[preset].rule.as_json() == {"ballots": "once", **expected}


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ({}, "shape"),
        ({"shape": "swipe"}, "shape"),
        ({"shape": "tap"}, "per_day"),
        ({"shape": "tap", "per_day": 0}, "per_day"),
        ({"shape": "tap", "per_day": True}, "per_day"),
        ({"shape": "tap", "per_day": "10"}, "per_day"),
        ({"shape": "tap", "per_day": 501}, "per_day"),
        ({"shape": "tap", "per_day": 1, "max_picks": 2}, "max_picks"),
        ({"shape": "tap", "per_day": 1, "ballots": "daily"}, "ballots"),
        ({"shape": "tap", "per_day": 1, "ballots": "weekly"}, "ballots"),
        ({"shape": "ballot", "per_candidate": 1}, "per_candidate"),
        ({"shape": "ballot", "min_picks": 5, "max_picks": 4}, "min_picks"),
        ({"shape": "ballot", "visibility": "daily@25:00"}, "visibility"),
        ({"shape": "ballot", "visibility": "daily@18:05"}, "visibility"),
        ({"shape": "ballot", "visibility": "never"}, "visibility"),
        ({"shape": "ballot", "visibility": 7}, "visibility"),
        ({"shape": "ballot", "per_week": 7}, "per_week"),
    ],
)
def test_a_wrong_rule_is_refused_by_its_key(written: dict[str, object], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        BallotRule.from_json(written)

    assert (refused.value.code, refused.value.field) == ("rule.invalid", key)
    assert refused.value.message.format(**refused.value.values)


@pytest.mark.parametrize(
    ("written", "daily_ballots", "daily", "slots"),
    [
        ({"shape": "tap", "per_day": 10, "per_candidate_day": 2}, True, True, 2),
        ({"shape": "tap", "per_day": 10, "per_candidate": 3}, False, True, 3),
        ({"shape": "tap", "per_candidate_day": 1, "per_candidate": 3}, True, True, 1),
        ({"shape": "tap", "per_day": 10, "per_campaign": 4}, True, True, 4),
        ({"shape": "tap", "per_campaign": 12}, False, False, 12),
        ({"shape": "tap", "per_category": 6}, True, True, 6),
        ({"shape": "like", "per_candidate": 1}, False, False, 1),
        ({"shape": "ballot"}, False, False, 1),
        ({"shape": "ballot", "per_category": 2}, False, False, 1),
        ({"shape": "ballot", "ballots": "daily"}, True, True, 1),
    ],
)
def test_periods_follow_from_the_limits(
    written: dict[str, object], daily_ballots: bool, daily: bool, slots: int
) -> None:
    rule = BallotRule.from_json(written)

    assert (rule.has_daily_ballots, rule.is_daily, rule.slots) == (daily_ballots, daily, slots)


def test_picks_have_bounds() -> None:
    assert (PRESETS["daily_tap"].rule.least, PRESETS["daily_tap"].rule.most) == (1, 1)
    assert (PRESETS["up_to_ten"].rule.least, PRESETS["up_to_ten"].rule.most) == (1, 10)
    open_ended = BallotRule.from_json({"shape": "ballot"})
    assert (open_ended.least, open_ended.most) == (1, 500)


def test_counts_are_posted_at_a_time() -> None:
    assert PRESETS["exact_ten_daily"].rule.snapshot_time == time(18)
    assert BallotRule.from_json(
        {"shape": "ballot", "visibility": "daily@09:30"}
    ).snapshot_time == time(9, 30)
    assert PRESETS["daily_tap"].rule.snapshot_time is None


@pytest.mark.parametrize(
    ("written", "sentences"),
    [
        (
            PRESETS["daily_tap"].rule.as_json(),
            [
                "Each person has 10 votes a day.",
                "At most one vote a day for the same candidate.",
                "Counts are shown while voting is open.",
            ],
        ),
        (
            PRESETS["class_cap"].rule.as_json(),
            [
                "Each person has one ballot.",
                "A ballot names 1 to 10 candidates.",
                "At most 2 candidates in each category.",
                "Counts are shown while voting is open.",
            ],
        ),
        (
            PRESETS["exact_ten_daily"].rule.as_json(),
            [
                "Each person has one ballot a day.",
                "A ballot names exactly 10 candidates.",
                "Counts are posted each day at 18:00.",
            ],
        ),
        (
            {"shape": "ballot", "max_picks": 1, "per_category": 1, "visibility": "hidden"},
            [
                "Each person has one ballot.",
                "A ballot names one candidate.",
                "At most one candidate in each category.",
                "Counts stay hidden until the result is published.",
            ],
        ),
        (
            {"shape": "ballot"},
            [
                "Each person has one ballot.",
                "A ballot names as many candidates as you like.",
                "Counts are shown while voting is open.",
            ],
        ),
        (
            {"shape": "ballot", "min_picks": 3},
            [
                "Each person has one ballot.",
                "A ballot names at least 3 candidates.",
                "Counts are shown while voting is open.",
            ],
        ),
        (
            PRESETS["like_only"].rule.as_json(),
            [
                "At most one vote for the same candidate.",
                "A like says thank you; it ranks nobody.",
                "Counts are shown while voting is open.",
            ],
        ),
    ],
)
def test_a_rule_can_be_read(written: dict[str, object], sentences: list[str]) -> None:
    lines = BallotRule.from_json(written).lines()

    assert [line.message.format(**line.values) for line in lines] == sentences


def test_a_sound_plan_has_no_objection() -> None:
    assert plan_objection(PLAN) is None


def _category(**changes: object) -> tuple[CategoryPlan, ...]:
    return (replace(PLAN.categories[0], **changes), PLAN.categories[1])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "No Slug"}, "slug"),
        ({"slug": "a" * 61}, "slug"),
        ({"slug": ""}, "slug"),
        ({"categories": _category(slug="x" * 41)}, "category"),
        ({"categories": _category(slug="brave")}, "category"),
        ({"regions": (RegionPlan("Ö", Words("x")),)}, "region"),
        ({"title": Words()}, "title"),
        ({"title": Words("字" * 201)}, "title"),
        ({"regions": (RegionPlan("east", Words()),)}, "title"),
        ({"rule": BallotRule(shape=PRESETS["daily_tap"].rule.shape)}, "per_day"),
        ({"zone": "Asia/Nowhere"}, "zone"),
        ({"zone": "../etc"}, "zone"),
        ({"categories": ()}, "category"),
        ({"categories": _category(number=2)}, "category"),
        ({"categories": _category(number=100)}, "category"),
        ({"categories": _category(places=0)}, "places"),
        ({"stages": {StageKind.VOTING: Window(NOON, NOON)}}, "stages"),
        ({"stages": {StageKind.NOMINATION: VOTING, StageKind.VOTING: VOTING}}, "stages"),
        ({"channels": ()}, "channels"),
    ],
)
def test_a_wrong_plan_is_refused_by_its_part(changes: dict[str, object], field: str) -> None:
    no = plan_objection(replace(PLAN, **changes))  # type: ignore[arg-type]

    assert isinstance(no, Invalid)
    assert no.field == field
    assert no.message.format(**no.values)


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": PRESETS["up_to_ten"].rule},
        {"channels": (Channel.EMAIL, Channel.CODE)},
        {"zone": "Europe/Berlin"},
        {"categories": PLAN.categories[:1]},
        {"stages": {StageKind.VOTING: Window(NOON, NOON + 11 * DAY)}},
    ],
)
def test_what_a_vote_may_be_freezes_when_voting_opens(changes: dict[str, object]) -> None:
    line, changed = Timeline(PLAN.stages), replace(PLAN, **changes)  # type: ignore[arg-type]

    assert freeze_objection(line, PLAN, changed, now=NOON - DAY) is None
    late = freeze_objection(line, PLAN, changed, now=NOON)
    assert late is not None and late.code == "campaign.frozen"


def test_texts_may_change_after_voting_opened() -> None:
    changed = replace(PLAN, intro=Words("新的介绍"), title=Words("新名"))

    assert freeze_objection(Timeline(PLAN.stages), PLAN, changed, now=NOON) is None


def test_a_campaign_takes_votes_by_e_mail_unless_more_is_opened() -> None:
    assert PLAN.channels == (Channel.EMAIL,)
    assert in_order(["paper", "email", "paper"]) == (Channel.EMAIL, Channel.PAPER)
    with pytest.raises(ValueError, match="telegraph"):
        in_order(["telegraph"])


def test_a_way_that_is_not_open_is_refused() -> None:
    no = closed_channel(Channel.CODE, PLAN.channels)

    assert no is not None and no.code == "channel.closed"
    assert closed_channel(Channel.EMAIL, PLAN.channels) is None


def test_a_way_that_needs_the_operator_is_opened_where_it_is_set_up() -> None:
    channels = (Channel.EMAIL, Channel.SMS)

    no = equipment_objection(channels, before=(Channel.EMAIL,), equipment=())

    assert no is not None and (no.code, no.field) == ("channel.unequipped", "channels")
    assert equipment_objection(channels, before=(), equipment={"sms"}) is None
    assert equipment_objection(channels, before=channels, equipment=()) is None
    assert equipment_objection((Channel.EMAIL, Channel.PAPER), before=(), equipment=()) is None
    for each in (Channel.OIDC, Channel.WECHAT):
        assert equipment_objection((each,), before=(), equipment={"sms"}) is not None
        assert equipment_objection((each,), before=(), equipment={each.value}) is None


def test_the_rules_page_warns_where_one_person_could_vote_in_two_ways() -> None:
    one, two = channel_lines(PLAN.channels), channel_lines((Channel.EMAIL, Channel.PAPER))

    assert (len(one), len(two)) == (1, 3)
    assert "counted apart" in two[-1].message
