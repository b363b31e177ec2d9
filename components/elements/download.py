"""Files to take away, made on a press and handed to the browser over the page's own connection.

Streamlit's own button does not fit pages that are drawn again while a person looks: each drawing makes it a button for
another file, and a press in that moment has no effect. A file of links that comes this way has no address either.
"""

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from typing import TypedDict

import streamlit as st

from components.elements.browser import component
from components.elements.exported import Exported
from components.elements.problems import why_hidden
from components.state import downloads, viewer, visibility
from components.state.downloads import Made, Waiting
from components.state.kept_file import KeptFile
from services.export.names import file_name
from services.journal.database import JournalError
from services.people.acting import may
from services.people.roles import Right
from services.texts.catalogues import SOURCE
from services.texts.speech import _, speaking

KINDS = {
    "csv": "text/csv",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""The media type of a file, by the ending of its name."""


class Answer(TypedDict):
    """What came of a press: a file with its content in base 64, or the problem with it."""

    press: str
    name: str
    kind: str
    content: str
    problem: str


class DownloadData(TypedDict):
    """What the button shows (download.js)."""

    label: str
    quiet: bool
    help: str
    answer: Answer | None


def download(
    label: str,
    make: Callable[[], Exported],
    subject: str,
    ending: str,
    key: str,
    *,
    quiet: bool = False,
    help: str = "",
    spoken: str = SOURCE,
    holds_links: bool = True,
) -> None:
    """Shows a button for a file that is made once it is pressed.

    subject: what the file's name begins with, in English.
    ending: one of KINDS.
    quiet: whether the button looks like text.
    spoken, holds_links: as in `made`.
    """
    # The page keeps free space for such keys (components/page.css).
    key = f"download_{key}"
    # Read here and not in a callback: Streamlit breaks those off when the next press comes meanwhile.
    told = st.session_state.get(key) or {}
    press, answered = told.get("wanted", ""), downloads.current().pressed.get(key, "")
    if press and press != answered:
        downloads.give(key, press, made(make, subject, ending, spoken, holds_links=holds_links))
    elif told.get("taken") == answered:
        downloads.drop(key)
    downloads.drop_late()
    # Sent with each drawing until the browser has taken it: a drawing may be lost on its way there.
    waiting = downloads.current().waiting.get(key)
    data = DownloadData(label=label, quiet=quiet, help=help, answer=_answer(waiting) if waiting else None)
    component("elements/download")(key=key, data=data, width="content")


def made(
    make: Callable[[], Exported], subject: str, ending: str, spoken: str = SOURCE, *, holds_links: bool = True
) -> Made:
    """The file as `make` gives it now, or why there is none: most files hold links. The audit is told of each.

    spoken: the language of what is said in it. English, but for what people alone read: programs read most files, and
        people who do not see the page.
    holds_links: whether there is a file only while links may be shown.
    """
    if holds_links and not may(Right.LINKS):
        return Made(problem=_("Your role takes no links away, so the file was not made."))
    if holds_links and (problem := visibility.links_problem()):
        return Made(problem=f"{_('The file was not made.')} {why_hidden(problem)}")
    try:
        with speaking(spoken):
            file = make()
        file.note()
        content = KeptFile(file.content)
    except JournalError as error:
        return Made(problem=str(error))
    return Made(file_name(subject, datetime.now(viewer.zone()), ending), KINDS[ending], content)


def _answer(waiting: Waiting) -> Answer:
    one = waiting.made
    content = b64encode(one.content.read()).decode() if one.content else ""
    return Answer(press=waiting.press, name=one.name, kind=one.kind, content=content, problem=one.problem)
