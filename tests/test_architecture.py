"""The order of the house: who may import whom. Read from the source, so it takes milliseconds."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

HOUSE = (
    "audit", "transparency", "notifications", "media", "accounts", "campaigns", "nominations",
    "judging", "voting", "integrity", "results", "honours", "portal",
)  # fmt: skip
FACES = ("web", "backup", "cli", "jobs", "app", "demo", "health")
FLOORS = ("rules", "models", "queries", "actions")
GROUND = (
    "actor", "bootstrap", "clock", "config", "db", "errors", "fields", "i18n", "logs", "outbound",
    "quality", "schema", "signing", "sqlite_engine", "templating", "views", "words", "migrations",
)  # fmt: skip
RULES_MAY = {"actor", "errors", "i18n", "words", "signing"}


@dataclass(frozen=True)
class Import:
    """One import: from which module, of which module, on which line, and whether it stands at the
    top.
    """

    importer: str
    imported: str
    line: int
    is_at_top: bool


def imports_below(root: Path) -> Iterator[Import]:
    """Every import of the program."""
    for path in sorted((root / "awards").rglob("*.py")):
        module = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = {id(node) for node in _top_level(tree)}
        for node in ast.walk(tree):
            for imported in _named(node):
                yield Import(module, imported, node.lineno, id(node) in top)  # type: ignore[attr-defined]


def _top_level(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        yield node
        if isinstance(node, ast.If):  # TYPE_CHECKING blocks
            yield from node.body


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert not node.level, "imports are absolute"
        yield node.module or ""
        if node.module and node.module.startswith("awards"):
            yield from (
                f"{node.module}.{alias.name}" for alias in node.names if alias.name.islower()
            )


def complaints(root: Path) -> list[str]:
    """Every import that breaks the order, in words."""
    return [
        f"{each.importer}:{each.line} imports {each.imported}: {why}"
        for each in imports_below(root)
        if (why := _objection(each))
    ]


def _objection(each: Import) -> str | None:
    if each.importer == "awards.bootstrap" or each.importer == "awards.quality":
        return None
    if not each.is_at_top:
        return "imports stand at the top of the file"
    importer, imported = each.importer.split("."), each.imported.split(".")
    if importer[1:2] == ["web"] and (imported[0] == "tortoise" or imported[-1] == "models"):
        return "web asks queries and actions, not the database"
    if imported[0] != "awards" or len(imported) < 2 or len(importer) < 2:
        return None
    return _upward(importer[1], imported[1]) or _floors(importer, imported)


def _upward(importer: str, imported: str) -> str | None:
    if importer == imported or importer in FACES:
        return None
    if importer in HOUSE:
        if imported in FACES:
            return "a capability does not know its faces"
        if imported in HOUSE and HOUSE.index(imported) > HOUSE.index(importer):
            return f"{imported} stands to the right of {importer}"
        return None
    if importer in GROUND and (imported in FACES or imported in HOUSE):
        return "the ground does not know who stands on it"
    return None


def _floors(importer: list[str], imported: list[str]) -> str | None:
    if importer[1] not in HOUSE or len(importer) < 3:
        return None
    if importer[2] == "rules" and imported[1] not in RULES_MAY and "rules" not in imported:
        return "rules know values and other rules alone"
    below, above = _floor(importer), _floor(imported) if imported[1] in HOUSE else 0
    return "a lower floor imports a higher one" if above > below else None


def _floor(module: list[str]) -> int:
    name = module[2] if len(module) > 2 else "rules"
    return FLOORS.index(name) if name in FLOORS else FLOORS.index("actions")


def test_imports_follow_the_order_of_the_house() -> None:
    assert complaints(ROOT) == []


@pytest.mark.parametrize(
    ("file", "line", "reason"),
    [
        ("awards/audit/actions.py", "from awards.voting import rules", "to the right"),
        ("awards/voting/rules.py", "from awards.voting import queries", "values and other rules"),
        ("awards/media/queries.py", "from awards.media import actions", "a higher one"),
        ("awards/clock.py", "from awards.portal import rules", "the ground"),
        ("awards/portal/rules.py", "from awards.web import render", "does not know its faces"),
        ("awards/web/health.py", "import tortoise", "not the database"),
        ("awards/web/health.py", "from awards.media.models import Picture", "not the database"),
        ("awards/clock.py", "def f() -> None:\n    import json", "at the top"),
    ],
)
def test_a_planted_import_is_caught(tmp_path: Path, file: str, line: str, reason: str) -> None:
    copy = tmp_path / file
    copy.parent.mkdir(parents=True)
    copy.write_text(f"{line}\n")

    found = complaints(tmp_path)

    assert len(found) >= 1
    assert all(reason in each for each in found)


def test_every_package_has_its_place() -> None:
    packages = {path.parent.name for path in (ROOT / "awards").glob("*/__init__.py")}
    modules = {path.stem for path in (ROOT / "awards").glob("*.py")} - {"__init__"}

    assert packages | modules <= {*HOUSE, *FACES, *GROUND}
