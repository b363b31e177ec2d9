"""Whose links are handed out: those of a batch, or every pending room of a project that nobody has."""

from dataclasses import dataclass

import streamlit as st

from components.elements.choices import names_of_batches
from components.elements.problems import explain
from components.elements.project_picker import pick_project
from components.state import connection, process, station, visibility
from services.aseed.errors import AseedError
from services.aseed.models import ProjectResponse
from services.journal.desk.records import Left

BATCHES = 100
"""How many of the newest batches can be chosen."""

EVERY = 0
"""In the place of a batch's number: every pending room of the project."""


@dataclass(frozen=True)
class Pool:
    """Whose links are given. batch_id: None for every pending room of the project. left: what is in it."""

    project: ProjectResponse
    batch_id: int | None
    left: Left


def choose_pool() -> Pool | None:
    """Let staff choose; None until there is something to choose from."""
    project = pick_project()
    if project is None:
        return None
    batches = _batches(project.id)
    if st.session_state.get("desk_batch") not in batches:
        st.session_state["desk_batch"] = EVERY
    chosen = st.selectbox(
        "Links",
        list(batches),
        format_func=batches.__getitem__,
        key="desk_batch",
        persist_state="session",
        help="What you have mailed or printed is not known to be given: give the desk a batch of its own.",
    )
    if not _fill(project.id):
        return None
    batch_id = chosen or None
    return Pool(project, batch_id, process.journal().hand_outs.left(visibility.current(), project.id, batch_id))


def _fill(project_id: str) -> bool:
    """Bring the pool up to date, once for each time that it is opened; False where that failed, which is said."""
    of = (connection.client().account, project_id)
    if st.session_state.get("desk_filled") == of:
        return True
    try:
        station.desk().fill(project_id)
    except AseedError as error:
        explain(error).show()
        look_for_new("Try again")
        return False
    st.session_state["desk_filled"] = of
    return True


def look_for_new(label: str = "Look for new rooms") -> None:
    """A button that asks Aseed for the pool anew."""
    st.button(label, key="desk_look", icon=":material/refresh:", on_click=_look_anew)


def _look_anew() -> None:
    st.session_state.pop("desk_filled", None)


def _batches(project_id: str) -> dict[int, str]:
    found = [
        each
        for each in process.journal().batches.newest(visibility.current(), BATCHES)
        if each.project_id == project_id
    ]
    return {EVERY: "Every pending room of the project", **names_of_batches(found, "Batch")}
