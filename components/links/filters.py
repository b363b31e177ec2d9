"""What of a study is shown: project, tab, search and filters, which the page's address holds too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from components.elements.choices import names_of_batches
from components.elements.words import FLAGS, STATUSES, status_in_words
from components.links.address import FILTERS, read_address, write_address
from components.links.options import HOURS_LEFT, REFRESH_SECONDS, RUNS_OUT_WITHIN
from components.state import links, process, project, visibility, whole_page
from services.rooms.entry import Tab
from services.rooms.flags import Flag
from services.rooms.view import View
from services.texts.speech import _, number, pgettext
from services.trust import literal

BATCHES = 100
"""How many of the newest batches can be chosen."""

NARROWING = ("status", "of_batch", "within", "needs")
"""The filters that leave rooms out, by the key of the widget."""


@dataclass(frozen=True)
class Shown:
    """What is shown.

    project_id: None for every visible project.
    every: seconds between two reads; None for never.
    """

    project_id: str | None
    project_name: str
    view: View
    every: int | None


def choose_view() -> Shown:
    """Lets the researcher choose; the first time in a session begins as the address says."""
    read_address()
    _restore_tab()
    with st.container(horizontal=True, vertical_alignment="center", key="narrow"):
        st.text_input(
            _("Search"),
            key="find",
            placeholder=_("Search: name, email, ID, staff code"),
            icon=":material/search:",
            label_visibility="collapsed",
            persist_state="session",
        )
        batches = _batches()
        _filters(batches)
        _chips(batches)
    chosen = st.session_state
    project_id = project.chosen()
    return Shown(
        project_id,
        project.current().names.get(project_id, project_id) if project_id else _("all projects"),
        View(
            Tab(chosen["tab"]),
            chosen["find"],
            frozenset(chosen["status"]),
            chosen["of_batch"],
            chosen["within"],
            chosen["needs"],
        ),
        chosen["every"] or None,
    )


def choose_tab(counts: Mapping[Tab, int]) -> None:
    """Shows the vendor's three tabs, each with its count."""
    _restore_tab()
    st.segmented_control(
        _("Rooms"),
        list(Tab),
        key="tab",
        required=True,
        format_func=lambda tab: f"{_(tab)} ({number(counts.get(tab, 0))})",
        label_visibility="collapsed",
        persist_state="session",
        on_change=_first_page,
    )


def _restore_tab() -> None:
    """Keeps the tab that was chosen: Streamlit may forget it while the names of the tabs change with their counts."""
    if st.session_state["tab"] is None:
        st.session_state["tab"] = links.current().tab
    links.current().tab = st.session_state["tab"]


def keep_address() -> None:
    """Writes the view into the page's address, before anything is read that takes time."""
    _restore_tab()
    write_address()


def show_only(flag: Flag, tab: Tab) -> None:
    """Shows the rooms of a tab that have a flag, without the filters before; for a widget's callback."""
    _clear()
    st.session_state["needs"] = flag
    st.session_state["tab"] = tab
    whole_page.ask()


def _filters(batches: Mapping[int | None, str]) -> None:
    """Shows the filters behind one button, which says how many leave rooms out."""
    active = sum(bool(st.session_state[key]) for key in NARROWING)
    label = _("Filters ({count})", count=active) if active else _("Filters")
    with st.popover(label, icon=":material/tune:", key="filters"):
        st.multiselect(
            _("Status"),
            list(STATUSES),
            format_func=status_in_words,
            key="status",
            persist_state="session",
            placeholder=_("Any"),
        )
        if st.session_state["of_batch"] not in batches:
            st.session_state["of_batch"] = None
        st.selectbox(
            _("Batch"),
            list(batches),
            format_func=batches.__getitem__,
            key="of_batch",
            placeholder=_("Any"),
            persist_state="session",
        )
        st.selectbox(
            _("Link runs out within"),
            list(HOURS_LEFT),
            format_func=lambda hours: _(HOURS_LEFT[hours]),
            key="within",
            placeholder=_("Any time"),
            persist_state="session",
        )
        needs: Sequence[Flag | None] = (None, *Flag)
        st.selectbox(
            pgettext("filter", "Needs you"),
            needs,
            format_func=lambda flag: _(FLAGS[flag]) if flag else _("Anything"),
            key="needs",
            placeholder=_("Anything"),
            persist_state="session",
        )
        st.segmented_control(
            _("Look again every"),
            list(REFRESH_SECONDS),
            format_func=lambda seconds: _(REFRESH_SECONDS[seconds]),
            key="every",
            required=True,
            persist_state="session",
        )
        st.button(_("Clear filters"), key="clear_filters", icon=":material/filter_alt_off:", on_click=_clear)


def _chips(batches: Mapping[int | None, str]) -> None:
    """Shows each filter that leaves rooms out, as a chip whose press gives it up."""
    chosen = st.session_state
    within, flag = chosen["within"], chosen["needs"]
    words = {
        "status": ", ".join(map(status_in_words, chosen["status"])),
        "of_batch": batches.get(chosen["of_batch"]) or "",
        "within": _(RUNS_OUT_WITHIN[within]) if within else "",
        "needs": _(FLAGS[flag]) if flag else "",
    }
    for key in NARROWING:
        if chosen[key]:
            st.button(
                literal(words[key]),
                key=f"without_{key}",
                icon=":material/close:",
                icon_position="right",
                help=_("Take this filter away"),
                on_click=_give_up,
                args=((key,),),
            )


def _clear() -> None:
    _give_up(("find", *NARROWING))


def _give_up(keys: Sequence[str]) -> None:
    for key in keys:
        st.session_state[key] = FILTERS[key].default
    _first_page()


def _first_page() -> None:
    st.session_state.pop("study_page", None)


def _batches() -> dict[int | None, str]:
    newest = process.journal().batches.newest(visibility.current(), BATCHES)
    choices: dict[int | None, str] = {None: _("Any")}
    return choices | names_of_batches(newest)
