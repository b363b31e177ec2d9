"""Whose links are handed out: those of a batch, or every pending room of a project that no one has."""

from dataclasses import dataclass

import streamlit as st

from components.elements.choices import names_of_batches
from components.elements.problems import explain
from components.elements.project_picker import pick_project
from components.elements.writing import writing
from components.state import connection, device, process, visibility
from components.state import desk as desk_state
from services.aseed.errors import AseedError
from services.aseed.models import ProjectResponse
from services.journal.desk.records import PoolCounts
from services.texts.speech import _, ngettext

BATCHES_OFFERED = 100
"""How many of the newest batches can be chosen."""

WHOLE_PROJECT = 0
"""Stands in the place of a batch's number for every pending room of the project."""


@dataclass(frozen=True)
class Pool:
    """Whose links are given. batch_id: None for every pending room of the project. left: what is in it."""

    project: ProjectResponse
    batch_id: int | None
    left: PoolCounts


def choose_pool() -> Pool | None:
    """Lets staff choose, and returns the pool; None until it is known."""
    project = pick_project()
    if project is None:
        return None
    batches = _batches(project.id)
    if st.session_state.get("desk_batch") not in batches:
        st.session_state["desk_batch"] = WHOLE_PROJECT
    chosen = st.selectbox(
        _("Links"),
        list(batches),
        format_func=batches.__getitem__,
        key="desk_batch",
        persist_state="session",
        help=_("What you have mailed or printed is not known to be given: give the desk a batch of its own."),
    )
    if not _is_filled(project.id):
        return None
    if shared := process.journal().links.count(visibility.current(), project.id):
        told = ngettext(
            "**{count} room has a link that another room has, too:** they are not handed out. See the page Links.",
            "**{count} rooms have links that other rooms have, too:** they are not handed out. See the page Links.",
            shared,
        )
        st.warning(told, icon=":material/link_off:")
    batch_id = chosen or None
    return Pool(project, batch_id, process.journal().hand_outs.left(visibility.current(), project.id, batch_id))


def _is_filled(project_id: str) -> bool:
    """Brings the pool up to date, once for each time that it is opened; False where that failed, which is said."""
    whose = (connection.client().account, project_id)
    if desk_state.current().filled == whose:
        return True
    if not fill_pool(project_id):
        look_for_new(_("Try again"))
        return False
    desk_state.current().filled = whose
    return True


def fill_pool(project_id: str) -> bool:
    """Reads the pending rooms of a project into its pool; False where that failed, which is said."""
    try:
        with writing(_("The pool was not brought up to date."), tell=_show_failure) as attempt:
            device.desk().fill(project_id)
    except AseedError as error:
        explain(error).show()
        return False
    return attempt.worked


def _show_failure(problem: str) -> None:
    st.error(problem, icon=":material/error:")


def look_for_new(label: str = "") -> None:
    """Draws a button that asks Aseed for the pool again. label: what it says where that is not the usual."""
    st.button(label or _("Look for new rooms"), key="desk_look", icon=":material/refresh:", on_click=_forget_pool)


def _forget_pool() -> None:
    desk_state.current().filled = None


def _batches(project_id: str) -> dict[int, str]:
    found = [
        each
        for each in process.journal().batches.newest(visibility.current(), BATCHES_OFFERED)
        if each.project_id == project_id
    ]
    return {WHOLE_PROJECT: _("Every room of the project that has not started"), **names_of_batches(found, _("Batch"))}
