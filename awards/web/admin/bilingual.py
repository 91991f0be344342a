"""Forms that are written in both languages: a field with `_zh`, and one with `_en`."""

from collections.abc import Iterable
from typing import Any

from awards.nominations.rules import clean_text
from awards.web.forms import Form
from awards.words import Words


def words_in(form: Form, name: str) -> Words:
    """What was typed into both fields, as we keep texts."""
    return Words(clean_text(form[f"{name}_zh"].data), clean_text(form[f"{name}_en"].data))


def texts_in(form: Form, names: Iterable[str]) -> dict[str, Any]:
    """The same for several names."""
    return {name: words_in(form, name) for name in names}


def both_of(row: Any, names: Iterable[str]) -> dict[str, str]:
    """What fills the fields, out of a row."""
    return {
        f"{name}_{tag}": getattr(getattr(row, name), tag) for name in names for tag in ("zh", "en")
    }
