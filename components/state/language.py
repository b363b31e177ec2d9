"""The language in which a session's pages speak: chosen in the header, else kept by the browser, else the browser's."""

import streamlit as st

from components.state import process, viewer
from services.gate import closed_pages
from services.texts import speech
from services.texts.catalogues import SOURCE

COOKIE = "rooms_language"

KEY = "page_language"
"""The widget's key: its value is the language's code."""

_spoken: dict[str, str] = {}
"""The language of each session, beside Streamlit's own state: Streamlit may break a run off where that is asked, and a
text is said anywhere."""

closed_pages.pages.when_closed(lambda session_id: _spoken.pop(session_id, None))


def recall() -> None:
    """Finds the language on the first run of a session, and lets every text of the session be said in it."""
    speech.asks_for(_current, process.deployment().languages_folder)
    if KEY not in st.session_state:
        st.session_state[KEY] = _wanted()
    note()


def note() -> None:
    """Speaks the chosen language from now on; for the widget's callback, too."""
    wanted = st.session_state[KEY]
    if _spoken.get(viewer.session_id(), wanted) != wanted:
        _send_choices_again()
    # Last: a run that Streamlit breaks off before this sends them in the next one.
    _spoken[viewer.session_id()] = wanted


def _send_choices_again() -> None:
    """Has every choice sent to the browser once more: it knows them by their words, which are others from now on."""
    for key, value in st.session_state.items():
        if _may_be_choice(value) or (isinstance(value, list) and value and all(map(_may_be_choice, value))):
            st.session_state[key] = value


def _may_be_choice(value: object) -> bool:
    """Whether a value may be of a list to choose from; those of buttons and files may not be set."""
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _current() -> str:
    return _spoken.get(viewer.session_id(), SOURCE)


def of_browser() -> str:
    """The language that the browser asks for, where it is known; else English."""
    return _known(st.context.locale or "") or SOURCE


def _wanted() -> str:
    return _known(st.context.cookies.get(COOKIE, "")) or of_browser()


def _known(tag: str) -> str:
    """The language of a tag such as `ru-RU`; empty where it is not spoken here."""
    codes = (tag.replace("-", "_"), tag.partition("-")[0].lower())
    return next((code for code in codes if code in speech.known()), "")
