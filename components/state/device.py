"""Which station this device is: its browser keeps a cookie, so that a tablet that is reloaded comes back."""

import re
import secrets
from contextlib import suppress

import streamlit as st

from components.state import connection, process, project, visibility
from components.state import desk as desk_state
from services.aseed.errors import AseedError
from services.desk import Desk
from services.journal.desk.records import Kind, Station

COOKIE = "rooms_desk"

_KEY = re.compile(r"[\w-]{16,32}", re.ASCII)

_AT_WORK = "desk"
"""In the page's address: whether this window is a desk at work. Without it a second window takes over nothing.

The session keeps the same (DeskState.is_at_work), as a visitor's swipe back changes the address.
"""


def desk() -> Desk:
    """Returns the desk that gives links on behalf of this session."""
    return Desk(connection.client(), process.journal(), visibility.current(), connection.current().desk_check)


def last_station() -> Station | None:
    """Returns the station that this device was last, at work or closed; None for a new device, or after 30 days."""
    key = str(desk_state.current().station_key or st.context.cookies.get(COOKIE))
    # A cookie may hold anything.
    return process.journal().stations.find(visibility.current(), key) if _KEY.fullmatch(key) else None


def at_work() -> Station | None:
    """Returns the station that this window is to show; None where there is none."""
    if not (desk_state.current().is_at_work or st.query_params.get(_AT_WORK) == "on"):
        return None
    station = last_station()
    if station is None or station.is_closed:
        step_back()
        return None
    return station


def keeps_window() -> bool:
    """Whether this window is a desk at work, which staff have to end before it shows another page."""
    return at_work() is not None and desk_state.current().is_at_work and not visibility.token_is_refused()


def keep_address() -> None:
    """Makes the address say that this window is a desk at work, for a reload."""
    if st.query_params.get(_AT_WORK) != "on":
        st.query_params[_AT_WORK] = "on"


def step_back() -> None:
    """Notes that this window does not show the station any more, so that it may show another page."""
    if desk_state.current().is_at_work:
        desk_state.current().is_at_work = False


def begin(
    project_id: str,
    name: str,
    operator: str,
    about: str,
    *,
    batch_id: int | None,
    by_name: bool,
    moves_on: bool,
) -> None:
    """Makes this device a new station and shows it.

    name, operator: of the station, and of the person who staffs it; the latter may be empty.
    about, batch_id, by_name, moves_on: as Station has them.

    Raises services.journal.desk.stations.NameTaken and JournalError.
    """
    new = Station(
        secrets.token_urlsafe(16),
        Kind.DESK,
        project_id,
        name,
        operator,
        batch_id=batch_id,
        by_name=by_name,
        moves_on=moves_on,
        about=about,
    )
    process.journal().stations.open(visibility.current(), new)
    go_on(new)


def go_on(station: Station) -> None:
    """Shows this station in this window from now on, and in no other.

    Of two windows that show a station, the one that came last goes on.

    Raises JournalError.
    """
    process.journal().stations.hold(visibility.current(), station.key, desk_state.current().window)
    desk_state.current().station_key = station.key
    # Last, as it says that the station is known.
    desk_state.current().is_at_work = True


def end(station: Station) -> None:
    """Ends the station; what it had in hand returns to the pool. Raises JournalError."""
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
    project.choose(station.project_id)
