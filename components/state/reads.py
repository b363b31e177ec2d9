"""What was read from Aseed and is worth keeping for a while, for one browser session only. It holds no link."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st

from components.state import connection
from services.aseed.client import AseedClient
from services.aseed.models import InterviewConfigResponse, ProjectResponse

SEEN = ("voice", "realtime_provider")
"""The settings that are worth offering again."""


def projects() -> list[ProjectResponse]:
    return _projects(connection.client())


def project(project_id: str) -> ProjectResponse:
    return _project(connection.client(), project_id)


def interview_config() -> InterviewConfigResponse:
    return _config(connection.client())


def seen_settings(project_id: str) -> dict[str, list[str]]:
    """The voices and providers that this project's rooms have, to offer them again."""
    return _seen(connection.client(), project_id)


def forget() -> None:
    """Asks Aseed again for everything that was kept."""
    for read in (_projects, _project, _config, _seen):
        read.clear()


# A client is told apart by its account: after a change of token, the old one's answers are not shown.
_BY_ACCOUNT: dict[str | type[Any], Callable[[Any], Any]] = {AseedClient: lambda client: client.account}


@st.cache_data(ttl=timedelta(seconds=30), show_spinner=False, scope="session", hash_funcs=_BY_ACCOUNT)
def _projects(client: AseedClient) -> list[ProjectResponse]:
    return client.projects()


@st.cache_data(ttl=timedelta(seconds=30), show_spinner=False, scope="session", hash_funcs=_BY_ACCOUNT)
def _project(client: AseedClient, project_id: str) -> ProjectResponse:
    return client.project(project_id)


@st.cache_data(ttl=timedelta(minutes=5), show_spinner=False, scope="session", hash_funcs=_BY_ACCOUNT)
def _config(client: AseedClient) -> InterviewConfigResponse:
    return client.interview_config()


@st.cache_data(ttl=timedelta(minutes=5), show_spinner=False, scope="session", hash_funcs=_BY_ACCOUNT)
def _seen(client: AseedClient, project_id: str) -> dict[str, list[str]]:
    rooms = client.rooms(project_id)
    return {name: sorted({value for room in rooms if (value := getattr(room, name))}) for name in SEEN}
