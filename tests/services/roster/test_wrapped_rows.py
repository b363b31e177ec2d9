"""Rows inside one pair of quotation marks: opened where they are rows, kept where they are names."""

import pytest

from services.roster.reading import read_file, read_text
from services.roster.wrapped_rows import unwrapped

WHOLE = (("label", "email", "external_id"), ("Anna Keller", "anna@x.org", "P-1"), ("Bob Ruiz", "bob@x.org", "P-2"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "|", "\t"])
@pytest.mark.parametrize("behind", ["", ";;", ",, "])
def test_wrapped_rows_are_read_as_rows(end: str, mark: str, behind: str) -> None:
    text = end.join(f'"{mark.join(row)}"{behind}' for row in WHOLE)
    assert read_file(text.encode(), "list.csv").rows == read_text(text).rows == WHOLE


@pytest.mark.parametrize(
    "row",
    [
        '"Anna,a@x.org,""Coffee, tea"""',
        '"Anna,a@x.org,"Coffee, tea""',
        '"""Anna"",a@x.org,""Coffee, tea"""',
        '""Anna",a@x.org,"Coffee, tea"";;',
    ],
)
def test_inner_quotes_may_be_doubled_or_not(row: str) -> None:
    for text in (
        f'"name,email,topics"\n{row}\n\n"Bob,b@x.org,Milk"\n',
        f'"name,email,topics"\n{row}\n\n"Bob,b@x.org,Milk"',
    ):
        sheet = read_file(text.encode(), "list.csv")
        assert sheet.rows[1:] == (("Anna", "a@x.org", "Coffee, tea"), ("Bob", "b@x.org", "Milk"))
        assert sheet.numbers == (1, 2, 4)


def test_cell_of_several_lines_stays_one_row() -> None:
    sheet = read_file(b'"name,topics"\n"Anna,""tea\ncoffee"""\n"Bob,milk"\n', "list.csv")
    assert sheet.rows[1:] == (("Anna", "tea\ncoffee"), ("Bob", "milk")) and sheet.numbers == (1, 2, 3)


@pytest.mark.parametrize(
    "text",
    [
        'label,email\n"Anna,a@x.org"\n"Bob,b@x.org"\n',
        'label,email\n"Anna,a@x.org"\nBob,b@x.org\n',
        '"label,email"\nAnna,a@x.org\n"Bob,b@x.org"\n',
        'sep=,\n"label,email"\n"Anna,a@x.org"\n"Bob,b@x.org"\n',
        '"Anna,a@x.org"\n"Bob,b@x.org"\n',
    ],
)
def test_no_address_becomes_part_of_a_label(text: str) -> None:
    assert read_file(text.encode(), "list.csv").rows[-2:] == (("Anna", "a@x.org"), ("Bob", "b@x.org"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "label,email\nAnna,a@x.org\n",
        '"label","email"\n"Anna","a@x.org"\n',
        '"Smith, Anna"\n"Jones, Bob"\n',
        'label,email\n"Smith, Anna",\nBob,b@x.org\n',
        'label,email\n"Smith, Anna"\nBob,b@x.org\n',
        'label,email\n"Smith, Anna",a@x.org\n',
        'email,topics\n"a@x.org","tea, coffee"\n',
        'Participant\n"Keller, Anna <a@x.org>"\n',
        '"Smith, Anna"\nBob,b@x.org\n',
        '"name"\n"Anna"\n',
        '"',
        '"label,email\n',
    ],
)
def test_cells_in_quotes_stay_cells(text: str) -> None:
    assert unwrapped(text) is None


def test_long_lines_cost_little() -> None:
    assert unwrapped('"' + " " * 1_000_000 + "x\n" + '"a" ' * 100_000) is None


def test_header_with_two_emails_is_unwrapped() -> None:
    assert unwrapped('"email,e-mail"\n"Keller,Anna"\n') == "email,e-mail\nKeller,Anna"
