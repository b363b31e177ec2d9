"""The pages at the foot of a phone's screen, where a thumb reaches them; hidden on wider ones (components/page.css)."""

from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage


def pages_at_foot(pages: Sequence[StreamlitPage]) -> None:
    with st.container(key="foot", horizontal=True):
        for page in pages:
            st.page_link(page, width="stretch")
