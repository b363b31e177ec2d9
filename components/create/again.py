"""The way from the result of a press back to the form, and from the form to the last result."""

import streamlit as st

from components.elements.words import rooms_in_words
from components.state import create, press
from services.journal.records import Batch
from services.texts.speech import _, pgettext


def in_place_of_form(last: Batch) -> bool:
    """Whether what came of the last press stands where the form was: not where nothing came, or more is wanted."""
    came = bool(last.rooms) or not last.over or press.is_settling(last)
    return came and not create.current().shows_form


def create_more() -> None:
    """The button that brings the form back, as it was left."""
    st.button(_("Create more"), key="create_more", icon=":material/add:", on_click=create.show_form)


def last_result(last: Batch) -> None:
    """A quiet line above the form that leads back to the last result."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("Last batch: {rooms}", rooms=rooms_in_words(last.rooms)), width="content")
        st.button(pgettext("button", "Show"), key="show_last", type="tertiary", on_click=create.show_result)
