"""How doors are, in words, and the one press that holds one shut or opens it again: on Doors, and on Desk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import streamlit as st

from components.elements.writing import writing
from components.state import process, viewer, visibility
from services.journal.door.opening import opens_next, state_of
from services.journal.door.records import Door, DoorFigures, DoorState
from services.journal.records import moment
from services.local_time import in_words
from services.texts.speech import N_, _, pgettext

STATES = {
    DoorState.OPEN: N_("Open now"),
    DoorState.PAUSED: N_("Paused"),
    DoorState.FULL: N_("Full"),
    DoorState.FULL_TODAY: N_("Full today"),
    DoorState.EARLY: N_("Not open yet"),
    DoorState.OUT_OF_HOURS: N_("Shut at this hour"),
    DoorState.CLOSED: N_("Closed"),
}
"""What a state is called; one that ends at a known moment is told by that moment instead."""

Colour = Literal["green", "orange", "blue", "violet", "gray"]

COLOURS: dict[DoorState, Colour] = {
    DoorState.OPEN: "green",
    DoorState.PAUSED: "orange",
    DoorState.FULL: "blue",
    DoorState.FULL_TODAY: "blue",
    DoorState.EARLY: "violet",
    DoorState.OUT_OF_HOURS: "violet",
    DoorState.CLOSED: "gray",
}

ICONS = {
    DoorState.OPEN: ":material/door_open:",
    DoorState.PAUSED: ":material/pause_circle:",
    DoorState.FULL: ":material/group:",
    DoorState.FULL_TODAY: ":material/group:",
    DoorState.EARLY: ":material/schedule:",
    DoorState.OUT_OF_HOURS: ":material/schedule:",
    DoorState.CLOSED: ":material/door_front:",
}


@dataclass(frozen=True)
class DoorNow:
    """A door as it is at a moment. now: by the database's clock, in UTC."""

    door: Door
    now: datetime
    figures: DoorFigures
    state: DoorState

    @property
    def name(self) -> str:
        return self.door.settings.name


def door_now(door: Door) -> DoorNow:
    """The door as the journal has it. Raises JournalError."""
    seconds, figures = process.journal().doors.now_and_figures(door)
    now = moment(seconds)
    return DoorNow(door, now, figures, state_of(door, now, figures.got_room, figures.today))


def doors_of(project_id: str) -> list[DoorNow]:
    """The doors of a project, the newest first, those that are closed last. Raises JournalError."""
    return [door_now(door) for door in process.journal().doors.all(visibility.current(), project_id)]


def state_in_words(each: DoorNow) -> str:
    """Such as `Open now`, or `Opens Mon 30 Nov 2026, 09:00`, by the viewer's clock."""
    if each.state in (DoorState.EARLY, DoorState.OUT_OF_HOURS):
        opens = opens_next(each.door.settings, each.now)
        if opens:
            return _("Opens {moment}", moment=in_words(opens, viewer.zone()))
    return _(STATES[each.state])


def state_badge(each: DoorNow) -> None:
    st.badge(state_in_words(each), icon=ICONS[each.state], color=COLOURS[each.state])


def pause_or_open(each: DoorNow, where: str) -> None:
    """Draws the button that holds the door shut or opens it again; none for a door that is over.

    where: the screen, for the button's key.
    """
    if each.state == DoorState.CLOSED:
        return
    is_paused = each.door.is_paused
    st.button(
        pgettext("door", "Open") if is_paused else pgettext("door", "Pause"),
        key=f"{where}_pause_{each.door.id}",
        icon=":material/play_arrow:" if is_paused else ":material/pause:",
        help=None if is_paused else _("No new visitor comes in. Those who have a room go on."),
        on_click=_pause,
        args=(each.door.id, not is_paused),
    )


def _pause(door_id: int, paused: bool) -> None:
    with writing(_("The door was not paused.") if paused else _("The door was not opened.")):
        process.journal().doors.pause(visibility.current(), door_id, paused=paused)
