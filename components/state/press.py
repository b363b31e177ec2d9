"""The presses of Create in this session: the last one, and the one that may come next.

Each has a name that is made before it happens, and the page's address holds both names: a person who reloads the page
at any moment finds the result of the press. A name alone shows no links: the session must be allowed to see the batch
(components.state.visibility).
"""

import secrets
from dataclasses import dataclass

import streamlit as st

from components.state import address, process, session, visibility
from services.journal.records import Batch


@dataclass
class Presses:
    """The names of the last press and of the next one; None where there is none. `next` is set once all is restored.

    late: the next one of the page before a reload, whose press may still be on its way.
    """

    last: str | None = None
    next: str | None = None
    late: str | None = None


def presses() -> Presses:
    return session.state(Presses)


def recall() -> None:
    """Takes the names from the page's address on the first run of a session."""
    names = presses()
    if not names.next:
        names.last, names.late = st.query_params.get("batch"), st.query_params.get("next")
        # Last, as it says that all is restored: Streamlit breaks a run off anywhere.
        settle()
    # A press just before a reload was still called the next one. Which account made it does not matter here: the token
    # that was pasted for it is gone with the old session, and may be pasted again.
    if names.late and process.journal().batches.was_pressed(names.late):
        names.last, names.late = names.late, None


def remember() -> None:
    """Keeps the names in the page's address."""
    address.keep({"next": presses().next, "batch": presses().last})


def last_batch() -> Batch | None:
    """The batch of the last press, also after a reload."""
    name = presses().last
    return process.journal().batches.pressed(name, visibility.current()) if name else None


def is_lost() -> bool:
    """Whether the batch of the last press is not visible: it is of another account, or not in the journal."""
    return presses().last is not None and last_batch() is None


def forget() -> None:
    """Stops asking for the batch of the last press."""
    presses().last = None


def intent() -> str:
    """The name of the next press."""
    name = presses().next
    assert name is not None, "the script recalls the presses before it draws a page"
    return name


def pressed() -> None:
    """Notes that the next press has happened."""
    presses().last, presses().late = intent(), None


def settle() -> None:
    """Gives the next press a name of its own: the browser has drawn the page after the last one."""
    presses().next = secrets.token_urlsafe(16)


def is_settling(batch: Batch | None) -> bool:
    """Whether another press could still belong to the one that started this batch, such as that of a double click."""
    return batch is not None and batch.nonce == intent()
