"""A list that waits until others are read: how many come first, and a second try where it took too long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from services.roster.line import Say
from services.roster.sheet import ReadersBusy, RosterError
from services.texts.speech import _, ngettext


@contextmanager
def place_in_line() -> Iterator[Say]:
    """Gives what tells the person how many lists are read first. Nothing is drawn as long as none is."""
    places: list[DeltaGenerator] = []

    def say(before: int) -> None:
        if not places:
            places.append(st.empty())
        waiting = ngettext(
            "**Waiting:** {count} list is being read before yours.",
            "**Waiting:** {count} lists are being read before yours.",
            before,
        )
        places[0].info(waiting, icon=":material/hourglass:")

    yield say
    for place in places:
        place.empty()


def offer_second_try(error: RosterError, key: str, forget: Callable[[], None] | None = None) -> None:
    """Shows a button by which the list is read again, where only the others were in its way.

    forget: what makes that happen; None where every drawing reads the list.
    """
    if isinstance(error, ReadersBusy):
        st.button(_("Try again"), key=f"{key}_read_again", icon=":material/refresh:", on_click=forget)
