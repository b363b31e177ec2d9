"""The line of recipients of a mail program: one person each, and no row of a table taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.reading import read_file, read_text
from services.roster.recipients import named_address, recipients

THREE = [("Keller, Anna", "anna@x.org"), ("Bob Ruiz", "bob@x.org"), ("", "c.voss@x.net")]


@pytest.mark.parametrize(
    "text",
    [
        "Keller, Anna <anna@x.org>; Bob Ruiz <bob@x.org>; c.voss@x.net",
        "Keller, Anna <anna@x.org>;\r\nBob Ruiz <bob@x.org>;\r\nc.voss@x.net;\r\n",
        '"Keller, Anna" <anna@x.org>, Bob Ruiz <bob@x.org>, c.voss@x.net',
        '"Keller, Anna" <anna@x.org>,\n "Bob Ruiz" <bob@x.org>,\n <c.voss@x.net>,',
        "Keller, Anna <anna@x.org>, Bob Ruiz <bob@x.org>, c.voss@x.net",
        "Keller, Anna <anna@x.org>\nBob Ruiz <bob@x.org>\nc.voss@x.net",
        "'Keller, Anna' <anna@x.org>; 'Bob Ruiz' <bob@x.org>; 'c.voss@x.net' <c.voss@x.net>",
        "Keller, Anna (anna@x.org); bob@x.org (Bob Ruiz); 'c.voss@x.net'",
        "Keller, Anna [mailto:anna@x.org]; Bob Ruiz <mailto:bob@x.org>; mailto:c.voss@x.net?subject=Tea",
        "Keller, Anna <anna@x.org>; =?utf-8?Q?Bob_Ruiz?= <bob@x.org>; <mailto:c%2Evoss@x.net>",
        "To: Keller, Anna <anna@x.org>; Bob Ruiz\n<bob@x.org>\nCc: c.voss@x.net",
        "Кому: Keller, Anna <anna@x.org>；Bob Ruiz <bob@x.org>；c.voss@x.net",
    ],
)
def test_each_recipient_is_one_person(text: str) -> None:
    assert recipients(text) == THREE
    assert read_text(text).rows == tuple(THREE)
    assert read_file(text.encode(), "people.txt").rows == tuple(THREE)


@pytest.mark.parametrize(
    "text",
    ["a@x.org; b@x.org; c@x.net", "a@x.org,b@x.org,c@x.net", "a@x.org, b@x.org\nc@x.net;", "a@x.org b@x.org  c@x.net"],
)
def test_addresses_alone_become_one_column(text: str) -> None:
    sheet = read_text(text)
    assert sheet.rows == (("a@x.org",), ("b@x.org",), ("c@x.net",)) and sheet.numbers == (1, 2, 3)


def test_wrong_address_stays_a_recipient() -> None:
    assert read_text("Anna <anna@x>; bob@x.org.").rows == (("Anna", "anna@x"), ("", "bob@x.org."))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anna",
        "Smith, Anna\nJones, Bob",
        "Anna, a@x.org\nBob, b@x.org",
        "Anna; a@x.org\nBob; b@x.org",
        "a@x.org, Anna\nb@x.org, Bob",
        "name,email\nAnna,a@x.org",
        '"Anna","a@x.org"\n"Bob","b@x.org"',
        "Anna\t<a@x.org>",
        "P-001, Anna <a@x.org>\nP-002, Bob <b@x.org>",
        "Anna\nBob <b@x.org>",
        "Anna; Bob <b@x.org>",
        'Anna" <a@x.org>; b@x.org',
        "a@x.org\nb@x.org",
        "Anna, <a@x.org>",
        f"{'x' * 2_000} <a@x.org>",
    ],
)
def test_other_text_is_no_list_of_recipients(text: str) -> None:
    assert recipients(text) is None


NAMES = (
    st.text(st.sampled_from("AЖé中 -'.,;"), min_size=1, max_size=12).map(str.strip).filter(lambda name: name.strip("'"))
)


@given(people=st.lists(st.tuples(NAMES, st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.org", fullmatch=True)), min_size=1))
@pytest.mark.parametrize("between", ["; ", ", ", "\n", ",\r\n "])
def test_quoted_names_come_back_whole(between: str, people: list[tuple[str, str]]) -> None:
    text = between.join(f'"{name}" <{address}>' for name, address in people)
    assert [address for _, address in recipients(text) or ()] == [address for _, address in people]
    if not any("'" in name for name, _ in people):
        assert recipients(text) == people


@given(st.text(st.sampled_from("Aa@.<>\"'()[],;\n x1:\\=?%")))
def test_no_text_is_too_odd(text: str) -> None:
    assert all(address for _, address in recipients(text) or ())


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("Anna <a@x.org>", ("Anna", "a@x.org")),
        ("Keller, Anna <a@x.org>;", ("Keller, Anna", "a@x.org")),
        ('"Keller, Anna" <mailto:a@x.org>', ("Keller, Anna", "a@x.org")),
        ("Anna (a@x.org)", ("Anna", "a@x.org")),
        ("Анна [a@x.org]", ("Анна", "a@x.org")),
        ("a@x.org <a@x.org>", ("", "a@x.org")),
        ("<a@x.org>", ("", "a@x.org")),
        ('"Anna <a@x.org>"', ("Anna", "a@x.org")),
        ("mailto:a@x.org?subject=Hello", ("", "a@x.org")),
        ("a@x.org (work)", None),
        ("a@x.org, b@x.org", None),
        ("Anna <a@x.org>; Bob <b@x.org>", None),
        ("a@x.org <b@x.org>", None),
        ("a@x.org?", None),
        ("Anna a@x.org", None),
        ("Anna <a@x.org> late", None),
        ("Anna", None),
    ],
)
def test_cell_is_one_address_with_its_name(cell: str, found: tuple[str, str] | None) -> None:
    assert named_address(cell) == found
