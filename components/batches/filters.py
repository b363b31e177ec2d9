"""Which batches are listed: a search, a stage, and the project that all pages share."""

import streamlit as st

from components.batches.words import STAGES
from components.state import address, project, whole_page
from services.journal.batch_search import BatchView
from services.journal.records import Stage
from services.texts.speech import _, pgettext

LONGEST_SEARCH = 200
"""Characters."""


def choose_view() -> BatchView:
    """Lets the researcher choose; the first time in a session begins as the address says."""
    _read_address()
    find, stage = st.columns([5, 7], vertical_alignment="center")
    find.text_input(
        pgettext("field", "Search"),
        key="batches_find",
        placeholder=_("Name, project, number"),
        icon=":material/search:",
        label_visibility="collapsed",
        persist_state="session",
        on_change=_first_page,
    )
    stage.pills(
        _("State"),
        list(Stage),
        format_func={stage: _(STAGES[stage]) for stage in Stage}.__getitem__,
        key="batches_stage",
        label_visibility="collapsed",
        persist_state="session",
        on_change=_first_page,
    )
    chosen = st.session_state
    address.keep({"state": chosen["batches_stage"]})
    return BatchView(chosen["batches_find"][:LONGEST_SEARCH], project.chosen(), chosen["batches_stage"])


def show_all() -> None:
    """Leaves nothing out; for a widget's callback."""
    _show(None)


def show_what_needs_you() -> None:
    """Shows every batch that needs a person; for a widget's callback."""
    _show(Stage.NEEDS_YOU)


def _show(stage: Stage | None) -> None:
    st.session_state["batches_find"] = ""
    project.choose(None)
    st.session_state["batches_stage"] = stage
    _first_page()
    whole_page.ask()


def _first_page() -> None:
    st.session_state.pop("batches_page", None)


def _read_address() -> None:
    """Gives the filters' widgets the values of the address, once a session. A search is not in it: it may be a name."""
    if "batches_stage" in st.session_state:
        return
    stages = {stage.value: stage for stage in Stage}
    st.session_state["batches_find"] = ""
    # Last, as it says that all is read: Streamlit breaks a run off anywhere when a person presses something.
    st.session_state["batches_stage"] = stages.get(st.query_params.get("state", ""))
