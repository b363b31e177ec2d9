"""What of a study is on show: project, tab, search and filters, which the page's address holds too.

A view can be shared and survives a reload. What is typed into the search goes into the address only where it can be
neither a link nor an email: an address is kept in histories and logs, and a link is a key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from components.elements.choices import distinct, names_of_batches
from components.elements.project_picker import names_of
from components.state import process, reads, visibility, whole_page
from services.aseed.errors import AseedError
from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED, PENDING
from services.rooms.entry import Tab
from services.rooms.flags import Flag
from services.rooms.view import View

ALL = ""
"""Every project of the account."""

EVERYTHING = "All projects"

STATUSES = (PENDING, ACTIVE, COMPLETED, EXPIRED, CANCELLED)

WITHIN = {None: "Any time", 24: "24 hours", 72: "3 days", 168: "7 days"}
"""Within how many hours a pending link runs out."""

EVERY = {0: "Off", 5: "5 s", 15: "15 s", 60: "60 s"}
"""How often Aseed is asked again while somebody looks, in seconds."""

FLAGS = {
    Flag.EXPIRING: "Runs out within 24 h",
    Flag.DROPPED: "Very short interview",
    Flag.OTHER_PERSON: "Another person joined",
    Flag.SAME_EMAIL: "Same email in two rooms",
    Flag.STILL_OPEN: "Replaced, but still works",
    Flag.BAD_LINK: "Not a proper link",
}
"""What about a room needs a person, in a few words."""

LONGEST_WORD = 12
"""Characters of a word that the address may hold: longer ones could be a piece of a link's secret."""

BATCHES = 100
"""How many of the newest batches can be chosen."""


@dataclass(frozen=True)
class _Kept:
    """A filter that the address keeps. read: its value from the address' text, or None where that is nonsense."""

    default: object
    read: Callable[[str], object | None]
    write: Callable[[object], str] = str


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _one_of(choices: Mapping[str, object]) -> Callable[[str], object | None]:
    return choices.get


_KEPT: dict[str, _Kept] = {
    "study": _Kept(ALL, lambda text: text if len(text) < 100 else None),
    "tab": _Kept(Tab.ACTIVE, _one_of({tab.value: tab for tab in Tab})),
    "find": _Kept("", lambda text: text[:200], lambda text: "" if _may_be_link(str(text)) else str(text)),
    "status": _Kept(
        [],
        lambda text: [status for status in text.split(",") if status in STATUSES],
        lambda chosen: ",".join(chosen if isinstance(chosen, list) else []),
    ),
    "of_batch": _Kept(None, _number),
    "within": _Kept(None, _one_of({str(hours): hours for hours in WITHIN if hours})),
    "needs": _Kept(None, _one_of({flag.value: flag for flag in Flag})),
    "every": _Kept(15, _one_of({str(seconds): seconds for seconds in EVERY})),
}
"""The filters, by the key of the widget, which is also the name in the address."""


@dataclass(frozen=True)
class Shown:
    """What is on show. project_id: None for all projects. every: as EVERY, None for off."""

    project_id: str | None
    project_name: str
    view: View
    every: int | None


def choose_view() -> Shown:
    """Let the researcher choose; the first time in a session as the address says."""
    if "study" not in st.session_state:
        _read_address()
    _mend_tab()
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
    """The vendor's three tabs, each with its count."""
    _mend_tab()
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


def _mend_tab() -> None:
    """Keep the tab that was chosen: Streamlit may forget it while the names of the tabs change with their counts."""
    if st.session_state["tab"] is None:
        st.session_state["tab"] = st.session_state.get("tab_kept", Tab.ACTIVE)
    st.session_state["tab_kept"] = st.session_state["tab"]


def keep_address() -> None:
    """Write the view into the page's address, before anything is read that takes time."""
    _mend_tab()
    now = st.query_params.to_dict()
    others = {key: value for key, value in now.items() if key not in _KEPT}
    ours = {
        key: kept.write(st.session_state[key]) for key, kept in _KEPT.items() if st.session_state[key] != kept.default
    }
    wanted = {**others, **{key: text for key, text in ours.items() if text}}
    if wanted != now:
        st.query_params.from_dict(wanted)


def show_only(flag: Flag, tab: Tab) -> None:
    """Show what carries a flag in a tab, whatever was looked for before; for a widget's callback."""
    _clear()
    st.session_state["needs"] = flag
    st.session_state["tab"] = tab
    whole_page.ask()


def _filters() -> None:
    active = sum(bool(st.session_state[key]) for key in ("status", "of_batch", "within", "needs"))
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
            list(WITHIN),
            format_func=WITHIN.__getitem__,
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
            "Look again every", list(EVERY), format_func=EVERY.__getitem__, key="every", required=True,
            persist_state="session",
        )  # fmt: skip
        st.button("Clear filters", key="clear_filters", icon=":material/filter_alt_off:", on_click=_clear)


def _clear() -> None:
    for key in ("find", "status", "of_batch", "within", "needs"):
        st.session_state[key] = _KEPT[key].default
    _first_page()


def _first_page() -> None:
    st.session_state.pop("study_page", None)


def _project_names() -> dict[str, str]:
    """The projects to choose from. Where Aseed does not tell, the one on show stays: never more than was asked for."""
    try:
        names = names_of(reads.projects())
        st.session_state["study_names"] = names
        if st.session_state["study"] not in names:
            st.session_state["study"] = ALL
    except AseedError:
        chosen = {key: key for key in (st.session_state["study"], st.session_state.get("project")) if key}
        names = {**chosen, **st.session_state.get("study_names", {})}
    return distinct({ALL: EVERYTHING, **names}, str, fixed={ALL})


def _batches() -> dict[int | None, str]:
    batches = process.journal().batches.newest(visibility.current(), BATCHES)
    named: dict[int | None, str] = {None: "Any"}
    return named | names_of_batches(batches)


def _may_be_link(text: str) -> bool:
    """Whether text could be a link or a piece of its secret, or somebody's email."""
    return bool({"/", "@"} & set(text)) or any(len(word) > LONGEST_WORD for word in text.split())


def _read_address() -> None:
    named = {key: st.query_params.get(key) for key in _KEPT}
    values = {key: kept.read(text) if (text := named[key]) else None for key, kept in _KEPT.items()}
    if named["study"] is None:
        values["study"] = st.session_state.get("project")
    # The study last, as it says that all is read: Streamlit breaks a run off anywhere when somebody presses something.
    for key in sorted(_KEPT, key="study".__eq__):
        st.session_state[key] = _KEPT[key].default if values[key] is None else values[key]
