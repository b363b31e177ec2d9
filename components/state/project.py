"""The project that all pages share: chosen once in the header, kept in the session and in every page's address."""

from dataclasses import dataclass, field
from uuid import UUID

import streamlit as st

from components.state import address, session

KEY = "project"
"""The widget's key: its value is the project's id, or None for no project in particular."""

_NAME = "study"
"""The name in a page's address."""


@dataclass
class ProjectState:
    """What is known of the projects to choose from.

    names: the name of each project, by its id, as Aseed listed them last.
    began: the account for which the choice has begun with the one project that is ready, or with none.
    """

    names: dict[str, str] = field(default_factory=dict)
    began: str | None = None


def current() -> ProjectState:
    return session.state(ProjectState)


def chosen() -> str | None:
    """The id of the chosen project, as it was chosen or typed; None for none."""
    return str(st.session_state.get(KEY) or "").strip() or None


def choose(project_id: str | None) -> None:
    """Has all pages show a project; before its widget is drawn, as in a callback."""
    st.session_state[KEY] = project_id


def recall() -> None:
    """Takes the project from the page's address on the first run of a session."""
    if KEY not in st.session_state:
        choose(id_of(st.query_params.get(_NAME)))


def remember() -> None:
    """Keeps the project in the page's address. What was typed there and is no id does not belong into an address."""
    address.keep({_NAME: id_of(chosen())})


def id_of(text: str | None) -> str | None:
    """A project's id in its usual form; None for any other text."""
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        return None
