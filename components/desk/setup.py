"""Before a desk goes to work: what it is called, and how it goes on."""

import streamlit as st

from components.desk.pool import Pool
from components.desk.window import NOT_RESUMED, for_fingers
from components.elements.filled_pool import look_for_new
from components.elements.problems import show_beside
from components.elements.writing import writing
from components.state import desk as desk_state
from components.state import device
from services.journal.desk.records import PoolCounts
from services.journal.desk.stations import NameTaken
from services.settings import ROOT
from services.texts.speech import N_, _, ngettext, pgettext
from services.trust import literal

LONGEST_NAME = 40
"""Characters of a station's name, and of the name of the person who staffs it."""

LONGEST_SUBJECT = 120
"""Characters of what visitors read that the interview is about."""

IN_ORDER, BY_NAME = "in_order", "by_name"
HOW = {IN_ORDER: N_("The next free one"), BY_NAME: N_("By name")}
"""Which link a person gets."""


def come_back() -> None:
    """Offers to go on as the desk that this device is, where it is at work."""
    before = device.last_station()
    if before and not before.is_closed:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key="desk_come_back"):
            said = _("This device is **{desk}**.", desk=literal(before.by))
            st.markdown(f":material/tablet: {said}", width="content")
            st.button(
                _("Go on"), key="desk_go_on", type="primary", icon=":material/play_arrow:",
                on_click=writing(_(NOT_RESUMED))(device.go_on), args=(before,),
            )  # fmt: skip


def set_up(pool: Pool) -> None:
    """Lets staff name this device's desk and start it."""
    for_fingers()
    before = device.last_station()
    if before and not before.is_closed:
        desk = literal(before.name)
        st.caption(_("This device is {desk} already: go on with it above, and end it there.", desk=desk))
        return
    if not pool.left.free:
        st.info(
            _("**No link is left to hand out here.** Every room that has not started is with a person."),
            icon=":material/inbox:",
        )
        st.page_link(str(ROOT / "pages" / "create.py"), label=_("Create rooms"), icon=":material/add_link:")
        look_for_new()
        return
    st.caption(_what_is_ready(pool.left))
    named, operated = st.columns(2)
    named.text_input(
        _("Name of this desk"), before.name if before else "", key="desk_name", max_chars=LONGEST_NAME,
        placeholder=_("Such as Desk A"), persist_state="session",
    )  # fmt: skip
    with named:
        _show_problem()
        _offer_take_over()
    operated.text_input(
        _("Who staffs it (optional)"), before.operator if before else "", key="desk_operator", max_chars=LONGEST_NAME,
        help=_("Written beside each link that is handed out."), persist_state="session",
    )  # fmt: skip
    st.text_input(
        _("Visitors read: “An interview about …”"), pool.project.name[:LONGEST_SUBJECT], key=_key_of(pool, "about"),
        max_chars=LONGEST_SUBJECT, persist_state="session",
        help=_(
            "Write it as a person who does not know the study should read it. Left empty, they read “An interview”."
        ),
    )  # fmt: skip
    by_name = pool.left.free > 2 * pool.left.unnamed
    how = st.segmented_control(
        _("Which link a person gets"), list(HOW), format_func=lambda how: _(HOW[how]),
        default=BY_NAME if by_name else IN_ORDER, key=_key_of(pool, "how"), required=True,
        help=_("By name, you choose the person before each code, and no one gets a link that is for another person."),
    )  # fmt: skip
    st.toggle(
        _("Show the next code as soon as an interview has begun"), True, key="desk_moves_on", persist_state="session",
        disabled=how == BY_NAME,
    )  # fmt: skip
    st.button(
        pgettext("desk", "Start"), key="desk_start", type="primary", icon=":material/play_arrow:", on_click=_start,
        args=(pool,),
    )  # fmt: skip


def _key_of(pool: Pool, what: str) -> str:
    """Returns the key of a widget whose default is each pool's own."""
    return f"desk_{what}_{pool.project.id}_{pool.batch_id}"


def _start(pool: Pool) -> None:
    if device.at_work():
        # A second click.
        return
    name, operator = (" ".join(st.session_state[key].split()) for key in ("desk_name", "desk_operator"))
    if not name:
        _note_problem(_("Give this desk a name, so that you can tell it from others."))
        return
    # Read here, not when the page was drawn: the choice may be a moment old.
    by_name = st.session_state[_key_of(pool, "how")] == BY_NAME
    try:
        with writing(_("The desk was not started."), tell=_note_problem):
            device.begin(
                pool.project.id,
                name,
                operator,
                " ".join(st.session_state[_key_of(pool, "about")].split()),
                batch_id=pool.batch_id,
                by_name=by_name,
                moves_on=bool(st.session_state["desk_moves_on"]) and not by_name,
            )
    except NameTaken as taken:
        desk = taken.station.name
        _note_problem(_("{desk} is at work on another device. Choose another name.", desk=desk))
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
            _("This device is {desk}: go on with it", desk=literal(taken.name)), key="desk_take_over",
            type="tertiary", icon=":material/tablet:", on_click=writing(_(NOT_RESUMED))(device.go_on), args=(taken,),
            help=_("The other device stops showing its code."),
        )  # fmt: skip
        desk_state.current().taken = None


def _what_is_ready(left: PoolCounts) -> str:
    said = ngettext("**{count} link is ready.**", "**{count} links are ready.**", left.free)
    if named := left.free - left.unnamed:
        said += " " + ngettext("{count} is for a certain person.", "{count} are for a certain person.", named)
    return said
