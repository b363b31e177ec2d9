"""What is left once the project has its completed interviews: rooms to be cancelled, so that their tokens come back."""

from collections.abc import Sequence

import streamlit as st

from components.elements import jobs
from components.elements.words import rooms_in_words
from components.state import desk, doors, links, process, reads, visibility
from services.aseed.errors import AseedError
from services.journal.database import JournalError
from services.rooms.entry import Entry
from services.rooms.left_over import left_over, tokens_of
from services.texts.speech import _, ngettext, number

LOOK_SECONDS = 60
"""How old the list of rooms may be that decides whether the target is reached."""


def offer_to_cancel(project_id: str) -> None:
    """Offers to cancel the rooms that no one has, once the target is reached; with a question."""
    target = process.journal().rooms.target(visibility.current(), project_id)
    if not target or jobs.is_busy():
        return
    study = links.read_study(project_id, LOOK_SECONDS)
    left = _left(project_id) if study.figures.completed >= target else []
    if not left:
        return
    told = ngettext(
        "**The project has its {target} completed interviews.** {count} room that no one has is left.",
        "**The project has its {target} completed interviews.** {count} rooms that no one has are left.",
        len(left),
        target=number(target),
    )
    st.info(told, icon=":material/flag:")
    if not doors.current().cancels:
        label = ngettext(
            "Cancel {count} room that is left: about {tokens} tokens come back",
            "Cancel {count} rooms that are left: about {tokens} tokens come back",
            len(left),
            tokens=number(_tokens(left)),
        )
        st.button(label, key="doors_cancel", icon=":material/block:", on_click=_ask, args=(True,))
        return
    st.warning(
        _(
            "Their links stop working and their tokens are released. What you have mailed or printed is not known to "
            "be given: those links stop working, too. **This cannot be undone.**"
        ),
        icon=":material/warning:",
    )
    with st.container(horizontal=True):
        label = _("Cancel {rooms}", rooms=rooms_in_words(len(left)))
        st.button(label, key="doors_cancel_now", type="primary", on_click=_cancel, args=(project_id,))
        st.button(_("Keep them"), key="doors_keep_rooms", on_click=_ask, args=(False,))


def _left(project_id: str) -> list[Entry]:
    """The rooms of the pool that no one has, as the journal knows it at this moment."""
    in_use = process.journal().hand_outs.in_use(visibility.current(), project_id)
    left = left_over(links.shown_study().entries, in_use)
    return [entry for entry in left if entry.link.is_proper and not entry.is_replaced]


def _tokens(left: Sequence[Entry]) -> int:
    try:
        return tokens_of(left, reads.interview_config())
    except AseedError:
        return 0


def _ask(asks: bool) -> None:
    doors.current().cancels = asks


def _cancel(project_id: str) -> None:
    """Cancels what is left now: a room that was handed out since the question stays as it is.

    The rooms leave the pool before the first is cancelled, so that no visitor and no desk gets one that ends.
    """
    doors.current().cancels = False
    try:
        found = _left(project_id)
        ids = [entry.id for entry in found]
        taken = set(process.journal().hand_outs.take_out(visibility.current(), project_id, ids))
    except JournalError as error:
        st.toast(str(error), icon=":material/error:")
        return
    if left := [entry for entry in found if entry.id in taken]:
        jobs.start([jobs.cancellation(entry) for entry in left], jobs.CANCELLING)
        desk.current().is_changed = True
