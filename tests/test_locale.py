"""The catalogues: every message of the program is translated, none is left over, places agree."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from awards.i18n import LOCALE_FOLDER

ROOT = Path(__file__).parents[1]
KEYWORDS = {
    "_": None, "_l": None, "lazy": None, "mark": None, "translate": None, "gettext": None,
    "ngettext": (1, 2), "translate_plural": (1, 2),
}  # fmt: skip
PLACES = re.compile(r"%\((\w+)\)|{(\w+)}")

Source = str | tuple[str, ...]


@cache
def sources(root: Path) -> dict[Source, str]:
    """Every message that the program and its templates name, and where."""
    found: dict[Source, str] = {}
    for method, files in (
        ("python", sorted((root / "awards").rglob("*.py"))),
        ("jinja2.ext:babel_extract", sorted((root / "templates").rglob("*.*"))),
    ):
        for path in files:
            for source, line in _messages(method, path):
                found.setdefault(source, f"{path.relative_to(root)}:{line}")
    return found


def _messages(method: str, path: Path) -> Iterator[tuple[Source, int]]:
    options = {"trimmed": "false", "newstyle_gettext": "true", "silent": "false",
               "trim_blocks": "true", "lstrip_blocks": "true"}  # fmt: skip
    for line, message, _comments, _context in extract_from_file(
        method, path, keywords=KEYWORDS, options=options
    ):
        if message:
            yield message, line


def catalogue(folder: Path = LOCALE_FOLDER) -> Catalog:
    """The Chinese catalogue."""
    with (folder / "zh_Hans" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="zh_Hans_CN", abort_invalid=True)


def complaints(root: Path, messages: Catalog) -> list[str]:
    """Whatever is untranslated, left over, fuzzy, or has other places than its source."""
    wanted = sources(root)
    have = {_source(each.id): _targets(each.string) for each in messages if each.id}
    found = [
        f"untranslated: {each!r} ({where})"
        for each, where in wanted.items()
        if not _filled(have.get(each))
    ]
    found += [f"unused: {each!r}" for each in have if each not in wanted]
    found += [f"fuzzy: {each.id!r}" for each in messages if each.id and each.fuzzy]
    return found + [
        f"other places: {source!r}"
        for source, targets in have.items()
        if _filled(targets) and not _agree(source, targets)
    ]


def _source(found: str | list[str] | tuple[str, ...]) -> Source:
    return found if isinstance(found, str) else tuple(found)


def _targets(found: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (found,) if isinstance(found, str) else tuple(found or ())


def _filled(targets: tuple[str, ...] | None) -> bool:
    return bool(targets) and all(targets or ())


def _agree(source: Source, targets: tuple[str, ...]) -> bool:
    wanted = _places(source[-1] if isinstance(source, tuple) else source)
    return all(_places(each) == wanted for each in targets)


def _places(text: str) -> set[str]:
    return {first or second for first, second in PLACES.findall(text)}


def test_every_message_is_translated_and_used() -> None:
    assert complaints(ROOT, catalogue()) == []


@pytest.mark.parametrize(
    ("source", "target", "complaint"),
    [
        ("Nobody ever says this.", "从来没有人这样说。", "unused"),
        ("Sign in", "", "untranslated"),
        ("Sign in", "登录{name}", "other places"),
    ],
)
def test_a_planted_mistake_is_caught(source: str, target: str, complaint: str) -> None:
    messages = catalogue()
    messages.delete(source)
    messages.add(source, target)

    found = complaints(ROOT, messages)

    assert len(found) == 1
    assert found[0].startswith(complaint)


def test_the_source_is_english() -> None:
    chinese = [source for source in sources(ROOT) if re.search(r"[\u4e00-\u9fff]", str(source))]

    assert chinese == []
