"""One batch in the list: what it is, how far it is, what it waits for, and what can be done at once."""

import streamlit as st

from components.batches.unfinished import do_or_tell
from components.batches.words import (
    by_whom,
    made_in_words,
    settings_in_words,
    size_in_words,
    state_in_words,
    title,
    took_in_words,
    waits_for,
)
from components.elements.progress import stop_button
from components.state import batches, connection, process, whole_page
from services.journal.records import Batch, State
from services.people.acting import may
from services.people.roles import Right
from services.texts.speech import _, pgettext
from services.trust import literal


def batch_row(batch: Batch, *, leads: bool, moves: bool) -> str:
    """Shows the batch, in the same height whatever becomes of it; returns the key of its row.

    leads: whether it is the one to be opened next.
    moves: whether it was at work when the list was put in order, so that its words may become longer.
    """
    key = f"batch_{batch.id}{'_moves' if moves else ''}"
    with st.container(border=True, key=key):
        what, far, act = st.columns([10, 11, 6])
        with what.container(gap=None):
            st.markdown(f"**{literal(title(batch))}**")
            st.caption(_origin(batch))
            st.caption(_kind(batch))
        with far.container(gap="xxsmall"):
            with st.container(key=f"state_{batch.id}"):
                st.markdown(f"{state_in_words(batch)} · {size_in_words(batch)}")
            st.progress(min(1.0, batch.rooms / max(1, batch.wanted)))
            if note := waits_for(batch) or (took_in_words(batch) if moves else ""):
                with st.container(key=f"note_{batch.id}"):
                    st.markdown(f":small[{note}]")
        with act.container(horizontal=True, gap="xsmall"):
            _actions(batch, leads=leads)
    return key


def _origin(batch: Batch) -> str:
    project = literal(batch.project_name) if batch.name else ""
    return " · ".join(filter(None, (project, made_in_words(batch), _("No. {number}", number=batch.id), by_whom(batch))))


def _kind(batch: Batch) -> str:
    people = _("for a list of people") if batch.has_people else ""
    return " · ".join(filter(None, (settings_in_words(batch.settings), people)))


def _actions(batch: Batch, *, leads: bool) -> None:
    # First, so that it stays in its place when the other one goes.
    st.button(
        pgettext("button", "Open"),
        key=f"open_{batch.id}",
        type="primary" if leads else "secondary",
        on_click=_open,
        args=(batch.id,),
    )
    if not may(Right.CREATE):
        return
    if batch.working and batch.state != State.LABELLING:
        stop_button(batch, f"stop_listed_{batch.id}", quiet=True, first=_keep_order)
    elif batch.state == State.PARKED or batch.interrupted:
        st.button(
            _("Resume"),
            key=f"resume_listed_{batch.id}",
            icon=":material/play_arrow:",
            type="tertiary",
            wrap=False,
            help=_("Creates the missing rooms, never one twice."),
            on_click=_resume,
            args=(batch,),
        )


def close_batch() -> None:
    """Goes back to the list; for a widget's callback."""
    batches.current().opened = None


def _open(batch_id: int) -> None:
    batches.current().opened = batch_id
    whole_page.ask()


def _resume(batch: Batch) -> None:
    _keep_order()
    do_or_tell(lambda: process.engine().resume(batch, connection.client()))


def _keep_order() -> None:
    """What is pressed stays in its place; the whole page has to know whether anything moves now."""
    batches.current().keeps_order = True
    whole_page.ask()
