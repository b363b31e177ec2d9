"""The presses of Create in this session: the one that was made last, and the one that may come next.

Both have a name made before they happen, and the page's address holds both names: whoever reloads the page, at any
moment, finds what came of the press. A name alone gives nobody the links: the session must be allowed to see the batch
(components.state.visibility).
"""

import secrets

import streamlit as st

from components.state import process, visibility
from services.journal.records import Batch


def recall() -> None:
    """On the first run of a session, take the names from the page's address."""
    if "intent" in st.session_state:
        return
    # A press just before a reload was still called the next one. Whose it was does not matter here: the token that
    # was pasted for it is gone with the old session, and may be pasted again.
    newest, older = (st.query_params.get(key) for key in ("next", "batch"))
    st.session_state["batch"] = newest if newest and process.journal().was_pressed(newest) else older
    # Last, as it says that all is recalled: Streamlit breaks a run off anywhere when somebody presses something.
    settle()


def remember() -> None:
    """Keep the names in the page's address."""
    names = {"next": st.session_state["intent"], "batch": st.session_state["batch"]}
    now = st.query_params.to_dict()
    wanted = {**{key: value for key, value in now.items() if key not in names}, **{k: n for k, n in names.items() if n}}
    if now != wanted:
        st.query_params.from_dict(wanted)


def last_batch() -> Batch | None:
    """The batch of the last press, also after a reload."""
    name = st.session_state["batch"]
    return process.journal().pressed(name, visibility.current()) if name else None


def is_lost() -> bool:
    """Whether there was a press whose batch is not to be seen here: of another account, or of no known one."""
    return st.session_state["batch"] is not None and last_batch() is None


def forget() -> None:
    """Stop asking after the last press."""
    st.session_state["batch"] = None


def intent() -> str:
    """The name of the next press."""
    name: str = st.session_state["intent"]
    return name


def pressed() -> None:
    """The next press has happened."""
    st.session_state["batch"] = st.session_state["intent"]


def settle() -> None:
    """The browser has drawn the page after the last press: the next one is a wish of its own."""
    st.session_state["intent"] = secrets.token_urlsafe(16)


def is_settling(batch: Batch | None) -> bool:
    """Whether another press could still be a part of the one that started this batch, such as of a double click."""
    return batch is not None and batch.nonce == intent()
