"""What this session may see: the batches and rooms of its token's account, and of the projects that it may read."""

import time
from math import inf

import streamlit as st
from pydantic import SecretStr

from components.state import connection, process, reads
from services.aseed.errors import AseedError, TokenRefused
from services.aseed.models import ProjectResponse
from services.journal.journal import Visibility
from services.journal.records import Batch

VISIBILITY_SECONDS = 30
"""How long a session relies on the list of projects that it read."""

_LISTED, _NAMED = "listed_projects", "named_projects"
"""The projects that this session has read: from the list, and by a typed id."""


def current() -> Visibility:
    """Whose batches this session may see: its token's own, and those of every project that the token may read."""
    aseed = connection.client()
    of, asked, listed = st.session_state.get(_LISTED, ("", -inf, frozenset()))
    if of != aseed.account:
        asked, listed = -inf, frozenset()
        st.session_state.pop(_NAMED, None)
        st.session_state["token_is_refused"] = False
    if time.monotonic() - asked > VISIBILITY_SECONDS:
        # Asked once in a while, also in vain: a page must not wait for a service that is down at every turn.
        try:
            listed = frozenset(project.id for project in reads.projects())
            st.session_state["token_is_refused"] = False
        except TokenRefused as error:
            st.session_state["token_is_refused"] = error.status == 401
        except AseedError:
            pass
        st.session_state[_LISTED] = (aseed.account, time.monotonic(), listed)
    return Visibility(aseed.service, aseed.account, listed | st.session_state.get(_NAMED, frozenset()))


def token_is_refused() -> bool:
    """Whether Aseed, when last asked, did not accept this session's token: then it opens no links any more."""
    current()
    return bool(st.session_state["token_is_refused"])


def use_token(token: SecretStr | None) -> None:
    """Use a token for this browser session only, or go back to the deployment's."""
    connection.paste(token)
    forget_reads()


def forget_reads() -> None:
    """Ask Aseed anew for everything that was kept."""
    reads.forget()
    for seen in (_LISTED, _NAMED):
        st.session_state.pop(seen, None)


def project(project_id: str) -> ProjectResponse:
    found = reads.project(project_id)
    st.session_state[_NAMED] = st.session_state.get(_NAMED, frozenset()) | {found.id}
    return found


def unresolved(project: ProjectResponse | None) -> Batch | None:
    """The batch of this project that has to be over before the next one may begin."""
    return process.journal().unresolved(connection.client().service, project.id, current()) if project else None
