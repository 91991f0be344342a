"""What papers, decisions, consent and candidates must be."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from awards.campaigns.rules import StageKind, Timeline, Window
from awards.nominations.rules import (
    KINDS,
    MOST_PHOTOS,
    REJECTION_RULES,
    RELATIONS,
    Answer,
    CandidateWords,
    Choices,
    GivenBy,
    How,
    answer_objection,
    are_similar,
    clean_month,
    clean_name,
    clean_text,
    contact_of_nominee,
    decision_objection,
    folded,
    honours_of,
    is_late,
    is_minor,
    late_approval,
    length,
    limits_for,
    masked_contact,
    name_objection,
    next_number,
    normal_contact,
    papers_objections,
    personal_data,
    photos_objection,
    record_objection,
    rejection_objection,
    return_objection,
    revision_objection,
    stage_objection,
    waited_days,
    withdrawal_objection,
    words_objections,
)
from awards.words import Words
from tests.nominations.papers import CHOICES, PAPERS, papers

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
ZONE = "Asia/Shanghai"


def faults(language: str = "zh-Hans", **changes: Any) -> list[tuple[str, str]]:
    found = papers_objections(papers(**changes), CHOICES, language=language, today=TODAY)
    return [(each.field, each.code) for each in found]


def test_complete_papers_are_good() -> None:
    assert papers_objections(PAPERS, CHOICES, language="zh-Hans", today=TODAY) == []


def test_empty_papers_name_every_field_that_is_needed() -> None:
    empty = type(PAPERS)()

    found = papers_objections(empty, CHOICES, language="zh-Hans", today=TODAY)

    assert [each.field for each in found] == [
        "category", "kind", "name", "region", "occupation", "one_liner", "summary", "relation",
        "nominator_name", "nominator_contact", "pledge",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"category": "elsewhere"}, "category", "nomination.choice"),
        ({"kind": "horse"}, "kind", "nomination.choice"),
        ({"gender": "x"}, "gender", "nomination.choice"),
        ({"region": "moon"}, "region", "nomination.choice"),
        ({"relation": "enemy"}, "relation", "nomination.choice"),
        ({"name": ""}, "name", "nomination.missing"),
        ({"name": "石"}, "name", "name.short"),
        ({"name": "石顺😀"}, "name", "name.sign"),
        ({"name": "<b>石顺</b>"}, "name", "name.sign"),
        ({"nominator_name": "李念\u202e"}, "nominator_name", "name.hidden_sign"),
        ({"birth_month": "in spring"}, "birth_month", "birth_month.invalid"),
        ({"birth_month": "1966-13"}, "birth_month", "birth_month.invalid"),
        ({"birth_month": "1966"}, "birth_month", "birth_month.invalid"),
        ({"birth_month": "2026-12"}, "birth_month", "birth_month.impossible"),
        ({"birth_month": "1700-01"}, "birth_month", "birth_month.impossible"),
        ({"occupation": "师" * 61}, "occupation", "nomination.too_long"),
        ({"employer": "厂" * 81}, "employer", "nomination.too_long"),
        ({"one_liner": "热" * 41}, "one_liner", "nomination.too_long"),
        ({"summary": "好" * 49}, "summary", "nomination.too_short"),
        ({"summary": "好" * 501}, "summary", "nomination.too_long"),
        ({"story": "好" * 6001}, "story", "nomination.too_long"),
        ({"past_honours": "奖\n" * 11}, "past_honours", "nomination.honours"),
        ({"past_honours": "奖" * 1501}, "past_honours", "nomination.too_long"),
        ({"nominee_contact": "next door"}, "nominee_contact", "contact.invalid"),
        ({"nominee_contact": "shi@"}, "nominee_contact", "email.invalid"),
        ({"nominator_contact": "12345"}, "nominator_contact", "contact.invalid"),
        ({"nominee_contact": " LI@Example.com"}, "nominee_contact", "nomination.same_contact"),
        ({"pledge": False}, "pledge", "nomination.pledge"),
    ],
)
def test_a_wrong_answer_is_named_at_its_field(
    changes: dict[str, Any], field: str, code: str
) -> None:
    assert faults(**changes) == [(field, code)]


@pytest.mark.parametrize(
    "changes",
    [
        {"one_liner": "热" * 40}, {"summary": "好" * 50}, {"summary": "好" * 500}, {"story": ""},
        {"story": "好" * 6000}, {"birth_month": ""}, {"birth_month": "2026-11"}, {"gender": ""},
        {"nominee_contact": ""}, {"nominee_contact": "138 1234 5678"}, {"employer": ""},
        {"past_honours": ""}, {"relation": "self", "nominee_contact": "li@example.com"},
        {"name": "𠮷野·𰻝𰻝"}, {"name": "阿卜杜外力·麦麦提吐尔逊"}, {"name": "青麦夜校（第2班）"},
        {"name": "Anne-Marie O’Neill"}, {"one_liner": "每天一锅热汤😀"},
    ],
)  # fmt: skip
def test_what_is_at_the_limit_or_left_out_is_good(changes: dict[str, Any]) -> None:
    assert faults(**changes) == []


def test_english_has_more_characters_for_the_same_words() -> None:
    line = "k" * 140

    assert faults("en", one_liner=line, summary="s" * 1200) == []
    assert faults("en", one_liner=line + "k") == [("one_liner", "nomination.too_long")]
    assert limits_for("zh-Hans").one_liner == 40


@pytest.mark.parametrize(("count", "is_refused"), [(0, False), (MOST_PHOTOS, False), (7, True)])
def test_photos_are_counted(count: int, is_refused: bool) -> None:
    assert (photos_objection(count) is not None) is is_refused


def test_choices_come_from_rows() -> None:
    class Row:
        slug = "helping"

    assert Choices.of([Row()], []) == Choices(frozenset({"helping"}), frozenset())


def test_kinds_and_relations_fit_their_columns() -> None:
    assert all(len(each) <= 20 for each in (*KINDS, *RELATIONS))
    assert all(len(rule) <= 120 for rule in REJECTION_RULES)


def test_whoever_nominates_themselves_is_asked_at_their_own_address() -> None:
    own = papers(relation="self", nominee_contact="")

    assert contact_of_nominee(own) == "li@example.com"
    assert contact_of_nominee(papers(nominee_contact="")) == ""
    assert contact_of_nominee(PAPERS) == "shi@example.com"


@pytest.mark.parametrize(
    ("month", "is_child"),
    [("2008-12", True), ("2008-11", False), ("2012-05", True), ("1966-05", False), ("", False)],
)
def test_who_is_under_eighteen_needs_a_guardian(month: str, is_child: bool) -> None:
    assert is_minor(month, TODAY) is is_child


def test_honours_are_one_a_line() -> None:
    assert honours_of("2019年好邻居\n\n  2022年优秀志愿者 ") == ["2019年好邻居", "2022年优秀志愿者"]


# Texts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  石\u3000顺 ", "石 顺"),
        ("阿卜杜外力•麦麦提", "阿卜杜外力·麦麦提"),
        ("阿卜杜外力・麦麦提", "阿卜杜外力·麦麦提"),
        ("石\u200b顺\ufeff", "石顺"),
        ("e\u0301", "é"),
        (None, ""),
    ],
)
def test_a_name_is_cleaned(typed: str | None, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("一\r\n二\r三", "一\n二\n三"),
        ("一\n\n\n\n二", "一\n\n二"),
        ("一\x00二\x07", "一二"),
        ("前\u202e后\u2066", "前后"),
        ("  好\u200b \n", "好"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("热汤😀👨‍👩‍👧", "热汤😀👨‍👩‍👧"),
        (None, ""),
    ],
)
def test_a_text_is_cleaned_and_its_words_are_kept(typed: str | None, kept: str) -> None:
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1966-5", "1966-05"), ("1966/05", "1966-05"), ("1966年5月", "1966-05"),
        ("1966.12", "1966-12"), (" spring ", "spring"), (None, ""),
    ],
)  # fmt: skip
def test_a_month_is_read_as_people_write_it(typed: str | None, kept: str) -> None:
    assert clean_month(typed) == kept


def test_length_counts_what_a_reader_sees() -> None:
    assert length("葛\U000e0100城") == 2
    assert length("石顺") == 2


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("石顺", None), ("𠮷田", None), ("\U00031350\U00031351", None), ("نازنین", None),
        ("می\u200cخواهم", None), ("क्\u200dष", None), ("张三", None), ("O’Neill", None),
        ("第3小组", None), ("Ⅲ组", None), ("李", "name.short"), ("长" * 61, "name.long"),
        ("石顺!", "name.sign"), ("石/顺", "name.sign"), ("石顺@a", "name.sign"),
        ("石\u200d顺", "name.hidden_sign"), ("a\u200db", "name.hidden_sign"),
        ("\u200c石顺", "name.hidden_sign"), ("石\x07顺", "name.hidden_sign"),
        ("石\ue000顺", "name.hidden_sign"), ("石\u2066顺", "name.hidden_sign"),
    ],
)  # fmt: skip
def test_names_have_the_signs_of_names(name: str, code: str | None) -> None:
    objection = name_objection(name, "name")

    assert (objection.code if objection else None) == code


@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        ("石顺", "石 顺", True), ("石顺", "石顺英", False), ("石顺", "陆春芳", False),
        ("阿卜杜外力·麦麦提", "阿卜杜外力麦麦提", True), ("LI NIAN", "Ｌｉ　Ｎｉａｎ", True),
        ("Volunteers of Qingmai", "Volunteers of Qingmay", True), ("", "", False),
        ("·", "·", False), ("Zoë", "Zoe", True),
    ],
)  # fmt: skip
def test_similar_names_are_found(one: str, two: str, alike: bool) -> None:
    assert are_similar(one, two) is alike


def test_folding_keeps_rare_characters() -> None:
    assert folded("𠮷 田") == "𠮷田"


# Contacts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" Li@Example.COM ", "li@example.com"), ("138-1234-5678", "13812345678"),
        ("（0394）8123456", "03948123456"), ("+86 138 1234 5678", "+8613812345678"),
        ("１３８１２３４５６７８", "13812345678"),
    ],
)  # fmt: skip
def test_contacts_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert normal_contact(typed, "field") == kept


@pytest.mark.parametrize(
    ("contact", "shown"),
    [
        ("li@example.com", "l•••@example.com"), ("13812345678", "138••••5678"),
        ("1234567", "12••••"), ("", ""),
    ],
)  # fmt: skip
def test_contacts_are_masked(contact: str, shown: str) -> None:
    assert masked_contact(contact) == shown


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("石师傅的修车摊，二十六年了，2000年开始。", []),
        ("身份证11010519491231002X。", ["id_number"]),
        ("身份证 110105 19491231 002x", ["id_number"]),
        ("编号110105194912310021不是身份证", []),
        ("电话13812345678", ["phone"]), ("电话138 1234 5678", ["phone"]),
        ("０３９４－８１２３４５６７", ["phone"]), ("座机0394-8123456", ["phone"]),
        ("写信到li@example.com", ["email"]), ("车牌京A12345", ["plate"]), ("京A·12345", ["plate"]),
        ("共捐了13812345678901元", []), ("苏BD12345绿牌", ["plate"]),
        ("13812345678，li@example.com", ["phone", "email"]),
    ],
)  # fmt: skip
def test_private_data_in_texts_is_seen(text: str, found: list[str]) -> None:
    assert personal_data(text) == found


# Decisions


@pytest.mark.parametrize(
    ("state", "revision", "seen", "code"),
    [
        ("submitted", 2, 2, None), ("submitted", 3, 2, "nomination.changed"),
        ("returned", 2, 2, "nomination.returned"), ("withdrawn", 2, 2, "nomination.withdrawn"),
        ("approved", 2, 1, "nomination.decided"), ("rejected", 2, 2, "nomination.decided"),
    ],
)  # fmt: skip
def test_only_what_waits_can_be_decided_on(
    state: str, revision: int, seen: int, code: str | None
) -> None:
    objection = decision_objection(state, revision, seen, by="顾晓雨")

    assert (objection.code if objection else None) == code


def test_the_second_moderator_reads_who_was_first() -> None:
    objection = decision_objection("approved", 2, 1, by="顾晓雨")

    assert objection is not None
    assert objection.values == {"name": "顾晓雨"}


@pytest.mark.parametrize(
    ("reason", "code"),
    [("", "decision.reason"), ("补照", "decision.reason"), ("请补一张照片。", None),
     ("长" * 1001, "decision.reason_long")],
)  # fmt: skip
def test_a_return_says_why(reason: str, code: str | None) -> None:
    objection = return_objection(reason)

    assert (objection.code if objection else None) == code


@pytest.mark.parametrize(
    ("rule", "reason", "field"),
    [("", "不在本地生活。", "rule"), ("whim", "不在本地生活。", "rule"), ("scope", "", "reason"),
     ("scope", "不在本地生活。", None)],
)  # fmt: skip
def test_a_rejection_names_rule_and_reason(rule: str, reason: str, field: str | None) -> None:
    objection = rejection_objection(rule, reason)

    assert (objection.field if objection else None) == field


@pytest.mark.parametrize(
    ("state", "seen", "code"),
    [("returned", 2, None), ("returned", 1, "nomination.changed"),
     ("submitted", 2, "nomination.not_returned"), ("approved", 2, "nomination.not_returned")],
)  # fmt: skip
def test_papers_change_only_while_returned(state: str, seen: int, code: str | None) -> None:
    objection = revision_objection(state, 2, seen)

    assert (objection.code if objection else None) == code


@pytest.mark.parametrize(
    ("state", "may"),
    [("submitted", True), ("returned", True), ("approved", False), ("rejected", False),
     ("withdrawn", False)],
)  # fmt: skip
def test_the_nominator_withdraws_before_a_decision(state: str, may: bool) -> None:
    assert (withdrawal_objection(state) is None) is may


def window(first: int, last: int) -> Window:
    return Window(NOW + timedelta(days=first), NOW + timedelta(days=last))


@pytest.mark.parametrize(
    ("stages", "code"),
    [
        ({StageKind.NOMINATION: window(-1, 1)}, None),
        ({StageKind.NOMINATION: window(1, 2)}, "nomination.not_open"),
        ({StageKind.NOMINATION: window(-2, 0)}, "nomination.closed"),
        ({}, "nomination.none"),
    ],
)
def test_nominations_have_their_time(stages: dict[StageKind, Window], code: str | None) -> None:
    objection = stage_objection(Timeline(stages), NOW)

    assert (objection.code if objection else None) == code


@pytest.mark.parametrize(
    ("stages", "is_late_now"),
    [
        ({StageKind.NOMINATION: window(-2, -1), StageKind.VOTING: window(1, 2)}, False),
        ({StageKind.NOMINATION: window(-2, -1), StageKind.VOTING: window(0, 2)}, True),
        ({StageKind.NOMINATION: window(-2, 1), StageKind.VOTING: window(-1, 2)}, False),
        ({StageKind.REVIEW: window(-2, 1), StageKind.VOTING: window(-1, 2)}, False),
        ({StageKind.VOTING: window(-2, -1)}, True),
        ({}, False),
    ],
)
def test_nobody_joins_once_voting_has_opened(
    stages: dict[StageKind, Window], is_late_now: bool
) -> None:
    assert (late_approval(Timeline(stages), NOW) is not None) is is_late_now


FRIDAY = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "late"),
    [(0, False), (1, False), (3, False), (4, False), (5, True), (40, True)],
)
def test_late_is_after_two_working_days(days: int, late: bool) -> None:
    assert is_late(FRIDAY, FRIDAY + timedelta(days=days), ZONE) is late


def test_waiting_is_counted_in_days_of_the_place() -> None:
    evening = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)

    assert waited_days(evening, evening + timedelta(minutes=2), ZONE) == 1


# Consent


@pytest.mark.parametrize(
    ("state", "agrees", "hours_left", "code"),
    [
        ("requested", True, 1, None), ("requested", True, 0, "consent.expired"),
        ("requested", False, -1, None), ("granted", True, -1, None), ("granted", False, -1, None),
        ("declined", True, 1, "consent.declined"), ("withdrawn", True, 1, "consent.declined"),
        ("declined", False, 1, None),
    ],
)  # fmt: skip
def test_an_answer_by_the_link(state: str, agrees: bool, hours_left: int, code: str | None) -> None:
    ends = NOW + timedelta(hours=hours_left)

    objection = answer_objection(state, ends, agrees=agrees, now=NOW)

    assert (objection.code if objection else None) == code


@pytest.mark.parametrize(
    ("answer", "state", "minor", "code"),
    [
        (Answer(True, How.PHONE, note="11月20日电话"), None, False, None),
        (Answer(True, How.PAPER, note="原件在3号柜"), "requested", False, None),
        (Answer(True, How.LINK, note="11月20日电话"), None, False, "consent.how"),
        (Answer(True, How.PHONE), None, False, "consent.note"),
        (Answer(True, How.PHONE, note="长" * 501), None, False, "consent.note_long"),
        (Answer(True, How.PHONE, note="11月20日电话"), "declined", False, "consent.stands"),
        (Answer(False, How.PHONE, note="11月20日电话"), "granted", False, None),
        (Answer(True, How.PHONE, note="11月20日电话"), None, True, "consent.guardian"),
        (Answer(True, How.PHONE, GivenBy.GUARDIAN, note="母亲电话"), None, True, "consent.note"),
        (Answer(True, How.PHONE, GivenBy.GUARDIAN, note="母亲在电话里"), None, True, None),
        (Answer(False, How.PHONE, note="11月20日电话"), None, True, None),
    ],
)
def test_a_recorded_answer(
    answer: Answer, state: str | None, minor: bool, code: str | None
) -> None:
    objection = record_objection(answer, state, is_minor=minor)

    assert (objection.code if objection else None) == code


# Candidates


@pytest.mark.parametrize(
    ("category", "taken", "number"),
    [
        (1, set(), 101), (3, {301, 302}, 303), (1, {101, 103}, 102), (2, {101}, 201),
        (1, set(range(101, 200)), 1100), (1, {*range(101, 200), 1100}, 1101),
        (11, {1101}, 1102),
    ],
)  # fmt: skip
def test_numbers_are_the_category_and_the_place(
    category: int, taken: set[int], number: int
) -> None:
    assert next_number(category, taken) == number


def candidate_words(**changes: Words) -> CandidateWords:
    words = {
        "name": Words("石顺", "Shi Shun"),
        "occupation": Words("修车师傅"),
        "one_liner": Words("", "Mends bicycles for nothing."),
        "summary": Words("二十六年了。"),
    }
    return CandidateWords(**{**words, **changes})


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"name": Words()}, ["name_zh"]),
        ({"name": Words("石顺", "Shi <b>")}, ["name_en"]),
        ({"summary": Words()}, ["summary_zh"]),
        ({"one_liner": Words("热" * 141)}, ["one_liner_zh"]),
        ({"story": Words("", "s" * 12001)}, ["story_en"]),
    ],
)
def test_candidates_have_words_in_one_language_at_least(
    changes: dict[str, Words], fields: list[str]
) -> None:
    found = words_objections(candidate_words(**changes))

    assert [each.field for each in found] == fields
