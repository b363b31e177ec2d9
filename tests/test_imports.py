"""Who may import whom: the README's table of the layout has the rules, and the code itself is read."""

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

_ROW = re.compile(r"\| `([^`]+)` \| [^|]+ \| ([^|]+) \|")


def _rules() -> dict[str, set[str]]:
    """What each place may import besides the standard library: the README's table of the layout, and itself."""
    layout = (ROOT / "README.md").read_text(encoding="utf-8").split("## Layout")[1]
    rows = {place: set(re.findall("`([^`]+)`", names)) for place, names in _ROW.findall(layout)}
    return {place: names | {place.removesuffix(".py").replace("/", ".")} for place, names in rows.items()}


MAY = _rules()


@pytest.mark.parametrize("folder", MAY)
def test_each_place_imports_only_what_it_may(folder: str) -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in _files()
        if _folder(file) == folder
        for name in _imports(file)
        if not any(f"{name}.".startswith(f"{allowed}.") for allowed in MAY[folder])
    ]
    assert not wrong, "\n".join(wrong)


def test_every_file_is_under_one_rule() -> None:
    without = [str(file.relative_to(ROOT)) for file in _files() if not _folder(file)]
    assert not without, f'No row of the table "Layout" in README.md covers: {", ".join(without)}'
    unused = set(MAY) - {_folder(file) for file in _files()}
    assert not unused, f'Rows of the table "Layout" in README.md without a file: {", ".join(sorted(unused))}'


def test_imported_packages_are_the_direct_dependencies() -> None:
    named = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in _requirements()}
    # FastAPI itself loads these: for templates and forms. SQLAlchemy loads its driver by name, and
    # Streamlit what signs people in.
    loaded_for_us = {"jinja2", "python_multipart", "psycopg", "authlib"}
    # Starlette is FastAPI's and Streamlit's common ground, anyio is Starlette's, and pydantic_core is pydantic's.
    come_along = {"starlette", "anyio", "pydantic_core"}
    imported = {name.split(".")[0] for file in _files() for name in _imports(file)}
    # The only one that is imported by another name than it is installed by.
    named = named - {"python_bidi"} | {"bidi"}
    assert imported - {"services", "components"} - come_along == named - loaded_for_us


def test_a_folder_itself_imports_nothing() -> None:
    inits = [file for folder in ("components", "services") for file in (ROOT / folder).rglob("__init__.py")]
    assert inits and not [file for file in inits if list(_imports(file))]


def test_screens_import_elements_and_state_alone() -> None:
    arrows = {
        (source, name.split(".")[1])
        for file in _files()
        if (source := _part(file))
        for name in _imports(file)
        if name.startswith("components.") and name.split(".")[1] != source
    }
    screens = {_part(file) for file in _files()} - {"", "shell", "elements", "state"}
    # Two arrows a screen, and these three.
    allowed = {("shell", "frame"), ("shell", "state"), ("elements", "state")}
    allowed |= {(screen, below) for screen in screens for below in ("elements", "state")}
    assert arrows <= allowed, sorted(arrows - allowed)


def test_no_module_imports_itself_in_a_circle() -> None:
    imports = {_module(file): set(_imports(file)) for file in _files()}
    arrows = {
        module: {other for other in imports if any(name == other or name.startswith(f"{other}.") for name in names)}
        for module, names in imports.items()
    }
    list(TopologicalSorter({module: others - {module} for module, others in arrows.items()}).static_order())


def _part(file: Path) -> str:
    """The folder of components that a file is in; `shell` for the script; empty outside components."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "components" else ""


def _module(file: Path) -> str:
    return ".".join(part for part in file.relative_to(ROOT).with_suffix("").parts if part != "__init__")


def _requirements() -> list[str]:
    lines = (ROOT / "requirements.in").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _files() -> list[Path]:
    folders = ("pages", "components", "services")
    found = (file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))
    return [ROOT / "app.py", *(file for file in found if file.name != "__init__.py")]


def _folder(file: Path) -> str:
    """The place of the README's table that a file is in; empty where no row covers it."""
    name = file.relative_to(ROOT).as_posix()
    return max((rule for rule in MAY if name == rule or name.startswith(f"{rule}/")), key=len, default="")


def _imports(file: Path) -> Iterator[str]:
    """The full names of what a file imports, standard library aside."""
    for node in ast.walk(ast.parse(file.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.split(".")[0] not in sys.stdlib_module_names)
