"""Which sheet of a spreadsheet was taken, the others to choose from, and what is hidden in it."""

from collections.abc import Sequence

import streamlit as st

from components.state import sheets
from services.roster.sheet import Sheet, title_in_words
from services.texts.speech import _, ngettext, number
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
        st.caption(_("Sheet: {title}", title=literal(title_in_words(title))))
    others = [other for other in dict.fromkeys(titles) if other != title]
    if not others:
        return
    with st.expander(_("Use another sheet"), icon=":material/tab:"):
        for place, other in enumerate(others):
            st.button(
                literal(title_in_words(other)),
                key=f"{key}_sheet_{place}",
                on_click=sheets.choose_sheet,
                args=(file, other),
            )


def hidden_parts(file: str, key: str, sheet: Sheet) -> None:
    """Says what is hidden in a sheet, with a button to take it or to leave it out, and what could not be told."""
    wish = sheets.wish(file)
    if sheet.hidden_rows:
        _say_hidden(_hidden_rows_in_words(sheet, taken=wish.hidden_rows))
        st.button(
            _take_label(taken=wish.hidden_rows),
            key=f"{key}_hidden_rows",
            on_click=sheets.take_hidden_rows,
            args=(file, sheet.title, not wish.hidden_rows),
        )
    if sheet.hidden_columns:
        _say_hidden(_hidden_columns_in_words(sheet, taken=wish.hidden_columns))
        st.button(
            _take_label(taken=wish.hidden_columns),
            key=f"{key}_hidden_columns",
            on_click=sheets.take_hidden_columns,
            args=(file, sheet.title, not wish.hidden_columns),
        )
    for note in sheet.notes:
        st.warning(literal(note), icon=":material/info:")


def _say_hidden(words: str) -> None:
    st.warning(words, icon=":material/visibility_off:")


def _hidden_rows_in_words(sheet: Sheet, *, taken: bool) -> str:
    """How many rows are hidden, which ones, and whether they are taken."""
    count, rows = len(sheet.hidden_rows), _named([number(row) for row in sheet.hidden_rows])
    if taken:
        return ngettext(
            "**{count} row is hidden or filtered out in the file ({rows}), and taken too.**",
            "**{count} rows are hidden or filtered out in the file ({rows}), and taken too.**",
            count,
            rows=rows,
        )
    return ngettext(
        "**{count} row is hidden or filtered out in the file ({rows}), and left out.**",
        "**{count} rows are hidden or filtered out in the file ({rows}), and left out.**",
        count,
        rows=rows,
    )


def _hidden_columns_in_words(sheet: Sheet, *, taken: bool) -> str:
    """How many columns are hidden, which ones, and whether they are taken."""
    count, columns = len(sheet.hidden_columns), _named(sheet.hidden_columns)
    if taken:
        return ngettext(
            "**{count} column is hidden in the file ({columns}), and taken too.**",
            "**{count} columns are hidden in the file ({columns}), and taken too.**",
            count,
            columns=columns,
        )
    return ngettext(
        "**{count} column is hidden in the file ({columns}), and left out.**",
        "**{count} columns are hidden in the file ({columns}), and left out.**",
        count,
        columns=columns,
    )


def _take_label(*, taken: bool) -> str:
    """What the button says that changes whether hidden parts are taken."""
    return _("Leave it out") if taken else _("Take it too")


def _named(names: Sequence[str]) -> str:
    told = ", ".join(map(literal, names[:NUMBERS_SHOWN]))
    more = len(names) - NUMBERS_SHOWN
    return _("{names} and {count} more", names=told, count=number(more)) if more > 0 else told
