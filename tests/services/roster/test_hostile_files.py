"""ODS, XLS and HTML files that mean harm, or are damaged: each is read or refused within the limits of the reader."""

import io
import random
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from services.roster.reading import read_file
from services.roster.sheet import RosterError, Sheet
from services.roster.spreadsheet import answer
from tests.office import converted, program

MANY = 999_999_999
LIST = (("Name", "Email"), ("Anna", "anna@example.org"))


def cell(text: str, repeated: int = 1, spanned: int = 1) -> str:
    """A cell of an ODS. spanned: how many rows and columns it is merged over."""
    spans = f'table:number-rows-spanned="{spanned}" table:number-columns-spanned="{spanned}"'
    shown = f"<text:p>{text}</text:p>" if text else ""
    return f'<table:table-cell table:number-columns-repeated="{repeated}" {spans}>{shown}</table:table-cell>'


def row(*cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def document(*rows: str, before: str = "", sheets: int = 1) -> str:
    """The content of an ODS. before: a document type. sheets: how many tables there are of these rows."""
    table = f'<table:table table:name="People">{"".join(rows)}</table:table>' * sheets
    spaces = 'xmlns:office="o" xmlns:table="t" xmlns:text="x"'
    return f"{before}<office:document-content {spaces}><office:body>{table}</office:body></office:document-content>"


def ods(content: str, **others: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", content)
        for name, part in others.items():
            made.writestr(name, part)
    return file.getvalue()


PEOPLE = tuple(row(*map(cell, cells)) for cells in LIST)


def read(content: bytes) -> Sheet:
    return read_file(content, "list.xls")


def refused(content: bytes) -> str:
    with pytest.raises(RosterError) as error:
        read(content)
    return str(error.value)


def test_open_document_that_unpacks_to_much_is_refused() -> None:
    assert "unpacks to far more" in refused(ods(document(*PEOPLE, row(cell("x" * 50_000_000)))))
    assert "unpacks to far more" in refused(ods(document(*PEOPLE), thumbnail=bytes(50_000_000)))


def test_repeated_blank_cells_are_no_rows() -> None:
    blank = row(cell("", MANY), repeated=MANY)
    unseen = row(cell(" ", MANY), repeated=MANY) + row(cell("\u200b", MANY), repeated=MANY)
    assert read(ods(document(blank, blank, unseen * 1_000, *PEOPLE, blank))).rows == LIST


def test_repeated_rows_are_too_many_people() -> None:
    assert "5,000 people" in refused(ods(document(*PEOPLE, row(cell("x"), repeated=MANY))))
    assert "5,000 people" in refused(ods(document(*PEOPLE, row(cell("x", spanned=MANY), repeated=9) * 3_000)))


def test_repeated_cells_are_too_many_columns() -> None:
    assert "columns" in refused(ods(document(*PEOPLE, row(cell("x", MANY)))))
    assert "columns" in refused(ods(document(*PEOPLE, row(*[cell("x", MANY)] * 5_000))))


def test_hidden_repeated_rows_hide_no_people() -> None:
    hidden = row(cell("x"), repeated=MANY).replace("<table:table-row", '<table:table-row table:visibility="collapse"')
    assert read(ods(document(hidden * 100, *PEOPLE))).rows == LIST


def test_repeated_people_are_all_read() -> None:
    sheet = read(ods(document(PEOPLE[0], row(cell("Anna"), cell("x", 2), repeated=4_999), row(cell("Bob")))))
    assert len(sheet.rows) == 5_001 and sheet.rows[5_000][0] == "Bob" and sheet.rows[1] == ("Anna", "x", "x")


def test_too_many_sheets_are_refused() -> None:
    assert "1,000 sheets" in refused(ods(document(*PEOPLE, sheets=1_001)))
    assert "1,000 sheets" in refused(page("<table><tr><td>Anna</table>" * 100_000))


@pytest.mark.parametrize(
    "kind",
    [
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE x [<!ENTITY c SYSTEM "{outside}">]>',
        '<!DOCTYPE x [<!ENTITY % d SYSTEM "{outside}"> %d;]>',
        '<!DOCTYPE x SYSTEM "{outside}">',
    ],
)
def test_entities_are_never_followed(kind: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("SECRET")
    kind = kind.replace("{outside}", (tmp_path / "secrets").as_uri())
    assert "document type" in refused(ods(document(row(cell("Anna &c;")), before=kind)))
    assert read(f"{kind}<html><table><tr><td>Anna &c;</table>".encode()).rows == (("Anna &c;",),)


def page(body: str) -> bytes:
    return f"<html><body>{body}</body></html>".encode()


def test_deeply_nested_tables_are_one_cell() -> None:
    inside = "<table><tr><td>" * 100_000
    assert read(page(f"{inside}Anna")).rows == (("Anna",),)
    assert read(page(f"{inside}Anna{'</table>' * 100_000}")).rows == (("Anna",),)
    assert read(ods(document(row(f"<x>{'<y>' * 100_000}{'</y>' * 100_000}</x>"), *PEOPLE))).rows == LIST


@pytest.mark.parametrize("count", ["1000000000", "9" * 5_000, "-1", "1e9", "0"])
def test_impossible_span_counts_as_one(count: str) -> None:
    body = f"<table><tr><td>Name<td>Email<tr><td colspan={count} rowspan={count}>Anna<td>anna@example.org</table>"
    assert read(page(body)).rows == LIST


def test_huge_spans_are_refused() -> None:
    assert "columns" in refused(page("<table><tr>" + f"<td colspan={MANY} rowspan={MANY}>x" * 20_000))
    said = answer(page("<table>" + f"<tr><td colspan={MANY} rowspan={MANY}>x" * 50_000))
    assert "Too many cells of the table are merged" in said["error"]


@pytest.mark.parametrize("unclosed", ["<!--", "<", "<td a=", "&#", "<script>", "<!x", "<![CDATA[", "</td", '<td a="'])
def test_unclosed_marks_take_no_time(unclosed: str) -> None:
    try:
        assert len(read(page(f"<table><tr><td>Anna</td></tr>{unclosed * 50_000}")).rows) < 3
    except RosterError as error:
        assert "nothing in it" in str(error)


OLD = pytest.mark.skipif(not program(), reason="LibreOffice makes the file")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The list in the format of Excel 97."""
    return old_workbook(tmp_path_factory.mktemp("old"))


def old_workbook(folder: Path, far: tuple[int, int] | None = None) -> bytes:
    """far: row and column of one more cell."""
    book = openpyxl.Workbook()
    sheet: Worksheet = book.worksheets[0]
    for cells in LIST:
        sheet.append(cells)
    if far:
        sheet.cell(*far, "x")
    book.save(folder / "list.xlsx")
    return converted(folder / "list.xlsx", "xls").read_bytes()


UNREADABLE = ("could not be read", "old Office program", "nothing in it", "damaged")


@OLD
@pytest.mark.parametrize("end", [8, 9, 512, 600, 1_024, 2_048, -600, -1_500])
def test_old_workbook_that_is_cut_is_refused(old: bytes, end: int) -> None:
    assert any(words in refused(old[:end]) for words in UNREADABLE)


@OLD
@pytest.mark.parametrize("seed", range(8))
def test_old_workbook_of_random_bytes_is_refused(old: bytes, seed: int) -> None:
    noise = random.Random(seed).randbytes(20_000)
    for content in (old[:8] + noise, old[:512] + noise):
        assert any(words in refused(content) for words in UNREADABLE)


@OLD
@pytest.mark.parametrize("seed", range(8))
def test_old_workbook_with_changed_bytes_does_no_harm(old: bytes, seed: int) -> None:
    changes, content = random.Random(seed), bytearray(old)
    for _ in range(30):
        content[changes.randrange(512, len(content))] = changes.randrange(256)
    try:
        assert read(bytes(content)).rows
    except RosterError as error:
        assert any(words in str(error) for words in UNREADABLE)


@OLD
def test_stated_size_of_old_sheet_is_ignored(old: bytes) -> None:
    # DIMENSIONS, [MS-XLS] 2.4.90: a kind, a length, the first row and the row behind the last, and so the columns.
    start = old.index(struct.pack("<HHIIHHH", 0x200, 14, 0, 2, 0, 2, 0)) + 4
    content = old[:start] + struct.pack("<IIHH", 0, 0xFFFFFFFF, 0, 0xFFFF) + old[start + 12 :]
    assert read(content).rows == LIST


@OLD
@pytest.mark.parametrize(("place", "size"), [(30, "<HH"), (44, "<I"), (48, "<I"), (60, "<II"), (68, "<II")])
def test_stated_size_of_old_container_does_no_harm(old: bytes, place: int, size: str) -> None:
    huge = struct.pack(size, *[0x7FFFFFFF if letter == "I" else 0x7FFF for letter in size[1:]])
    try:
        assert read(old[:place] + huge + old[place + len(huge) :]).rows == LIST
    except RosterError as error:
        assert any(words in str(error) for words in UNREADABLE)


@OLD
def test_far_cell_in_old_workbook_costs_nothing(tmp_path: Path) -> None:
    sheet = read(old_workbook(tmp_path, far=(65_536, 256)))
    assert sheet.numbers == (1, 2, 65_536) and sheet.rows[1][:2] == LIST[1]
