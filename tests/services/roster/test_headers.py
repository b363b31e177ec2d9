"""The header is found under titles and among header rows, and rows keep the numbers of the file."""

import pytest

from services.roster.columns import recognise
from services.roster.fields import Field
from services.roster.headers import headed, header_place
from services.roster.reading import read_text
from services.roster.sheet import Sheet

IDS = '"{""ImportId"":""startDate"",""timeZone"":""Z""}",{"ImportId":"recipientEmail"}'
"""The third row of a Qualtrics export, in which one cell has a comma and quotation marks."""


def under_header(text: str) -> Sheet:
    """The sheet of pasted text from the header that was found."""
    sheet = read_text(text)
    return headed(sheet, header_place(sheet.rows))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Name,ID\nAnna,1\n", (1, 2)),
        ("Pilot study,\n,\nName,ID\nAnna,1\n", (3, 4)),
        ("Pilot study,,\nDate,2026-11-01,\n,,\nName,ID,Notes\nAnna,1,x\n", (4, 5)),
        ("Participants,\nName,City\nAnna,Riga\n", (2, 3)),
        ("Contact,,Study\nName,Email,ID\nAnna,a@x.org,1\n", (2, 3)),
        ("Участники,\n,\nФИО,Код\nАнна,1\n", (3, 4)),
        ("Wave 2\nName\nAnna\nBob\n", (2, 3, 4)),
    ],
)
def test_header_is_found_below_titles(text: str, numbers: tuple[int, ...]) -> None:
    assert under_header(text).numbers == numbers


@pytest.mark.parametrize(
    "text",
    [
        "Anna\nBob\n",
        "Anna,Riga\nBob,Oslo\nCode,Bonn\n",
        "Anna,a@x.org\nName,Email\n",
        "Anna,1\nBob,2\n",
        "Who,Where\nAnna,Riga\nContact,Oslo\n",
    ],
)
def test_people_are_never_taken_for_titles(text: str) -> None:
    assert header_place(read_text(text).rows) is None


def test_three_header_rows_of_qualtrics_are_one() -> None:
    sheet = under_header(
        "StartDate,RecipientEmail,ResponseId,Q1\nStart Date,Recipient Email,Response ID,Who are you? a@b.c\n"
        + IDS
        + "\n2026-11-01,a@x.org,R_1,x\n"
    )
    assert sheet.numbers == (1, 4) and recognise(sheet.rows[0], sheet.rows[1:]) == {Field.EMAIL: 1}


@pytest.mark.parametrize(
    "text",
    [
        "firstname,lastname,email\nFirst name,Last name,Email address\nAnna,Keller,a@x.org\n",
        "Respondent ID,Collector ID,Email\n,,Open-Ended Response\n1,2,a@x.org\n",
    ],
)
def test_second_header_row_is_no_person(text: str) -> None:
    assert under_header(text).numbers == (1, 3)


def test_only_participants_of_meeting_report_are_read() -> None:
    sheet = under_header(
        "1. Summary\nMeeting title\tPilot\n\n2. Participants\nName\tFirst Join\tLast Leave\tDuration\tEmail\n"
        "Anna\t10:00\t10:30\t30m\ta@x.org\n\n3. In-Meeting Activities\nName\tJoin Time\nAnna\t10:00\n"
    )
    assert sheet.numbers == (5, 6)
    assert recognise(sheet.rows[0]) == {Field.LABEL: 0, Field.EMAIL: 4}


def test_sheet_without_header_stays_as_it_is() -> None:
    sheet = read_text("Anna\nBob\n")
    assert headed(sheet, None) is sheet
