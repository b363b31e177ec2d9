"""What a file is, by its content first: read, or refused in words that help."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roster.reading import read_file, read_text
from services.roster.sheet import RosterError, Sheet
from tests import xlsb

FLAT = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document xmlns:office="o" xmlns:table="t" xmlns:text="x" '
    'office:mimetype="application/vnd.oasis.opendocument.spreadsheet"><office:body><office:spreadsheet>'
    '<table:table table:name="People"><table:table-row><table:table-cell><text:p>Анна</text:p></table:table-cell>'
    '<table:table-cell office:value-type="float" office:value="7"><text:p>007</text:p></table:table-cell>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document>"
)

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(content: bytes, name: str = "list.xlsx") -> str:
    with pytest.raises(RosterError) as error:
        read_file(content, name)
    return str(error.value)


@pytest.mark.parametrize("name", ["list.xlsx", "list.xls", "list.xlsb", "list.ods", "list.fods", "list.pdf", "list"])
def test_csv_under_another_name_is_read(name: str) -> None:
    assert read_file(b"name;id\nAnna;007\n", name).rows[1] == ("Anna", "007")


def test_spreadsheet_under_another_name_is_read() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["Anna", 7])
    book.save(file)
    assert read_file(file.getvalue(), "list.csv").rows == (("Anna", "7"),)


@pytest.mark.parametrize("name", ["list.xlsb", "list.xlsx", "list.csv"])
def test_binary_excel_file_is_read(name: str) -> None:
    content = xlsb.Book([xlsb.Sheet("People", {1: {0: xlsb.text("Анна"), 1: xlsb.whole(7)}})]).stored()
    assert read_file(content, name).rows == (("Анна", "7"),)


@pytest.mark.parametrize("name", ["list.fods", "list.xml", "list.csv"])
def test_flat_open_document_is_read(name: str) -> None:
    sheet = read_file(FLAT.encode(), name)
    assert sheet.rows == (("Анна", "007"),) and sheet.title == "People"


def test_rows_with_invisible_characters_are_known() -> None:
    rows = [
        ["name", "email"],
        ["Anna", "anna@\u200bx.org"],
        ["علی\u200cرضا", "b@x.org"],
        [],
        ["Ca\u00adrl", " c@x.org\u00a0"],
    ]
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(file)
    text = "\n".join("\t".join(row) for row in rows)
    for sheet in (read_file(file.getvalue(), "list.xlsx"), read_file(text.encode(), "list.tsv"), read_text(text)):
        assert sheet.cleaned == {2, 5}
        assert sheet.rows[1:] == (("Anna", "anna@x.org"), ("علی\u200cرضا", "b@x.org"), ("Carl", "c@x.org"))


def test_old_or_protected_file_gets_advice() -> None:
    assert ".xls" in refused(OLE + bytes(2000), "list.xls")
    protected = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    assert "password" in refused(protected) and "password" in refused(protected, "list.xlsb")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"{\\rtf1", "text document"),
        (b"\x1f\x8b\x08", "archive"),
        (b"<html><p>Anna</p></html>", "web page"),
        (b'\xef\xbb\xbf\r\n<?xml version="1.0"?><Workbook/>', "XML"),
        (b"", "nothing in it"),
    ],
)
def test_other_files_are_refused_by_what_they_are(content: bytes, said: str) -> None:
    assert said in refused(content)


@pytest.mark.parametrize("start", [b"", b"PK\x03\x04", OLE])
def test_large_file_is_refused_before_reading(start: bytes) -> None:
    assert "10 MB" in refused(start + bytes(50_000_000))
    with pytest.raises(RosterError, match="10 MB"):
        read_text("x" * 10_000_001)


@settings(deadline=None)
@given(
    content=st.binary(max_size=200)
    | st.text(st.sampled_from('aЖ,;|\t"\r\n \0=@') | st.characters(), max_size=60).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
    name=st.sampled_from(["a.csv", "a.txt", "a.xlsx", ""]),
    charset=st.sampled_from([None, "windows-1251", "utf-16-le"]),
)
def test_every_file_is_read_or_refused(content: bytes, name: str, charset: str | None) -> None:
    try:
        sheet = read_file(content, name, charset)
    except RosterError as error:
        assert str(error)
        return
    assert len(sheet.rows) == len(sheet.numbers) and len({len(row) for row in sheet.rows}) == 1
    assert all(any(row) for row in sheet.rows) and list(sheet.numbers) == sorted(set(sheet.numbers))


def test_sheet_shows_no_one_in_logs() -> None:
    sheet: Sheet = read_text("Anna\ta@x.org")
    assert "Anna" not in repr(sheet) and "a@x.org" not in repr(sheet)
