"""The CSV of an offline pack, brought back as it was or as a spreadsheet program saved it."""

import io
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from services.roster.reading import read_file
from services.roster.sheet import RosterError
from services.roster.ticks import TickedRow, ticked
from services.trust import as_cell

HEAD = "pack,room_id,staff_code,no,label,whom,handed_out_at,handed_out_by"
AT = datetime(2026, 11, 24, 14, 5, 9, tzinfo=UTC)


def rows(*lines: str, head: str = HEAD) -> tuple[TickedRow, ...]:
    found = ticked(read_file("\r\n".join([head, *lines, ""]).encode("utf-8-sig"), "ticks.csv"))
    assert not found.problems
    return found.rows


def test_each_row_is_a_hand_out() -> None:
    assert rows("p,a,K7M-4QX,1,P-1,Анна,2026-11-24T14:05:09Z,Olga", 'p,b,K7M-4QY,2,,,2026-11-24T14:05:09Z,"O, P"') == (
        TickedRow(2, "p", "a", AT, "Olga", "Анна"),
        TickedRow(3, "p", "b", AT, "O, P", ""),
    )


@pytest.mark.parametrize("text", ["2026-11-24T15:05:09+01:00", "2026-11-24 14:05:09", "2026-11-24T14:05:09"])
def test_time_rewritten_by_spreadsheet_is_read(text: str) -> None:
    assert rows(f"p,a,,1,,,{text},")[0].given == AT


def test_file_saved_by_spreadsheet_is_read() -> None:
    found = rows("Olga;2026-11-24T14:05:09Z;a;p", head="handed_out_by;handed_out_at;ROOM_ID;pack")
    assert found == (TickedRow(2, "p", "a", AT, "Olga", ""),)


def test_workbook_times_are_read_in_utc() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    book.active.append(HEAD.split(","))
    book.active.append(["p", "a", "K7M-4QX", 1, "P-1", "Анна", AT.replace(tzinfo=None), "Olga"])
    book.save(file)
    found = ticked(read_file(file.getvalue(), "ticks.xlsx"))
    assert found.rows == (TickedRow(2, "p", "a", AT, "Olga", "Анна"),)


@pytest.mark.parametrize("pack_id", ["-Ab3_x9", "=x", "p"])
def test_guarded_pack_name_is_recognised(pack_id: str) -> None:
    assert rows(f"{as_cell(pack_id)},a,,1,,,2026-11-24T14:05:09Z,")[0].pack_id == pack_id


def test_what_was_guarded_is_as_it_was_typed() -> None:
    (one,) = rows("p,a,,1,,'=1+1,2026-11-24T14:05:09Z,'@home")
    assert (one.label, one.by) == ("=1+1", "@home")
    (other,) = rows("p,a,,1,,'t Hart,2026-11-24T14:05:09Z,'(night)'")
    assert (other.label, other.by) == ("'t Hart", "'(night)'")


def test_unreadable_rows_do_not_stop_the_others() -> None:
    later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    lines = [
        "p,,,1,,,2026-11-24T14:05:09Z,",
        "p,a,,1,,,yesterday,",
        f"p,b,,1,,,{later},",
        "p,c,,1,,,2026-11-24T14:05:09Z,",
    ]
    found = ticked(read_file("\n".join([HEAD, *lines]).encode(), "ticks.csv"))
    assert [row.room_id for row in found.rows] == ["c"]
    assert [(each.row, each.message.split(".")[0]) for each in found.problems] == [
        (2, "It names no room"),
        (3, "Its time cannot be read"),
        (4, "Its time is in the future"),
    ]


@pytest.mark.parametrize(
    "text", ["", "14:05", "2026-11-24", "2026-W48", "0001-01-01T00:00:00+05:00", "24.11.2026 14:05"]
)
def test_invalid_moment_is_refused(text: str) -> None:
    found = ticked(read_file(f"{HEAD}\np,a,,1,,,{text},Olga\n".encode(), "ticks.csv"))
    assert not found.rows and [each.row for each in found.problems] == [2]


def test_long_label_and_signature_are_cut() -> None:
    (one,) = rows(f"p,a,,1,,{'x' * 100},2026-11-24T14:05:09Z,{'y' * 100}")
    assert (len(one.label), len(one.by)) == (42, 80)


def test_another_file_is_told_from_it() -> None:
    with pytest.raises(RosterError, match="not the CSV that the page of an offline pack downloads"):
        rows("a,b", head="label,email")


def test_address_of_a_tick_is_no_label() -> None:
    lines = (HEAD, "p,a,,1,,Anna <a@x.org>,2026-11-24T14:05:09Z,", "p,b,,2,,b@x.org,2026-11-24T14:05:09Z,")
    found = ticked(read_file("\n".join(lines).encode(), "ticks.csv"))
    assert [(row.label, row.whom) for row in found.rows] == [("Anna", "Anna <a@x.org>"), ("", "b@x.org")]
    assert [(each.row, each.column) for each in found.remarks] == [(2, "whom"), (3, "whom")]
