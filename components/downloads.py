"""Files to take away, made on a press and handed to the browser over the page's own connection.

Streamlit's own button does not fit pages that are drawn again while somebody looks: each drawing makes it a button for
another file, and a press in that moment comes to nothing. Nor has a file of links an address this way.
"""

import secrets
from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from functools import partial

import streamlit as st

from components import session
from components.browser import component
from services.export.names import file_name
from services.journal.database import JournalError

KINDS = {
    "csv": "text/csv",
    "html": "text/html",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""The media type of a file, by the ending of its name."""


def download(
    label: str, make: Callable[[], bytes], subject: str, ending: str, key: str, *, quiet: bool = False, help: str = ""
) -> None:
    """A button for a file that is made once it is pressed. subject: what the file's name begins with. ending: of KINDS.

    quiet: whether the button looks like text.
    """
    kept = f"file_{key}"
    component("download")(
        key=key,
        data={"label": label, "quiet": quiet, "help": help, "answer": st.session_state.get(kept)},
        on_wanted_change=partial(_answer, kept, make, subject, ending),
        on_taken_change=partial(st.session_state.pop, kept, None),
        width="content",
    )


def _answer(kept: str, make: Callable[[], bytes], subject: str, ending: str) -> None:
    """Make the file, and keep it until the browser has taken it: a drawing may be lost on its way there."""
    answer = {"nonce": secrets.token_hex(8)}
    try:
        content = b64encode(make()).decode()
    except JournalError as error:
        answer["problem"] = str(error)
    else:
        name = file_name(subject, datetime.now(session.viewer_zone()), ending)
        answer |= {"name": name, "kind": KINDS[ending], "content": content}
    st.session_state[kept] = answer
