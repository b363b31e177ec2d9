"""What the session holds: widgets' values under their keys, and the objects of components.state, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.create.form import NUMBERS
from components.state.create_form import KEPT
from services.settings import ROOT

COMPONENTS = ROOT / "components"

EXCEPTIONS = {
    "batches": {
        "desk_batch": "hands a batch out at a desk: fills in the choice on Desk",
        "count": "more rooms like those of a batch: fills in the form on Create",
        "for_whom": "more rooms like those of a batch: fills in the form on Create",
    },
    "create": {
        **dict.fromkeys([*KEPT, *NUMBERS], "widgets of the form, whose keys a preset and the API name"),
    },
}
"""The keys that a folder uses although none of its widgets has them, with the reason."""


def files() -> list[Path]:
    return [file for file in sorted(COMPONENTS.rglob("*.py")) if file.relative_to(COMPONENTS).parts[0] != "state"]


def is_session(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "session_state"


def session_keys(tree: ast.AST) -> Iterator[str]:
    """The literal keys by which a file reads or writes the session."""
    for node in ast.walk(tree):
        key: ast.expr | None = None
        if isinstance(node, ast.Subscript) and is_session(node.value):
            key = node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_session(node.func.value):
            key = node.args[0] if node.args else None
        elif isinstance(node, ast.Compare) and any(map(is_session, node.comparators)):
            key = node.left
        elif isinstance(node, ast.Attribute) and is_session(node.value) and node.attr not in dir(dict):
            yield node.attr
        if isinstance(key, ast.Constant):
            yield str(key.value)


def widget_keys(folder: Path) -> set[str]:
    """The literal keys of the widgets in the files of a folder."""
    return {
        str(word.value.value)
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "key" and isinstance(word.value, ast.Constant)
    }


@pytest.mark.parametrize("file", files(), ids=lambda file: file.relative_to(COMPONENTS).as_posix())
def test_literal_session_keys_belong_to_widgets(file: Path) -> None:
    allowed = widget_keys(file.parent) | set(EXCEPTIONS.get(file.relative_to(COMPONENTS).parts[0], {}))
    assert set(session_keys(ast.parse(file.read_text()))) <= allowed


@pytest.mark.parametrize("folder", EXCEPTIONS)
def test_every_exception_is_used(folder: str) -> None:
    used = {key for file in (COMPONENTS / folder).rglob("*.py") for key in session_keys(ast.parse(file.read_text()))}
    assert set(EXCEPTIONS[folder]) <= used | set(KEPT) | set(NUMBERS)


def test_rule_finds_a_key_without_widget() -> None:
    code = 'st.session_state["kept"]; st.session_state.get("other"); "third" in st.session_state; st.session_state.last'
    assert set(session_keys(ast.parse(code))) == {"kept", "other", "third", "last"}
