"""The rooms of a study on the page: they are drawn again by themselves while a person looks."""

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
from components.state import dialogs, viewer, visibility, whole_page
from components.state.links import look_again, read_study
from components.state.study import Study
from services.local_time import local
from services.rooms.view import View
from services.settings import ROOT
from services.trust import literal


def rooms_of_study(shown: Shown, wanted: dialogs.Wanted | None) -> None:
    """Draws the rooms, and draws them again as often as the person chose; not beneath a dialog, which is wanted."""
    # This is a drawing of the whole page: a press that asked for one has it.
    whole_page.take()

    def watch() -> None:
        # The whole page says why no link may be shown.
        if whole_page.take() or visibility.links_problem():
            st.rerun()
        # First, as the read of the rooms may take long: a reload meanwhile comes back to this view.
        keep_address()
        _draw(shown)

    st.fragment(watch, run_every=dialogs.unless_wanted(wanted, shown.every))()


def open_dialog(shown: Shown, wanted: dialogs.Wanted | None) -> None:
    """Opens the dialog that a person asked for."""
    if wanted is None:
        return
    study = read_study(shown.project_id, None)
    if wanted.name == "manage":
        entry = study.by_id.get(wanted.room_id)
        if entry is None:
            st.rerun()
        room_dialog(entry)
        return
    opened = {"extend": extend_dialog, "cancel": cancel_dialog, "relabel": relabel_dialog}[wanted.name]
    opened(selected(study.seen(_view(shown))))


def _draw(shown: Shown) -> None:
    study = read_study(shown.project_id, shown.every)
    _age(study, shown)
    if study.moment is None:
        return
    if not study.entries:
        st.info(f"No rooms in {literal(shown.project_name)} yet.", icon=":material/info:")
        st.page_link(str(ROOT / "pages" / "create.py"), label="Create rooms", icon=":material/add_link:")
        return
    funnel(study.figures, shown.project_id)
    flags_panel(study)
    found = study.found(shown.view)
    choose_tab(found)
    view = study.seen(_view(shown))
    if not view:
        elsewhere = ", ".join(f"{count:,} in {tab}" for tab, count in found.items())
        hint = f"There are {elsewhere}." if elsewhere else "Clear the search or the filters to see more."
        st.info(f"No room here is like that. {hint}", icon=":material/search_off:")
        return
    bulk_bar(view)
    chosen = selected(view)
    if chosen:
        take_away(lambda: chosen, len(chosen), shown.project_name, "links")
    study_table(view, st.session_state["tab"], study.flags)


def _view(shown: Shown) -> View:
    """The view as it stands: the tab is chosen inside the part that moves."""
    return dataclasses.replace(shown.view, tab=st.session_state["tab"])


def _age(study: Study, shown: Shown) -> None:
    """Shows how old the list is, and what to do where Aseed does not answer."""
    if study.problem:
        if study.moment is None:
            explain(study.problem).show()
            st.button("Try again", key="look_now", icon=":material/refresh:", on_click=look_again)
            return
        last = local(study.moment, viewer.zone())
        st.warning(
            f"**{explain(study.problem).what}** This is how the rooms were at {last:%H:%M:%S}.",
            icon=":material/cloud_off:",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        if study.moment:
            last = local(study.moment, viewer.zone())
            again = f", looked up again every {shown.every} s" if shown.every else ""
            st.caption(f"As of {last:%H:%M:%S}{again}.", width="content")
        st.button("Look now", key="look_now", type="tertiary", icon=":material/refresh:", on_click=look_again)
        if study.entries:
            more_figures(study.figures, shown.project_id)
