"""The rooms of a study on the page: what moves by itself while somebody looks."""

import dataclasses

import streamlit as st

from components.elements.problems import explain
from components.elements.take_away.panel import take_away
from components.links.attention import flags_panel
from components.links.bulk_actions import bulk_bar, cancel_dialog, extend_dialog, relabel_dialog, selected
from components.links.figures import funnel, more_figures
from components.links.filters import Shown, choose_tab, keep_address
from components.links.room_dialog import room_dialog
from components.links.table import study_table
from components.state import dialogs, viewer, whole_page
from components.state.study import Study, look_again, study
from services.local_time import local
from services.rooms.view import View
from services.settings import ROOT
from services.trust import literal


def rooms_of_study(shown: Shown) -> None:
    """Draw the rooms, and draw them again every so often."""
    # This is the whole page being drawn: whoever asked for it has it.
    whole_page.take()

    def watch() -> None:
        if whole_page.take():
            st.rerun()
        # First, as reading the rooms may take a while: a reload meanwhile comes back to this view.
        keep_address()
        _draw(shown)

    st.fragment(watch, run_every=shown.every)()


def open_dialog(shown: Shown, wanted: dialogs.Wanted | None) -> None:
    """The dialog that somebody asked for."""
    if wanted is None:
        return
    now = study(shown.project_id, None)
    if wanted.name == "manage":
        if entry := now.by_id.get(wanted.room_id):
            room_dialog(entry)
        return
    opened = {"extend": extend_dialog, "cancel": cancel_dialog, "relabel": relabel_dialog}[wanted.name]
    opened(selected(now.seen(_view(shown))))


def _draw(shown: Shown) -> None:
    now = study(shown.project_id, shown.every)
    _state(now, shown)
    if now.moment is None:
        return
    if not now.entries:
        st.info(f"No rooms in {literal(shown.project_name)} yet.", icon=":material/info:")
        st.page_link(str(ROOT / "pages" / "create.py"), label="Create rooms", icon=":material/add_link:")
        return
    funnel(now.figures, shown.project_id)
    flags_panel(now)
    found = now.found(shown.view)
    choose_tab(found)
    view = now.seen(_view(shown))
    if not view:
        elsewhere = ", ".join(f"{count:,} in {tab}" for tab, count in found.items())
        where = f"There are {elsewhere}." if elsewhere else "Clear the search or the filters to see more."
        st.info(f"No room here is like that. {where}", icon=":material/search_off:")
        return
    bulk_bar(view)
    chosen = selected(view)
    if chosen:
        take_away(lambda: chosen, len(chosen), shown.project_name, "links")
    study_table(view, st.session_state["tab"], now.flags)


def _view(shown: Shown) -> View:
    """The view as it stands: the tab is chosen inside the part that moves."""
    return dataclasses.replace(shown.view, tab=st.session_state["tab"])


def _state(now: Study, shown: Shown) -> None:
    """How old the list is, and what to do where Aseed does not answer."""
    if now.problem:
        if now.moment is None:
            explain(now.problem).show()
            st.button("Try again", key="look_now", icon=":material/refresh:", on_click=look_again)
            return
        at = local(now.moment, viewer.zone())
        st.warning(
            f"**{explain(now.problem).what}** This is how the rooms were at {at:%H:%M:%S}.", icon=":material/cloud_off:"
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if now.moment:
            at = local(now.moment, viewer.zone())
            again = f", looked up again every {shown.every} s" if shown.every else ""
            st.caption(f"As of {at:%H:%M:%S}{again}.", width="content")
        st.button("Look now", key="look_now", type="tertiary", icon=":material/refresh:", on_click=look_again)
        if now.entries:
            more_figures(now.figures, shown.project_id)
