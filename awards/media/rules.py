"""What may be uploaded, and in which sizes it is kept."""

from datetime import timedelta

from awards.errors import Invalid
from awards.i18n import mark as _

WIDTHS = (320, 640, 1280)
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
UNUSED_FOR = timedelta(days=8)
"""How old a picture is before it goes for want of use: longer than a form may wait to be sent."""


def too_large(size: int) -> Invalid | None:
    """The objection to a file of so many bytes, or None."""
    if size <= MAX_BYTES:
        return None
    return Invalid(
        "photo.too_large",
        _(
            "This photo has {size} MB; at most 10 MB. Choose a smaller one, or send "
            "it from your phone's album."
        ),
        size=round(size / 1024 / 1024, 1),
    )


def too_many_pixels(width: int, height: int) -> Invalid | None:
    """The objection to a picture of this size, or None. Asked before it is decoded."""
    if width * height <= MAX_PIXELS:
        return None
    return Invalid(
        "photo.too_many_pixels",
        _("This photo has {megapixels} megapixels; at most 40. Please choose a smaller one."),
        megapixels=round(width * height / 1_000_000),
    )


def not_a_picture() -> Invalid:
    """The objection to a file that is no JPEG, PNG or WebP."""
    return Invalid(
        "photo.not_a_picture",
        _("This file is not a photo that we can read. Please choose a JPEG, PNG or WebP."),
    )


def widths_for(width: int) -> list[int]:
    """The widths to keep of a picture: each standard one below its own, and its own up to the
    largest.
    """
    return sorted({min(width, each) for each in WIDTHS})


def nearest(width: int, wanted: int) -> int:
    """The kept width to show where `wanted` is asked for."""
    kept = widths_for(width)
    return next((each for each in kept if each >= wanted), kept[-1])
