"""A file that was uploaded, as a sheet; the person who uploaded it chooses its charset and sheet where need be."""

from hashlib import sha256

import streamlit as st

from components.elements.sheet_choice import hidden_parts, sheet_choice
from components.elements.waiting_line import offer_second_try, place_in_line
from components.state import charsets, sheets
from services.roster.reading import read_file
from services.roster.sheet import CharsetNeeded, ReadersBusy, Sheet, SheetUnusable
from services.texts.speech import _


def read_or_ask(content: bytes, name: str, key: str) -> Sheet | None:
    """The file's rows; None while its charset is to be chosen, which is asked here. Raises RosterError.

    key: tells the buttons from those of other files on the page.
    """
    file = f"{key}_{sha256(content).hexdigest()[:16]}"
    try:
        with place_in_line() as say:
            sheet = read_file(content, name, charsets.chosen(file), sheets.wish(file), say)
        sheet_choice(file, key, sheet.title, sheet.titles)
        hidden_parts(file, key, sheet)
        return sheet
    except ReadersBusy as error:
        offer_second_try(error, key)
        raise
    except SheetUnusable as error:
        sheet_choice(file, key, error.title, error.titles)
        raise
    except CharsetNeeded as needed:
        st.warning(f"{_('**Which of these reads right?**')} {needed}", icon=":material/translate:")
        for charset, preview in needed.previews.items():
            st.text(preview)
            st.button(
                _("This one ({charset})", charset=charset),
                key=f"{key}_{charset}",
                on_click=charsets.choose,
                args=(file, charset),
            )
        return None
