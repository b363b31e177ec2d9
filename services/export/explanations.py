"""The second sheet of the workbook: what each column of the first one means, in the language that is spoken."""

import re
from collections.abc import Sequence
from typing import Any

from services.texts.speech import N_, _

MEANINGS = {
    "no": N_("The number of the row."),
    "label": N_("The room's name at Aseed: whom it is for."),
    "external_id": N_("Your own ID of the person, from your list."),
    "email": N_("The person's email, from your list. Aseed does not get it."),
    "link": N_("The link to the interview. A person who has it can take part, once: guard it."),
    "status": N_(
        "How the room is: pending (not started), active (in interview), completed (done), expired (ran out) or "
        "cancelled."
    ),
    "expires_at": N_("When the link runs out, in UTC."),
    "expires_at_local": N_("When the link runs out, in the time zone that the column timezone names."),
    "timezone": N_("The time zone of the column expires_at_local."),
    "language": N_("The language of the interview."),
    "max_duration_minutes": N_("How long the interview may last, in minutes."),
    "voice": N_("The voice of the interviewer."),
    "handed_out_at": N_("When the link was handed out in person, in UTC."),
    "handed_out_by": N_("Who handed it out: the desk with the person who signed for it, or the door."),
    "started_at": N_("When the interview began, in UTC."),
    "finished_at": N_("When the interview ended, in UTC."),
    "respondent_email": N_("The email with which a person joined the interview."),
    "batch": N_("The batch in which the room was created."),
    "project_name": N_("The name of the project."),
    "project_id": N_("The project's ID at Aseed."),
    "room_id": N_("The room's ID at Aseed. A person who has it learns about the interview: guard it like the link."),
    "record_id": N_("The ID of the finished interview at Aseed."),
    "created_at": N_("When the room was created, in UTC."),
}
"""What every column of the links file means (services.export.table), by its name."""

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
"""What Excel does not take in the name of a sheet."""

_WIDTHS = (24, 90)
"""Of the two columns, in characters."""


def explain(book: Any, columns: Sequence[str], sheet_before: str, made_by: str = "") -> None:  # noqa: ANN401 - xlsxwriter is not typed
    """Adds the sheet to a workbook of xlsxwriter. columns: their names. sheet_before: the name that is taken.

    made_by: who made the file, in words; empty where that is not known.
    """
    sheet = book.add_worksheet(_name(_("Columns explained"), sheet_before))
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    for column, (head, width) in enumerate(zip((_("Column in the file"), _("What it means")), _WIDTHS, strict=True)):
        sheet.set_column(column, column, width, wrapped)
        sheet.write_string(0, column, head, bold)
    for row, name in enumerate(columns, start=1):
        sheet.write_string(row, 0, name, wrapped)
        sheet.write_string(row, 1, _(MEANINGS[name]), wrapped)
    if made_by:
        sheet.write_string(len(columns) + 2, 1, made_by, wrapped)


def _name(said: str, taken: str) -> str:
    """A name that Excel takes: a translation may be longer, or have a sign that it refuses."""
    name = _NOT_IN_NAMES.sub(" ", said)[:_LONGEST_NAME].strip()
    # Excel keeps History for itself.
    return name if name and name.casefold() not in (taken.casefold(), "history") else f"{taken} 2"
