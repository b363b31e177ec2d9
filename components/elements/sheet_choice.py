"""Which sheet of a spreadsheet was taken, the others to choose from, and what is hidden in it."""

from collections.abc import Sequence

import streamlit as st

from components.elements.words import counted
from components.state import sheets
from services.roster.sheet import Sheet
from services.trust import literal

NUMBERS_SHOWN = 8
"""How many hidden rows and columns are named; the rest is counted."""


def sheet_choice(file: str, key: str, title: str, titles: Sequence[str]) -> None:
    """Names the sheet that is used, and offers the others.

    file: the key by which the choice is kept.
    key: tells the widgets from those of other files on the page.
    title: the name of the sheet; empty for a file that has no sheets.
    titles: every sheet that can be chosen.
    """
    if title:
        st.caption(f"Sheet: {literal(title)}")
    others = [other for other in dict.fromkeys(titles) if other != title]
    if not others:
        return
    with st.expander("Use another sheet", icon=":material/tab:"):
        for place, other in enumerate(others):
            st.button(literal(other), key=f"{key}_sheet_{place}", on_click=sheets.choose_sheet, args=(file, other))


def hidden_parts(file: str, key: str, sheet: Sheet) -> None:
    """Says what is hidden in a sheet, with a button to take it or to leave it out, and what could not be told."""
    wish = sheets.wish(file)
    if sheet.hidden_rows:
        are = counted(len(sheet.hidden_rows), "row is hidden or filtered out", "rows are hidden or filtered out")
        words = f"{are} in the file ({_named([f'{number:,}' for number in sheet.hidden_rows])})"
        label = _say_hidden(words, taken=wish.hidden_rows)
        st.button(
            label,
            key=f"{key}_hidden_rows",
            on_click=sheets.take_hidden_rows,
            args=(file, sheet.title, not wish.hidden_rows),
        )
    if sheet.hidden_columns:
        are = counted(len(sheet.hidden_columns), "column is hidden", "columns are hidden")
        label = _say_hidden(f"{are} in the file ({_named(sheet.hidden_columns)})", taken=wish.hidden_columns)
        st.button(
            label,
            key=f"{key}_hidden_columns",
            on_click=sheets.take_hidden_columns,
            args=(file, sheet.title, not wish.hidden_columns),
        )
    for note in sheet.notes:
        st.warning(literal(note), icon=":material/info:")


def _say_hidden(words: str, *, taken: bool) -> str:
    """Says what is hidden and whether it is taken, and returns the label of the button that changes it."""
    st.warning(f"**{words}, and {'taken too' if taken else 'left out'}.**", icon=":material/visibility_off:")
    return "Leave it out" if taken else "Take it too"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - NUMBERS_SHOWN:,} more" if len(names) > NUMBERS_SHOWN else ""
    return ", ".join(map(literal, names[:NUMBERS_SHOWN])) + more
