"""The presses of Create in this session: the one that was made last, and the one that may come next.

Both have a name made before they happen, and the page's address holds both names: whoever reloads the page, at any
moment, finds what came of the press. A name alone gives nobody the links: the batch must be of the session's account.
"""

import secrets

import streamlit as st

from components import session
from components.problems import explain
from services.batches import Batch


def remember() -> None:
    """Keep the names in the page's address; on the first run of a session, take them from there."""
    if "intent" not in st.session_state:
        _recall()
    names = {"next": st.session_state["intent"], "batch": st.session_state["batch"]}
    wanted = {key: name for key, name in names.items() if name}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)


def last_batch() -> Batch | None:
    """The batch of the last press, also after a reload."""
    name = st.session_state["batch"]
    return session.batches().find(name, session.client().account) if name else None


def is_lost() -> bool:
    """Whether there was a press whose batch is not here: of another account, or before the server was restarted."""
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
    """The browser has seen the end of the last press: the next one is a wish of its own."""
    st.session_state["intent"] = secrets.token_urlsafe(16)


def is_over(batch: Batch) -> bool:
    """Whether a batch has ended and this session's browser has been shown so."""
    return batch.done and batch.nonce != intent()


def said_beside(batch: Batch | None) -> dict[str, str]:
    """What Aseed said of single fields, by the key of their widgets, while the project is still the same."""
    if batch is None or batch.error is None or not is_over(batch):
        return {}
    return explain(batch.error).fields if st.session_state.get("project") == batch.project.id else {}


def _recall() -> None:
    settle()
    # A press just before a reload was still called the next one. Whose it was does not matter here: the token that
    # was pasted for it is gone with the old session, and may be pasted again.
    newest, older = (st.query_params.get(key) for key in ("next", "batch"))
    st.session_state["batch"] = newest if newest and session.batches().was_pressed(newest) else older
