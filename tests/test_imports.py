"""Who may import whom: the rules of the README's layout, read from the code itself."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY = {
    "app.py": {"services", "starlette", "streamlit.starlette", "streamlit.get_option"},
    "pages": {"components", "services", "streamlit"},
    "components": {"components", "services", "streamlit", "pydantic"},
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
        "services.journal.records",
        "services.local_time",
        "services.participants",
        "services.rooms",
        "services.trust",
        "qrcode",
        "reportlab",
        "pypdfium2",
        "xlsxwriter",
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
    },
    "services/roster": {
        "services.roster",
        "services.aseed.models",
        "services.participants",
        "services.settings",
        "services.trust",
        "openpyxl",
    },
    "services": {"services", "pydantic", "starlette", "publicsuffixlist"},
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
    named = {line.split("==")[0].split("[")[0].replace("-", "_") for line in _requirements()}
    # FastAPI itself loads these: for templates, forms, and the email format. SQLAlchemy loads its driver by name.
    loaded_for_us = {"jinja2", "python_multipart", "email_validator", "psycopg"}
    # Starlette is FastAPI's and Streamlit's common ground, and pydantic_core is pydantic's.
    come_along = {"starlette", "pydantic_core"}
    imported = {name.split(".")[0] for file in _files() for name in _imports(file)}
    assert imported - {"services", "components"} - come_along == named - loaded_for_us - {"pandas"}


def _requirements() -> list[str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
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
