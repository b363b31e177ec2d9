"""Long lists, a page at a time."""

import streamlit as st


def page_start(total: int, size: int, key: str) -> int:
    """The index of the first thing on the page; shows a way to turn pages where there are several."""
    pages = -(-total // size)
    return (st.pagination(pages, key=key) - 1) * size if pages > 1 else 0
