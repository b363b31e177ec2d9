"""What the window of a desk shows, from one look to the next."""

from dataclasses import dataclass
from typing import TypedDict

import streamlit as st

from components.elements.browser import component
from components.state import station
from services.journal.desk.records import HandOut, Station
from services.settings import ROOT


class DeviceData(TypedDict):
    """What the browser keeps of the station that it is (device.js)."""

    cookie: str
    station: str


@dataclass
class Screen:
    """What this window shows.

    shown: the hand-out whose code is on show, or just was. begun: since when, by the monotonic clock, it says that
    the interview has begun. waits: whether staff have to ask for the next code. said: to staff, about the last thing.
    """

    station_key: str
    waits: bool
    shown: HandOut | None = None
    begun: float | None = None
    filled: float = 0.0
    said: str = ""


def arrive(at: Station) -> Screen:
    """This window's screen of a station; a window that has just come takes the station over from any other."""
    kept: Screen | None = st.session_state.get("desk_screen_shown")
    if kept is None or kept.station_key != at.key:
        station.go_on(at)
        kept = st.session_state["desk_screen_shown"] = Screen(at.key, waits=not at.moves_on)
    st.html(ROOT / "components" / "desk" / "page.css")
    # The browser keeps which station it is, so that a reload finds it again.
    component("desk/device")(key="device", data=DeviceData(cookie=station.COOKIE, station=at.key))
    station.keep_address()
    return kept


def over(at: Station, now: Screen) -> None:
    """What was on show is dealt with: the next code comes, where it comes by itself."""
    now.shown, now.begun, now.waits = None, None, not at.moves_on
