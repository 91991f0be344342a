"""The program installs itself, or says in one sentence why it can't."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from awards.bootstrap import ROOT, Environment, python_objection

EARLY = ["server.py", "awards/__init__.py", "awards/bootstrap.py"]
COMMAND = [sys.executable, "server.py", "doctor"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A checkout with what runs before the environment, locks of its own, and one command."""
    for name in EARLY:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "awards" / "cli.py").write_text(
        "import sys, token_paper\n"
        "def main(arguments):\n"
        "    print(arguments, token_paper.__file__, sys.prefix)\n"
        "    return 0\n"
    )
    write_locks(tmp_path, ["token-paper"], ["token-paper", "token-ink"])
    return tmp_path


def write_locks(root: Path, runtime: list[str], dev: list[str]) -> None:
    for name, packages in (("runtime", runtime), ("dev", dev)):
        lock = root / "awards" / "locks" / f"{name}.txt"
        lock.parent.mkdir(exist_ok=True)
        lock.write_text("".join(locked_wheel(root / "wheels", package) for package in packages))


def locked_wheel(folder: Path, package: str) -> str:
    """Make a wheel that holds one empty module; return its lines in a lock."""
    folder.mkdir(exist_ok=True)
    module = package.replace("-", "_")
    information = f"{module}-1.0.dist-info"
    path = folder / f"{module}-1.0-py3-none-any.whl"
    if not path.exists():
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr(f"{module}.py", "")
            wheel.writestr(
                f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
            )
            wheel.writestr(
                f"{information}/WHEEL",
                "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
            )
            wheel.writestr(f"{information}/RECORD", "")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{package}==1.0 \\\n    --hash=sha256:{digest}\n"


def settings(root: Path) -> dict[str, str]:
    """An environment in which pip finds the wheels of this copy, and nothing else."""
    return {
        "PATH": os.environ["PATH"],
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(root / "wheels"),
    }


def start(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command or COMMAND, cwd=root, env=settings(root), capture_output=True, text=True
    )


def installed(root: Path) -> list[str]:
    return sorted(path.name for path in root.glob(".venv/lib/*/site-packages/token_*.py"))


@pytest.mark.parametrize("name", EARLY)
def test_early_files_can_be_read_by_an_old_python(name: str) -> None:
    source = (ROOT / name).read_text(encoding="utf-8")

    assert ast.parse(source, feature_version=(3, 8)).body != []


def test_early_files_import_the_standard_library_alone() -> None:
    listing = "import sys, awards.bootstrap; print(*{name.split('.')[0] for name in sys.modules})"
    ended = subprocess.run(
        [sys.executable, "-S", "-c", listing], cwd=ROOT, capture_output=True, text=True, check=True
    )

    strangers = set(ended.stdout.split()) - sys.stdlib_module_names - {"awards"}

    assert {name for name in strangers if not name.startswith(("__", "_sysconfig"))} == set()


@pytest.mark.parametrize("version", [(3, 11), (3, 13), (4, 0)])
def test_new_python_is_accepted(version: tuple[int, int]) -> None:
    assert python_objection(version) is None


def test_old_python_gets_one_sentence(copy: Path) -> None:
    pretend = (
        "import sys, runpy; sys.version_info = (3, 8, 20); sys.argv = ['server.py']; "
        "sys.path.insert(0, ''); runpy.run_path('server.py', run_name='__main__')"
    )

    ended = start(copy, sys.executable, "-c", pretend)

    assert ended.returncode == 2
    assert ended.stderr == (
        "Haoren needs Python 3.11 or newer, and this is Python 3.8: "
        "install a newer one and run server.py with it.\n"
    )
    assert not (copy / ".venv").exists()


def test_folder_that_cannot_be_written_gets_one_sentence(copy: Path) -> None:
    # Permissions don't stop root, so the place itself is one where nobody can write.
    (copy / ".venv").symlink_to("/dev/null/nowhere")

    ended = start(copy)

    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith(
        f"The environment {copy}/.venv cannot be written ("
    )
    assert "Traceback" not in ended.stderr


def test_missing_network_gets_one_sentence(copy: Path) -> None:
    closed = {**settings(copy), "PIP_NO_INDEX": "", "PIP_INDEX_URL": "http://127.0.0.1:9/"}
    del closed["PIP_FIND_LINKS"]

    ended = subprocess.run(COMMAND, cwd=copy, env=closed, capture_output=True, text=True)

    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1] == (
        "The packages could not be fetched: check the network, and pip's settings if you use a "
        "mirror or a proxy, then run the same command again; "
        f"details are in {copy}/.venv/install.log."
    )
    assert not (copy / ".venv" / "stamp.txt").exists()


def test_package_with_another_hash_is_refused(copy: Path) -> None:
    lock = copy / "awards" / "locks" / "runtime.txt"
    lock.write_text(f"token-paper==1.0 --hash=sha256:{'0' * 64}\n")

    ended = start(copy)

    assert ended.returncode == 2
    assert ended.stderr.splitlines()[-1].startswith("A package is not the one that the lock names")
    assert installed(copy) == []


def test_first_start_installs_and_the_second_does_not(copy: Path) -> None:
    first = start(copy)
    stamped = (copy / ".venv" / "stamp.txt").stat().st_mtime_ns
    second = start(copy)

    assert (first.returncode, second.returncode) == (0, 0)
    assert "Installing the packages (1)" in first.stderr
    assert second.stderr == ""
    assert second.stdout == first.stdout
    assert first.stdout.startswith(f"['doctor'] {copy}/.venv/lib/")
    assert (copy / ".venv" / "stamp.txt").stat().st_mtime_ns == stamped


def test_changed_lock_makes_the_environment_anew(copy: Path) -> None:
    start(copy)
    write_locks(copy, ["token-paper", "token-seal"], [])

    again = start(copy)

    assert again.returncode == 0
    assert installed(copy) == ["token_paper.py", "token_seal.py"]


def test_interrupted_installation_is_started_over(copy: Path) -> None:
    start(copy)
    (copy / ".venv" / "stamp.txt").unlink()
    for left in copy.glob(".venv/lib/*/site-packages/token_paper.py"):
        left.write_text("this was cut")

    again = start(copy)

    assert again.returncode == 0
    assert installed(copy) == ["token_paper.py"]


def test_two_starts_at_once_install_once(copy: Path) -> None:
    both = [
        subprocess.Popen(
            COMMAND,
            cwd=copy,
            env=settings(copy),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[1] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert "".join(said).count("Installing the packages (1)") == 1


def test_development_packages_are_added_to_a_finished_environment(copy: Path) -> None:
    start(copy)
    made = (copy / ".venv" / "pyvenv.cfg").stat().st_mtime_ns
    shutil.copy(copy / "awards" / "cli.py", copy / "awards" / "quality.py")

    ended = start(copy, sys.executable, "server.py", "check")
    after = start(copy)

    assert (ended.returncode, after.returncode) == (0, 0)
    assert installed(copy) == ["token_ink.py", "token_paper.py"]
    assert (copy / ".venv" / "pyvenv.cfg").stat().st_mtime_ns == made
    assert after.stderr == ""


def test_stamp_of_another_python_does_not_count(copy: Path) -> None:
    environment = Environment(copy / ".venv", copy / "awards" / "locks")
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    wanted = environment.wanted(dev=False)

    environment.write_stamp(wanted)
    assert environment.has(wanted)

    environment.write_stamp(["python 3.10", *wanted[1:]])
    assert not environment.has(wanted)
