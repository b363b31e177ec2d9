"""A link for the keyboard over the header to the main button of a page; it is seen while it has the focus."""

from collections.abc import Sequence
from typing import TypedDict

import streamlit as st

from components.elements.browser import component
from services.texts.speech import _


class SkipData(TypedDict):
    """Where the link leads (skip.js). keys: of elements, of which the first that is there gets the focus."""

    label: str
    keys: Sequence[str]


def skip_to(*keys: str) -> None:
    """Draws the link; nothing without keys. keys: of the elements that may hold the main button, which counts first."""
    if not keys:
        # The header keeps its place, whichever page is drawn.
        st.empty()
        return
    # Its key takes no place on the page (components/page.css).
    component("frame/skip")(key="skip", data=SkipData(label=_("Skip to the main button"), keys=keys))
