"""Replacing a room: a new link for the same person and with the same settings, in place of the old one."""

import streamlit as st

from components.elements.jobs import watch_replacement
from components.elements.problems import NOTHING
from components.elements.writing import toast, writing
from components.state import connection, process
from services.batches.replace import NotReplaceable
from services.journal.batches import Busy
from services.journal.replacements import AlreadyReplaced
from services.rooms.entry import Entry

DAYS = 7
"""For how many days a replacement's link works."""

COSTS = (
    "Creates one room with the same label and settings, which reserves tokens. The old link is cancelled if no one has "
    "used it. Both histories name each other."
)


def replace(entry: Entry) -> None:
    """Starts the replacement; for a widget's callback."""
    client = connection.client()
    with writing(NOTHING):
        try:
            batch = process.engine().replace(
                entry.room, entry.participant, entry.project_name or entry.room.project_id, DAYS, client
            )
            watch_replacement(batch)
        except AlreadyReplaced:
            st.toast("This room has a replacement already; nothing was created.", icon=":material/info:")
        except Busy:
            toast(f"{NOTHING} A batch of this project is not finished. See Batches, then try again.")
        except NotReplaceable as error:
            toast(f"{NOTHING} {error}")
