"""A file that was uploaded, as a sheet; where its charset is not certain, the person who uploaded it chooses."""

from hashlib import sha256

import streamlit as st

from components.state import charsets
from services.roster.reading import read_file
from services.roster.sheet import CharsetNeeded, Sheet


def read_or_ask(content: bytes, name: str, key: str) -> Sheet | None:
    """The file's rows; None while its charset is to be chosen, which is asked here. Raises RosterError.

    key: tells the buttons from those of other files on the page.
    """
    file = f"{key}_{sha256(content).hexdigest()[:16]}"
    try:
        return read_file(content, name, charsets.chosen(file))
    except CharsetNeeded as needed:
        st.warning(f"**Which of these reads right?** {needed}", icon=":material/translate:")
        for charset, preview in needed.previews.items():
            st.text(preview)
            st.button(
                f"This one ({charset})",
                key=f"{key}_{charset}",
                on_click=charsets.choose,
                args=(file, charset),
            )
        return None
