"""The project in the header, which all pages share."""

import streamlit as st

from components.elements.project_picker import is_chosen_by_id, names_of
from components.state import connection, project, reads
from services.aseed.errors import AseedError
from services.aseed.models import CLOSED, ProjectResponse
from services.texts.speech import _


def choose_project(*, needed: bool) -> None:
    """Lets the researcher choose; nothing is drawn where Aseed does not list projects and none is known.

    needed: whether the page needs a project; others show the rooms of all where none is chosen.
    """
    names = _names()
    if not names:
        return
    st.selectbox(
        _("Project"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=_("Choose a project") if needed else _("All projects"),
        key=project.KEY,
        label_visibility="collapsed",
        persist_state="session",
    )


def _names() -> dict[str, str]:
    """The projects to choose from. Where Aseed does not answer, the chosen one stays: a page never shows more by it."""
    try:
        listed = reads.projects()
    except AseedError as error:
        if is_chosen_by_id(error):
            # Pages that need a project have a field for its id.
            return {}
        known = project.current().names
        chosen = project.chosen()
        return known if chosen is None or chosen in known else {**known, chosen: chosen}
    _begin(listed)
    # Last those in which new interviews are unusual.
    names = names_of(sorted(listed, key=lambda each: each.status == CLOSED))
    project.current().names = names
    if project.chosen() not in names:
        project.choose(None)
    return names


def _begin(listed: list[ProjectResponse]) -> None:
    """Begins with the one project that is ready, so that a person who has one need not choose."""
    account = connection.client().account
    if project.current().began == account:
        return
    ready = [each.id for each in listed if each.is_ready]
    if project.chosen() is None and len(ready) == 1:
        project.choose(ready[0])
    project.current().began = account
