"""The locks install what pyproject.toml names, all of it by hash, and name no place to get it."""

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from awards.bootstrap import LOCKS, ROOT

PACKAGE = re.compile(r"[a-z0-9-]+==[A-Za-z0-9.+]+(?: ; [a-z_]+ [<>=!]+ '[A-Za-z0-9.]+')? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = [Requirement(text) for text in PROJECT["dependencies"]]
DEV = [Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]]


def lock_lines(name: str) -> list[str]:
    return (LOCKS / f"{name}.txt").read_text(encoding="ascii").splitlines()


def locked(name: str) -> dict[str, str]:
    """The version of each package that this lock installs on this machine."""
    requirements = [
        Requirement(line.rstrip(" \\")) for line in lock_lines(name) if not line.startswith(" ")
    ]
    return {
        requirement.name: str(requirement.specifier).removeprefix("==")
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate()
    }


def needed(requirements: list[Requirement]) -> set[str]:
    """The names of these packages and of all that they need here, as they are installed."""
    names: set[str] = set()
    todo = [(requirement, "") for requirement in requirements]
    seen: set[tuple[str, str]] = set()
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        names.add(name)
        for inner in extras(requirement):
            if (name, inner) not in seen:
                seen.add((name, inner))
                required = metadata.requires(name) or []
                todo += [(Requirement(text), inner) for text in required]
    return names


def extras(requirement: Requirement) -> list[str]:
    return ["", *sorted(requirement.extras)]


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_lock_holds_nothing_but_packages_and_hashes(name: str) -> None:
    strangers = [
        line for line in lock_lines(name) if not (PACKAGE.fullmatch(line) or HASH.fullmatch(line))
    ]

    assert strangers == []


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_every_package_has_a_hash(name: str) -> None:
    lines = lock_lines(name)

    unhashed = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if not line.startswith(" ") and not HASH.fullmatch(following)
    ]

    assert lines != []
    assert unhashed == []


def test_dev_lock_contains_the_runtime_lock() -> None:
    assert locked("runtime").items() <= locked("dev").items()


@pytest.mark.parametrize(
    ("name", "requirements"), [("runtime", RUNTIME), ("dev", RUNTIME + DEV)], ids=["runtime", "dev"]
)
def test_lock_and_project_agree(name: str, requirements: list[Requirement]) -> None:
    lock = locked(name)

    differing = [
        f"{requirement} but {lock.get(canonicalize_name(requirement.name))}"
        for requirement in requirements
        if str(requirement.specifier) != f"=={lock.get(canonicalize_name(requirement.name))}"
    ]

    assert differing == []
    assert needed(requirements) == lock.keys()
