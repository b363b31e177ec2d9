"""What the session holds: widgets' values under their keys, and the objects of components.state, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.create.form import NUMBERS
from components.state.create_form import KEPT
from services.settings import ROOT

COMPONENTS = ROOT / "components"

HELD = ("create", "batches", "settings", "elements")
"""The folders that this rule holds for."""


def files() -> list[Path]:
    return [file for folder in HELD for file in sorted((COMPONENTS / folder).rglob("*.py"))]


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
        if isinstance(key, ast.Constant):
            yield str(key.value)


def widget_keys() -> set[str]:
    """The literal keys of all widgets, and those that a preset and the numbers of Create name."""
    keys = {
        str(word.value.value)
        for file in COMPONENTS.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "key" and isinstance(word.value, ast.Constant)
    }
    return keys | set(KEPT) | set(NUMBERS)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.relative_to(COMPONENTS).as_posix())
def test_literal_session_keys_belong_to_widgets(file: Path) -> None:
    assert set(session_keys(ast.parse(file.read_text()))) <= widget_keys()


def test_rule_finds_a_key_without_widget() -> None:
    assert set(session_keys(ast.parse('st.session_state["kept"]; st.session_state.get("other")'))) == {"kept", "other"}
