"""Which page of a list was asked for."""

import pytest
from starlette.requests import Request

from awards.errors import NotFound
from awards.web.paging import page_number


def asked(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1),
        ("page=1", 1),
        ("page=7", 7),
        ("page=x", 1),
        ("page=", 1),
        ("page=-1", 1),
        ("page=٣", 1),
    ],
)
def test_a_page_that_exists_is_shown(query: str, number: int) -> None:
    assert page_number(asked(query), 7) == number


@pytest.mark.parametrize(("query", "pages"), [("page=8", 7), ("page=0", 7), ("page=2", 0)])
def test_a_page_that_does_not_exist_is_not_found(query: str, pages: int) -> None:
    with pytest.raises(NotFound):
        page_number(asked(query), pages)


def test_an_empty_list_has_a_first_page() -> None:
    assert page_number(asked(""), 0) == 1


def test_a_number_without_end_means_the_first_page() -> None:
    assert page_number(asked("page=" + "9" * 5000), 7) == 1
