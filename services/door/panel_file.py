"""A panel's list of submissions: its columns, and its rows as they are compared with the visitors of a door.

Prolific's export is known by the names of its columns. Of another panel's file, the reader says which column is which.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.roster.cells import one_line
from services.roster.headers import headed, header_place
from services.roster.sheet import Sheet, column_letters


class Part(StrEnum):
    """What a column may hold. PERSON: the panel's id of a person; only this one is needed."""

    PERSON = "person"
    SUBMISSION = "submission"
    STUDY = "study"
    STATUS = "status"
    CODE = "code"
    STARTED = "started"
    COMPLETED = "completed"


_KNOWN: Mapping[Part, tuple[str, ...]] = {
    Part.PERSON: ("participant id", "prolific pid", "prolific id", "panelist id", "respondent id", "participant"),
    Part.SUBMISSION: ("submission id", "session id"),
    Part.STUDY: ("study id",),
    Part.STATUS: ("status", "submission status"),
    Part.CODE: ("completion code", "entered code", "study code"),
    Part.STARTED: ("started at", "started datetime"),
    Part.COMPLETED: ("completed at", "completed date time"),
}
"""Names of columns as Prolific's exports have had them, the best first, and as others call their ids."""

_APART = re.compile(r"[\W_]+")


class Standing(StrEnum):
    """What a submission is worth by the panel's own word."""

    SUBMITTED = "submitted"
    """The person says that they have taken part: to be paid, or paid."""
    REJECTED = "rejected"
    LEFT = "left"
    """Returned, out of time, screened out by the panel itself, or not finished."""


_STANDINGS: Mapping[str, Standing] = {
    **dict.fromkeys(("returned", "timed out", "screened out", "active", "reserved", "in progress"), Standing.LEFT),
    "rejected": Standing.REJECTED,
}
"""By the words of Prolific; every other word is SUBMITTED, as is a file without a status."""

NO_CODE = frozenset(("", "nocode", "no code"))
"""What stands for a completion code where there is none, folded."""


@dataclass(frozen=True)
class Submission:
    """A row of the file. row: its number there. The rest is text as it stands there; empty for a column that is not."""

    row: int
    person: str = field(repr=False)
    id: str = field(default="", repr=False)
    study: str = ""
    status: str = ""
    code: str = field(default="", repr=False)
    started: str = ""
    completed: str = ""

    @property
    def standing(self) -> Standing:
        return _STANDINGS.get(folded(self.status), Standing.SUBMITTED)


Columns = Mapping[Part, int]
"""The place of each column, from 0."""


def folded(text: str) -> str:
    """Words in one case and with single spaces between."""
    return _APART.sub(" ", text.casefold()).strip()


def table_of(sheet: Sheet) -> Sheet:
    """The sheet from the row on that names its columns, which is the first one where none is known."""
    return headed(sheet, header_place(sheet.rows) or 0)


def names_of(table: Sheet) -> Sequence[str]:
    """What the columns are called, each by a name of its own: without a name, or with another's, also by letters."""
    header = [one_line(cell) for cell in table.rows[0]]
    return [
        name if name and header.count(name) == 1 else f"{name} ({column_letters(place)})".strip()
        for place, name in enumerate(header)
    ]


def known_columns(table: Sheet) -> Columns:
    """The columns that are known by their names."""
    header = [folded(cell) for cell in table.rows[0]]
    found = {part: next((name for name in names if name in header), None) for part, names in _KNOWN.items()}
    return {part: header.index(name) for part, name in found.items() if name is not None}


def submissions(table: Sheet, columns: Columns) -> list[Submission]:
    """The rows. columns: PERSON at least."""

    def cell(row: Sequence[str], part: Part) -> str:
        return one_line(row[columns[part]]) if part in columns else ""

    return [
        Submission(
            row=number,
            person=cell(row, Part.PERSON),
            id=cell(row, Part.SUBMISSION),
            study=cell(row, Part.STUDY),
            status=cell(row, Part.STATUS),
            code=cell(row, Part.CODE),
            started=cell(row, Part.STARTED),
            completed=cell(row, Part.COMPLETED),
        )
        for number, row in zip(table.numbers[1:], table.rows[1:], strict=True)
    ]
