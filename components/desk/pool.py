"""Whose links are handed out: those of a batch, or every pending room of a project that no one has."""

from dataclasses import dataclass

import streamlit as st

from components.elements.choices import WHOLE_PROJECT, batches_of_project, names_of_batches
from components.elements.filled_pool import is_filled
from components.elements.project_picker import pick_project
from components.state import process, visibility
from services.aseed.models import ProjectResponse
from services.journal.desk.records import PoolCounts
from services.texts.speech import _, ngettext


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
    if not is_filled(project.id):
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


def _batches(project_id: str) -> dict[int, str]:
    named = names_of_batches(batches_of_project(project_id), _("Batch"))
    return {WHOLE_PROJECT: _("Every room of the project that has not started"), **named}
