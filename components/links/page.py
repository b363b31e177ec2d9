"""The rooms of a study on the page: they are drawn again by themselves while a person looks."""

import dataclasses
from collections.abc import Sequence

import streamlit as st

from components.elements.problems import explain
from components.elements.take_away.dialog import NAME, take_away
from components.elements.take_away.selection import SAMPLE, Selection
from components.links.attention import flags_panel
from components.links.bulk_actions import bulk_bar, cancel_dialog, extend_dialog, relabel_dialog, selected
from components.links.figures import funnel, more_figures
from components.links.filters import Shown, choose_tab, keep_address
from components.links.replace_many import replace_dialog
from components.links.room_dialog import room_dialog
from components.links.table import study_table
from components.state import dialogs, viewer, visibility, whole_page
from components.state.links import look_again, read_study
from components.state.study import Study
from services.local_time import local
from services.people.acting import may
from services.people.roles import Right
from services.rooms.entry import Entry
from services.rooms.view import View
from services.settings import ROOT
from services.texts.speech import _, number
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
    if wanted is None or not may(Right.CHANGE):
        return
    study = read_study(shown.project_id, None)
    if wanted.name == "manage":
        entry = study.by_id.get(wanted.room_id)
        if entry is None:
            st.rerun()
        room_dialog(entry)
        return
    if wanted.name == NAME:
        _take_away(selected(study.seen(_view(shown))), shown)
        return
    opened = {
        "extend": extend_dialog,
        "cancel": cancel_dialog,
        "relabel": relabel_dialog,
        "replace": replace_dialog,
    }
    opened[wanted.name](selected(study.seen(_view(shown))))


def _take_away(chosen: Sequence[Entry], shown: Shown) -> None:
    whole = Selection(
        lambda: chosen, lambda: chosen[:SAMPLE], len(chosen), shown.project_name, shown.project_id, key="links"
    )
    take_away(whole)


def _draw(shown: Shown) -> None:
    study = read_study(shown.project_id, shown.every)
    _tell_problem(study)
    if study.moment is None:
        return
    if not study.entries:
        _age(study, shown)
        if shown.project_id:
            none = _("No rooms in {project} yet.", project=literal(shown.project_name))
        else:
            none = _("No rooms in all projects yet.")
        st.info(none, icon=":material/info:")
        if may(Right.CREATE):
            st.page_link(str(ROOT / "pages" / "create.py"), label=_("Create rooms"), icon=":material/add_link:")
        return
    found = study.found(shown.view)
    with st.container(horizontal=True, vertical_alignment="center", key="sights"):
        choose_tab(found)
        if may(Right.CHANGE):
            flags_panel(study)
        _age(study, shown)
        more_figures(study.figures, shown.project_id)
    funnel(study.figures, shown.project_id)
    view = study.seen(_view(shown))
    if not view:
        elsewhere = ", ".join(_("{count} in {tab}", count=number(count), tab=_(tab)) for tab, count in found.items())
        there = _("There are {elsewhere}.", elsewhere=elsewhere)
        hint = there if elsewhere else _("Clear the search or the filters to see more.")
        st.info(f"{_('No room here is like that.')} {hint}", icon=":material/search_off:")
        return
    if may(Right.LINKS):
        bulk_bar(view)
    study_table(view, st.session_state["tab"], study.flags)


def _view(shown: Shown) -> View:
    """The view as it stands: the tab is chosen inside the part that moves."""
    return dataclasses.replace(shown.view, tab=st.session_state["tab"])


def _tell_problem(study: Study) -> None:
    """Says why Aseed does not answer, and what to do."""
    if study.problem is None:
        return
    if study.moment is None:
        explain(study.problem).show()
        st.button(_("Try again"), key="look_now", icon=":material/refresh:", on_click=look_again)
        return
    last = f"{local(study.moment, viewer.zone()):%H:%M:%S}"
    before = _("This is how the rooms were at {time}.", time=last)
    st.warning(f"**{explain(study.problem).what}** {before}", icon=":material/cloud_off:")


def _age(study: Study, shown: Shown) -> None:
    """Shows how old the list is, with a way to look again."""
    if study.moment:
        if shown.every:
            again = _("Looked up again every {seconds} s. Press to look now.", seconds=shown.every)
        else:
            again = _("Not looked up again by itself. Press to look now.")
        st.button(
            _("As of {time}", time=f"{local(study.moment, viewer.zone()):%H:%M:%S}"),
            key="look_now",
            type="tertiary",
            icon=":material/refresh:",
            help=again,
            on_click=look_again,
        )
