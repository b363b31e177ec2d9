"""The one button that costs money, and the watch over what it started."""

import streamlit as st

from components import press, session
from components.plan import rooms_in_words
from components.room_form import requested
from services.aseed.models import ProjectResponse
from services.batches import Batch

POLL_SECONDS = 0.3
"""How often the browser asks how far a batch is."""


def create_button(project: ProjectResponse | None, running: Batch | None) -> None:
    """The button, and the progress of the press that is running.

    Every press has a name, made before it, and a name pays once (services.batches). A new name is made only when the
    browser itself has asked after the end of the last press: by then it has drawn the disabled button, and every press
    it sent before that has arrived, under the old name.
    """
    request = requested(project)
    st.button(
        f"Create {rooms_in_words(request.count)}" if request else "Create",
        key="create",
        type="primary",
        icon=":material/add_link:",
        width="stretch",
        disabled=running is not None or request is None,
        on_click=_start,
        args=(project, st.session_state.get("project")),
    )
    if running:
        st.session_state["whole_page"] = True
        _watch(running)


def _start(project: ProjectResponse, shown: str) -> None:
    """Start what the form says at this moment: a number typed just before the press counts.

    Except for another project: the price of a slip there is too high, so the press is not taken.
    """
    request = requested(project)
    if st.session_state.get("project") != shown or request is None:
        st.toast("The form had just changed. Look at the summary, then press Create again.", icon=":material/info:")
        return
    session.batches().start(press.intent(), session.client(), project, request)
    press.pressed()
    st.session_state["looking"] = False


@st.fragment(run_every=POLL_SECONDS)
def _watch(batch: Batch) -> None:
    asked_by_browser = not st.session_state.pop("whole_page", False)
    if batch.done and asked_by_browser:
        press.settle()
        st.rerun()
    # Nobody knows how long the service takes: the bar only shows that something moves.
    st.progress(batch.seconds / (batch.seconds + 3), f"Creating {rooms_in_words(batch.request.count)}…")
