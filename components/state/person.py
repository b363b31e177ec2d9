"""The person at a page: of the sign-in that Streamlit keeps for it, looked at whenever it is asked.

Nothing is kept with the session. A sign-in that is over, or was ended in another tab or on another dashboard, counts at
once for buttons, and within seconds for the parts of pages that draw themselves again.
"""

import time
from dataclasses import replace
from math import inf

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.state import process
from services.journal.database import JournalError
from services.people import acting
from services.people.acting import EVERYONE, UNKNOWN, Person
from services.people.admission import Admitted, Refused, admit

LOOK_SECONDS = 3.0
"""How long it is relied upon that another dashboard has not ended a sign-in."""

GRACE_SECONDS = 300.0
"""The same where the journal does not answer: a tablet at a desk outlasts that it is away for a moment."""

MOST_LOOKS = 1000
"""Sign-ins of which this is kept."""

_looks: dict[str, tuple[float, bool]] = {}
"""When a sign-in was looked at last, by the monotonic clock, and whether it was ended; for all sessions."""

_noted: set[str] = set()
"""The sign-ins that this process knows to be noted in the journal."""


def recall() -> None:
    """Has all that is done on pages done for the person who is signed in there.

    A press in a tab whose sign-in is over does nothing: a verb's check breaks off the callback, which runs before the
    page knows, and the part of a page that draws itself again. What is drawn instead is the entrance.
    """
    acting.asks_for(_current, _key, stay_out)


def found() -> Admitted | Refused | None:
    """Who signed in at this page, or why they are not let in; None where no sign-in is needed. Raises JournalError."""
    sign_in, context = process.deployment().sign_in, get_script_run_ctx(suppress_warning=True)
    if sign_in is None or context is None:
        return None
    return admit(context.user_info, sign_in.rules, time.time(), _is_ended)


def is_let_in() -> bool:
    return not isinstance(found(), Refused)


def note_arrival() -> None:
    """Notes in the journal that the person has come in, once for each sign-in. Raises JournalError."""
    at = found()
    if isinstance(at, Admitted) and at.sign_in not in _noted:
        process.journal().sign_ins.begin(at.sign_in, _with_origin(at.person))
        if len(_noted) >= MOST_LOOKS:
            _noted.clear()
        _noted.add(at.sign_in)


def stay_out() -> None:
    """Draws the page again where its person is not let in any more, or that cannot be known, so that it says so."""
    try:
        may_stay = is_let_in()
    except JournalError:
        may_stay = False
    if not may_stay:
        st.rerun()


def end() -> None:
    """Ends the sign-in of this page, wherever else it is used, and leaves for the provider. Raises JournalError."""
    at = found()
    try:
        if isinstance(at, Admitted):
            _looks[at.sign_in] = (time.monotonic(), True)
            process.journal().sign_ins.end(at.sign_in, _with_origin(at.person))
    finally:
        st.logout()


def _current() -> Person:
    at = found()
    if at is None:
        return EVERYONE
    return _with_origin(at.person) if isinstance(at, Admitted) else UNKNOWN


def _key() -> str:
    """The key of the person at this page, also where their sign-in was just ended: the journal is not asked."""
    sign_in, context = process.deployment().sign_in, get_script_run_ctx(suppress_warning=True)
    if sign_in is None or context is None:
        return ""
    at = admit(context.user_info, sign_in.rules, time.time(), lambda _: False)
    return at.person.key if isinstance(at, Admitted) else ""


def _with_origin(person: Person) -> Person:
    return replace(person, came_from=st.context.ip_address or "")


def _is_ended(sign_in: str) -> bool:
    looked, was_ended = _looks.get(sign_in, (-inf, False))
    # What was ended once stays so.
    if was_ended or time.monotonic() - looked < LOOK_SECONDS:
        return was_ended
    try:
        is_ended = process.journal().sign_ins.is_ended(sign_in)
    except JournalError:
        if time.monotonic() - looked < GRACE_SECONDS:
            return False
        raise
    if len(_looks) >= MOST_LOOKS:
        _looks.clear()
    _looks[sign_in] = (time.monotonic(), is_ended)
    return is_ended
