"""CSV in its dialects, cells from a spreadsheet, and names one a line."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roster.cells import clean
from services.roster.reading import read_file, read_text
from services.roster.sheet import MAX_COLUMNS, RosterError, Sheet


def file(text: str, name: str = "list.csv") -> Sheet:
    return read_file(text.encode(), name)


def refused(text: str) -> RosterError:
    with pytest.raises(RosterError) as error:
        file(text)
    return error.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_delimiter_and_line_end_is_understood(delimiter: str, end: str) -> None:
    text = end.join(delimiter.join(row) for row in [("Anna", "a@x.org"), ("Bob", "b@x.org"), ("", "c@x.org")])
    assert file(text).rows == (("Anna", "a@x.org"), ("Bob", "b@x.org"), ("", "c@x.org"))


def test_comma_in_semicolon_file_splits_nothing() -> None:
    with_header = file("name;email\nSmith, Anna;a@x.org\nJones, Bob;b@x.org\n")
    assert with_header.rows[1:] == (("Smith, Anna", "a@x.org"), ("Jones, Bob", "b@x.org"))
    assert file("Smith, Anna;a@x.org\nJones, Bob;b@x.org").rows == with_header.rows[1:]


def test_semicolon_in_comma_file_splits_nothing() -> None:
    assert file("name,topics\nAnna,tea; coffee\nBob,tea\n").rows[1] == ("Anna", "tea; coffee")


def test_quotes_keep_delimiters_and_line_ends() -> None:
    rows = file('name,topics\n"Smith, ""Annie""","tea\ncoffee"\n').rows
    assert rows[1] == ('Smith, "Annie"', "tea\ncoffee")


def test_quotes_may_follow_a_space() -> None:
    assert file('Anna, "Smith, Jr.", a@x.org').rows == (("Anna", "Smith, Jr.", "a@x.org"),)


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_sep_line_is_obeyed_and_not_counted(line: str, mark: str) -> None:
    sheet = file(f"{mark}{line}\r\na,1;b\r\nc,2;d\r\n")
    assert sheet.rows == (("a,1", "b"), ("c,2", "d")) and sheet.numbers == (1, 2)


@pytest.mark.parametrize(
    "text", ["NA", "None", "null", "nan", "007", "1e5", "TRUE", "-", "+7 900 000-00-00", "01.02.2026"]
)
def test_everything_is_text(text: str) -> None:
    assert file(f"label,id\n{text},{text}\n").rows[1] == (text, text)


def test_cells_copied_from_spreadsheet_split_by_tabs() -> None:
    assert read_text("Smith, Anna\ta@x.org\r\nJones, Bob\tb@x.org").rows[0] == ("Smith, Anna", "a@x.org")


@pytest.mark.parametrize(
    "typed",
    [
        "Anna\nBob",
        "Smith, Anna\nJones, Bob",
        "Smith, Anna\nMadonna",
        "Name\nSmith, Anna\nJones, Bob",
        "Каренина, Анна",
        "Anna; the second\nBob\nCarl",
    ],
)
def test_typed_names_may_contain_commas(typed: str) -> None:
    lines = tuple((line,) for line in typed.splitlines())
    assert read_text(typed).rows == lines
    assert file(typed, "names.txt").rows == lines


@pytest.mark.parametrize(
    "typed", ["Anna, a@x.org\nBob, b@x.org", "Anna, a@x.org\nBob", "Anna, 17", "Anna,Smith\nBob,Hill"]
)
def test_typed_comma_before_address_or_number_splits(typed: str) -> None:
    assert len(read_text(typed).rows[0]) == 2


def test_file_without_known_ending_is_inspected() -> None:
    assert file("a;b\nc;d", "export.dat").rows == file("a;b\nc;d", "").rows == (("a", "b"), ("c", "d"))


def test_a_tsv_file_is_parted_by_its_tabs() -> None:
    assert file("a,1\tb,1,x\nc,1,x\td,1\n", "list.TSV").rows == (("a,1", "b,1,x"), ("c,1,x", "d,1"))


def test_one_comma_among_names_splits_nothing() -> None:
    assert file("Anna\nBob\nCarl\nSmith, Dora\n").rows[3] == ("Smith, Dora",)


def test_blank_rows_count_and_short_rows_grow() -> None:
    sheet = file("\nname,email,id\n\n,,\n Anna \nBob,b@x.org,\n")
    assert sheet.rows == (("name", "email", "id"), ("Anna", "", ""), ("Bob", "b@x.org", ""))
    assert sheet.numbers == (2, 5, 6)


def test_cell_of_several_lines_is_one_row() -> None:
    assert file('name,topics\nAnna,"a\nb\nc"\nBob,d\n').numbers == (1, 2, 3)


def test_controls_are_dropped_and_letters_composed() -> None:
    assert file("label,id\nA\0nna\u202e,и\u0306\n").rows[1] == ("Anna", "й")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('name,email\nAnna,a@x.org\n"Bob,b@x.org\nCarl,c@x.org\n', 3),
        ('name,email\n"Anna,a@x.org\n"Bob",b@x.org\n', 2),
        ('name,email\n"Anna" Smith,a@x.org\n', 2),
        ('"', 1),
    ],
)
def test_open_quote_is_reported_with_its_row(text: str, row: int) -> None:
    error = refused(text)
    assert error.row == row and f"row {row} " in str(error) and "quotation mark" in str(error)


def test_open_quote_over_long_file_is_reported() -> None:
    error = refused('name,email\n"Anna,a@x.org\n' + "Bob,b@x.org\n" * 20_000)
    assert error.row == 2 and "quotation mark" in str(error)


def test_long_cell_is_told_by_its_place() -> None:
    assert file(f"name,topics\nAnna,b\nBob,{'x' * 10_001}\n").shortened == {(3, 1)}


@pytest.mark.parametrize("cell", ["x" * 200_000, '"' + "One, two\n" * 2_000 + '"'])
def test_cell_that_may_hold_rows_is_refused(cell: str) -> None:
    error = refused(f"name,topics\nAnna,b\nBob,{cell}\n")
    assert error.row == 3 and "10,000" in str(error) and "quotation mark" in str(error)


def test_long_answer_in_lines_is_no_open_quote() -> None:
    answer = "I drink coffee, tea, and milk.\nAt home.\n" * 500
    sheet = file(f'name,answer\nAnna,"{answer}"\nBob,no\n')
    assert len(sheet.rows) == 3 and sheet.shortened == {(2, 1)}


def test_the_longest_cell_allowed_is_kept_whole() -> None:
    sheet = file(f"name,topics\nBob,{'x' * 10_000}\n")
    assert sheet.rows[1][1] == "x" * 10_000 and not sheet.shortened


def test_too_many_columns_are_reported_by_row() -> None:
    assert len(file("a," * (MAX_COLUMNS - 1) + "b\n").rows[0]) == MAX_COLUMNS
    assert len(file("a" + "," * 80 + "\n").rows[0]) == 1
    error = refused("a,b\n" + "a," * MAX_COLUMNS + "b\n")
    assert error.row == 2 and "2,001" in str(error)


def test_too_many_rows_are_refused() -> None:
    assert len(file("name\n" + "Anna\n" * 5_000).rows) == 5_001
    assert refused("name\n" + "\n" + "Anna\n" * 5_001).row == 5_003


@pytest.mark.parametrize("text", ["\n\n", " ,\n" * 3, ",,,\n,,,\n", "\ufeff", "\u200b\n", "sep=;\n", "\0"])
def test_a_list_without_any_text_is_refused(text: str) -> None:
    with pytest.raises(RosterError, match="nothing in it"):
        read_text(text)


SOMETHING = st.text(
    st.sampled_from("aZ9éЖй @.,;|\t\"'\n\r=-👩\u200d") | st.characters(categories=["L", "N", "P", "S"]), max_size=30
).map(clean)


@settings(deadline=None)
@given(
    people=st.lists(st.tuples(SOMETHING, SOMETHING.map(lambda text: f"{text}@x.org")), min_size=1, max_size=20),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_written_list_reads_back_the_same(people: list[tuple[str, str]], delimiter: str, end: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if end == "\n" else 0)
    writer.writerows([("label", "email"), *people])
    sheet = read_file(text.getvalue().encode("utf-8-sig"), "list.csv")
    assert sheet.rows == (("label", "email"), *people)
    assert sheet.numbers == tuple(range(1, len(people) + 2))
