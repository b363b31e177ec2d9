"""The workbook: the links file with real dates and links to click, in which text stays text."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from services.export import explanations, workbook
from services.export.explanations import MEANINGS
from services.export.table import COLUMNS, COLUMNS_WITH_IDS
from services.export.workbook import links_workbook
from services.link import NOT_A_LINK
from services.participants import Participant
from services.rooms.entry import Entry
from services.roster.reading import read_file
from services.texts.speech import speaking
from tests.entries import BERLIN, HOSTILE, ODD, entry
from tests.office import rows_read


def opened(file: bytes | Path) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(file) if isinstance(file, bytes) else file).active
    assert isinstance(sheet, Worksheet)
    return sheet


def sheet_of(*entries: Entry) -> Worksheet:
    return opened(links_workbook(entries, BERLIN))


def row_of(one: Entry) -> dict[str, Cell]:
    cells = [cell for cell in sheet_of(one)[2] if isinstance(cell, Cell)]
    return dict(zip(COLUMNS, cells, strict=True))


def test_room_is_one_row_with_all_columns() -> None:
    person = Participant(label="Анна К.", email="anna@example.org", external_id="007")
    started = datetime(2026, 11, 24, 9, 0, 5, 999_999, tzinfo=UTC)
    row = row_of(entry(person=person, batch="Week 3", language="Russian", voice="cedar", started_at=started))
    assert {name: cell.value for name, cell in row.items()} == {
        "no": 1,
        "label": "Анна К.",
        "external_id": "007",
        "email": "anna@example.org",
        "link": "https://app.aseed.ai/interview/SECRET1",
        "status": "pending",
        "expires_at": datetime(2026, 11, 30, 21, 13),
        "expires_at_local": datetime(2026, 11, 30, 22, 13),
        "timezone": "Europe/Berlin",
        "language": "Russian",
        "max_duration_minutes": 30,
        "voice": "cedar",
        "handed_out_at": None,
        "handed_out_by": None,
        "started_at": datetime(2026, 11, 24, 9, 0, 5),
        "finished_at": None,
        "respondent_email": None,
        "batch": "Week 3",
        "project_name": "Coffee",
        "project_id": "22222222-2222-4222-8222-222222222222",
        "record_id": None,
        "created_at": datetime(2026, 11, 23, 21, 13),
    }


def test_room_ids_are_written_only_when_asked_for() -> None:
    sheet = opened(links_workbook([entry()], BERLIN, room_ids=True))
    assert [cell.value for cell in sheet[1]] == list(COLUMNS_WITH_IDS)
    assert sheet[2][COLUMNS_WITH_IDS.index("room_id")].value == entry().id


def test_moments_are_dates_with_their_clock() -> None:
    row = row_of(entry())
    assert row["expires_at"].is_date and row["expires_at_local"].is_date
    assert row["expires_at"].number_format == workbook.UTC_FORMAT
    assert row["expires_at_local"].number_format == workbook.LOCAL_FORMAT


@pytest.mark.parametrize(
    ("moment", "cell"),
    [
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), datetime(9999, 12, 31, 23, 59)),
        (datetime(1899, 5, 1, 10, tzinfo=UTC), "1899-05-01 10:00:00+00:00"),
    ],
)
def test_moments_outside_the_calendar_are_text(moment: datetime, cell: object) -> None:
    assert row_of(entry(expires_at=moment))["expires_at"].value == cell


def test_doubled_time_shows_its_offset() -> None:
    moments = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    column = COLUMNS.index("expires_at_local")
    cells = [row[column] for row in sheet_of(*(entry(expires_at=moment) for moment in moments)).iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [datetime(2026, 10, 25, hour, 30) for hour in (2, 2, 3)]
    endings = ('" UTC+2"', '" UTC+1"', "")
    assert [cell.number_format for cell in cells] == [workbook.LOCAL_FORMAT + ending for ending in endings]


def test_header_stays_visible_and_filters_rows() -> None:
    sheet = sheet_of(entry(1), entry(2))
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:V3"
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.column_dimensions["E"].width > 50


def test_empty_selection_has_a_header() -> None:
    assert sheet_of().max_row == 1


def test_proper_link_leads_where_it_says() -> None:
    for url in ("https://app.aseed.ai/interview/a,b?c=%20&d='", "https://app.aseed.ai/interview/a#b"):
        link = row_of(entry(url=url))["link"]
        assert link.value == url and link.hyperlink
        target, place = link.hyperlink.target, link.hyperlink.location
        assert (f"{target}#{place}" if place else target) == url


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://evil.example/x", "=1+1", "internal:Sheet1!A1", ""])
def test_improper_link_is_marked_and_not_clickable(url: str) -> None:
    link = row_of(entry(url=url))["link"]
    assert (link.value, link.data_type, link.hyperlink) == (f"{NOT_A_LINK}{url}", "s", None)


def test_link_that_would_be_rewritten_is_text() -> None:
    for url in ("https://app.aseed.ai/i/[x]", "https://app.aseed.ai/i/100%"):
        link = row_of(entry(url=url))["link"]
        assert (link.value, link.hyperlink) == (url, None)


def test_links_over_the_sheets_limit_are_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_LINKS", 2)
    sheet = sheet_of(*(entry(number) for number in (1, 2, 3)))
    assert [bool(sheet.cell(row, 5).hyperlink) for row in (2, 3, 4)] == [True, True, False]
    assert sheet.cell(4, 5).value == "https://app.aseed.ai/interview/SECRET3"


@pytest.mark.parametrize("column", ["label", "voice", "status", "respondent_email", "project_name", "batch"])
@pytest.mark.parametrize("text", [text for text in HOSTILE if "\r" not in text])
def test_formula_is_text_without_a_guard(column: str, text: str) -> None:
    ways = {
        "label": entry(display_name=text),
        "voice": entry(voice=text),
        "status": entry(status=text),
        "respondent_email": entry(respondent_email=text),
        "project_name": entry(project=text),
        "batch": entry(batch=text),
    }
    cell = row_of(ways[column])[column]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["a\x01b", "\x1b[0m", "\ufffe\uffff", "\x0b", "\r", "_x0041_", "x\0y", "<r>&</r>"])
def test_no_character_breaks_the_file(text: str) -> None:
    file = links_workbook([entry(display_name=text), entry(2, display_name="next")], BERLIN)
    with zipfile.ZipFile(io.BytesIO(file)) as parts:
        for part in parts.namelist():
            ElementTree.fromstring(parts.read(part))
    assert opened(file)["B3"].value == "next"


@pytest.mark.parametrize("text", ["<r><t>x</t></r>", "<r>&</r>", "<r></r>"])
def test_markup_of_a_workbook_is_text(text: str) -> None:
    assert row_of(entry(display_name=text))["label"].value == text


def test_libreoffice_reads_ten_thousand_rows_unchanged(tmp_path: Path) -> None:
    texts = [*HOSTILE, *ODD, "<r><t>x</t></r>", "_x0041_"]
    odd = [
        entry(number, Participant(label=text, email=text, external_id=text), batch=text)
        for number, text in enumerate(texts, start=1)
    ]
    chosen = [*odd, *(entry(number, Participant(label=f"Анна {number}")) for number in range(len(odd) + 1, 10_001))]
    file = tmp_path / "links.xlsx"
    file.write_bytes(links_workbook(chosen, BERLIN))
    header, *rows = rows_read(file)
    assert [cell.text for cell in header] == list(COLUMNS) and len(rows) == 10_000
    assert not [cell for row in rows for cell in row if cell.formula or cell.kind == "error"]
    for name in ("label", "external_id", "email", "batch"):
        assert [row[COLUMNS.index(name)].text for row in rows[: len(texts)]] == texts
        assert {row[COLUMNS.index(name)].kind for row in rows[: len(texts)]} == {"string"}
    assert [row[COLUMNS.index("link")].link for row in rows] == [one.link.text for one in chosen]
    ends = {(row[COLUMNS.index("expires_at")].moment, row[COLUMNS.index("expires_at_local")].moment) for row in rows}
    assert ends == {(datetime(2026, 11, 30, 21, 13), datetime(2026, 11, 30, 22, 13))}


def test_second_sheet_explains_each_column_of_the_file() -> None:
    assert set(MEANINGS) == set(COLUMNS_WITH_IDS)
    for code, name, meaning in (
        ("en", "Columns explained", "When the link runs out, in UTC."),
        ("ru", "Что значат столбцы", "Когда истекает ссылка, по UTC."),
    ):
        with speaking(code):
            book = openpyxl.load_workbook(io.BytesIO(links_workbook([entry()], BERLIN)))
        assert book.sheetnames == ["Links", name] and book.active == book["Links"]
        assert [cell.value for cell in book["Links"][1]] == list(COLUMNS)
        rows = list(book[name].iter_rows(min_row=2, values_only=True))
        assert [row[0] for row in rows] == list(COLUMNS)
        assert ("expires_at", meaning) in rows


def test_file_with_explanations_is_read_as_a_list() -> None:
    people = [entry(number, Participant(label=f"Anna {number}")) for number in (1, 2)]
    for code, ids in (("en", False), ("ru", True)):
        with speaking(code):
            sheet = read_file(links_workbook(people, BERLIN, room_ids=ids), "links.xlsx")
        assert sheet.title == "Links" and [row[1] for row in sheet.rows] == ["label", "Anna 1", "Anna 2"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Erklärungen zu [allen] Spalten / *?", "Erklärungen zu  allen  Spalten"),
        ("Ein Name, der viel länger ist, als Excel erlaubt", "Ein Name, der viel länger ist,"),
        ("links", "Links 2"),
        ("'", "Links 2"),
    ],
)
def test_translated_name_of_a_sheet_suits_excel(said: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explanations, "_", lambda text: said if text == "Columns explained" else text)
    assert openpyxl.load_workbook(io.BytesIO(links_workbook([], BERLIN))).sheetnames == ["Links", name]
