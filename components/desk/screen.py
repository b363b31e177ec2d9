"""A desk at work: the screen that is held towards a person, which moves on by itself when the interview begins."""

import time
from functools import partial

import streamlit as st

from components.desk.actions import act
from components.desk.staff_words import first_code, staff_words, use_here
from components.desk.views import ScreenData, StaffPanel, View, begun_view, code_view, message_view
from components.desk.window import finish
from components.desk.words import State
from components.elements.browser import component
from components.elements.problems import explain, why_hidden
from components.elements.words import status_in_words
from components.elements.writing import writing
from components.state import desk as desk_state
from components.state import device, process, visibility
from components.state.desk import Screen
from services.aseed.errors import AseedError, TokenRefused
from services.aseed.models import PENDING
from services.desk import NoLink
from services.journal.database import JournalError
from services.journal.desk.records import HandOut, HandOutState, Station
from services.link import SHARED
from services.texts.speech import N_, _, number

POLL_SECONDS = 2
"""Seconds between two questions to Aseed about the room on show."""

BEGUN_SECONDS = 6
"""Seconds for which the screen says that the interview has begun, before it shows the next code."""

CALLED_BACK = N_("The link that was on show was called back.")

FILL_SECONDS = 60
"""Seconds between two times that an empty pool is filled again, in case rooms were created meanwhile."""


def is_choosing(station: Station, screen: Screen) -> bool:
    """Whether staff first have to say whom the next link is for."""
    return station.by_name and screen.begun is None and process.journal().hand_outs.in_hand(station.key) is None


def desk_screen(station: Station, screen: Screen) -> None:
    """Draws the screen, for as long as there is something to show."""
    st.fragment(_watch, run_every=POLL_SECONDS)(station, screen)


def _watch(station: Station, screen: Screen) -> None:
    view = _view(station, screen)
    if view is None:
        st.rerun()
    staff = StaffPanel(station=station.by, count=_count(station), said=screen.said, words=staff_words())
    # The beat always differs: so the browser knows that it is still connected.
    data = ScreenData(**view, staff=staff, beat=time.monotonic(), every=POLL_SECONDS)
    component("desk/screen")(key="desk_screen", data=data, on_act_change=partial(act, station, screen))


def _count(station: Station) -> str:
    try:
        pool = process.journal().hand_outs.left(visibility.current(), station.project_id, station.batch_id)
    except JournalError:
        # The screen stays, whatever fails.
        return ""
    said = (_("{count} handed out", count=number(pool.given)), _("{count} left", count=number(pool.free)))
    # No number may stand apart from its word where the line breaks.
    return " · ".join(part.replace(" ", "\u00a0") for part in said)


def _view(station: Station, screen: Screen) -> View | None:
    """Returns what the screen is to show; None where staff have to choose first, or the station has ended."""
    failures: list[str] = []
    again = _("It tries again by itself.")
    with writing(_("The desk could not be updated."), tell=failures.append, next_step=again):
        return _updated_view(station, screen)
    return _unchanged_view(screen, " ".join(failures))


def _updated_view(station: Station, screen: Screen) -> View | None:
    """Returns what the screen is to show, as `_view` does, by what Aseed says now. Raises JournalError."""
    try:
        if not process.journal().stations.beat(station.key, desk_state.current().window):
            return _elsewhere_view(station)
        return _current_view(station, screen)
    except TokenRefused as error:
        return message_view("staff", explain(error).what, _("Paste a new token on the Settings page."))
    except AseedError as error:
        return _unchanged_view(screen, explain(error).what)
    except NoLink as refused:
        text = _("It went back to the pool: {why}.", why=_(refused.why))
        return message_view("staff", _("This link cannot be handed out"), text)


def _current_view(station: Station, screen: Screen) -> View | None:
    desk = device.desk()
    held = desk.journal.hand_outs.in_hand(station.key)
    if held and (held.state == HandOutState.RECALLED or held.shares_link):
        desk.journal.hand_outs.give_back(desk.visibility, held.room_id, station.key)
        taken_off = _("The link that was on show was taken off: {why}.", why=_(SHARED))
        screen.said = taken_off if held.shares_link else _(CALLED_BACK)
        held, screen.shown = None, None
    elif held and (held.state == HandOutState.SHOWN or station.by_name):
        # By name it is this room or none: no one gets the link of another person.
        held = _still_on_show(screen, desk.look(held.room_id))
        visibility.note_answer()
    elif held is None and screen.shown and screen.begun is None:
        _still_on_show(screen, desk.journal.hand_outs.find(desk.visibility, screen.shown.room_id))
    if screen.shown and screen.begun is not None:
        if time.monotonic() < screen.begun + BEGUN_SECONDS:
            return begun_view(screen.shown)
        finish(station, screen, gave=True)
    if held and held.state == HandOutState.SHOWN:
        return code_view(held, screen.about)
    if held is None and station.by_name:
        return None
    if held is None and screen.waits:
        state: State = "given" if screen.gave else "paused"
        return message_view(state, _("Ready for the next person"), press=first_code())
    return _next_view(station, screen)


def _still_on_show(screen: Screen, looked: HandOut | None) -> HandOut | None:
    """Returns the hand-out on show as it is by now; None once it is not on show any more."""
    if looked and looked.state == HandOutState.SHOWN and looked.station_key == screen.station_key:
        screen.shown = looked
        return looked
    if looked and looked.state == HandOutState.GIVEN and looked.status != PENDING:
        screen.shown, screen.begun = looked, time.monotonic()
        return None
    screen.shown = None
    if looked and looked.state == HandOutState.GONE:
        status = status_in_words(looked.status)
        screen.said = _("The link that was on show is not free any more: {status}.", status=status)
    return None


def _next_view(station: Station, screen: Screen) -> View:
    desk = device.desk()
    found = desk.next(station)
    if found is None and time.monotonic() > screen.filled + FILL_SECONDS:
        screen.filled = time.monotonic()
        desk.fill(station.project_id)
        found = desk.next(station)
    if found is None:
        return message_view("empty", _("All links are handed out"), _("New rooms appear here within a minute."))
    screen.shown, screen.waits = found, False
    return code_view(found, screen.about)


def _unchanged_view(screen: Screen, what: str) -> View:
    """Returns what is on show already, with what failed; no other code comes, and it goes if Aseed is silent long."""
    if problem := visibility.links_problem(visibility.DESK_GRACE_SECONDS):
        title, text = _("The code is not shown now"), _("It comes back by itself.")
        return message_view("unreachable", title, text, trouble=why_hidden(problem))
    if screen.shown and screen.begun is None:
        return code_view(screen.shown, screen.about, f"{what} {_('This code stays as it is.')}")
    text = _("The next code comes as soon as this works again.")
    return message_view("unreachable", _("One moment"), text, trouble=what)


def _elsewhere_view(station: Station) -> View | None:
    """Returns that another window shows this station; None where it has ended."""
    found = process.journal().stations.find(visibility.current(), station.key)
    if found is None or found.is_closed:
        return None
    device.step_back()
    return message_view("elsewhere", _("This desk is open in another window"), press=use_here())
