"""The documentation tells of everything there is: settings, commands, decisions, words."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from awards.cli import app
from awards.config import Config

ROOT = Path(__file__).parents[1]
READ_BY_TESTS = {
    "AWARDS_TEST_BALLOTS",
    "AWARDS_TEST_DATABASE",
    "AWARDS_TEST_DRILL",
    "AWARDS_TEST_POSTGRES_URL",
}


def undocumented(settings: set[str], text: str) -> set[str]:
    """The settings that the page does not explain."""
    return {name for name in settings if f"`{name}`" not in text}


def settings() -> set[str]:
    """Every variable that the program reads."""
    return {f"AWARDS_{name.upper()}" for name in Config.model_fields}


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert undocumented(settings() | READ_BY_TESTS, text) == set()
    assert set(re.findall(r"`(AWARDS_\w+)`", text)) == settings() | READ_BY_TESTS


def test_a_planted_setting_is_caught() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert undocumented({"AWARDS_MAIL_URL", "AWARDS_SECRET_PLAN"}, text) == {"AWARDS_SECRET_PLAN"}


def commands() -> list[str]:
    """Every command with its group: `user add`."""
    found: list[str] = []
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        found += [f"{name} {each}" for each in getattr(command, "commands", {})] or [name]
    return found


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [each for each in commands() if f"server.py {each}" not in text] == []


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "CONTRIBUTING.md",
        *(f"docs/{each.name}" for each in (ROOT / "docs").glob("*.md")),
    ],
)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [each for each in re.findall(r"\]\(([^)#]+)", text) if "://" not in each]

    assert [each for each in targets if not ((ROOT / page).parent / each).exists()] == []


def test_no_page_names_a_path_of_one_machine() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]

    assert [
        page for page in pages if re.search(r"(?<![\w.])/(work|home|root)/\w", page.read_text())
    ] == []
