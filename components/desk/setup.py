"""Before a desk goes to work: what it is called, and how it goes on."""

import streamlit as st

from components.desk.pool import Pool, look_for_new
from components.desk.window import NOT_RESUMED
from components.elements.problems import show_beside
from components.elements.words import counted
from components.elements.writing import writing
from components.state import desk as desk_state
from components.state import device
from services.journal.desk.records import PoolCounts
from services.journal.desk.stations import NameTaken
from services.settings import ROOT
from services.trust import literal

LONGEST_NAME = 40
"""Characters of a station's name, and of the name of the person who staffs it."""

IN_ORDER, BY_NAME = "The next free one", "By name"
"""Which link a person gets."""


def come_back() -> None:
    """Offers to go on as the desk that this device is, where it is at work."""
    before = device.last_station()
    if before and not before.is_closed:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="desk_come_back"):
            st.markdown(f":material/tablet: This device is **{literal(before.by)}**.", width="content")
            st.button(
                "Go on", key="desk_go_on", type="primary", icon=":material/play_arrow:",
                on_click=writing(NOT_RESUMED)(device.go_on), args=(before,),
            )  # fmt: skip


def set_up(pool: Pool) -> None:
    """Lets staff name this device's desk and start it."""
    before = device.last_station()
    if before and not before.is_closed:
        st.caption(f"This device is {literal(before.name)} already: go on with it above, and end it there.")
        return
    if not pool.left.free:
        st.info("**No link is left to hand out here.** Every pending room is with a person.", icon=":material/inbox:")
        st.page_link(str(ROOT / "pages" / "create.py"), label="Create rooms", icon=":material/add_link:")
        look_for_new()
        return
    st.caption(f"**{counted(pool.left.free, 'link is', 'links are')} ready.** {_named_links(pool.left)}")
    named, operated = st.columns(2)
    named.text_input(
        "Name of this desk", before.name if before else "", key="desk_name", max_chars=LONGEST_NAME,
        placeholder="Such as Desk A", persist_state="session",
    )  # fmt: skip
    with named:
        _show_problem()
        _offer_take_over()
    operated.text_input(
        "Who staffs it (optional)", before.operator if before else "", key="desk_operator", max_chars=LONGEST_NAME,
        help="Written beside each link that is handed out.", persist_state="session",
    )  # fmt: skip
    by_name = pool.left.free > 2 * pool.left.unnamed
    how = st.segmented_control(
        "Which link a person gets", [IN_ORDER, BY_NAME], default=BY_NAME if by_name else IN_ORDER,
        key=_key_of_order(pool), required=True,
        help="By name, you choose the person before each code, and no one gets a link that is for another person.",
    )  # fmt: skip
    st.toggle(
        "Show the next code as soon as an interview has begun", True, key="desk_moves_on", persist_state="session",
        disabled=how == BY_NAME,
    )  # fmt: skip
    st.button(
        "Start", key="desk_start", type="primary", icon=":material/play_arrow:", on_click=_start,
        args=(pool,),
    )  # fmt: skip


def _key_of_order(pool: Pool) -> str:
    """Returns the key of the choice which link a person gets: each pool has its own default."""
    return f"desk_how_{pool.project.id}_{pool.batch_id}"


def _start(pool: Pool) -> None:
    if device.at_work():
        # A second click.
        return
    name, operator = (" ".join(st.session_state[key].split()) for key in ("desk_name", "desk_operator"))
    if not name:
        _note_problem("Give this desk a name, so that you can tell it from others.")
        return
    # Read here, not when the page was drawn: the choice may be a moment old.
    by_name = st.session_state[_key_of_order(pool)] == BY_NAME
    try:
        with writing("The desk was not started.", tell=_note_problem):
            device.begin(
                pool.project.id,
                name,
                operator,
                batch_id=pool.batch_id,
                by_name=by_name,
                moves_on=bool(st.session_state["desk_moves_on"]) and not by_name,
            )
    except NameTaken as taken:
        _note_problem(f"{taken.station.name} is at work on another device. Choose another name.")
        desk_state.current().taken = taken.station


def _note_problem(problem: str) -> None:
    desk_state.current().problem = problem


def _show_problem() -> None:
    if problem := desk_state.current().problem:
        show_beside(problem)
        desk_state.current().problem = None


def _offer_take_over() -> None:
    """Offers a device that has forgotten which one it was to come back under its name."""
    if taken := desk_state.current().taken:
        st.button(
            f"This device is {literal(taken.name)}: go on with it", key="desk_take_over", type="tertiary",
            icon=":material/tablet:", on_click=writing(NOT_RESUMED)(device.go_on), args=(taken,),
            help="The other device stops showing its code.",
        )  # fmt: skip
        desk_state.current().taken = None


def _named_links(left: PoolCounts) -> str:
    named = left.free - left.unnamed
    return f"{counted(named, 'is', 'are')} for a certain person." if named else ""
