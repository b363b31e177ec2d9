"""Hand-outs that were ticked in an offline pack (services.export.offline), from the CSV that its page downloads.

A person may have saved the CSV from a spreadsheet, so it is read as any other list is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.aseed.models import MAX_LABEL_LENGTH
from services.labels import without_addresses
from services.roster.cells import one_line
from services.roster.people import RowProblem
from services.roster.sheet import RosterError, Sheet
from services.texts.speech import N_, _
from services.trust import without_guard

PACK, ROOM, AT, BY, WHOM = "pack", "room_id", "handed_out_at", "handed_out_by", "whom"

LONGEST_SIGNATURE = 80
"""Characters of the name of the person who handed out."""

AHEAD = timedelta(days=1)
"""The most by which a tablet's clock may be fast."""


@dataclass(frozen=True)
class TickedRow:
    """One hand-out.

    row: its number in the file.
    given: when the link was given, in UTC, by the clock of the device that ticked it.
    by: the person who gave it.
    label: the person who got it, without an email address that was typed there.
    whom: how staff know the person, where that is not the label: what was typed.
    """

    row: int
    pack_id: str
    room_id: str
    given: datetime
    by: str
    label: str
    whom: str = ""


@dataclass(frozen=True)
class Ticked:
    """The hand-outs of a file.

    problems: the rows that could not be read; the other rows count.
    remarks: what to look at in those that count.
    """

    rows: tuple[TickedRow, ...]
    problems: tuple[RowProblem, ...]
    remarks: tuple[RowProblem, ...] = ()


def ticked(sheet: Sheet) -> Ticked:
    """Reads the hand-outs. Raises RosterError where the file is not from an offline pack."""
    columns = {name.strip().casefold(): place for place, name in enumerate(sheet.rows[0])}
    if not {PACK, ROOM, AT} <= columns.keys():
        raise RosterError(
            _(
                "It is not the CSV that the page of an offline pack downloads: that has the columns pack, room_id and "
                "handed_out_at."
            )
        )
    rows: list[TickedRow] = []
    problems: list[RowProblem] = []
    for number, row in zip(sheet.numbers[1:], sheet.rows[1:], strict=True):
        found = _row(number, {name: one_line(without_guard(row[place])) for name, place in columns.items()})
        if isinstance(found, TickedRow):
            rows.append(found)
        else:
            problems.append(found)
    remarks = [RowProblem(row.row, WHOM, _(_HAD_ADDRESS)) for row in rows if row.whom]
    return Ticked(tuple(rows), tuple(problems), tuple(remarks))


def _row(number: int, cells: Mapping[str, str]) -> TickedRow | RowProblem:
    if not cells[ROOM]:
        return RowProblem(number, ROOM, _("It names no room."))
    given = _moment(cells[AT])
    if given is None:
        return RowProblem(number, AT, _("Its time cannot be read. It looks like 2026-11-24T14:05:00Z."))
    if given > datetime.now(UTC) + AHEAD:
        return RowProblem(number, AT, _("Its time is in the future. Correct the tablet's clock, and this row."))
    by, whom = (cells.get(name, "")[:longest] for name, longest in _TEXTS)
    label = without_addresses(whom).text
    return TickedRow(number, cells[PACK], cells[ROOM], given, by, label, whom if whom != label else "")


_HAD_ADDRESS = N_("The email address is kept for staff alone, and is no part of the room's label.")
_TEXTS = ((BY, LONGEST_SIGNATURE), (WHOM, MAX_LABEL_LENGTH))


def _moment(text: str) -> datetime | None:
    # A date without a time would be read as midnight.
    if ":" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        # A spreadsheet may have dropped the Z.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
