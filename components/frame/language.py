"""The language of the pages: a choice in the header's menu, which the browser keeps."""

from typing import TypedDict

import streamlit as st

from components.elements.browser import component
from components.state import language
from services.languages import own_name
from services.texts import speech
from services.texts.speech import _


class LanguageData(TypedDict):
    """What the browser is told (language.js).

    cookie: the name under which it keeps the language.
    is_own: whether it asks for this language by itself, and has nothing to keep.
    """

    language: str
    cookie: str
    is_own: bool


def choose_language() -> None:
    """Draws the choice; the page speaks the language at once."""
    st.selectbox(_("Language"), list(speech.known()), key=language.KEY, format_func=own_name, on_change=language.note)


def tell_browser() -> None:
    """Tells the browser which language the page is in; nothing is to be seen."""
    spoken = speech.language()
    data = LanguageData(language=spoken, cookie=language.COOKIE, is_own=spoken == language.of_browser())
    # Such keys take no place on the page (components/page.css).
    component("frame/language")(key="live_language", data=data)
