"""A roster that says whom rooms are for that exist already: its rows matched to rooms by room ID or external ID."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.participants import Participant
from services.roster.cells import one_line
from services.roster.columns import Field, has_header, recognise
from services.roster.people import Report, RowProblem, people
from services.roster.sheet import RosterError, Sheet

ROOM_ID = "room_id"
"""The column of our own links file that names the room."""


@dataclass(frozen=True)
class Matched:
    """What a roster says about rooms. With any problem it must not be used.

    people: whom each room is for from now on, by its id, where that is news. same: how many rows say nothing new.
    unknown: the numbers of rows that are about no room on show.
    """

    people: Mapping[str, Participant]
    same: int = 0
    unknown: tuple[int, ...] = ()
    problems: tuple[RowProblem, ...] = field(default=())


def match(sheet: Sheet, rooms: Mapping[str, Participant]) -> Matched:
    """Match the rows of a roster with a header to rooms. rooms: whom each is for now, by its id.

    What a row leaves blank stays as it is. Raises RosterError where no column names the rooms.
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
    """The sheet without the rows that say nothing of anybody, and how many they were: what is blank stays as it is."""
    telling = [mapping[name] for name in (Field.LABEL, Field.EMAIL, Field.EXTERNAL_ID) if name in mapping]
    rows = list(zip(sheet.rows, sheet.numbers, strict=True))
    said = [rows[0], *(each for each in rows[1:] if any(each[0][column] for column in telling))]
    kept = Sheet(tuple(row for row, _ in said), tuple(number for _, number in said), sheet.title)
    return kept, len(rows) - len(said)


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
    # For a new room an external ID stands in for a label that is blank, and this room is not new.
    return Participant(
        label=news.label if labelled else now.label,
        email=news.email or now.email,
        external_id=news.external_id or now.external_id,
    )
