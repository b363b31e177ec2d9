"""Text from the clipboard: quotes count only as spreadsheets write them, and line ends of every kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.clipboard import clipboard_rows
from services.roster.reading import read_file, read_text
from services.roster.sheet import RosterError


@pytest.mark.parametrize(
    "cell", ['"Tea" Shop', '"Tea"', '5" screen', 'The "Tea"', '"', '"Tea', 'Tea"', '""', '" "" "x']
)
def test_quotes_are_text_without_line_ends(cell: str) -> None:
    assert read_text(f"name\temail\n{cell}\ta@x.org\nBob\tb@x.org").rows[1:] == ((cell, "a@x.org"), ("Bob", "b@x.org"))
    assert read_text(f"Anna\n{cell}\nBob").rows[1] == (cell,)


def test_quotes_keep_line_ends_of_a_cell() -> None:
    sheet = read_text('name\ttopics\r\nAnna\t"tea\n""green""\n\ncoffee"\r\nBob\tmilk\r\n')
    assert sheet.rows[1:] == (("Anna", 'tea\n"green"\n\ncoffee'), ("Bob", "milk")) and sheet.numbers == (1, 2, 3)


def test_quotes_around_every_cell_are_dropped() -> None:
    assert read_text('"Anna"\t"a@x.org"\t7\n"Bob"\t""\t8').rows == (("Anna", "a@x.org", "7"), ("Bob", "", "8"))


def test_quote_left_open_makes_no_two_people_one() -> None:
    with pytest.raises(RosterError, match="row 2 is closed only in another row") as error:
        read_text('name\temail\n"Anna\ta@x.org\nBob"\tb@x.org\n')
    assert error.value.row == 2


def test_tsv_file_without_csv_quotes_is_read() -> None:
    content = b'name\temail\n"Tea" Shop\ta@x.org\n'
    for name in ("list.tsv", "list.csv", "list.txt"):
        assert read_file(content, name).rows[1] == ('"Tea" Shop', "a@x.org")
    assert read_file(b'name\temail\n"""Tea"" Shop"\ta@x.org\n', "list.tsv").rows[1] == ('"Tea" Shop', "a@x.org")


def test_long_cell_from_clipboard_is_told() -> None:
    sheet = read_text(f"Anna\tb\nBob\t{'x' * 10_001}")
    assert sheet.shortened == {(2, 1)} and len(sheet.rows[1][1]) == 10_000


RARE = ["\v", "\f", "\x85", "\u2028", "\u2029", "\x1e"]


@pytest.mark.parametrize("end", ["\r", "\r\n", *RARE])
def test_every_kind_of_line_end_ends_rows(end: str) -> None:
    table = (("name", "email"), ("Anna", "a@x.org"), ("Bob", "b@x.org"))
    for mark in ",;\t":
        text = end.join(mark.join(row) for row in table)
        assert read_text(text).rows == read_file(text.encode(), "list.csv").rows == table
    assert read_text(end.join(["Anna", "Bob", "Carl"])).rows == (("Anna",), ("Bob",), ("Carl",))


@pytest.mark.parametrize("end", RARE)
def test_mixed_line_ends_are_told_by_the_rows(end: str) -> None:
    assert len(read_text(f"Anna,a@x.org{end}Bob,b@x.org\nCarl,c@x.org\r\nDora,d@x.org\rEve,e@x.org").rows) == 5
    assert len(read_text(f"Anna{end}Bob\nCarl").rows) == 3
    assert read_text(f"name,topics\nAnna,tea{end}coffee\nBob,milk").numbers == (1, 2, 3)


CELL = st.text(st.sampled_from("aЖ\"' ,;=\n\r"), max_size=8)


@given(rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6))
def test_copied_cells_come_back_the_same(rows: list[tuple[str, str]]) -> None:
    def copied(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if "\n" in cell or "\r" in cell else cell

    # A cell that shows the marks of another is the one doubt that the clipboard leaves.
    shown = [[cell if "\n" in cell or "\r" in cell else cell.replace('"', "”") for cell in row] for row in rows]
    text = "\n".join("\t".join(map(copied, row)) for row in shown)
    assert [cells for _, cells in clipboard_rows(f"no\tmarks\n{text}", "\t")][1:] == shown
