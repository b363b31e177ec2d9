"""The links file: what opens in a spreadsheet is what was created, and nothing in it comes alive."""

import csv
import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from services.aseed.models import InterviewRoomResponse
from services.export.table import COLUMNS, NOT_A_LINK, links_csv
from services.journal.records import KeptRoom
from services.participants import Participant

BERLIN = ZoneInfo("Europe/Berlin")
ORIGINS = ("https://app.aseed.ai/custdev",)


def room(**changes: Any) -> InterviewRoomResponse:  # noqa: ANN401 - any field of a room
    values = {
        "id": "11111111-1111-4111-8111-111111111111",
        "project_id": "22222222-2222-4222-8222-222222222222",
        "access_token": "SECRET",
        "url": "https://app.aseed.ai/interview/SECRET",
        "room_name": "interview-1",
        "max_duration_minutes": 30,
        "status": "pending",
        "created_at": datetime(2026, 11, 23, 21, 13, tzinfo=UTC),
        "expires_at": datetime(2026, 11, 30, 21, 13, tzinfo=UTC),
        "created_by": "me",
    }
    return InterviewRoomResponse(**{**values, **changes})


def file_of(
    *rooms: InterviewRoomResponse, project: str = "Coffee", batch: str = "", person: Participant | None = None
) -> bytes:
    kept = [(KeptRoom(1, place, room, person), room) for place, room in enumerate(rooms, start=1)]
    return links_csv(kept, project, batch, BERLIN, ORIGINS)


def rows(
    *rooms: InterviewRoomResponse, project: str = "Coffee", batch: str = "", person: Participant | None = None
) -> list[dict[str, str]]:
    file = file_of(*rooms, project=project, batch=batch, person=person).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file, newline="")))


def test_excel_gets_a_bom_and_crlf_and_the_fixed_columns() -> None:
    file = file_of(room())
    assert file.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    assert file.count(b"\r\n") == file.count(b"\n") == 2


def test_a_room_is_one_row_with_its_whole_link_and_both_times() -> None:
    (row,) = rows(room(display_name="Анна", language="Russian", voice="cedar"))
    assert row == {
        "no": "1",
        "label": "Анна",
        "external_id": "",
        "email": "",
        "link": "https://app.aseed.ai/interview/SECRET",
        "status": "pending",
        "expires_at": "2026-11-30T21:13:00Z",
        "expires_at_local": "2026-11-30 22:13",
        "timezone": "Europe/Berlin",
        "language": "Russian",
        "max_duration_minutes": "30",
        "voice": "cedar",
        "started_at": "",
        "finished_at": "",
        "respondent_email": "",
        "batch": "",
        "project_name": "Coffee",
        "project_id": "22222222-2222-4222-8222-222222222222",
        "room_id": "11111111-1111-4111-8111-111111111111",
        "record_id": "",
        "created_at": "2026-11-23T21:13:00Z",
    }


def test_whom_a_room_is_for_and_which_batch_it_is_of_is_in_its_row() -> None:
    person = Participant("Анна К.", "anna@example.org", "P-007")
    (row,) = rows(room(display_name="interview"), person=person, batch="Week 3")
    assert (row["label"], row["email"], row["external_id"]) == ("Анна К.", "anna@example.org", "P-007")
    assert row["batch"] == "Week 3"


@pytest.mark.parametrize("column", ["label", "email", "external_id", "batch"])
def test_no_text_of_a_roster_or_a_name_becomes_a_formula(column: str) -> None:
    person = Participant("=label", "=email", "=external_id")
    (row,) = rows(room(), person=person, batch="=batch")
    assert row[column] == f"'={column}"


def test_there_is_no_column_with_the_bare_access_token() -> None:
    (row,) = rows(room())
    assert [name for name, value in row.items() if "SECRET" in value] == ["link"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "\u200b=1"])
@pytest.mark.parametrize("column", ["label", "voice", "language", "status", "respondent_email", "room_id"])
def test_no_text_that_is_not_ours_becomes_a_formula(text: str, column: str) -> None:
    field = {"label": "display_name", "room_id": "id"}.get(column, column)
    (row,) = rows(room(**{field: text}))
    assert row[column] == f"'{text}"


def test_a_hostile_project_name_stays_text() -> None:
    (row,) = rows(room(), project='=HYPERLINK("http://evil")')
    assert row["project_name"] == '\'=HYPERLINK("http://evil")'


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://evil.com/x", "=1+1", "https://a@app.aseed.ai/x", ""])
def test_a_url_that_is_no_link_is_marked_and_kept_as_it_is(url: str) -> None:
    (row,) = rows(room(url=url))
    assert row["link"] == NOT_A_LINK + url


def test_line_ends_quotes_and_commas_survive() -> None:
    label = 'He said "yes",\nand left'
    (row,) = rows(room(display_name=label))
    assert row["label"] == label


def test_a_room_that_never_expires_has_empty_times() -> None:
    (row,) = rows(room(expires_at=None))
    assert (row["expires_at"], row["expires_at_local"]) == ("", "")


def test_pandas_reads_it_back() -> None:
    file = file_of(room(), room(display_name="Б"))
    frame = pd.read_csv(io.BytesIO(file), parse_dates=["expires_at"])
    assert list(frame["no"]) == [1, 2]
    assert frame["expires_at"][0] == pd.Timestamp("2026-11-30T21:13:00Z")


def test_a_room_that_expires_at_the_end_of_the_calendar_is_no_obstacle() -> None:
    (row,) = rows(room(expires_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)))
    assert (row["expires_at"], row["expires_at_local"]) == ("9999-12-31T23:59:59Z", "9999-12-31 23:59")
