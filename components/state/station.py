"""Which station this device is: its browser keeps a cookie, so that a tablet that is reloaded comes back."""

import re
import secrets
from contextlib import suppress

import streamlit as st

from components.state import connection, process, visibility
from services.aseed.errors import AseedError
from services.desk import Desk
from services.journal.desk.records import Kind, Station

COOKIE = "rooms_desk"

_KEY = re.compile(r"[\w-]{16,32}", re.ASCII)

_AT_WORK = "desk"
"""In the page's address: whether this window is a desk at work. Without it a second window takes over nothing."""

_HERE = "desk_at_work"
"""In the session: the same. A swipe back changes the address, and may be a visitor's."""


def desk() -> Desk:
    """The desk that gives links on behalf of this session."""
    return Desk(connection.client(), process.journal(), visibility.current(), connection.current().check)


def this_device() -> Station | None:
    """The station that this device was last, at work or closed; None for a new device, or after 30 days."""
    key = str(st.session_state.get("station_key") or st.context.cookies.get(COOKIE))
    # A cookie may hold anything.
    return process.journal().stations.find(visibility.current(), key) if _KEY.fullmatch(key) else None


def at_work() -> Station | None:
    """The station that this window is to show."""
    if not (st.session_state.get(_HERE) or st.query_params.get(_AT_WORK) == "on"):
        return None
    station = this_device()
    if station is None or station.is_closed:
        st.session_state.pop(_HERE, None)
        return None
    return station


def keeps_window() -> bool:
    """Whether this window is a desk at work, which staff have to end before it shows another page."""
    return at_work() is not None and _HERE in st.session_state and not visibility.token_is_refused()


def keep_address() -> None:
    """Have the address say that this window is a desk at work, for a reload."""
    if st.query_params.get(_AT_WORK) != "on":
        st.query_params[_AT_WORK] = "on"


def step_back() -> None:
    """Another window shows the station now: this one may show another page."""
    st.session_state.pop(_HERE, None)


def window() -> str:
    """A name for this window of the browser: of two that show a station, the one that came last goes on."""
    return str(st.session_state.setdefault("desk_window", secrets.token_urlsafe(8)))


def begin(project_id: str, name: str, operator: str, *, batch_id: int | None, by_name: bool, moves_on: bool) -> None:
    """Make this device a new station and go to work. Raises services.journal.desk.stations.NameTaken."""
    new = Station(
        secrets.token_urlsafe(16),
        Kind.DESK,
        project_id,
        name,
        operator,
        batch_id=batch_id,
        by_name=by_name,
        moves_on=moves_on,
    )
    process.journal().stations.open(visibility.current(), new)
    go_on(new)


def go_on(station: Station) -> None:
    """Show this station in this window from now on, and nowhere else."""
    process.journal().stations.hold(visibility.current(), station.key, window())
    st.session_state["station_key"] = station.key
    st.session_state[_HERE] = True


def end(station: Station) -> None:
    """End the station; what it had in hand returns to the pool."""
    held = process.journal().hand_outs.in_hand(station.key)
    if held:
        # A person who has scanned it may have joined a moment ago.
        with suppress(AseedError):
            desk().look(held.room_id)
        process.journal().hand_outs.give_back(visibility.current(), held.room_id, station.key)
    process.journal().stations.close(visibility.current(), station.key)
    step_back()
    st.query_params.pop(_AT_WORK, None)
    # The next screen goes on with the same project.
    st.session_state["project"] = station.project_id
