"""Which sizes are kept, and how a refusal is said."""

import pytest

from awards.media.rules import (
    MAX_BYTES,
    MAX_PIXELS,
    nearest,
    not_a_picture,
    too_large,
    too_many_pixels,
    widths_for,
)


@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (1, [1]),
        (319, [319]),
        (320, [320]),
        (321, [320, 321]),
        (640, [320, 640]),
        (1000, [320, 640, 1000]),
        (1280, [320, 640, 1280]),
        (8000, [320, 640, 1280]),
    ],
)
def test_no_picture_is_enlarged(width: int, kept: list[int]) -> None:
    assert widths_for(width) == kept


@pytest.mark.parametrize(
    ("width", "wanted", "shown"),
    [(1280, 320, 320), (1280, 321, 640), (1280, 5000, 1280), (500, 320, 320), (500, 640, 500)],
)
def test_the_next_larger_size_is_shown(width: int, wanted: int, shown: int) -> None:
    assert nearest(width, wanted) == shown


def test_ten_megabytes_are_taken_and_one_byte_more_is_not() -> None:
    assert too_large(MAX_BYTES) is None

    no = too_large(MAX_BYTES + 1)
    assert no is not None
    assert (no.code, no.message.format(**no.values)[:24]) == (
        "photo.too_large",
        "This photo has 10.0 MB; ",
    )


def test_forty_megapixels_are_taken_and_one_row_more_is_not() -> None:
    assert too_many_pixels(8000, 5000) is None
    assert MAX_PIXELS == 8000 * 5000

    no = too_many_pixels(8000, 6250)
    assert no is not None
    assert (no.code, no.values) == ("photo.too_many_pixels", {"megapixels": 50})


def test_what_is_no_picture_has_a_code() -> None:
    assert not_a_picture().code == "photo.not_a_picture"
