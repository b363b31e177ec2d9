"""What of a study is shown: project, tab, search and filters, which the page's address holds too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from components.elements.choices import distinct, names_of_batches
from components.elements.project_picker import names_of
from components.links.address import FILTERS, read_address, write_address
from components.links.options import ALL_PROJECTS, FLAGS, HOURS_LEFT, REFRESH_SECONDS, STATUSES
from components.state import links, process, reads, visibility, whole_page
from services.aseed.errors import AseedError
from services.rooms.entry import Tab
from services.rooms.flags import Flag
from services.rooms.view import View

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
    names = _project_names()
    project, find, more = st.columns([3, 3, 2], vertical_alignment="bottom")
    project.selectbox("Project", list(names), format_func=names.__getitem__, key="study", persist_state="session")
    find.text_input(
        "Search",
        key="find",
        placeholder="Name, email, ID, staff code",
        icon=":material/search:",
        persist_state="session",
    )
    with more:
        _filters()
    chosen = st.session_state
    return Shown(
        chosen["study"] or None,
        names[chosen["study"]],
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
        "Rooms",
        list(Tab),
        key="tab",
        required=True,
        format_func=lambda tab: f"{tab} ({counts.get(tab, 0):,})",
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


def _filters() -> None:
    """Shows the filters behind one button, which says how many leave rooms out."""
    active = sum(bool(st.session_state[key]) for key in NARROWING)
    with st.popover(f"Filters ({active})" if active else "Filters", icon=":material/tune:", key="filters"):
        st.multiselect("Status", STATUSES, key="status", persist_state="session", placeholder="Any")
        batches = _batches()
        if st.session_state["of_batch"] not in batches:
            st.session_state["of_batch"] = None
        st.selectbox(
            "Batch",
            list(batches),
            format_func=batches.__getitem__,
            key="of_batch",
            placeholder="Any",
            persist_state="session",
        )
        st.selectbox(
            "Link runs out within",
            list(HOURS_LEFT),
            format_func=HOURS_LEFT.__getitem__,
            key="within",
            placeholder="Any time",
            persist_state="session",
        )
        needs: Sequence[Flag | None] = (None, *Flag)
        st.selectbox(
            "Needs you",
            needs,
            format_func=lambda flag: FLAGS[flag] if flag else "Anything",
            key="needs",
            placeholder="Anything",
            persist_state="session",
        )
        st.segmented_control(
            "Look again every",
            list(REFRESH_SECONDS),
            format_func=REFRESH_SECONDS.__getitem__,
            key="every",
            required=True,
            persist_state="session",
        )
        st.button("Clear filters", key="clear_filters", icon=":material/filter_alt_off:", on_click=_clear)


def _clear() -> None:
    for key in ("find", *NARROWING):
        st.session_state[key] = FILTERS[key].default
    _first_page()


def _first_page() -> None:
    st.session_state.pop("study_page", None)


def _project_names() -> dict[str, str]:
    """The projects to choose from. Where Aseed does not list them, the chosen one stays: the view never widens."""
    try:
        names = names_of(reads.projects())
        links.current().project_names = names
        if st.session_state["study"] not in names:
            st.session_state["study"] = ALL_PROJECTS
    except AseedError:
        chosen = {key: key for key in (st.session_state["study"], st.session_state.get("project")) if key}
        names = {**chosen, **links.current().project_names}
    return distinct({ALL_PROJECTS: "All projects", **names}, str, fixed={ALL_PROJECTS})


def _batches() -> dict[int | None, str]:
    newest = process.journal().batches.newest(visibility.current(), BATCHES)
    choices: dict[int | None, str] = {None: "Any"}
    return choices | names_of_batches(newest)
