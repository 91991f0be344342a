"""Every deed that the code writes has words, and no words are left over."""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from awards.actor import Role
from awards.audit.deeds import ACTORS, DEEDS, DETAILS, SUBJECTS, VALUES
from awards.audit.queries import CHAIN
from awards.nominations.rules import ConsentState, DecisionKind, GivenBy, How

AWARDS = Path(__file__).parents[2] / "awards"
ENDINGS = {
    "campaign.": ["published", "paused", "resumed"],
    "consent.": [each.value for each in ConsentState if each != ConsentState.REQUESTED],
    "nomination.": [each.value for each in DecisionKind],
}
"""What stands behind the point where the code fills it in."""


def records(source: str) -> Iterator[ast.Call]:
    """The calls of `record`, and of what hands its words on to it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in ("record", "_record"):
                yield node


def deeds(source: str) -> set[str]:
    """The deeds that this code writes."""
    return {
        deed
        for call in records(source)
        for value in chain(
            call.args, [each.value for each in call.keywords if each.arg == "action"]
        )
        for deed in _written(value)
    }


def _named(call: ast.Call, name: str) -> list[ast.expr]:
    return [each.value for each in call.keywords if each.arg == name]


def _written(value: ast.expr) -> list[str]:
    if isinstance(value, ast.IfExp):
        return _written(value.body) + _written(value.orelse)
    if isinstance(value, ast.Constant):
        return [str(value.value)]
    if isinstance(value, ast.JoinedStr):
        prefix = _prefix(value)
        return [prefix + ending for ending in ENDINGS.get(prefix, ["…"])]
    return []  # A variable: who calls with it is read instead.


def _prefix(value: ast.expr) -> str:
    first = value.values[0] if isinstance(value, ast.JoinedStr) else value
    return str(first.value) if isinstance(first, ast.Constant) else ""


def subjects(source: str) -> set[str]:
    """What kinds of thing the deeds of this code are about."""
    values = [
        each.value for call in records(source) for each in call.keywords if each.arg == "subject"
    ]
    return {_prefix(value).partition(":")[0] for value in values if not isinstance(value, ast.Name)}


def details(source: str) -> set[str]:
    """What else is recorded of them."""
    names = {each.arg or "**" for call in records(source) for each in call.keywords}
    return names - {"by", "action", "subject"}


SOURCES = [path.read_text(encoding="utf-8") for path in sorted(AWARDS.rglob("*.py"))]


def test_every_deed_has_words_and_no_words_are_left_over() -> None:
    assert set(chain.from_iterable(map(deeds, SOURCES))) == set(DEEDS)


def test_what_deeds_are_about_has_words() -> None:
    found = set(chain.from_iterable(map(subjects, SOURCES)))

    assert found | {CHAIN.partition(":")[0]} == set(SUBJECTS)


def test_every_detail_has_words() -> None:
    assert set(chain.from_iterable(map(details, SOURCES))) == set(DETAILS)


def test_every_role_and_way_has_words() -> None:
    assert set(VALUES["role"]) == set(Role)
    assert set(VALUES["how"]) == {*How, "password"}
    assert set(VALUES["given_by"]) == set(GivenBy)


def test_everybody_without_an_account_has_words() -> None:
    named = {
        str(node.args[0].value)
        for source in SOURCES
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        and node.func.id == "system" and node.args and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip

    assert named | {"visitor"} == set(ACTORS)


def test_a_planted_deed_is_found() -> None:
    planted = 'await record(by=by, action="moon.landed", subject=f"moon:{id}", dust=3)'
    filled = 'await record(by=by, action=f"moon.{deed}", subject="moon:1")'

    assert deeds(planted) == {"moon.landed"}
    assert subjects(planted) == {"moon"}
    assert details(planted) == {"dust"}
    assert deeds(filled) == {"moon.…"}
