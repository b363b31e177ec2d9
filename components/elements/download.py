"""Files to take away, made on a press and handed to the browser over the page's own connection.

Streamlit's own button does not fit pages that are drawn again while somebody looks: each drawing makes it a button for
another file, and a press in that moment comes to nothing. Nor has a file of links an address this way.
"""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from components.elements.browser import component
from components.state import viewer
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
    # The page keeps room for such keys (components/page.css).
    key = f"download_{key}"
    # Looked at here and not in a callback: Streamlit breaks those off where the next press has come meanwhile.
    told, kept = st.session_state.get(key) or {}, st.session_state.setdefault(f"file_{key}", _Kept())
    press = told.get("wanted", "")
    if press and press != kept.press:
        kept.answer = {"press": press, **made(make, subject, ending)}
        kept.press = press
    elif told.get("taken") == kept.press:
        kept.answer = None
    component("elements/download")(
        key=key,
        data={"label": label, "quiet": quiet, "help": help, "answer": kept.answer},
        width="content",
    )


@dataclass
class _Kept:
    """What came of the last press of a button, which the browser has numbered.

    answer: as `made` gives it, until the browser has taken it, as a drawing may be lost on its way there.
    """

    press: str = ""
    answer: dict[str, str] | None = None


def made(make: Callable[[], bytes], subject: str, ending: str) -> dict[str, str]:
    """A file as the browser takes it, its content in base 64, or what the problem is."""
    try:
        content = b64encode(make()).decode()
    except JournalError as error:
        return {"problem": str(error)}
    name = file_name(subject, datetime.now(viewer.zone()), ending)
    return {"name": name, "kind": KINDS[ending], "content": content}
