"""The line above a batch: what it is, and beside it the way on."""

from collections.abc import Callable

import streamlit as st


def headline(text: str, way_on: Callable[[], None] | None = None, below: str = "") -> None:
    """Shows the line.

    way_on: draws what stands at its end, such as a button.
    below: a second line of small text.
    """
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="batch_headline"
    ):
        with st.container(width="content", gap=None):
            st.header(text, anchor=False)
            if below:
                st.caption(below)
        if way_on:
            way_on()
