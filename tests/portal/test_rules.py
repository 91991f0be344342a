"""What articles need, how a search is read, who stands first."""

from datetime import date
from uuid import uuid4

import pytest

from awards.campaigns.rules import StageKind
from awards.portal.rules import (
    ArticleText,
    candidate_number,
    contains,
    folded,
    in_turn,
    new_article_id,
    pages_of,
    slug_objection,
    urgency,
    year_of,
)
from awards.views import ViewCounter
from awards.words import Words

TITLE, BODY = Words("东关街的第一盏灯", ""), Words("凌晨四点。", "")


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        (ArticleText("news", Words(" ", "Lamp"), BODY), "article.title_missing", "title_zh"),
        (ArticleText("news", TITLE, BODY, cover=uuid4()), "picture.alt_missing", "cover_alt_zh"),
    ],
)
def test_a_draft_needs_a_title_and_words_for_its_picture(
    text: ArticleText, code: str, field: str
) -> None:
    no = text.objection()

    assert no is not None
    assert (no.code, no.field) == (code, field)


def test_a_draft_without_text_is_kept_but_not_published() -> None:
    text = ArticleText("news", TITLE, Words("", "English alone"))

    no = text.publication_objection()

    assert text.objection() is None
    assert no is not None
    assert (no.code, no.field) == ("article.body_missing", "body_zh")


def test_an_article_with_its_text_may_be_published() -> None:
    text = ArticleText("news", TITLE, BODY, cover=uuid4(), cover_alt=Words("锅前的人", ""))

    assert text.publication_objection() is None


@pytest.mark.parametrize("slug", ["news", "winter-warmth", "a1", "x" * 40])
def test_a_plain_name_may_stand_in_an_address(slug: str) -> None:
    assert slug_objection(slug) is None


@pytest.mark.parametrize("slug", ["", "News", "a--b", "-a", "a-", "新闻", "a/b", "x" * 41])
def test_anything_else_may_not(slug: str) -> None:
    no = slug_objection(slug)

    assert no is not None
    assert no.code == "slug.invalid"


def test_article_ids_are_short_and_differ() -> None:
    ids = {new_article_id() for _n in range(100)}

    assert len(ids) == 100
    assert {len(each) for each in ids} == {10}


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("Lu  Chunfang", "luchunfang"),
        ("ＬＵ　春芳", "lu春芳"),
        ("陆\u200b春\ufeff芳", "陆春芳"),
    ],
)
def test_texts_are_folded_before_they_are_compared(typed: str, compared: str) -> None:
    assert folded(typed) == compared


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("春芳", True),
        ("汤", True),
        ("soup LU", True),
        ("热汤 扫街", True),
        ("春芳 摆渡", False),
        ("芳凌", False),
        (" ", False),
        ("\u200b", False),
    ],
)
def test_every_word_of_a_search_has_to_stand_in_the_texts(query: str, found: bool) -> None:
    texts = [Words("陆春芳", "Lu Chunfang"), Words("凌晨一锅热汤，留给扫街的人", "Soup at four")]

    assert contains(query, texts) is found


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("203", 203),
        ("２０３", 203),
        ("203号", 203),
        ("No. 203", 203),
        ("编号203", 203),
        ("陆春芳", None),
        ("2026年", None),
        ("1234567", None),
    ],
)
def test_a_number_is_read_out_of_a_search(query: str, number: int | None) -> None:
    assert candidate_number(query) == number


@pytest.mark.parametrize(("total", "pages"), [(0, 1), (1, 1), (20, 1), (21, 2), (40, 2), (41, 3)])
def test_a_list_has_as_many_pages_as_it_needs(total: int, pages: int) -> None:
    assert pages_of(total) == pages


@pytest.mark.parametrize(
    ("text", "year"), [("2026", 2026), ("", None), ("26", None), ("2026年", None), ("9999", None)]
)
def test_only_a_year_is_read_as_one(text: str, year: int | None) -> None:
    assert year_of(text) == year


def test_voting_asks_most_of_visitors_and_the_past_least() -> None:
    order = sorted([None, *StageKind], key=urgency)

    assert order[:2] == [StageKind.VOTING, StageKind.NOMINATION]
    assert order[-1] is None


def test_everybody_stands_first_in_turn() -> None:
    rows = list(range(15))

    days = [in_turn(rows, date(2026, 11, day), 6) for day in range(1, 11)]

    assert {len(set(shown)) for shown in days} == {6}
    assert set().union(*days) == set(rows)
    assert days[0] != days[1]


def test_a_short_list_is_shown_as_it_is() -> None:
    assert in_turn([1, 2], date(2026, 11, 1), 6) == [1, 2]


def test_reads_are_counted_until_they_are_taken() -> None:
    counter = ViewCounter()
    counter.seen("a")
    counter.seen("a")
    counter.seen("b")

    taken = counter.take()

    assert taken == {"a": 2, "b": 1}
    assert counter.take() == {}
    assert counter.waiting("a") == 0


def test_reads_that_could_not_be_written_wait_on() -> None:
    counter = ViewCounter()
    counter.seen("a")
    taken = counter.take()
    counter.seen("a")

    counter.put_back(taken)

    assert counter.waiting("a") == 2
