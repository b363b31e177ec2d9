"""What staff do at a desk's screen, each about the room that was on show when they pressed."""

import dataclasses

import streamlit as st

from components.desk.views import ScreenAct
from components.desk.window import Screen, over
from components.elements.jobs import change_now
from components.elements.problems import explain
from components.state import station
from services.aseed.errors import AseedError
from services.aseed.models import MAX_LABEL_LENGTH, UpdateRoomRequest
from services.changes.task import Task
from services.journal.database import JournalError
from services.journal.desk.records import Station
from services.participants import Participant


def act(at: Station, now: Screen) -> None:
    """Do what was pressed; for the component's callback."""
    pressed: ScreenAct | None = st.session_state["desk_screen"].act
    if not pressed:
        return
    now.said = ""
    try:
        _do(at, now, pressed["what"], pressed["room"], pressed["text"])
    except JournalError as error:
        now.said = f"That could not be written down. {error}"
    except AseedError as error:
        now.said = f"{explain(error).what} Try it again."


def _do(at: Station, now: Screen, what: str, room_id: str, text: str) -> None:
    desk = station.desk()
    match what:
        case "here":
            station.go_on(at)
        case "next":
            over(at, now)
            now.waits = False
        case "paper":
            if desk.journal.hand_outs.give_on_paper(desk.visibility, room_id, at.key):
                over(at, now)
        case "give_back":
            # Whoever has scanned it may have joined a moment ago.
            desk.look(room_id)
            if desk.journal.hand_outs.give_back(desk.visibility, room_id, at.key):
                over(at, now)
        case "name":
            name(at, now, room_id, text)
        case "end":
            station.end(at)


def name(at: Station, now: Screen, room_id: str, text: str) -> None:
    """Say whom the link is for: the room's label, here and at Aseed."""
    label = " ".join(text.split())
    if not label or len(label) > MAX_LABEL_LENGTH:
        now.said = f"Type a name of at most {MAX_LABEL_LENGTH} characters."
        return
    desk = station.desk()
    known = desk.journal.rooms.known(desk.visibility, at.project_id).get(room_id)
    person = dataclasses.replace((known and known.participant) or Participant(), label=label)
    change = UpdateRoomRequest(display_name=label)
    outcome = change_now(Task(room_id, at.project_id, label, change, f"labelled at {at.by}", person))
    if outcome is None or not outcome.succeeded:
        desk.journal.rooms.relabel(desk.visibility, at.project_id, {room_id: person})
        why = f" {outcome.words}" if outcome and outcome.words else ""
        now.said = f"The name is kept here; Aseed did not take it.{why}"
    else:
        now.said = f"This link is for {label}."
    desk.journal.hand_outs.name(desk.visibility, room_id, label)
    if now.shown and now.shown.room_id == room_id:
        now.shown = dataclasses.replace(now.shown, label=label, known_as=label)
