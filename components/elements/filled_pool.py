"""The pool of rooms of a project, brought up to date with what Aseed lists."""

import streamlit as st

from components.elements import jobs
from components.elements.problems import explain
from components.elements.writing import writing
from components.state import connection, device
from components.state import desk as desk_state
from services.aseed.errors import AseedError
from services.texts.speech import _


def is_filled(project_id: str) -> bool:
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


def fill_after_changes(project_id: str) -> None:
    """Reads from Aseed what was changed for many rooms, or replaced, once that is done; tries again where it fails."""
    if desk_state.current().is_changed and not jobs.is_busy() and fill_pool(project_id):
        desk_state.current().is_changed = False


def look_for_new(label: str = "") -> None:
    """Draws a button that asks Aseed for the pool again. label: what it says where that is not the usual."""
    st.button(label or _("Look for new rooms"), key="desk_look", icon=":material/refresh:", on_click=forget_pool)


def forget_pool() -> None:
    """Has the pool brought up to date when it is shown next; for a widget's callback."""
    desk_state.current().filled = None


def _show_failure(problem: str) -> None:
    st.error(problem, icon=":material/error:")
