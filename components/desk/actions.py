"""What staff do at a desk's screen, each about the room that was on show when they pressed."""

import dataclasses
from functools import partial

import streamlit as st

from components.desk.views import ScreenAct
from components.desk.window import finish
from components.elements.jobs import change_now
from components.elements.problems import explain
from components.elements.writing import writing
from components.state import device
from components.state.desk import Screen
from services.aseed.errors import AseedError
from services.aseed.models import MAX_LABEL_LENGTH, UpdateRoomRequest
from services.changes.task import Task
from services.journal.desk.history import LABELLED
from services.journal.desk.records import Station
from services.labels import problem_of
from services.participants import Participant
from services.texts.kept import said
from services.texts.speech import _


def act(station: Station, screen: Screen) -> None:
    """Does what was pressed; for the component's callback."""
    pressed: ScreenAct | None = st.session_state["desk_screen"].act
    if not pressed:
        return
    screen.said = ""
    try:
        with writing(_("That was not noted."), tell=partial(tell_staff, screen)):
            _do(station, screen, pressed["what"], pressed["room"], pressed["text"])
    except AseedError as error:
        screen.said = f"{explain(error).what} {_('Try it again.')}"


def tell_staff(screen: Screen, problem: str) -> None:
    """Says something to staff, on the screen's panel or above the list of people."""
    screen.said = problem


def _do(station: Station, screen: Screen, what: str, room_id: str, text: str) -> None:
    desk = device.desk()
    match what:
        case "here":
            device.go_on(station)
        case "next":
            finish(station, screen, gave=False)
            screen.waits = False
        case "paper":
            if desk.journal.hand_outs.give_on_paper(desk.visibility, room_id, station.key):
                finish(station, screen, gave=True)
        case "give_back":
            # A person who has scanned it may have joined a moment ago.
            desk.look(room_id)
            if desk.journal.hand_outs.give_back(desk.visibility, room_id, station.key):
                finish(station, screen, gave=False)
        case "name":
            label_room(station, screen, room_id, text)
        case "end":
            device.end(station)


def label_room(station: Station, screen: Screen, room_id: str, text: str) -> None:
    """Notes whom the link is for: the room's label, here and at Aseed.

    screen: tells staff what came of it.
    text: what was typed.

    Raises JournalError.
    """
    label = " ".join(text.split())
    if not label or len(label) > MAX_LABEL_LENGTH:
        screen.said = _("Type a name of at most {most} characters.", most=MAX_LABEL_LENGTH)
        return
    if problem := problem_of(label):
        screen.said = problem
        return
    desk = device.desk()
    record = desk.journal.rooms.known(desk.visibility, station.project_id).get(room_id)
    person = dataclasses.replace((record and record.participant) or Participant(), label=label)
    change = UpdateRoomRequest(display_name=label)
    outcome = change_now(Task(room_id, station.project_id, label, change, LABELLED(desk=station.by), person))
    if outcome is None or not outcome.succeeded:
        desk.journal.rooms.relabel(desk.visibility, station.project_id, {room_id: person})
        screen.said = _("The name is kept here; Aseed did not take it.")
        if outcome and outcome.words:
            screen.said += f" {said(outcome.words)}"
    else:
        screen.said = _("This link is for {label}.", label=label)
    desk.journal.hand_outs.name(desk.visibility, room_id, label)
    if screen.shown and screen.shown.room_id == room_id:
        screen.shown = dataclasses.replace(screen.shown, label=label, known_as=label)
