"""The one place that keeps objects in Streamlit's session: one object of each class, under one key.

Streamlit may break a run off whenever the session is touched, because a person pressed something. So that nothing is
written by a run that is over, and nothing is half written:

- Ask for the object again where you write: `current().opened = 3`, not an object that was asked for before a slow call.
- Write what belongs together at once, after all slow work, and last what says that the rest is there.

A widget's own value is not kept here: it has its widget's key, under which Streamlit, people and tests know it.
"""

from typing import TypeVar

import streamlit as st

State = TypeVar("State")


def state(kind: type[State]) -> State:
    """This session's object of a class, made on first use.

    kind: a dataclass of this package, whose fields all have defaults.
    """
    found = st.session_state.get(key(kind))
    # After an edit of its module during development, the object that is kept is of the class from before.
    if not isinstance(found, kind):
        found = st.session_state[key(kind)] = kind()
    return found


def key(kind: type[object]) -> str:
    """The key under which the object of a class is kept."""
    return f"{kind.__module__}.{kind.__qualname__}"
