"""A sheet as people, with every problem and every remark by its row."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from services.aseed.models import MAX_DURATION_MINUTES, MAX_LABEL_LENGTH
from services.email_address import folded_address, is_email_address
from services.labels import LONGEST_READ, Label, without_addresses
from services.languages import language_name
from services.normal_form import normal_form
from services.participants import Participant
from services.roster.cells import bare, lines, one_line
from services.roster.columns import is_links_file
from services.roster.errors import failure, lost_digits
from services.roster.fields import IDENTIFYING, Field
from services.roster.name_parts import order_of_parts
from services.roster.recipients import named_address
from services.roster.sheet import MAX_CELL, MAX_ROWS, START, RosterError, Sheet, column_letters, too_many_people
from services.texts.speech import N_, _
from services.texts.speech import number as say_number
from services.trust import without_guard

_MINUTES = re.compile(r"0*([0-9]{1,5})(?:[.,]0+)?")

_NO_EMAIL = "anonymous"
"""The word of Microsoft Forms for a person who did not sign in."""

_TOO_LONG = N_("This cell is longer than {most} characters. Shorten it.")
_TOO_MUCH = N_(
    "There is more than 10 MB of text in the list, so only the start of this cell was read. Remove the columns that "
    "are not needed, or split the list."
)


@dataclass(frozen=True)
class RowProblem:
    """A problem or a remark.

    row: its number in the file.
    column: the column's name; empty for the whole row.
    message: what is wrong and what to do.
    """

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Report:
    """The people of a roster. With any problem it must not be used; a remark only asks for a check.

    people: in the order of the file, without the rows that name no person.
    """

    people: tuple[Participant, ...]
    problems: tuple[RowProblem, ...]
    remarks: tuple[RowProblem, ...]

    @property
    def unlabelled(self) -> int:
        """How many people have no label: their rooms would have no name at Aseed."""
        return sum(not person.label for person in self.people)


def people(sheet: Sheet, mapping: Mapping[Field, int], header: bool, *, have_rooms: bool = False) -> Report:
    """Returns the people of a sheet (services.roster.headers.headed).

    mapping: the column of each field, from 0.
    header: whether the first row names the columns.
    have_rooms: whether the people have rooms already. Then an external ID is no label where that is blank, and a number
        that a spreadsheet shortened is no problem: the caller knows the number.

    Raises RosterError where there is no person, too many, or no column that identifies them.
    """
    _check(sheet, mapping, header)
    reading = _Reading(sheet, mapping, header, have_rooms)
    found = [(number, person) for number, row in reading.rows() if (person := reading.person(number, row))]
    reading.note_repeats(found)
    reading.note_cleaned()
    return Report(tuple(person for _, person in found), _in_order(reading.problems), _in_order(reading.remarks))


def _check(sheet: Sheet, mapping: Mapping[Field, int], header: bool) -> None:
    width, count = len(sheet.rows[0]), len(sheet.rows) - header
    if not mapping.keys() & IDENTIFYING:
        raise RosterError(_("Choose which column holds the label or a name, the email or the external ID."))
    if not all(0 <= column < width for column in mapping.values()):
        raise RosterError(_("The columns chosen are not those of this list. Choose them again."))
    if not count:
        raise RosterError(_("The list has a header but no people. Add a row for each."))
    if count > MAX_ROWS:
        raise too_many_people(sheet.numbers[MAX_ROWS + header])


def _in_order(notes: list[RowProblem]) -> tuple[RowProblem, ...]:
    return tuple(sorted(notes, key=lambda note: note.row))


@dataclass
class _Reading:
    """One reading of a sheet, with the problems and remarks that it found."""

    sheet: Sheet
    mapping: Mapping[Field, int]
    header: bool
    have_rooms: bool
    problems: list[RowProblem] = field(default_factory=list)
    remarks: list[RowProblem] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = self.sheet.rows[0] if self.header else ("",) * len(self.sheet.rows[0])
        self.names = [
            one_line(name) or _("column {letters}", letters=column_letters(column)) for column, name in enumerate(names)
        ]
        self.parts = order_of_parts(names, self.mapping)
        self.guarded = self.header and is_links_file(names)
        """Whether this is our own links file, in which an apostrophe precedes a cell that looks like a formula."""
        self.width = max((column for column, name in enumerate(names, start=1) if name), default=len(names))
        """How many columns have a name; all of them where none has."""
        self.cleaned = set(self.sheet.cleaned)
        """The numbers of the rows from which invisible characters were removed."""

    def rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        return zip(self.sheet.numbers[self.header :], self.sheet.rows[self.header :], strict=True)

    def person(self, number: int, row: tuple[str, ...]) -> Participant | None:
        """The person of a row; None where it names no person."""
        if any(row[self.width :]):
            self._problem(
                number,
                None,
                _(
                    "The row has more cells than the header. If a text holds the delimiter, put it in quotation marks; "
                    "else name the column or clear the cell."
                ),
            )
        self._note_merged(number)
        cells = {name: self._cell(number, name, row[column]) for name, column in self.mapping.items()}
        external_id = cells.get(Field.EXTERNAL_ID, "")
        name, email = self._email(number, cells.get(Field.EMAIL, ""))
        label, email = self._named(number, cells, name, email)
        if not (label or email or external_id):
            self._problem(
                number,
                None,
                _("The row names no person. Fill in a label, an email or an external ID, or delete the row."),
            )
            return None
        return Participant(
            label=self._label(number, self._label_field(cells), label, external_id),
            email=email,
            external_id=external_id,
            language=language_name(cells.get(Field.LANGUAGE)),
            max_duration_minutes=self._minutes(number, cells.get(Field.MINUTES, "")),
            voice=cells.get(Field.VOICE) or None,
            topics_for_respondent=cells.get(Field.TOPICS) or None,
        )

    def note_repeats(self, found: list[tuple[int, Participant]]) -> None:
        """Adds a remark for each person who is listed twice, at the later row."""
        seen: dict[tuple[Field | None, str], int] = {}
        for number, person in found:
            keys = {
                Field.EMAIL: folded_address(person.email),
                Field.EXTERNAL_ID: _folded(person.external_id),
                Field.LABEL: _folded(person.label),
            }
            whole = (None, "\n".join(keys.values()))
            if first := seen.get(whole):
                self._remark(
                    number,
                    None,
                    _("THE SAME PERSON is in row {row}, and would get two rooms. Delete one of the rows.", row=first),
                )
                continue
            seen[whole] = number
            for name, text in keys.items():
                if text and (first := seen.setdefault((name, text), number)) != number:
                    self._remark(
                        number, name, _("The same is in row {row}: check that these are two people.", row=first)
                    )

    def note_cleaned(self) -> None:
        """Adds a remark for each row from which invisible characters were removed."""
        for number in self.cleaned.intersection(self.sheet.numbers[self.header :]):
            self._remark(number, None, _("Invisible characters, or marks piled on one letter, were removed."))

    def _cell(self, number: int, name: Field, text: str) -> str:
        if (number, self.mapping[name]) in self.sheet.shortened:
            self._problem(number, name, _(_TOO_LONG, most=say_number(MAX_CELL)) if len(text) > START else _(_TOO_MUCH))
        if name in (Field.EMAIL, Field.EXTERNAL_ID) and (plain := bare(text)) != text:
            self.cleaned.add(number)
            text = plain
        if self.guarded:
            text = without_guard(text).strip()
        is_judged = name in IDENTIFYING and not self.have_rooms
        if wrong := failure(text) or (is_judged and lost_digits(text)):
            self._problem(number, name, wrong)
        return lines(text) if name is Field.TOPICS else one_line(text)

    def _note_merged(self, number: int) -> None:
        """Adds a remark where a cell that names the person is merged with one above: the text counts in one row."""
        for name in (Field.LABEL, Field.EMAIL, Field.EXTERNAL_ID):
            if name in self.mapping and (above := self.sheet.merged.get((number, self.mapping[name]))):
                self._remark(
                    number,
                    name,
                    _(
                        "This cell is merged with row {row}, and its text counts there alone. Write a text in each "
                        "row, or delete this row if it is no person.",
                        row=above,
                    ),
                )

    def _named(self, number: int, cells: Mapping[Field, str], name: str, email: str) -> tuple[str, str]:
        """The label and the email: an address in the label is taken out, because labels are sent to Aseed.

        name: what stands beside the address in the column of emails; the label where the row has no other.
        """
        text = cells.get(Field.LABEL) or " ".join(cells[part] for part in self.parts if cells[part])
        # A longer one is no label, and none that is sent is cut: it is a problem that its length is told of.
        label = without_addresses(text) if len(text) <= LONGEST_READ else Label(text)
        if name and not label.text and not self.have_rooms:
            self._remark(
                number, Field.EMAIL, _("The name in this cell is the label now, and the address alone the email.")
            )
            label = replace(label, text=name)
        elif name and _folded(name) != _folded(label.text):
            self._remark(
                number, Field.EMAIL, _("The address in this cell is the email, and the name beside it is left out.")
            )
        if label.doubtful:
            self._problem(
                number,
                self._label_field(cells),
                _("The label holds what looks like an email address, and labels are sent to Aseed. Take it out."),
            )
        others = [address for address in label.addresses if folded_address(address) != folded_address(email)]
        if len(others) == 1 and not email:
            self._remark(
                number,
                self._label_field(cells),
                _("The address in the label is the email now, and no part of the label."),
            )
            return label.text, others[0]
        if others:
            self._remark(
                number,
                self._label_field(cells),
                _("The label held another email address, which was left out. Check which address is right.")
                if email
                else _(
                    "The label held another email address, which was left out. Check which address is right, and write "
                    "it into the column of emails."
                ),
            )
        return label.text, email

    def _label_field(self, cells: Mapping[Field, str]) -> Field:
        """The field from whose column the label of a row comes."""
        if cells.get(Field.LABEL):
            return Field.LABEL
        if any(cells[part] for part in self.parts):
            return self.parts[0]
        return Field.EMAIL

    def _label(self, number: int, name: Field, label: str, external_id: str) -> str:
        """The label; an external ID where it is blank, and never an email, because labels are sent to Aseed."""
        # An address in the column of external IDs is not sent to Aseed either.
        chosen = label or (external_id if not self.have_rooms and "@" not in external_id else "")
        if len(chosen) > MAX_LABEL_LENGTH:
            self._problem(
                number,
                name if label else Field.EXTERNAL_ID,
                _label_too_long(len(chosen), bool(label)),
            )
        return chosen

    def _email(self, number: int, text: str) -> tuple[str, str]:
        """The name beside the address, and the address alone."""
        if text.casefold() == _NO_EMAIL or not text:
            return "", ""
        if is_email_address(text):
            return "", text
        if (found := named_address(text)) and is_email_address(found[1]):
            return found
        self._problem(
            number, Field.EMAIL, _("This is not an email address. Write one address alone, or clear the cell.")
        )
        return "", text

    def _minutes(self, number: int, text: str) -> int | None:
        if not text:
            return None
        found = _MINUTES.fullmatch(text)
        minutes = int(found[1]) if found else 0
        if 1 <= minutes <= MAX_DURATION_MINUTES:
            return minutes
        self._problem(
            number,
            Field.MINUTES,
            _(
                "Write whole minutes from 1 to {most} as a number alone, or clear the cell.",
                most=say_number(MAX_DURATION_MINUTES),
            ),
        )
        return None

    def _problem(self, number: int, name: Field | None, message: str) -> None:
        self.problems.append(RowProblem(number, self._column(name), message))

    def _remark(self, number: int, name: Field | None, message: str) -> None:
        self.remarks.append(RowProblem(number, self._column(name), message))

    def _column(self, name: Field | None) -> str:
        if name is Field.LABEL and name not in self.mapping and self.parts:
            name = self.parts[0]
        return self.names[self.mapping[name]] if name and name in self.mapping else ""


def _label_too_long(length: int, has_label: bool) -> str:
    if has_label:
        return _(
            "It has {length} characters, and a label has {most} at most. Shorten it.",
            length=length,
            most=MAX_LABEL_LENGTH,
        )
    return _(
        "It has {length} characters, and a label has {most} at most. Shorten it, or give the person a label.",
        length=length,
        most=MAX_LABEL_LENGTH,
    )


def _folded(text: str) -> str:
    """A text without differences of case and spaces."""
    return normal_form("NFC", " ".join(text.split()).casefold())
