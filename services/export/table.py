"""The links file: one row for each room, for spreadsheets and for the people who work with them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from services.export.delimited import Delimiter, bare_csv_file, csv_file
from services.export.invitable import invitable
from services.link import Link
from services.local_time import local, offset_if_twice
from services.people.acting import needs
from services.people.roles import Right
from services.rooms.entry import Entry
from services.trust import as_cell, as_cells

Value = str | int | datetime | Link | None


class Kind(Enum):
    """How the values of a column are written."""

    TEXT = auto()
    WORD = auto()
    """Text that many rows share."""
    NUMBER = auto()
    LINK = auto()
    UTC = auto()
    LOCAL = auto()
    """The moment in the zone of the person who reads it."""
    ZONE = auto()
    """The name of that zone in every row."""


@dataclass(frozen=True)
class Column:
    """One column. read: its value for a room. width: in a spreadsheet, in characters."""

    name: str
    kind: Kind
    width: int
    read: Callable[[Entry], Value]


ROOM = (
    Column("label", Kind.TEXT, 24, lambda entry: entry.label),
    Column("external_id", Kind.TEXT, 14, lambda entry: entry.participant.external_id),
    Column("email", Kind.TEXT, 28, lambda entry: entry.participant.email),
    Column("link", Kind.LINK, 60, lambda entry: entry.link),
    Column("status", Kind.WORD, 11, lambda entry: entry.room.status),
    Column("expires_at", Kind.UTC, 21, lambda entry: entry.room.expires_at),
    Column("expires_at_local", Kind.LOCAL, 17, lambda entry: entry.room.expires_at),
    Column("timezone", Kind.ZONE, 16, lambda _: None),
    Column("language", Kind.WORD, 11, lambda entry: entry.room.language or ""),
    Column("max_duration_minutes", Kind.NUMBER, 22, lambda entry: entry.room.max_duration_minutes),
    Column("voice", Kind.WORD, 10, lambda entry: entry.room.voice or ""),
    Column("handed_out_at", Kind.UTC, 21, lambda entry: entry.known.handed_out if entry.known else None),
    Column("handed_out_by", Kind.WORD, 16, lambda entry: entry.known.handed_out_by if entry.known else ""),
    Column("started_at", Kind.UTC, 21, lambda entry: entry.room.started_at),
    Column("finished_at", Kind.UTC, 21, lambda entry: entry.room.finished_at),
    Column("respondent_email", Kind.TEXT, 28, lambda entry: entry.room.respondent_email or ""),
    Column("batch", Kind.WORD, 24, lambda entry: entry.batch_name),
    Column("project_name", Kind.WORD, 24, lambda entry: entry.project_name),
    Column("project_id", Kind.WORD, 38, lambda entry: entry.room.project_id),
    Column("room_id", Kind.TEXT, 38, lambda entry: entry.room.id),
    Column("record_id", Kind.TEXT, 38, lambda entry: entry.room.record_id or ""),
    Column("created_at", Kind.UTC, 21, lambda entry: entry.room.created_at),
)
"""The columns after the row's number."""

ROOM_ID = "room_id"
"""The column that is written only where a person asks for it: by it anybody learns of the interview."""

COLUMNS = ("no", *(column.name for column in ROOM if column.name != ROOM_ID))
"""Fixed names in a fixed order, in every language of the page, so that other tools can rely on them."""

COLUMNS_WITH_IDS = ("no", *(column.name for column in ROOM))
"""The same with ROOM_ID."""

MAIL_MERGE = ("label", "email", "link", "expires_at_local")
"""The columns of a mail merge."""


def room_columns(room_ids: bool) -> list[Column]:
    """Returns the columns after the row's number. room_ids: whether ROOM_ID is among them."""
    return [column for column in ROOM if room_ids or column.name != ROOM_ID]


@needs(Right.LINKS)
def links_csv(
    entries: Sequence[Entry], zone: ZoneInfo, delimiter: Delimiter = Delimiter.COMMA, *, room_ids: bool = False
) -> bytes:
    """The rooms with all COLUMNS, numbered in the order given, as CSV. room_ids: with ROOM_ID, too.

    `*_at` is ISO 8601 in UTC; `expires_at_local` is the same moment in `zone`. Links are never altered, and one that
    is not proper has services.link.NOT_A_LINK before it; in place of one that another room has too is IN_CONFLICT. All
    other text passes the formula guard.
    """
    numbers = [str(number) for number in range(1, len(entries) + 1)]
    return csv_file({"no": numbers, **_cells(entries, room_columns(room_ids), zone)}, delimiter)


@needs(Right.LINKS)
def mail_merge_csv(
    entries: Sequence[Entry], zone: ZoneInfo, now: datetime, delimiter: Delimiter = Delimiter.COMMA
) -> bytes:
    """The columns MAIL_MERGE of the rooms as CSV, for a mail program or a word processor; rules as in `links_csv`.

    A room to which no person may be invited any more (services.export.invitable) is left out.

    now: the moment by which links run out.
    """
    columns = [column for column in ROOM if column.name in MAIL_MERGE]
    return csv_file(_cells(invitable(entries, now), columns, zone), delimiter)


@needs(Right.LINKS)
def links_only(entries: Iterable[Entry]) -> bytes:
    """The proper links, one on each line, and nothing else."""
    return "".join(f"{entry.link.target}\n" for entry in entries if entry.link.is_proper).encode()


@needs(Right.LINKS)
def taskflow_csv(entries: Sequence[Entry], now: datetime) -> bytes:
    """The links as Prolific's Taskflow takes them: the link in column A, and in column B the participants it is for.

    These are one each, as a room is for one respondent. A room to which no person may be invited any more
    (services.export.invitable) is left out, so every link is proper and stands here as it is.

    Prolific says what the columns hold, and "one URL per row", but nothing of names above them. It is assumed that
    there are none: names would be a first address that leads nowhere. For the same reason nothing marks the charset;
    a link has no character outside ASCII.

    now: the moment by which links run out.
    """
    links = [entry.link.target for entry in invitable(entries, now)]
    return bare_csv_file([links, ["1"] * len(links)])


def local_minute(moment: datetime | None, zone: ZoneInfo) -> str:
    """Such as `2026-11-30 22:13`, which people of every language read alike; empty without a moment.

    Where that clock shows the time twice, the offset follows: `2026-10-25 02:30 UTC+1`.
    """
    if not moment:
        return ""
    there = local(moment, zone)
    return f"{there.isoformat(' ', 'minutes')[:16]}{offset_if_twice(there)}"


def _cells(entries: Sequence[Entry], columns: Iterable[Column], zone: ZoneInfo) -> dict[str, Sequence[str]]:
    """The cells of each column, one a room."""
    # Rooms of one call share their moments and their settings, so each of these is written once.
    ways: dict[Kind, Callable[[Any], str]] = {
        Kind.WORD: cache(as_cell),
        Kind.NUMBER: cache(str),
        Kind.LINK: lambda link: link.target if link.is_proper else as_cell(link.marked),
        Kind.UTC: cache(_utc),
        Kind.LOCAL: cache(lambda moment: local_minute(moment, zone)),
        Kind.ZONE: lambda _: zone.key,
    }

    def cells(column: Column) -> Sequence[str]:
        values = map(column.read, entries)
        if column.kind is Kind.TEXT:
            return as_cells([str(value) for value in values])
        return [*map(ways[column.kind], values)]

    return {column.name: cells(column) for column in columns}


def _utc(moment: datetime | None) -> str:
    """Every moment of the contract is in UTC already (services.aseed.models)."""
    return f"{moment.isoformat('T', 'seconds')[:19]}Z" if moment else ""
