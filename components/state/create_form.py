"""The values of the form on Create, which other pages fill in, too."""

import streamlit as st

from components.state import connection, create
from services.aseed.models import InterviewRoomResponse, RoomSettings
from services.texts.speech import N_

PROJECT_DEFAULT, AUTO = N_("Project default"), N_("Auto")
"""What stands for null: the project's own voice or provider, and a language that the interviewer finds out."""

LINKS, PEOPLE = N_("A number of links"), N_("A list of people")
"""Whom the rooms are for: no person in particular, or one person each."""

KEPT = (
    "max_duration_minutes",
    "expires_in_days",
    "voice",
    "language",
    "realtime_provider",
    "topics_for_respondent",
)
"""The widgets whose values a preset holds, by key. How many rooms, and for whom, is a matter of the day."""


def values_like(rooms: RoomSettings | InterviewRoomResponse) -> dict[str, object]:
    """The form's values, by key, that make more rooms like these (see `fill`)."""
    lasting = {"expires_in_days": rooms.expires_in_days} if isinstance(rooms, RoomSettings) else {}
    return {
        "max_duration_minutes": rooms.max_duration_minutes,
        **lasting,
        "voice": rooms.voice or PROJECT_DEFAULT,
        "language": rooms.language or AUTO,
        "realtime_provider": rooms.realtime_provider or PROJECT_DEFAULT,
        "topics_for_respondent": rooms.topics_for_respondent or "",
    }


def fill(settings: dict[str, object]) -> None:
    """Puts settings into the form, in place of any default, and has the form shown."""
    create.show_form()
    put(settings)


def put(settings: dict[str, object]) -> None:
    """Puts settings into the form, in place of any default."""
    for key in KEPT:
        if key in settings:
            st.session_state[key] = settings[key]
    # Last: a run that Streamlit breaks off before this begins with the default once more.
    create.current().default_used = connection.client().account


def is_for_people() -> bool:
    """Whether the rooms are for the people of a list."""
    return st.session_state.get("for_whom") == PEOPLE
