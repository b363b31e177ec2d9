"""Who may import whom: the rules of the README's layout, read from the code itself."""

import ast
import re
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY = {
    "app.py": {"services", "starlette", "streamlit.starlette", "streamlit.get_option"},
    "pages": {"components", "services", "streamlit"},
    "components/shell.py": {"components.state", "services", "streamlit"},
    "components/create": {
        "components.create",
        "components.elements",
        "components.state",
        "services",
        "streamlit",
        "pydantic",
    },
    "components/batches": {"components.batches", "components.elements", "components.state", "services", "streamlit"},
    "components/links": {"components.links", "components.elements", "components.state", "services", "streamlit"},
    "components/desk": {"components.desk", "components.elements", "components.state", "services", "streamlit"},
    "components/settings": {
        "components.settings",
        "components.elements",
        "components.state",
        "services",
        "streamlit",
        "pydantic",
    },
    "components/elements": {"components.elements", "components.state", "services", "streamlit"},
    "components/state": {"components.state", "services", "streamlit", "pydantic"},
    "components": set[str](),
    "services/aseed": {"services.aseed", "services.settings", "pydantic", "pydantic_core", "httpx", "stamina"},
    "services/sandbox": {
        "services.sandbox",
        "services.aseed.models",
        "services.headers",
        "services.settings",
        "fastapi",
        "starlette",
        "pydantic",
        "uvicorn",
    },
    "services/export": {
        "services.export",
        "services.aseed.models",
        "services.email_address",
        "services.journal.records",
        "services.link",
        "services.local_time",
        "services.participants",
        "services.rooms",
        "services.trust",
        "qrcode",
        "bidi",
        "reportlab",
        "pypdfium2",
        "xlsxwriter",
    },
    "services/rooms": {
        "services.rooms",
        "services.aseed.models",
        "services.journal.records",
        "services.link",
        "services.local_time",
        "services.participants",
    },
    "services/changes": {
        "services.changes",
        "services.aseed",
        "services.journal",
        "services.participants",
        "services.background",
        "services.pauses",
    },
    "services/journal": {
        "services.journal",
        "services.aseed.errors",
        "services.aseed.models",
        "services.participants",
        "sqlalchemy",
        "alembic",
    },
    "services/batches": {
        "services.batches",
        "services.aseed",
        "services.journal",
        "services.participants",
        "services.background",
        "services.pauses",
    },
    "services/desk.py": {
        "services.aseed",
        "services.journal",
        "services.link",
        "services.participants",
        "services.rooms",
    },
    "services/roster": {
        "services.roster",
        "services.aseed.models",
        "services.email_address",
        "services.participants",
        "services.settings",
        "services.trust",
        "openpyxl",
    },
    "services/email_address.py": {"email_validator"},
    "services/settings.py": {"pydantic"},
    "services/link.py": {"publicsuffixlist"},
    "services/trust.py": set[str](),
    "services/headers.py": {"starlette"},
    "services/participants.py": set[str](),
    "services/local_time.py": set[str](),
    "services/background.py": {"services.journal.database"},
    "services/pauses.py": {"services.aseed.errors"},
    "services/__init__.py": set[str](),
}
"""What each folder may import besides the standard library; the longest name that fits a file counts."""


@pytest.mark.parametrize("folder", MAY)
def test_a_folder_imports_only_what_it_may(folder: str) -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in _files()
        if _folder(file) == folder
        for name in _imports(file)
        if not any(f"{name}.".startswith(f"{allowed}.") for allowed in MAY[folder])
    ]
    assert not wrong, "\n".join(wrong)


def test_every_file_of_the_application_is_under_a_rule() -> None:
    assert {_folder(file) for file in _files()} == set(MAY)


def test_the_packages_that_are_imported_are_the_direct_dependencies() -> None:
    named = {re.split(r"[^\w-]", line)[0].replace("-", "_") for line in _requirements()}
    # FastAPI itself loads these: for templates and forms. SQLAlchemy loads its driver by name.
    loaded_for_us = {"jinja2", "python_multipart", "psycopg"}
    # Starlette is FastAPI's and Streamlit's common ground, and pydantic_core is pydantic's.
    come_along = {"starlette", "pydantic_core"}
    imported = {name.split(".")[0] for file in _files() for name in _imports(file)}
    # The only one that is imported by another name than it is installed by.
    named = named - {"python_bidi"} | {"bidi"}
    assert imported - {"services", "components"} - come_along == named - loaded_for_us


def test_folders_of_components_have_at_most_twelve_arrows() -> None:
    arrows = {
        (source, name.split(".")[1])
        for file in _files()
        if (source := _screen(file))
        for name in _imports(file)
        if name.startswith("components.") and name.split(".")[1] != source
    }
    assert len(arrows) <= 12, sorted(arrows)


def test_no_module_imports_itself_in_a_circle() -> None:
    imports = {_module(file): set(_imports(file)) for file in _files()}
    arrows = {
        module: {other for other in imports if any(name == other or name.startswith(f"{other}.") for name in names)}
        for module, names in imports.items()
    }
    list(TopologicalSorter({module: others - {module} for module, others in arrows.items()}).static_order())


def _screen(file: Path) -> str:
    """The folder of components that a file is in; `shell` for the script; empty outside components."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return parts[1] if parts[0] == "components" and parts[1] != "__init__" else ""


def _module(file: Path) -> str:
    return ".".join(part for part in file.relative_to(ROOT).with_suffix("").parts if part != "__init__")


def _requirements() -> list[str]:
    lines = (ROOT / "requirements.in").read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _files() -> list[Path]:
    folders = ("pages", "components", "services")
    return [ROOT / "app.py", *(file for folder in folders for file in sorted((ROOT / folder).rglob("*.py")))]


def _folder(file: Path) -> str:
    name = file.relative_to(ROOT).as_posix()
    return max((rule for rule in MAY if name == rule or name.startswith(f"{rule}/")), key=len)


def _imports(file: Path) -> Iterator[str]:
    """The full names of what a file imports, standard library aside."""
    for node in ast.walk(ast.parse(file.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.split(".")[0] not in sys.stdlib_module_names)
