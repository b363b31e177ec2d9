"""Invitations: one message a person, made of a template, with the person's link in it.

Nothing is sent from here: the messages become a file for a mail merge, `mailto:` URLs, or text to copy.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote
from zoneinfo import ZoneInfo

from services.email_address import is_email_address
from services.export.delimited import Delimiter, csv_file
from services.export.invitable import why_not_invited
from services.export.table import local_minute
from services.people.acting import needs
from services.people.roles import Right
from services.rooms.entry import Entry
from services.texts.speech import N_, _
from services.trust import as_cell, as_prose_cell

LONGEST_MAILTO = 2000
"""Characters of a `mailto:` URL that mail programs and browsers agree on; some cut off the rest, or do nothing."""

_FIELDS: dict[str, Callable[[Entry, ZoneInfo], str]] = {
    "label": lambda entry, _: entry.label,
    "link": lambda entry, _: entry.link.target,
    "minutes": lambda entry, _: str(entry.room.max_duration_minutes),
    "expires": lambda entry, zone: (
        f"{ends} ({zone.key})" if (ends := local_minute(entry.room.expires_at, zone)) else ""
    ),
    "topics": lambda entry, _: entry.room.topics_for_respondent or "",
    "project": lambda entry, _: entry.project_name,
}

_NAMES = frozenset(("label", "project"))
"""The fields that hold a name."""

FIELDS = tuple(_FIELDS)
"""What a template may name in braces.

expires: such as `2026-11-30 22:13 (Europe/Berlin)`, in numbers so that it fits a template in any language.
"""

_LACKS = {
    "label": N_("it has no label"),
    "expires": N_("its link has no end"),
    "topics": N_("it has no topics of its own"),
    "project": N_("its project has no name"),
}
"""Why a room gets no message that names a field which is empty for it."""

_PART = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+")

_LINE_END = re.compile("\r\n|\r|\n")


class TemplateError(ValueError):
    """A template that cannot be used; its text says what is wrong and what would be right."""


@dataclass(frozen=True)
class Template:
    """An invitation with FIELDS in braces, such as {link}; {{ and }} stand for braces. It is checked when it is made.

    The body must have {link}. The subject must not: subjects are shown on locked screens and kept in the logs of mail
    servers, and a person who has the link can sit the interview.

    Raises TemplateError.
    """

    subject: str
    body: str

    def __post_init__(self) -> None:
        if "link" in self._subject.fields:
            raise TemplateError(
                _("The subject must not hold {link}: others may see it. Put the link into the message.")
            )
        if "link" not in self._body.fields:
            raise TemplateError(_("The message has no {link}. Put {link} where the person's link is to be."))

    @cached_property
    def _subject(self) -> "_Text":
        return _parse(self.subject)

    @cached_property
    def _body(self) -> "_Text":
        return _parse(self.body)

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it names."""
        return self._subject.fields | self._body.fields


@dataclass(frozen=True)
class Invitation:
    """The message to one person.

    template, zone: what subject and text are made with.
    """

    entry: Entry
    subject: str
    text: str
    template: Template
    zone: ZoneInfo

    @cached_property
    def mailto(self) -> str:
        """A URL that opens the message in the reader's mail program (RFC 6068); empty without a plausible email."""
        email = self.entry.participant.email.strip()
        # One address and no more: a mail program would also write to a second one.
        if not is_email_address(email):
            return ""
        body = _LINE_END.sub("\r\n", self.text)
        return f"mailto:{quote(email, safe='@')}?subject={quote(self.subject, safe='')}&body={quote(body, safe='')}"

    @property
    def subject_cell(self) -> str:
        """The subject for a CSV file, with each name guarded that could run where a separator stands before it."""
        filled = self.template._subject.filled(self.entry, self.zone, as_cell)
        return as_prose_cell(" ".join(filled.split()))

    @property
    def text_cell(self) -> str:
        """The text for a CSV file, in the same way."""
        return as_prose_cell(self.template._body.filled(self.entry, self.zone, as_cell))

    @property
    def mailto_is_too_long(self) -> bool:
        """Whether mail programs may cut the message off. A Cyrillic letter counts six characters there."""
        return len(self.mailto) > LONGEST_MAILTO


@dataclass(frozen=True)
class LeftOut:
    """A room without a message.

    why: in words that follow "because" or a colon; they may hold text from outside.
    """

    entry: Entry
    why: str


def message(template: Template, entry: Entry, zone: ZoneInfo) -> str:
    """The text for one room. Inserted text is literal: braces in a label stay braces."""
    return template._body.filled(entry, zone)


def subject(template: Template, entry: Entry, zone: ZoneInfo) -> str:
    """The subject for one room, always on one line."""
    return " ".join(template._subject.filled(entry, zone).split())


def invitations(
    template: Template, entries: Sequence[Entry], zone: ZoneInfo, now: datetime
) -> tuple[list[Invitation], list[LeftOut]]:
    """A message for each room that a person can still join, and the rooms that get none.

    A room for which a field of the template is empty is left out, so no message has a gap.

    now: the moment by which links run out; the status of a room may be older.
    """
    invited, left_out = [], []
    for entry in entries:
        if why := _why_not(template, entry, zone, now):
            left_out.append(LeftOut(entry, why))
        else:
            invited.append(
                Invitation(entry, subject(template, entry, zone), message(template, entry, zone), template, zone)
            )
    return invited, left_out


@needs(Right.LINKS)
def invitations_csv(invited: Sequence[Invitation], zone: ZoneInfo, delimiter: Delimiter = Delimiter.COMMA) -> bytes:
    """The messages as CSV for a mail merge: label, email, link, expires_at_local, subject, message.

    Written as the links file is (services.export.table), formula guard and all.
    """
    return csv_file(
        {
            "label": [as_cell(one.entry.label) for one in invited],
            "email": [as_cell(one.entry.participant.email) for one in invited],
            "link": [one.entry.link.target for one in invited],
            "expires_at_local": [local_minute(one.entry.room.expires_at, zone) for one in invited],
            "subject": [one.subject_cell for one in invited],
            "message": [one.text_cell for one in invited],
        },
        delimiter,
    )


@needs(Right.LINKS)
def invitations_text(invited: Sequence[Invitation]) -> bytes:
    """The messages as a text file to copy from, each under a line with whom it is for."""
    return "\n\n".join(f"{_heading(one)}\n\n{one.subject}\n\n{one.text.strip()}\n" for one in invited).encode()


def _heading(invitation: Invitation) -> str:
    entry = invitation.entry
    whom = " ".join(f"{entry.label} {entry.participant.email}".split()) or entry.name
    return f"=== {whom} ==="


def _why_not(template: Template, entry: Entry, zone: ZoneInfo, now: datetime) -> str:
    """Why a room gets no message; empty where it gets one."""
    if why := why_not_invited(entry, now):
        return why
    lacking = (_(why) for field, why in _LACKS.items() if field in template.fields and _is_empty(field, entry, zone))
    return next(lacking, "")


def _is_empty(field: str, entry: Entry, zone: ZoneInfo) -> bool:
    return not _FIELDS[field](entry, zone).strip()


@dataclass(frozen=True)
class _Text:
    """A template's text in parts.

    pieces: literal texts, each with the field that follows it; empty where no field follows.
    """

    pieces: tuple[tuple[str, str], ...]

    @cached_property
    def fields(self) -> frozenset[str]:
        return frozenset(field for _, field in self.pieces if field)

    def filled(self, entry: Entry, zone: ZoneInfo, write_name: Callable[[str], str] = str) -> str:
        """The text for a room. write_name: how names are written, which are not ours; topics are prose as well."""
        return "".join(text + self._value(field, entry, zone, write_name) for text, field in self.pieces)

    @staticmethod
    def _value(field: str, entry: Entry, zone: ZoneInfo, write_name: Callable[[str], str]) -> str:
        if not field:
            return ""
        value = _FIELDS[field](entry, zone)
        return write_name(value) if field in _NAMES else value


def _parse(text: str) -> _Text:
    return _Text(tuple(_piece(found[0]) for found in _PART.finditer(text)))


def _piece(part: str) -> tuple[str, str]:
    """A part as literal text or as a field. Raises TemplateError."""
    if part in ("{{", "}}"):
        return part[0], ""
    if part in ("{", "}"):
        raise TemplateError(
            _(
                "A {part} stands alone. Fields are written like {field}; for a brace write {twice}.",
                part=part,
                field="{link}",
                twice=part * 2,
            )
        )
    if not part.startswith("{"):
        return part, ""
    if (field := part[1:-1]) not in _FIELDS:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise TemplateError(
            _("{part} is no field. The fields are {known}, each written exactly so.", part=part, known=known)
        )
    return "", field
