"""Replacing rooms: a new link for the same person and with the same settings, in place of the old one."""

from collections.abc import Sequence

import streamlit as st

from components.elements.jobs import watch_replacement
from components.elements.problems import NOTHING
from components.elements.writing import toast, writing
from components.state import connection, process
from services.batches.replace import NotReplaceable
from services.journal.batches import Busy
from services.journal.replacements import AlreadyReplaced
from services.rooms.entry import Entry
from services.texts.speech import N_, _

DAYS = 7
"""For how many days a replacement's link works."""

COSTS = N_(
    "Creates one room with the same label and settings, which reserves tokens. The old link is cancelled if no one has "
    "used it. Both histories name each other."
)
"""What the button for it explains, to be said by `_`."""


def replace(*entries: Entry) -> None:
    """Starts the replacement of rooms of one project, in one batch; for a widget's callback."""
    client = connection.client()
    with writing(_(NOTHING)):
        try:
            name = entries[0].project_name or entries[0].room.project_id
            olds = [(entry.room, entry.participant) for entry in entries]
            watch_replacement(process.engine().replace(olds, name, DAYS, client))
        except AlreadyReplaced:
            st.toast(_already(entries), icon=":material/info:")
        except Busy:
            toast(
                _(
                    "{nothing} A batch of this project is not finished. See Batches, then try again.",
                    nothing=_(NOTHING),
                )
            )
        except NotReplaceable as error:
            toast(f"{_(NOTHING)} {_(str(error))}")


def _already(entries: Sequence[Entry]) -> str:
    if len(entries) == 1:
        return _("This room has a replacement already; nothing was created.")
    return _("One of these rooms has a replacement already; nothing was created. Choose the rooms again.")
