"""The receipt of a withdrawal on the Settings page, and what is left to do at Aseed."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components.elements import jobs
from components.elements.download import download
from components.elements.exported import Exported
from components.elements.file_kinds import FILE_KINDS
from components.elements.history import CANCELLED, RENAMED
from components.elements.words import rooms_in_words
from components.state import connection, people, viewer
from services.aseed.models import UpdateRoomRequest
from services.changes.task import Task
from services.export.receipt import receipt_text
from services.journal.deeds import Export
from services.journal.personal.records import Receipt, RoomLeft
from services.participants import WITHDRAWN
from services.texts.speech import _, language, ngettext


def show_receipt(receipt: Receipt) -> None:
    """What went, the receipt as a file, and what may be done at Aseed for the same rooms."""
    st.success(
        ngettext(
            "**Taken out.** {count} room is called Withdrawn now.",
            "**Taken out.** {count} rooms are called Withdrawn now.",
            len(receipt.rooms),
        ),
        icon=":material/person_remove:",
    )
    if receipt.files:
        st.warning(
            ngettext(
                "**{count} file was made that may still name the person.** The receipt says which, and by whom.",
                "**{count} files were made that may still name the person.** The receipt says which, and by whom.",
                len(receipt.files),
            ),
            icon=":material/draft:",
        )
    _left_at_aseed(receipt)
    with st.container(horizontal=True, vertical_alignment="center"):
        download(
            _("Download the receipt"), partial(_file, receipt), "withdrawal", "txt", "receipt",
            spoken=language(), holds_links=False, help=_("Plain text, without the name."),
        )  # fmt: skip
        st.button(_("Done"), key="close_receipt", type="tertiary", icon=":material/close:", on_click=_close)


def _left_at_aseed(receipt: Receipt) -> None:
    """Cancels and renames by the verbs that do it for any room; nothing happens at Aseed without a press."""
    here = connection.client().service
    still = [room for room in receipt.open if room.service == here]
    named = [room for room in receipt.labelled if room.service == here and room.is_open]
    if not (still or named) or jobs.is_busy():
        return
    st.markdown(
        _(
            "**At Aseed these rooms are as before.** A person who has a link can join until it is cancelled, and the "
            "label stays until it is cleared. Both need your press:"
        )
    )
    with st.container(horizontal=True):
        if still:
            cancel = _("Cancel {rooms}", rooms=rooms_in_words(len(still)))
            st.button(cancel, key="cancel_withdrawn", icon=":material/block:", on_click=_cancel, args=(still,))
        if named:
            clear = _("Clear the label of {rooms}", rooms=rooms_in_words(len(named)))
            st.button(clear, key="clear_withdrawn", icon=":material/label_off:", on_click=_clear, args=(named,))


def _cancel(rooms: Sequence[RoomLeft]) -> None:
    jobs.start([_task(room, None, CANCELLED) for room in rooms], jobs.CANCELLING)


def _clear(rooms: Sequence[RoomLeft]) -> None:
    change = UpdateRoomRequest(clear_display_name=True)
    jobs.start([_task(room, change, RENAMED) for room in rooms], jobs.RELABELLING)


def _task(room: RoomLeft, change: UpdateRoomRequest | None, what: str) -> Task:
    return Task(room.room_id, room.project_id, WITHDRAWN, change, what)


def _file(receipt: Receipt) -> Exported:
    projects = sorted({room.project_id for room in receipt.rooms})
    content = receipt_text(receipt, viewer.zone(), FILE_KINDS)
    return Exported(Export.RECEIPT, content, receipt.room_ids, projects)


def _close() -> None:
    people.current().receipt = None
