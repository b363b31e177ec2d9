"""Which dialog somebody wants to see: asked for inside the part of the page that moves, opened outside it."""

from dataclasses import dataclass

import streamlit as st

from components.state import whole_page


@dataclass(frozen=True)
class Wanted:
    """A dialog by its name. room_id: for those about one room."""

    name: str
    room_id: str = ""


def want(name: str, room_id: str = "") -> None:
    """Ask for a dialog; for a widget's callback."""
    st.session_state["wanted_dialog"] = Wanted(name, room_id)
    whole_page.ask()


def take() -> Wanted | None:
    """The dialog that is wanted, once."""
    found: Wanted | None = st.session_state.pop("wanted_dialog", None)
    return found
