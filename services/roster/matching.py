"""A roster for existing rooms: its rows are matched to rooms by room ID or external ID."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.participants import Participant
from services.roster.cells import one_line
from services.roster.columns import Field, has_header, recognise
from services.roster.people import Report, RowProblem, people
from services.roster.sheet import RosterError, Sheet

ROOM_ID = "room_id"
"""The column of our own links file that names the room."""


@dataclass(frozen=True)
class Matched:
    """What a roster changes about rooms. With any problem it must not be used.

    people: the participant of each room from now on, by the room's id; only where that changes.
    same: how many rows change nothing.
    unknown: the numbers of the rows that match no visible room.
    """

    people: Mapping[str, Participant]
    same: int = 0
    unknown: tuple[int, ...] = ()
    problems: tuple[RowProblem, ...] = field(default=())


def match(sheet: Sheet, rooms: Mapping[str, Participant]) -> Matched:
    """Matches the rows of a roster with a header to rooms. A blank cell changes nothing.

    rooms: the present participant of each room, by the room's id.

    Raises RosterError where no column names the rooms.
    """
    header = sheet.rows[0]
    mapping = recognise(header)
    by_room = next((column for column, name in enumerate(header) if name.strip().casefold() == ROOM_ID), None)
    if not has_header(sheet.rows) or (by_room is None and Field.EXTERNAL_ID not in mapping):
        raise RosterError(
            "The first row must name the columns, one of them room_id or external_id: by it a row finds its room. "
            "The links file that you download here has both."
        )
    sheet, blank = _without_blank(sheet, mapping)
    report = people(sheet, mapping, header=True) if len(sheet.rows) > 1 else Report((), (), ())
    if report.problems:
        return Matched({}, problems=report.problems)
    by_external = _by_external_id(rooms)
    found: dict[str, Participant] = {}
    problems: list[RowProblem] = []
    unknown: list[int] = []
    for number, row, person in zip(sheet.numbers[1:], sheet.rows[1:], report.people, strict=True):
        named = one_line(row[by_room]) if by_room is not None else ""
        room_id = named if named in rooms else (by_external.get(person.external_id, "") if not named else "")
        if not room_id:
            unknown.append(number)
        elif room_id in found:
            problems.append(RowProblem(number, "", "Another row is about the same room. Delete one of them."))
        else:
            labelled = Field.LABEL in mapping and bool(row[mapping[Field.LABEL]])
            found[room_id] = _merged(rooms[room_id], person, labelled=labelled)
    news = {room_id: person for room_id, person in found.items() if person != rooms[room_id]}
    return Matched({} if problems else news, len(found) - len(news) + blank, tuple(unknown), tuple(problems))


def _without_blank(sheet: Sheet, mapping: Mapping[Field, int]) -> tuple[Sheet, int]:
    """The sheet without the rows that name no person, and how many they were: a blank cell changes nothing."""
    naming = [mapping[name] for name in (Field.LABEL, Field.EMAIL, Field.EXTERNAL_ID) if name in mapping]
    rows = list(zip(sheet.rows, sheet.numbers, strict=True))
    filled = [rows[0], *(each for each in rows[1:] if any(each[0][column] for column in naming))]
    kept = replace(sheet, rows=tuple(row for row, _ in filled), numbers=tuple(number for _, number in filled))
    return kept, len(rows) - len(filled)


def _by_external_id(rooms: Mapping[str, Participant]) -> dict[str, str]:
    """The room of each external ID that only one room has."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for room_id, person in rooms.items():
        if person.external_id in found:
            twice.add(person.external_id)
        found[person.external_id] = room_id
    return {external_id: room_id for external_id, room_id in found.items() if external_id and external_id not in twice}


def _merged(now: Participant, news: Participant, *, labelled: bool) -> Participant:
    # An external ID replaces a blank label only for a new room, and this room exists.
    return Participant(
        label=news.label if labelled else now.label,
        email=news.email or now.email,
        external_id=news.external_id or now.external_id,
    )
