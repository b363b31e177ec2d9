"""A desk at work: the screen that is held towards a person, which moves on by itself when the interview begins."""

import time
from functools import partial

import streamlit as st

from components.desk import actions as desk_acts
from components.desk.views import ScreenData, StaffPanel, View, begun_view, code_view, message_view
from components.desk.window import Screen, over
from components.elements.browser import component
from components.elements.problems import explain
from components.elements.words import counted
from components.state import process, station, visibility
from services.aseed.errors import AseedError, TokenRefused
from services.aseed.models import PENDING
from services.desk import NoLink
from services.journal.database import JournalError
from services.journal.desk.records import HandOut, HandOutState, Station

POLL_SECONDS = 2
"""How often Aseed is asked about the room on show."""

BEGUN_SECONDS = 6
"""For how long the screen says that the interview has begun, before it shows the next code."""

FILL_SECONDS = 60
"""How often an empty pool is filled anew, in case rooms were created meanwhile."""


def is_choosing(at: Station, now: Screen) -> bool:
    """Whether staff have to say first whom the next link is for."""
    return at.by_name and now.begun is None and process.journal().hand_outs.in_hand(at.key) is None


def desk_screen(at: Station, now: Screen) -> None:
    """The screen, for as long as there is something to show."""
    st.fragment(_watch, run_every=POLL_SECONDS)(at, now)


def _watch(at: Station, now: Screen) -> None:
    view = _view(at, now)
    if view is None:
        st.rerun()
    staff = StaffPanel(station=at.by, left=_left(at), said=now.said)
    # The beat is always news: so the browser knows that it is still connected.
    data = ScreenData(**view, staff=staff, beat=time.monotonic(), every=POLL_SECONDS)
    component("desk/screen")(key="desk_screen", data=data, on_act_change=partial(desk_acts.act, at, now))


def _left(at: Station) -> str:
    try:
        free = process.journal().hand_outs.left(visibility.current(), at.project_id, at.batch_id).free
    except JournalError:
        # The screen stays, whatever is the matter.
        return ""
    return f"{counted(free, 'link', 'links')} left"


def _view(at: Station, now: Screen) -> View | None:
    """What the screen is to show; None where staff have to choose first, or the station has ended."""
    try:
        if not process.journal().stations.beat(at.key, station.window()):
            return _elsewhere(at)
        return _now(at, now)
    except TokenRefused as error:
        return message_view("waiting", explain(error).what, "Paste a new token on the Settings page.")
    except AseedError as error:
        return _as_it_was(now, explain(error).what)
    except NoLink:
        return message_view("waiting", "This link leads to another address than Aseed's", "It went back to the pool.")
    except JournalError as error:
        return _as_it_was(now, str(error))


def _now(at: Station, now: Screen) -> View | None:
    desk = station.desk()
    held = desk.journal.hand_outs.in_hand(at.key)
    if held and held.state == HandOutState.RECALLED:
        desk.journal.hand_outs.give_back(desk.visibility, held.room_id, at.key)
        held, now.shown, now.said = None, None, "The link that was on show was called back."
    elif held and (held.state == HandOutState.SHOWN or at.by_name):
        # By name it is this room or none: nobody gets what is left of another person.
        held = _still(now, desk.look(held.room_id))
    elif held is None and now.shown and now.begun is None:
        _still(now, desk.journal.hand_outs.find(desk.visibility, now.shown.room_id))
    if now.shown and now.begun is not None:
        if time.monotonic() < now.begun + BEGUN_SECONDS:
            return begun_view(now.shown)
        over(at, now)
    if held and held.state == HandOutState.SHOWN:
        return code_view(held)
    if held is None and at.by_name:
        return None
    if held is None and now.waits:
        return message_view("idle", "Ready for the next person", does="next", hold="Hold to show the next code")
    return _next(at, now)


def _still(now: Screen, looked: HandOut | None) -> HandOut | None:
    """The hand-out on show as it is by now; None once it is on show no more."""
    if looked and looked.state == HandOutState.SHOWN and looked.station_key == now.station_key:
        now.shown = looked
        return looked
    if looked and looked.state == HandOutState.GIVEN and looked.status != PENDING:
        now.shown, now.begun = looked, time.monotonic()
        return None
    now.shown = None
    if looked and looked.state == HandOutState.GONE:
        now.said = f"The link that was on show is {looked.status} by now."
    return None


def _next(at: Station, now: Screen) -> View:
    desk = station.desk()
    found = desk.next(at)
    if found is None and time.monotonic() > now.filled + FILL_SECONDS:
        now.filled = time.monotonic()
        desk.fill(at.project_id)
        found = desk.next(at)
    if found is None:
        return message_view("empty", "All links are handed out", "New rooms appear here within a minute.")
    now.shown, now.waits = found, False
    return code_view(found)


def _as_it_was(now: Screen, what: str) -> View:
    """What is on show stays, and nothing new comes."""
    if now.shown and now.begun is None:
        return code_view(now.shown, f"{what} This code stays as it is.")
    return message_view("waiting", "One moment", "The next code comes as soon as this works again.", trouble=what)


def _elsewhere(at: Station) -> View | None:
    """Another window shows this station, or it has ended."""
    found = process.journal().stations.find(visibility.current(), at.key)
    if found is None or found.is_closed:
        return None
    station.step_back()
    return message_view("moved", "This desk is open in another window", does="here", hold="Hold to use it here")
