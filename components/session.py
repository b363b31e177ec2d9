"""Who looks at the page and which Aseed they look at: settings, connection, client, and reads worth keeping a while.

What is read is kept for one browser session only, and holds no link.
"""

import atexit
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from math import inf
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from pydantic import SecretStr

from services import settings
from services.aseed.client import AseedClient, Connections
from services.aseed.errors import AseedError, TokenRefused
from services.aseed.models import InterviewConfigResponse, ProjectResponse
from services.batches.engine import Engine
from services.batches.work import Pace
from services.changes import Changes
from services.journal.journal import Journal, Sight
from services.journal.records import Batch
from services.settings import SANDBOX_TOKEN_PREFIX, Settings

SANDBOX_TOKEN = SecretStr(SANDBOX_TOKEN_PREFIX)
"""The dashboard's own account in the sandbox."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")

SEEN = ("voice", "realtime_provider")
"""The settings that are worth offering again."""

SIGHT_SECONDS = 30
"""How long a session relies on the list of projects that it read."""

_PASTED = "pasted_token"

_LISTED, _NAMED = "listed_projects", "named_projects"
"""The projects that this session has read: from the list, and by a typed id."""


@dataclass(frozen=True)
class Connection:
    """Which Aseed this session talks to. origins: where its links may lead (services.trust.is_link)."""

    base_url: str
    token: SecretStr | None
    is_sandbox: bool
    origins: tuple[str, ...]

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc


# Not Streamlit's caches: any visitor's browser may ask the server to empty those.
@cache
def deployment() -> Settings:
    return settings.load(os.environ)


@cache
def engine() -> Engine:
    """Whoever creates rooms for all sessions, with the journal."""
    ours = deployment()
    made = Engine(Journal(ours.journal_url), Pace(ours.calls_at_once, ours.lost_answer_seconds))
    atexit.register(made.close)
    return made


def journal() -> Journal:
    return engine().journal


@cache
def changes() -> Changes:
    """Whoever changes rooms for all sessions: many at once, outside the page's script."""
    made = Changes(journal(), deployment().calls_at_once)
    atexit.register(made.close)
    return made


@cache
def connections(direct: bool) -> Connections:
    """The process's connections; direct: past any proxy, because the other end is this machine."""
    return Connections(trust_env=not direct)


def connection() -> Connection:
    """This session's connection: the token pasted here, else the deployment's, else the sandbox.

    A token that is refused never falls back to the sandbox.
    """
    ours = deployment()
    token = pasted_token() or ours.api_token
    if ours.rehearses and (token is None or token.get_secret_value().startswith(SANDBOX_TOKEN_PREFIX)):
        origin = ours.sandbox_public_url or viewer_origin()
        return Connection(f"{_own_address()}/custdev", token or SANDBOX_TOKEN, True, (origin,))
    base_url = ours.base_url or settings.ASEED
    return Connection(base_url, token, False, (base_url, *filter(None, [ours.sandbox_public_url])))


def client() -> AseedClient:
    """The way to this session's Aseed. The sandbox is told by which address the viewer knows us, for its links."""
    at = connection()
    viewer = urlsplit(viewer_origin())
    forwarded = {"X-Forwarded-Proto": viewer.scheme, "X-Forwarded-Host": viewer.netloc}
    pool = connections(urlsplit(at.base_url).hostname in LOOPBACK or at.is_sandbox)
    # The sandbox's own address may be another after each start: for the journal it is one and the same service.
    return AseedClient(
        at.base_url, at.token, pool, forwarded if at.is_sandbox else None, "sandbox" if at.is_sandbox else None
    )


def sight() -> Sight:
    """Whose batches this session may see: its token's own, and those of every project that the token may read."""
    aseed = client()
    of, asked, listed = st.session_state.get(_LISTED, ("", -inf, frozenset()))
    if of != aseed.account:
        asked, listed = -inf, frozenset()
        st.session_state.pop(_NAMED, None)
        st.session_state["token_is_refused"] = False
    if time.monotonic() - asked > SIGHT_SECONDS:
        # Asked once in a while, also in vain: a page must not wait for a service that is down at every turn.
        try:
            listed = frozenset(project.id for project in projects())
            st.session_state["token_is_refused"] = False
        except TokenRefused as error:
            st.session_state["token_is_refused"] = error.status == 401
        except AseedError:
            pass
        st.session_state[_LISTED] = (aseed.account, time.monotonic(), listed)
    return Sight(aseed.service, aseed.account, listed | st.session_state.get(_NAMED, frozenset()))


def token_is_refused() -> bool:
    """Whether Aseed, when last asked, did not accept this session's token: then it opens no links any more."""
    sight()
    return bool(st.session_state["token_is_refused"])


def pasted_token() -> SecretStr | None:
    token: SecretStr | None = st.session_state.get(_PASTED)
    return token


def use_token(token: SecretStr | None) -> None:
    """Use a token for this browser session only, or go back to the deployment's."""
    st.session_state[_PASTED] = token
    forget_reads()


def forget_reads() -> None:
    """Ask Aseed anew for everything that was kept."""
    for read in (_projects, _project, _config, _seen):
        read.clear()
    for seen in (_LISTED, _NAMED):
        st.session_state.pop(seen, None)


def projects() -> list[ProjectResponse]:
    return _projects(client())


def project(project_id: str) -> ProjectResponse:
    found = _project(client(), project_id)
    st.session_state[_NAMED] = st.session_state.get(_NAMED, frozenset()) | {found.id}
    return found


def interview_config() -> InterviewConfigResponse:
    return _config(client())


def seen_settings(project_id: str) -> dict[str, list[str]]:
    """The voices and providers that this project's rooms have, to offer them again."""
    return _seen(client(), project_id)


def unresolved(project: ProjectResponse | None) -> Batch | None:
    """The batch of this project that has to be over before the next one may begin."""
    return journal().unresolved(client().service, project.id, sight()) if project else None


def viewer_zone() -> ZoneInfo:
    """The time zone of whoever looks at the page; UTC where the browser does not tell."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def viewer_origin() -> str:
    """The address by which the viewer's browser knows us, such as http://192.168.1.5:8501."""
    url = urlsplit(st.context.url or "")
    return f"{url.scheme}://{url.netloc}" if url.scheme in ("http", "https") and url.netloc else _own_address()


def _own_address() -> str:
    host = st.get_option("server.address")
    named = host if host and host not in ("0.0.0.0", "::") else "127.0.0.1"
    return f"http://{named}:{st.get_option('server.port')}"


# A client is told apart by its account: after a change of token nobody sees the old one's answers.
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
