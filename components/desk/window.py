"""What the window of a desk shows, from one look to the next."""

from typing import TypedDict

import streamlit as st

from components.elements.browser import component
from components.elements.problems import links_are_hidden
from components.elements.writing import writing
from components.state import desk as desk_state
from components.state import device, visibility
from components.state.desk import Screen
from services.journal.desk.records import Station
from services.settings import ROOT
from services.texts.speech import N_, _

LOOK_AGAIN_SECONDS = 10
"""How often the page looks whether Aseed answers again."""

NOT_RESUMED = N_("This device could not go on with the desk.")


class DeviceData(TypedDict):
    """What the browser keeps of the station that it is (device.js)."""

    cookie: str
    station: str


def for_fingers() -> None:
    """Makes what staff touch on a tablet large enough."""
    st.html(ROOT / "components" / "desk" / "fingers.css")


def arrive(station: Station) -> Screen | None:
    """Returns this window's screen of a station; None where the journal fails, which is said.

    A window that has just come takes the station over from any other.
    """
    st.html(ROOT / "components" / "desk" / "page.css")
    screen = desk_state.current().screen
    if screen is None or screen.station_key != station.key:
        with writing(_(NOT_RESUMED), tell=_show_failure) as attempt:
            device.go_on(station)
        if not attempt.worked:
            return None
        screen = Screen(station.key, station.about, waits=not station.moves_on)
        desk_state.current().screen = screen
    # The browser keeps which station it is, so that a reload finds it again.
    component("desk/device")(key="device", data=DeviceData(cookie=device.COOKIE, station=station.key))
    device.keep_address()
    return screen


def is_hidden(station: Station) -> bool:
    """Whether no code may be shown, which is said here; the page looks again by itself."""
    if not links_are_hidden(visibility.DESK_GRACE_SECONDS, station.project_id):
        return False
    st.fragment(_look_again, run_every=LOOK_AGAIN_SECONDS)()
    return True


def _look_again() -> None:
    if visibility.links_problem(visibility.DESK_GRACE_SECONDS) is None:
        st.rerun()


def finish(station: Station, screen: Screen, *, gave: bool) -> None:
    """Takes what was on show off the screen; the next code comes, where it comes by itself. gave: it was given."""
    screen.shown, screen.begun, screen.waits, screen.gave = None, None, not station.moves_on, gave


def _show_failure(problem: str) -> None:
    st.error(problem, icon=":material/error:")
    st.button(_("Try again"), key="desk_try_again", icon=":material/refresh:")
