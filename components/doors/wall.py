"""The view of a door for a screen in the room: a large code, and how many are where. Without names and controls."""

from typing import TypedDict

import streamlit as st

from components.doors.address import address_of
from components.doors.card import WAITING
from components.elements.browser import component, data_url
from components.elements.door_states import COLOURS, DoorNow, door_now, state_in_words
from components.state import process, visibility
from services.export.codes import qr
from services.journal.door.records import Door, DoorState, VisitState
from services.settings import ROOT
from services.texts.speech import _, language, number

REFRESH_SECONDS = 3

_NAME = "wall"
"""In the page's address: the code of the door that is shown."""


class WallFigure(TypedDict):
    name: str
    value: str


class WallData(TypedDict):
    """What is shown (wall.js). code: a picture; empty where no one may come in. colour: the state's."""

    name: str
    welcome: str
    code: str
    address: str
    state: str
    colour: str
    figures: list[WallFigure]


def door_on_wall() -> Door | None:
    """The door that the page's address names, if this session may see it."""
    code = st.query_params.get(_NAME)
    door = process.journal().doors.find(code) if code else None
    if door is None:
        return None
    seen = process.journal().doors.all(visibility.current(), door.project_id)
    return door if any(each.id == door.id for each in seen) else None


def show_wall(code: str) -> None:
    """Draws the view, again every few seconds; nothing else of the dashboard is on the page."""
    st.html(ROOT / "components" / "doors" / "wall_page.css")

    def watch() -> None:
        if door := process.journal().doors.find(code):
            component("doors/wall")(key="wall", data=_shown(door_now(door)))

    st.fragment(watch, run_every=REFRESH_SECONDS)()
    with st.container(key="wall_back"):
        st.button(_("Back"), key="leave_wall", type="tertiary", icon=":material/arrow_back:", on_click=_leave)


def _shown(each: DoorNow) -> WallData:
    address, figures = address_of(each.door), each.figures
    lets_in = each.state == DoorState.OPEN and address.is_proper
    counts = {
        _("waiting"): figures.at(*WAITING),
        _("in interview"): figures.at(VisitState.CLAIMED, VisitState.STARTED),
        _("done"): figures.at(VisitState.DONE),
    }
    return WallData(
        # In the language of the words around it, where the door has it.
        name=each.door.settings.texts_in(language()).name,
        welcome=_("Scan the code with your phone, or type the address:") if lets_in else "",
        code=data_url("image/svg+xml", qr.svg(address).encode()) if lets_in else "",
        address=address.text.partition("://")[2] if lets_in else "",
        state=state_in_words(each),
        colour=COLOURS[each.state],
        figures=[WallFigure(name=name, value=number(count)) for name, count in counts.items()],
    )


def _leave() -> None:
    st.query_params.pop(_NAME, None)
