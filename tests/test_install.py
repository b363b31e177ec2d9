"""What is locked, and when `tests/run` installs it: a program that only notes its calls stands in for Python."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHON = """#!/bin/sh
echo "$*" >>calls
touch .venv/lib/python3.11/site-packages/new && exit $(cat exit)
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the script, two lock files and an empty environment."""
    for folder in ("tests", ".venv/bin", ".venv/lib/python3.11/site-packages"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "tests" / "install", tmp_path / "tests")
    (tmp_path / "requirements.txt").write_text("a==1\n")
    (tmp_path / "tests" / "requirements.txt").write_text("b==1\n")
    (tmp_path / "exit").write_text("0")
    (tmp_path / ".venv" / "bin" / "python").write_text(PYTHON)
    (tmp_path / ".venv" / "bin" / "python").chmod(0o755)
    return tmp_path


def installs(checkout: Path) -> int:
    """How often packages are installed in one run of the script."""
    calls = checkout / "calls"
    calls.write_text("")
    subprocess.run(["bash", "tests/install"], cwd=checkout, check=False)
    return len(calls.read_text().splitlines())


def test_second_run_installs_nothing(checkout: Path) -> None:
    assert [installs(checkout), installs(checkout)] == [1, 0]


@pytest.mark.parametrize("lock", ["requirements.txt", "tests/requirements.txt"])
def test_changed_lock_is_installed(checkout: Path, lock: str) -> None:
    installs(checkout)
    (checkout / lock).write_text("a==2\n")
    assert [installs(checkout), installs(checkout)] == [1, 0]


def test_failed_install_is_repeated(checkout: Path) -> None:
    (checkout / "exit").write_text("1")
    installs(checkout)
    (checkout / "exit").write_text("0")
    assert [installs(checkout), installs(checkout)] == [1, 0]


def test_package_installed_by_hand_is_noticed(checkout: Path) -> None:
    installs(checkout)
    changed = (checkout / ".venv" / "lock").stat().st_mtime + 1
    os.utime(checkout / ".venv" / "lib" / "python3.11" / "site-packages", (changed, changed))
    assert installs(checkout) == 1


@pytest.mark.parametrize("folder", [".", "tests"])
def test_every_direct_dependency_is_locked(folder: str) -> None:
    direct = re.findall(r"^\w[\w-]*", (ROOT / folder / "requirements.in").read_text(), re.MULTILINE)
    lock = (ROOT / folder / "requirements.txt").read_text()
    assert direct and set(direct) <= set(re.findall(r"^([\w-]+)==", lock, re.MULTILINE))


@pytest.mark.parametrize("folder", [".", "tests"])
def test_every_locked_version_has_hashes(folder: str) -> None:
    lock = (ROOT / folder / "requirements.txt").read_text()
    packages = re.split(r"^(?=[\w-]+==)", lock, flags=re.MULTILINE)[1:]
    assert packages and all("--hash=sha256:" in package for package in packages)
    assert "://" not in lock, "a registry is named by each machine's own configuration"


def test_both_locks_hold_same_versions() -> None:
    ours, tests = (
        set(re.findall(r"^[\w-]+==.+", (ROOT / folder / "requirements.txt").read_text(), re.MULTILINE))
        for folder in (".", "tests")
    )
    both = {line.split("==")[0] for line in ours} & {line.split("==")[0] for line in tests}
    assert {line for line in ours ^ tests if line.split("==")[0] in both} == set()
