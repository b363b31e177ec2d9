"""The rules of the house that a reader feels: plain words, short files, short names of tests, a tree that mirrors."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

WORDS = re.compile(r"\b(whoever|whomever|nobody|somebody|anew|to be had|called to mind|lest)\b", re.IGNORECASE)
"""Words that international English does without."""

NAMES = ('getpwnam("nobody")',)
"""Names of others that are such a word."""

PROSE = {".py", ".js", ".mjs", ".css", ".html", ".md", ".toml", ".in", ".sql", ".sh", ""}
"""The endings of the files that people write."""

LONGEST_FILE = 350
"""Lines of a Python file of the application."""

LONGEST_TEST_NAME = 8
"""Words after `test_`."""


FOLDERS = ("pages", "components", "services", "tests")
"""The folders in which people write; what tools put there is passed over."""

NOT_OURS = {"node_modules", "__pycache__", "fonts"}


def _files(*folders: str) -> list[Path]:
    found = (file for folder in folders for file in sorted((ROOT / folder).rglob("*")))
    return [file for file in found if file.is_file() and not NOT_OURS & set(file.parts)]


WRITTEN = [*(file for file in ROOT.iterdir() if file.is_file()), *_files(*FOLDERS)]
APPLICATION = [ROOT / "app.py", *(file for file in _files(*FOLDERS[:3]) if file.suffix == ".py")]
TESTS = [file for file in _files("tests") if file.match("test_*.py")]


def test_texts_use_plain_words() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in WRITTEN
        if file.suffix in PROSE and file not in (ROOT / "LICENSE", Path(__file__))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if WORDS.search(line) and not any(name in line for name in NAMES)
    ]
    assert not found, "\n".join(found)


def test_files_of_the_application_stay_short() -> None:
    long = {file.relative_to(ROOT).as_posix(): count for file in APPLICATION if (count := _lines(file)) > LONGEST_FILE}
    assert not long


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_names_of_tests_stay_short(file: Path) -> None:
    names = [node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)]
    assert not [name for name in names if name.startswith("test_") and name.count("_") > LONGEST_TEST_NAME]


def test_folders_say_what_lives_there() -> None:
    folders = {file.parent for file in APPLICATION} - {ROOT, ROOT / "pages"}
    silent = [folder for folder in folders if "migrations" not in folder.parts and not _says(folder / "__init__.py")]
    assert not silent


def test_tests_of_services_mirror_their_tree() -> None:
    folders = {file.parent.relative_to(ROOT / "tests") for file in TESTS if "services" in file.parts}
    assert not [folder for folder in folders if not (ROOT / folder).is_dir()]


def _lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def _says(init: Path) -> bool:
    return init.is_file() and bool(ast.get_docstring(ast.parse(init.read_text())))
