"""What Python sends to a component and what its JavaScript reads: one type on both sides, with the same fields."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from services.settings import ROOT

COMPONENTS = ROOT / "components"

SIMPLE = {"str": "string", "int": "number", "float": "number", "bool": "boolean", "list[str]": "string[]"}
"""The same type in Python and in JSDoc, where that can be said of a name alone."""

Fields = dict[str, str]


@cache
def python_types() -> dict[str, Fields]:
    """The fields of each TypedDict of the components, with those that it inherits."""
    found: dict[str, Fields] = {}
    classes = [
        node
        for file in sorted(COMPONENTS.rglob("*.py"))
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.ClassDef)
    ]
    for node in classes:
        bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
        if "TypedDict" in bases or any(base in found for base in bases):
            fields = {
                line.target.id: ast.unparse(line.annotation)
                for line in node.body
                if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
            }
            found[node.name] = {name: kind for base in bases for name, kind in found.get(base, {}).items()} | fields
    return found


def javascript_types(script: str) -> dict[str, Fields]:
    """The fields of each typedef of a script."""
    found: dict[str, Fields] = {}
    for comment in re.findall(r"/\*\*(.*?)\*/", script, re.DOTALL):
        for part in comment.split("@typedef")[1:]:
            if named := re.match(r" \{object\} (\w+)", part):
                found[named[1]] = {field: kind for kind, field in re.findall(r"@property \{(.*)\} (\w+)\b", part)}
    return found


def scripts() -> list[Path]:
    """The components' scripts, without what goes before them."""
    found = sorted(COMPONENTS.rglob("*.js"))
    return [file for file in found if file.name != "elements.js" and not file.parent.name.endswith("_parts")]


def with_parts(script: Path) -> str:
    """A script with the parts that it begins with (components.elements.browser)."""
    parts = sorted(script.with_name(f"{script.stem}_parts").glob("*.js"))
    return "\n".join(file.read_text() for file in (*parts, script))


@pytest.mark.parametrize("file", scripts(), ids=lambda file: file.stem)
def test_script_and_python_name_the_same_fields(file: Path) -> None:
    script = with_parts(file)
    ours, theirs = python_types(), javascript_types(script)
    drawn = re.findall(r"Drawing<(\w+)>", script)
    if "export default function ()" in script:
        # It takes nothing of what Streamlit calls it with.
        assert not drawn
        return
    assert len(drawn) == 1 and drawn[0] in ours and drawn[0] in theirs
    for name in theirs.keys() & ours.keys():
        assert theirs[name].keys() == ours[name].keys(), name
        for field, kind in ours[name].items():
            assert theirs[name][field] == SIMPLE.get(kind, theirs[name][field]), f"{name}.{field}"


def test_every_component_is_called_with_typed_data() -> None:
    calls = [
        (file.relative_to(ROOT), line)
        for file in sorted(COMPONENTS.rglob("*.py"))
        for line in file.read_text().splitlines()
        if re.search(r'component\("[\w/]+"\)\(', line)
    ]
    assert calls
    assert not [call for call in calls if "data={" in call[1]]
    assert len(calls) == len(scripts())
