"""A name that is a formula: no spreadsheet runs a cell of our files, by whichever delimiter it splits them."""

import json
import tomllib
from pathlib import Path

import pytest

from services.export.delimited import Delimiter, csv_file
from services.export.table import links_csv
from services.link import NOT_A_LINK
from services.participants import Participant
from services.settings import ROOT
from tests.entries import BERLIN, entry
from tests.office import Cell, rows_read

FORMULA_CASES = Path(__file__).parents[1] / "formula_cases.json"

TEXTS = [text for text, _ in json.loads(FORMULA_CASES.read_text())]

EXPECTED = ",;\t|"
"""What spreadsheets take for the end of a cell, each by its locale or by a person's choice."""

LINKS = [f"https://app.aseed.ai/a{mark}{sign}1+1" for mark in ",;" for sign in "=+-@"]
"""Links that would run where a file is split in them, as links stand in files as they are."""


def test_tables_of_pages_give_no_file() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["client"]["disableDataExport"] is True


def opened(file: Path, expected: str) -> list[Cell]:
    return [cell for row in rows_read(file, f"CSV:{ord(expected)},34,76,1") for cell in row]


def run(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.formula or cell.kind == "error"]


@pytest.mark.parametrize("delimiter", Delimiter)
def test_nothing_runs_by_any_delimiter(delimiter: Delimiter, tmp_path: Path) -> None:
    chosen = [
        entry(number, Participant(label=text, external_id=text), batch=text, project=text, url=link)
        for number, (text, link) in enumerate(zip(TEXTS, LINKS * len(TEXTS), strict=False), start=1)
    ]
    file = tmp_path / "links.csv"
    file.write_bytes(links_csv(chosen, BERLIN, delimiter))
    for expected in EXPECTED:
        assert not run(opened(file, expected)), expected


@pytest.mark.parametrize("expected", EXPECTED)
def test_the_same_texts_run_without_the_guard(expected: str, tmp_path: Path) -> None:
    file = tmp_path / "unguarded.csv"
    file.write_bytes(csv_file({"no": [*map(str, range(len(TEXTS)))], "label": TEXTS}))
    assert len(run(opened(file, expected))) > 1


@pytest.mark.parametrize("link", LINKS)
def test_link_that_could_run_is_not_proper(link: str) -> None:
    made = entry(url=link).link
    assert not made.is_proper and made.marked.startswith(NOT_A_LINK)
