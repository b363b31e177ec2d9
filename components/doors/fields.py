"""The fields of the form: each with what is wrong with it beneath, and its value under its name."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

import streamlit as st

from components.doors.problems import Problems
from components.elements.problems import show_beside

Option = TypeVar("Option", int, str)

_PREFIX = "door_"
"""What the keys of the form's widgets begin with, and those of no other."""


def key_of(name: str) -> str:
    return f"{_PREFIX}{name}"


def typed() -> dict[str, object]:
    """What is typed and chosen, by the names of the fields."""
    found = {str(key): value for key, value in st.session_state.items()}
    return {key.removeprefix(_PREFIX): value for key, value in found.items() if key.startswith(_PREFIX)}


def put(values: dict[str, object]) -> None:
    """Puts values into the form in place of all that was there; for a widget's callback."""
    for name in typed().keys() - values.keys():
        del st.session_state[key_of(name)]
    for name, value in values.items():
        st.session_state[key_of(name)] = value


def line(name: str, label: str, problems: Problems, help: str | None = None, placeholder: str | None = None) -> None:
    """A text of one line."""
    st.session_state.setdefault(key_of(name), "")
    st.text_input(label, key=key_of(name), help=help, placeholder=placeholder, persist_state="session")
    show_beside(problems.get(name))


def text(name: str, label: str, problems: Problems, help: str | None = None, placeholder: str | None = None) -> None:
    """A text of several lines."""
    st.session_state.setdefault(key_of(name), "")
    st.text_area(label, key=key_of(name), help=help, placeholder=placeholder, height=100, persist_state="session")
    show_beside(problems.get(name))


def whole(name: str, label: str, problems: Problems, help: str | None = None, placeholder: str | None = None) -> None:
    """A whole number without bounds: what is out of bounds stays as typed, and is explained."""
    st.session_state.setdefault(key_of(name), None)
    st.number_input(
        label,
        value=None,
        step=1,
        key=key_of(name),
        format="%d",
        help=help,
        placeholder=placeholder,
        persist_state="session",
    )
    show_beside(problems.get(name))


def switch(name: str, label: str, help: str | None = None, *, disabled: bool = False) -> bool:
    """Whether something is so."""
    st.session_state.setdefault(key_of(name), False)
    return st.toggle(label, key=key_of(name), help=help, disabled=disabled, persist_state="session")


def choice(name: str, label: str, options: Mapping[Option, str], problems: Problems, help: str | None = None) -> None:
    """One of several, by what each is called."""
    key = key_of(name)
    if st.session_state.get(key) not in options:
        st.session_state[key] = next(iter(options), None)
    st.selectbox(label, list(options), format_func=options.__getitem__, key=key, help=help, persist_state="session")
    show_beside(problems.get(name))


def several(name: str, label: str, options: Sequence[str], names: dict[str, str], help: str) -> None:
    """Some of several, in the order in which they were chosen."""
    key = key_of(name)
    chosen = st.session_state.get(key) or []
    st.session_state[key] = [each for each in chosen if each in options]
    st.multiselect(label, options, format_func=names.__getitem__, key=key, help=help, persist_state="session")
