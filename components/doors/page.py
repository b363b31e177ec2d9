"""The page Doors from top to bottom: the form where one is open, else a card for each door, drawn again by itself."""

import streamlit as st

from components.doors.card import door_card
from components.doors.files import door_files, with_files
from components.doors.form import door_form, open_new
from components.doors.rooms_left import offer_to_cancel
from components.elements import jobs
from components.elements.door_states import DoorNow, doors_of
from components.elements.filled_pool import fill_after_changes, is_filled, look_for_new
from components.elements.groups import name_rows
from components.elements.project_picker import pick_project
from components.elements.words import told_apart
from components.state import connection, doors, whole_page
from services.aseed.models import ProjectResponse
from services.people.acting import may
from services.people.roles import Right
from services.settings import ROOT
from services.texts.speech import _

REFRESH_SECONDS = 3
"""Seconds between two readings of the journal; Aseed is not asked."""


def doors_page() -> None:
    """Draws the page of the project that is chosen."""
    # This is the whole page being drawn, as a press may have asked.
    whole_page.take()
    project = pick_project()
    if project is None:
        return
    form = doors.current().form
    if form and form.project_id == project.id and may(Right.CHANGE):
        door_form(project, form)
        return
    if door := with_files(project.id):
        door_files(door)
        return
    jobs.show_jobs()
    if not is_filled(project.id):
        return
    fill_after_changes(project.id)
    if may(Right.CHANGE):
        offer_to_cancel(project.id)
    _cards(project)


def _cards(project: ProjectResponse) -> None:
    just_read = [doors_of(project.id)]
    if not just_read[0]:
        _no_doors(project)
        return
    with st.container(horizontal=True):
        _offer_door(project, is_first=False)
        look_for_new()

    def watch() -> None:
        if whole_page.take():
            st.rerun()
        _draw(just_read.pop() if just_read else doors_of(project.id))

    st.fragment(watch, run_every=REFRESH_SECONDS)()


def _draw(found: list[DoorNow]) -> None:
    spoken = told_apart([each.name for each in found], [each.door.code for each in found])
    keys = [f"doors_card_{each.door.id}" for each in found]
    for each, key in zip(found, keys, strict=True):
        with st.container(border=True, key=key):
            door_card(each)
    name_rows(dict(zip(keys, spoken, strict=True)), "doors")


def _no_doors(project: ProjectResponse) -> None:
    st.markdown(
        _(
            "**A door is one address, with a code for a poster: each visitor who opens it gets an interview room of "
            "their own.** It counts who comes, and shuts by itself at the limits that you set."
        )
    )
    _offer_door(project, is_first=True)


def _offer_door(project: ProjectResponse, *, is_first: bool) -> None:
    """The button for a new door, or why there is none."""
    if not may(Right.CHANGE):
        if is_first:
            st.info(_("A researcher opens the first door of this project."), icon=":material/info:")
        return
    if not connection.works_unattended():
        _not_with_this_token()
        return
    st.button(
        _("Open a door") if is_first else _("Open another door"),
        key="open_door",
        type="primary" if is_first else "secondary",
        icon=":material/door_open:",
        on_click=open_new,
        args=(project.id,),
    )


def _not_with_this_token() -> None:
    told = _(
        "**A door works while no one is signed in, so it cannot use the API token that you pasted.** Have your "
        "administrator set `ASEED_API_TOKEN` for this dashboard, and disconnect your own token on Settings."
    )
    st.warning(told, icon=":material/key_off:")
    st.page_link(str(ROOT / "pages" / "settings.py"), label=_("Open Settings"), icon=":material/settings:")
