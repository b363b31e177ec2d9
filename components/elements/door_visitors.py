"""The list of a door's visitors as a file, for the researcher."""

import streamlit as st

from components.elements.csv_download import download_csv
from components.elements.exported import Exported
from components.state import process, visibility
from services.export.delimited import Delimiter
from services.export.visitors import Visitors, visitors_csv
from services.journal.deeds import Export
from services.journal.door.records import Door
from services.people.acting import may
from services.people.roles import Right
from services.texts.speech import _


def visitors_download(door: Door) -> None:
    """Shows a button for the file, with the choice whether it has the ids of rooms; nothing to those who may not."""
    if not may(Right.CHANGE):
        return
    st.caption(_("Each visitor in a row: what became of them, what they agreed to and answered, and their code."))
    room_ids = st.checkbox(
        _("With room ids"),
        key=f"room_ids_visitors_{door.code}",
        help=_(
            "Aseed tells anybody who has a room's id about its interview. Leave them out unless a program needs them."
        ),
    )

    def made(delimiter: Delimiter) -> Exported:
        found = _read(door)
        # All are told, also where the file has no ids: it may name the people of these rooms.
        rooms = [visit.room_id for visit in found.visits if visit.room_id]
        content = visitors_csv(found, delimiter, room_ids=room_ids)
        return Exported(Export.VISITORS, content, rooms, [door.project_id])

    subject = f"{door.settings.name} visitors"
    download_csv(_("Download visitors"), made, subject, f"visitors_{door.code}", holds_links=False)


def _read(door: Door) -> Visitors:
    """What the journal has of the door now. Raises JournalError."""
    journal = process.journal()
    # As it is set up at the press: a page may be open for long.
    door = journal.doors.find(door.code) or door
    return Visitors(
        door=door,
        visits=journal.visits.all(door),
        known=journal.rooms.known(visibility.current(), door.project_id),
        answers=journal.doors.answers(door),
        texts=journal.doors.texts(door.id),
        versions=journal.doors.versions(door.id),
    )
