"""A roster for existing rooms: its rows are matched to rooms by room ID or external ID."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from services.participants import Participant
from services.roster.cells import bare, clean, one_line
from services.roster.columns import recognise
from services.roster.damage import is_damaged
from services.roster.errors import lost_digits
from services.roster.fields import IDENTIFYING, Field
from services.roster.headers import headed, header_place
from services.roster.people import Report, RowProblem, people
from services.roster.sheet import RosterError, Sheet
from services.texts.speech import _
from services.trust import without_guard

ROOM_ID, LINK = "room_id", "link"
"""The columns of our own links file that name the room; the first is there only where a person asked for it."""


_MOST_COMPARED = 300_000
"""How many pairs of ids are compared for damage, which takes about a second."""


@dataclass(frozen=True)
class Damage:
    """A text that a spreadsheet seems to have changed in the file.

    row: its number in the file.
    column: the field, as our own links file names it.
    known: the text as it is known here. read: the text in the file.
    names_room: whether the row has nothing else by which it finds its room.
    """

    row: int
    column: Field
    known: str
    read: str
    names_room: bool = False


@dataclass(frozen=True)
class Matched:
    """What a roster changes about rooms. With any problem it must not be used.

    people: the participant of each room from now on, by the room's id; only where that changes.
    same: how many rows change nothing.
    unknown: the numbers of the rows that match no visible room.
    damaged: what a spreadsheet seems to have changed, to be shown beside what is known.
    """

    people: Mapping[str, Participant]
    same: int = 0
    unknown: tuple[int, ...] = ()
    problems: tuple[RowProblem, ...] = field(default=())
    damaged: tuple[Damage, ...] = ()


def match(
    sheet: Sheet,
    rooms: Mapping[str, Participant],
    links: Mapping[str, str] = MappingProxyType({}),
    *,
    take_damaged: bool = False,
) -> Matched:
    """Returns what the rows of a roster with a header change about rooms. A blank cell changes nothing.

    A row is about the room that its room id names; without one, that of its link; else that of its external id.

    rooms: the present participant of each room, by the room's id.
    links: the room's id by its link.
    take_damaged: whether the researcher has seen what a spreadsheet seems to have changed, and takes it: labels and ids
        as they are in the file, and rows as rows of the rooms that their damaged ids seem to name.

    Raises RosterError where no column names the rooms.
    """
    place = header_place(sheet.rows)
    sheet = headed(sheet, place)
    header = sheet.rows[0]
    mapping = recognise(header, sheet.rows[1:])
    by_room, by_link = _named(header, ROOM_ID), _named(header, LINK)
    if place is None or (by_room is None and by_link is None and Field.EXTERNAL_ID not in mapping):
        raise RosterError(
            _(
                "A row must name the columns, one of them link, external_id or room_id: by it a row finds its room. "
                "The links file that you download here has them."
            )
        )
    sheet, blank = _without_blank(sheet, mapping)
    report = people(sheet, mapping, header=True, have_rooms=True) if len(sheet.rows) > 1 else Report((), (), ())
    if report.problems:
        return Matched({}, problems=report.problems)
    matching = _Matching(rooms, {person.external_id for person in report.people}, take_damaged)
    for number, row, person in zip(sheet.numbers[1:], sheet.rows[1:], report.people, strict=True):
        named = one_line(row[by_room]) if by_room is not None else ""
        if not named and by_link is not None:
            named = links.get(row[by_link].strip(), "")
        matching.take(number, named, person)
    return matching.matched(blank)


def _named(header: Sequence[str], name: str) -> int | None:
    return next((column for column, found in enumerate(header) if found.strip().casefold() == name), None)


class _Matching:
    """The rows of one file as they find their rooms.

    listed: the external ids in the file.
    """

    def __init__(self, rooms: Mapping[str, Participant], listed: Collection[str], take_damaged: bool) -> None:
        self.rooms = rooms
        self.listed = listed
        self.take_damaged = take_damaged
        self.by_external = _by_external_id(rooms)
        self.compares = len(rooms) * len(listed) <= _MOST_COMPARED
        self.found: dict[str, Participant] = {}
        self.unknown: list[int] = []
        self.problems: list[RowProblem] = []
        self.damaged: list[Damage] = []
        self.kept: set[str] = set()
        """The rooms of which the file has a damaged label or id."""

    def take(self, number: int, named: str, news: Participant) -> None:
        """Finds the room of a row. named: its room id; empty where only the external id names the room."""
        if named:
            room_id = named if named in self.rooms else ""
        else:
            room_id, news = self._by_external_id(number, news)
        if not room_id:
            if not (self.damaged and self.damaged[-1].row == number):
                self.unknown.append(number)
        elif room_id in self.found:
            twice = _("Another row is about the same room. Delete one of them.")
            self.problems.append(RowProblem(number, "", twice))
        else:
            before = len(self.damaged)
            self.found[room_id] = self._merged(number, self.rooms[room_id], news)
            if len(self.damaged) > before:
                self.kept.add(room_id)

    def matched(self, blank: int) -> Matched:
        """The result. blank: how many rows name no person."""
        news = {room_id: person for room_id, person in self.found.items() if person != self.rooms[room_id]}
        same = self.found.keys() - news.keys() - self.kept
        return Matched(
            {} if self.problems else news,
            len(same) + blank,
            tuple(self.unknown),
            tuple(self.problems),
            tuple(self.damaged),
        )

    def _by_external_id(self, number: int, news: Participant) -> tuple[str, Participant]:
        """The room that an external id names, and the news with the id as it is known."""
        read = news.external_id
        room_id = self.by_external.get(read, "")
        # An id that is whole in another row of the file is not the one that was damaged in this row.
        others = {known for known in self._like(read) if known not in self.listed}
        if room_id and others:
            self.problems.append(
                RowProblem(
                    number,
                    Field.EXTERNAL_ID,
                    _(
                        "This may be “{read}” or “{other}”, which spreadsheets write alike. "
                        "Add the column link of the links file.",
                        read=read,
                        other=min(others),
                    ),
                )
            )
            return "", news
        if room_id or len(others) != 1:
            return room_id, news
        known = others.pop()
        self.damaged.append(Damage(number, Field.EXTERNAL_ID, known, read, names_room=True))
        return (self.by_external[known] if self.take_damaged else ""), replace(news, external_id=known)

    def _like(self, read: str) -> list[str]:
        """The known ids of which a spreadsheet may have made this one."""
        return [known for known in self.by_external if is_damaged(known, read)] if self.compares else []

    def _merged(self, number: int, now: Participant, news: Participant) -> Participant:
        return Participant(
            label=self._value(number, Field.LABEL, now.label, news.label),
            email=news.email if news.email and _tidy(now.email) != news.email else now.email,
            external_id=self._value(number, Field.EXTERNAL_ID, now.external_id, news.external_id),
        )

    def _value(self, number: int, column: Field, known: str, read: str) -> str:
        """The text of a field from now on: what is known, unless the file says something else."""
        if not read or _is_same(column, known, read):
            return known
        if not is_damaged(known, read):
            if wrong := lost_digits(read):
                self.problems.append(RowProblem(number, column, wrong))
            return read
        self.damaged.append(Damage(number, column, known, read))
        return read if self.take_damaged else known


def _is_same(column: Field, known: str, read: str) -> bool:
    """Whether a text is the known one as our links file holds it and a roster reads it."""
    cleaned = clean(known) if column is Field.LABEL else bare(known)
    tidy = one_line(cleaned)
    # An apostrophe before a formula is taken for the guard of our own file.
    return read in (known, tidy, tidy.removeprefix("'"), one_line(without_guard(cleaned)))


def _tidy(known: str) -> str:
    """An address or an id as a roster reads it."""
    return one_line(bare(known))


def _without_blank(sheet: Sheet, mapping: Mapping[Field, int]) -> tuple[Sheet, int]:
    """The sheet without the rows that name no person, and how many they were: a blank cell changes nothing."""
    naming = [mapping[name] for name in IDENTIFYING if name in mapping]
    rows = list(zip(sheet.rows, sheet.numbers, strict=True))
    filled = [rows[0], *(each for each in rows[1:] if any(each[0][column] for column in naming))]
    kept = replace(sheet, rows=tuple(row for row, _ in filled), numbers=tuple(number for _, number in filled))
    return kept, len(rows) - len(filled)


def _by_external_id(rooms: Mapping[str, Participant]) -> dict[str, str]:
    """The room of each external ID that only one room has."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for room_id, person in rooms.items():
        external_id = _tidy(person.external_id)
        if external_id in found:
            twice.add(external_id)
        found[external_id] = room_id
    return {external_id: room_id for external_id, room_id in found.items() if external_id and external_id not in twice}
