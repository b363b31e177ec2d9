"""The links file: what opens in a spreadsheet is what was created, and nothing in it comes alive."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from services.export.delimited import Delimiter
from services.export.table import (
    COLUMNS,
    COLUMNS_WITH_IDS,
    MAIL_MERGE,
    links_csv,
    links_only,
    mail_merge_csv,
    taskflow_csv,
)
from services.journal.records import RoomRecord
from services.link import NOT_A_LINK, LinkCheck
from services.participants import Participant
from services.rooms.entry import Entry
from services.roster.cells import clean
from services.roster.columns import recognise
from services.roster.matching import match
from services.roster.people import people
from services.roster.reading import read_file
from tests.entries import BERLIN, CHECK, GUARDED, HOSTILE, ODD, entry
from tests.office import rows_read

NOW = datetime(2026, 11, 24, tzinfo=UTC)
indexed = partial(enumerate, start=1)


def rows(*entries: Entry) -> list[dict[str, str]]:
    file = links_csv(entries, BERLIN).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file, newline="")))


def test_csv_has_bom_crlf_and_fixed_columns() -> None:
    file = links_csv([entry()], BERLIN)
    assert file.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    assert file.count(b"\r\n") == file.count(b"\n") == 2


def test_room_is_one_row_with_its_link() -> None:
    (row,) = rows(entry(display_name="Анна", language="Russian", voice="cedar"))
    assert row == {
        "no": "1",
        "label": "Анна",
        "external_id": "",
        "email": "",
        "link": "https://app.aseed.ai/interview/SECRET1",
        "status": "pending",
        "expires_at": "2026-11-30T21:13:00Z",
        "expires_at_local": "2026-11-30 22:13",
        "timezone": "Europe/Berlin",
        "language": "Russian",
        "max_duration_minutes": "30",
        "voice": "cedar",
        "handed_out_at": "",
        "handed_out_by": "",
        "started_at": "",
        "finished_at": "",
        "respondent_email": "",
        "batch": "",
        "project_name": "Coffee",
        "project_id": "22222222-2222-4222-8222-222222222222",
        "record_id": "",
        "created_at": "2026-11-23T21:13:00Z",
    }


def test_room_ids_are_written_only_when_asked_for() -> None:
    one = entry(display_name="=1", id="=1+1")
    assert one.id not in links_csv([one], BERLIN).decode()
    (row,) = csv.DictReader(io.StringIO(links_csv([one], BERLIN, room_ids=True).decode("utf-8-sig"), newline=""))
    assert tuple(row) == COLUMNS_WITH_IDS and row["room_id"] == "'=1+1"


def test_row_says_who_handed_out_and_when() -> None:
    known = RoomRecord("a", handed_out=datetime(2026, 11, 24, 9, 30, tzinfo=UTC), handed_out_by="Desk A, Maria")
    (row,) = rows(replace(entry(), known=known))
    assert (row["handed_out_at"], row["handed_out_by"]) == ("2026-11-24T09:30:00Z", "Desk A, Maria")


def test_row_names_participant_and_batch() -> None:
    person = Participant(label="Анна К.", email="anna@example.org", external_id="P-007")
    (row,) = rows(entry(person=person, batch="Week 3", display_name="interview"))
    assert (row["label"], row["email"], row["external_id"]) == ("Анна К.", "anna@example.org", "P-007")
    assert row["batch"] == "Week 3"


@pytest.mark.parametrize("column", ["label", "email", "external_id", "batch"])
def test_no_text_of_a_roster_becomes_a_formula(column: str) -> None:
    person = Participant(label="=label", email="=email", external_id="=external_id")
    (row,) = rows(entry(person=person, batch="=batch"))
    assert row[column] == f"'={column}"


def test_no_column_holds_the_access_token() -> None:
    (row,) = rows(entry())
    assert [name for name, value in row.items() if "SECRET" in value] == ["link"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "\u200b=1"])
@pytest.mark.parametrize("column", ["label", "voice", "language", "status", "respondent_email", "project_id"])
def test_no_outside_text_becomes_a_formula(text: str, column: str) -> None:
    field = {"label": "display_name"}.get(column, column)
    changes: dict[str, Any] = {field: text}
    (row,) = rows(entry(**changes))
    assert row[column] == f"'{text}"


def test_a_hostile_project_name_stays_text() -> None:
    (row,) = rows(entry(project='=HYPERLINK("http://evil")'))
    assert row["project_name"] == '\'=HYPERLINK("http://evil")'


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://evil.com/x", "=1+1", "https://a@app.aseed.ai/x", ""])
def test_improper_link_is_marked(url: str) -> None:
    (row,) = rows(entry(url=url))
    assert row["link"] == NOT_A_LINK + url


def test_line_ends_quotes_and_commas_survive() -> None:
    label = 'He said "yes",\nand left'
    (row,) = rows(entry(display_name=label))
    assert row["label"] == label


def test_a_room_that_never_expires_has_empty_times() -> None:
    (row,) = rows(entry(expires_at=None))
    assert (row["expires_at"], row["expires_at_local"]) == ("", "")


def test_pandas_reads_it_back() -> None:
    file = links_csv([entry(1), entry(2, display_name="Б")], BERLIN)
    frame = pd.read_csv(io.BytesIO(file), parse_dates=["expires_at"])
    assert list(frame["no"]) == [1, 2]
    assert frame["expires_at"][0] == pd.Timestamp("2026-11-30T21:13:00Z")


def test_room_expires_at_the_end_of_the_calendar() -> None:
    (row,) = rows(entry(expires_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)))
    assert (row["expires_at"], row["expires_at_local"]) == ("9999-12-31T23:59:59Z", "9999-12-31 23:59")


def test_rows_are_numbered_in_their_order() -> None:
    chosen = rows(entry(7), entry(3))
    assert [(row["no"], row["link"][-1]) for row in chosen] == [("1", "7"), ("2", "3")]


def test_row_has_the_handed_over_link() -> None:
    kept = "https://app.aseed.ai/interview/AT-FIRST"
    room = entry(url="https://app.aseed.ai/interview/LATER").room
    (row,) = rows(Entry(room, "Coffee", 1, known=RoomRecord(room.id, link=kept), check=CHECK))
    assert row["link"] == kept


def test_a_link_with_a_comma_arrives_whole() -> None:
    url = "https://app.aseed.ai/interview/a,b?c=%20&d='"
    (row,) = rows(entry(url=url))
    assert row["link"] == url


def test_links_only_holds_proper_links_alone() -> None:
    chosen = [entry(1), entry(2, url="javascript:alert(1)"), entry(3)]
    assert links_only(chosen).decode() == f"{chosen[0].link.text}\n{chosen[2].link.text}\n"


def test_mail_merge_has_label_email_link_end() -> None:
    chosen = [
        entry(1, Participant(label="=Anna", email="anna@example.org")),
        entry(2, expires_at=None),
    ]
    file = mail_merge_csv(chosen, BERLIN, NOW).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(file, newline=""))) == [
        list(MAIL_MERGE),
        ["'=Anna", "anna@example.org", chosen[0].link.text, "2026-11-30 22:13"],
        ["", "", chosen[1].link.text, ""],
    ]


@pytest.mark.parametrize(
    "changes",
    [
        *({"status": status} for status in ("active", "completed", "expired", "cancelled", "odd")),
        {"expires_at": NOW},
        {"url": "http://evil.example"},
    ],
)
def test_mail_merge_skips_links_that_cannot_be_used(changes: dict[str, Any]) -> None:
    usable, other = entry(1), entry(2, **changes)
    assert mail_merge_csv([other, usable], BERLIN, NOW) == mail_merge_csv([usable], BERLIN, NOW)
    assert rows(other, usable)[0]["project_id"] == other.room.project_id


def test_mail_merge_skips_a_replaced_room() -> None:
    replaced = replace(entry(2), known=RoomRecord("a", replaced_by="b"))
    assert mail_merge_csv([replaced], BERLIN, NOW) == mail_merge_csv([], BERLIN, NOW)


def test_taskflow_has_each_link_for_one_participant() -> None:
    chosen = [entry(1, Participant(label="=Anna")), entry(2, url="https://app.aseed.ai/interview/a,b?c=%20&d='")]
    # Bytes, as no name of a column and no mark may stand before the first address.
    first, second = (one.link.text for one in chosen)
    assert taskflow_csv(chosen, NOW).decode() == f'{first},1\r\n"{second}",1\r\n'
    assert taskflow_csv([], NOW) == b""


@pytest.mark.parametrize(
    "changes",
    [
        *({"status": status} for status in ("active", "completed", "expired", "cancelled", "odd")),
        {"expires_at": NOW},
        *({"url": url} for url in ("http://evil.example", "=1+1", "https://app.aseed.ai/a,=1+1", "")),
    ],
)
def test_taskflow_skips_links_that_cannot_be_used(changes: dict[str, Any]) -> None:
    usable, other = entry(1), entry(2, **changes)
    assert taskflow_csv([other, usable], NOW) == taskflow_csv([usable], NOW)


def test_taskflow_skips_replaced_and_withheld_links() -> None:
    replaced = replace(entry(2), known=RoomRecord("a", replaced_by="b"))
    withheld = replace(entry(3), check=LinkCheck(CHECK.origins, withholds=True))
    assert taskflow_csv([replaced, withheld], NOW) == b""


def test_libreoffice_runs_nothing_of_taskflow(tmp_path: Path) -> None:
    chosen = [entry(number, Participant(label=text)) for number, text in indexed(HOSTILE)]
    file = tmp_path / "taskflow.csv"
    file.write_bytes(taskflow_csv(chosen, NOW))
    found = rows_read(file, "CSV:44,34,76,1")
    assert [[cell.text for cell in row[:2]] for row in found] == [[one.link.text, "1"] for one in chosen]
    assert not [cell for row in found for cell in row if cell.formula or cell.kind == "error"]


def test_empty_selection_has_a_header() -> None:
    assert rows() == []
    assert links_csv([], BERLIN).decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"
    assert links_only([]) == b""


@pytest.mark.parametrize("delimiter", Delimiter)
def test_own_reader_reads_both_forms_back(delimiter: Delimiter) -> None:
    texts = [*HOSTILE, *ODD, "a;b", "a,b", "Smith, Anna; Dr.", "x\ty|z"]
    people = [
        Participant(label=text, email=f"a{place}@example.org", external_id=text) for place, text in indexed(texts)
    ]
    chosen = [entry(place, person, batch=person.label, project="=a;b,c") for place, person in indexed(people)]
    written = [list(COLUMNS), *(list(row.values()) for row in rows(*chosen))]
    read = read_file(links_csv(chosen, BERLIN, delimiter), "links.csv")
    assert read.rows == tuple(tuple(map(clean, cells)) for cells in written)


def test_forms_of_mail_merge_differ_by_delimiter() -> None:
    chosen = [entry(1, Participant(label="Anna", email="anna@example.org"))]
    assert mail_merge_csv(chosen, BERLIN, NOW, Delimiter.SEMICOLON) == mail_merge_csv(chosen, BERLIN, NOW).replace(
        b",", b";"
    )


@pytest.mark.parametrize("delimiter", Delimiter)
def test_libreoffice_opens_both_forms(delimiter: Delimiter, tmp_path: Path) -> None:
    chosen = [entry(1, Participant(label="Анна; K., née “B”")), entry(2, Participant(label='a;"b",\nc'))]
    file = tmp_path / "links.csv"
    file.write_bytes(links_csv(chosen, BERLIN, delimiter))
    # Only the delimiter is named, as it is set for a whole computer; the charset is the file's own mark.
    header, *rows = rows_read(file, f"CSV:{ord(delimiter)},34,76,1")
    assert [cell.text for cell in header] == list(COLUMNS)
    assert [row[1].text for row in rows] == [one.label for one in chosen]
    assert [row[4].text for row in rows] == [one.link.text for one in chosen]


@pytest.mark.parametrize("delimiter", Delimiter)
def test_split_label_is_read_back_the_same(delimiter: Delimiter) -> None:
    texts = ["a;=1+1", "a,-5", "a; @x;+1", 'a;"=1"', "a;'b'", "Smith, Anna"]
    chosen = [entry(number, Participant(label=text)) for number, text in indexed(texts)]
    sheet = read_file(links_csv(chosen, BERLIN, delimiter), "links.csv")
    links = {one.link.text: one.id for one in chosen}
    assert match(sheet, {one.id: one.participant for one in chosen}, links).same == len(texts)
    assert [person.label for person in people(sheet, recognise(sheet.rows[0]), header=True).people] == texts


def test_libreoffice_runs_nothing_in_ten_thousand_rows(tmp_path: Path) -> None:
    texts = [*HOSTILE, *ODD]
    people = [
        Participant(label=text, email=f"a{number}@example.org", external_id=text)
        for number, text in enumerate(texts, start=1)
    ]
    plain = [entry(number, Participant(label=f"Анна {number}")) for number in range(len(people) + 1, 10_001)]
    hostile = [entry(number, person, batch=person.label) for number, person in enumerate(people, start=1)]
    file = tmp_path / "links.csv"
    file.write_bytes(links_csv([*hostile, *plain], BERLIN))
    # Comma, quotes, UTF-8, from the first line: what its dialogue proposes. Labels stay as it would read them;
    # external ids are read as text, which is what a person has to choose for 007 in any spreadsheet.
    header, *rows = rows_read(file, "CSV:44,34,76,1,2/1/3/2")
    assert [cell.text for cell in header] == list(COLUMNS) and len(rows) == 10_000
    assert not [cell for row in rows for cell in row if cell.formula or cell.kind == "error"]
    # A cell has one kind of line end.
    guarded = [text.replace("\r", "\n") for text in GUARDED]
    assert [row[1].text for row in rows[: len(HOSTILE)]] == guarded
    assert [row[2].text for row in rows[: len(texts)]] == [*guarded, *ODD]
    assert [row[4].text for row in rows] == [one.link.text for one in (*hostile, *plain)]
