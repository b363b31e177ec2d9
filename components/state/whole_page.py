"""Whether the whole page has to be drawn anew, because of a press inside a part of it that is drawn by itself."""

import streamlit as st

_ASKED = "whole_page_asked"


def ask() -> None:
    """For a widget's callback: what it did shows in another part of the page."""
    st.session_state[_ASKED] = True


def take() -> bool:
    """Whether somebody has asked, once."""
    return bool(st.session_state.pop(_ASKED, False))
