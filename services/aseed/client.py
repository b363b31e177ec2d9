"""The one way to speak HTTP to Aseed: one method for each call, with typed arguments and answers.

Creation costs money and has no idempotency key, so it is sent once. Reads, changes (which carry absolute values) and
cancellations are safe to repeat, and are.
"""

import logging
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Self, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
import stamina
from pydantic import ConfigDict, SecretStr, TypeAdapter, ValidationError

from services import events
from services.aseed.created import rooms_created
from services.aseed.errors import (
    AseedError,
    Failed,
    Invalid,
    NotFound,
    NotReached,
    RateLimited,
    from_exception,
    from_response,
)
from services.aseed.models import (
    CreateProjectRequest,
    CreateRoomsRequest,
    InterviewConfigResponse,
    InterviewRoomResponse,
    JoinRoomRequest,
    JoinRoomResponse,
    ProjectResponse,
    Request,
    RoomInfoResponse,
    UpdateProjectRequest,
    UpdateRoomRequest,
)
from services.aseed.shares import MOST_AT_ONCE, Shares
from services.aseed.timing import ServiceClock, before_sending
from services.labels import ADDRESS_ALONE, without_addresses
from services.settings import is_token
from services.texts.speech import N_, _

# Both would log what must not be logged: httpx whole URLs, which may hold a link, and httpcore headers.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)
# Said, as stamina would choose others for every package of the log or of metrics that it finds installed.
stamina.instrumentation.set_on_retry_hooks([stamina.instrumentation.LoggingOnRetryHook])

POOL_SECONDS = 5
"""Seconds for which a call waits for a connection."""

TIMEOUT = httpx.Timeout(connect=5, read=30, write=10, pool=POOL_SECONDS)
"""Seconds, for everything but creation."""

CREATE_TIMEOUT = httpx.Timeout(connect=5, read=60, write=10, pool=POOL_SECONDS)
"""Seconds: an answer that we no longer wait for leaves the outcome unknown, so we wait longer."""

ATTEMPTS = 3
"""How many times a request is sent at most, where it may be retried."""

PATIENCE = 10.0
"""Seconds for which a request is retried: a person waits before a page meanwhile."""

Model = TypeVar("Model")

_PROJECT = TypeAdapter(ProjectResponse)
_PROJECTS = TypeAdapter(list[ProjectResponse], config=ConfigDict(hide_input_in_errors=True))
_CONFIG = TypeAdapter(InterviewConfigResponse)
_ROOM = TypeAdapter(InterviewRoomResponse)
_ROOMS = TypeAdapter(list[InterviewRoomResponse], config=ConfigDict(hide_input_in_errors=True))
_ROOM_INFO = TypeAdapter(RoomInfoResponse)
_JOINED = TypeAdapter(JoinRoomResponse)


class Connections:
    """The process's HTTP connections, made once (a TLS context costs 30 ms) and shared by every token.

    Creation has connections of its own that are never reused: a reset on a kept-alive one would leave open whether
    the request arrived. No cookies are kept, because one person's session must not ride on another's request.

    trust_env: whether proxies are taken from the environment; not for the sandbox, which is this machine.
    transport: stands in for the network in tests.
    """

    def __init__(self, *, trust_env: bool = True, transport: httpx.BaseTransport | None = None) -> None:
        tls = httpx.create_ssl_context(trust_env=trust_env)

        def pool(timeout: httpx.Timeout, limits: httpx.Limits) -> httpx.Client:
            return httpx.Client(
                verify=tls,
                timeout=timeout,
                limits=limits,
                follow_redirects=False,
                trust_env=trust_env,
                transport=transport,
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                event_hooks={"response": [_forget_location]},
            )

        self.kept = pool(TIMEOUT, httpx.Limits(max_connections=MOST_AT_ONCE, max_keepalive_connections=20))
        self.fresh = pool(CREATE_TIMEOUT, httpx.Limits(max_connections=MOST_AT_ONCE, max_keepalive_connections=0))
        self.shares = {True: Shares(POOL_SECONDS), False: Shares(POOL_SECONDS)}
        """The accounts' shares, of creations and of the rest."""

    def close(self) -> None:
        self.kept.close()
        self.fresh.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AseedClient:
    """Aseed at one base URL, with one token.

    Every method raises an AseedError (services/aseed/errors.py) and nothing else. The constructor raises ValueError
    for a token that services.settings.is_token refuses.

    base_url: such as https://app.aseed.ai/custdev.
    connections: the process's connections.
    headers: sent with every request besides the token.
    service: a lasting name for the service, where its address may change.
    """

    def __init__(
        self,
        base_url: str,
        token: SecretStr | None,
        connections: Connections,
        headers: dict[str, str] | None = None,
        service: str | None = None,
    ) -> None:
        if token is not None and not is_token(token.get_secret_value()):
            raise ValueError("the token is not printable ASCII without spaces")
        self._base_url = base_url.rstrip("/")
        self.service = service or self._base_url
        self._token = token
        self._connections = connections
        self._headers = dict(headers or {})
        self._clock = ServiceClock()
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token.get_secret_value()}"

    @property
    def account(self) -> str:
        """A name for the account whose data this client sees; the token cannot be computed from it."""
        token = self._token.get_secret_value() if self._token else ""
        return sha256(f"{self.service}\n{token}".encode()).hexdigest()

    def projects(self) -> list[ProjectResponse]:
        """Every project of this account."""
        return self._call("GET", "/projects/", _PROJECTS)

    def project(self, project_id: str) -> ProjectResponse:
        return self._call("GET", f"/projects/{_segment(project_id)}", _PROJECT)

    def create_project(self, request: CreateProjectRequest) -> ProjectResponse:
        return self._call("POST", "/projects/create", _PROJECT, request, repeatable=False)

    def update_project(self, project_id: str, change: UpdateProjectRequest) -> ProjectResponse:
        """Changes the fields that are set."""
        return self._call("PUT", f"/projects/{_segment(project_id)}", _PROJECT, change)

    def check(self) -> None:
        """Raises the AseedError of one request, which changes nothing, costs nothing and is not repeated."""
        with events.call("GET"):
            self._send_once("GET", "/api/interviews/config", None, None, creating=False)

    def interview_config(self) -> InterviewConfigResponse:
        return self._call("GET", "/api/interviews/config", _CONFIG)

    def rooms(self, project_id: UUID | str | None = None, status: str | None = None) -> list[InterviewRoomResponse]:
        """Every room of this account, or of one project, or in one status; a room that is listed twice, once.

        The service does not page.
        """
        wanted = {"project_id": project_id, "status": status}
        query = {name: str(value) for name, value in wanted.items() if value is not None}
        listed = self._call("GET", "/api/interviews/rooms", _ROOMS, query=query)
        return list({room.id: room for room in listed}.values())

    def room(self, room_id: str) -> InterviewRoomResponse:
        return self._call("GET", f"/api/interviews/rooms/{_segment(room_id)}", _ROOM)

    def update_room(self, room_id: str, change: UpdateRoomRequest) -> InterviewRoomResponse:
        """Changes the fields that are set; the service allows it only while the room is pending.

        This is the one way by which a label leaves: email addresses in it are taken out here, whatever let them in.
        One that is an address alone is not sent; without anything else to change, that raises Invalid.
        """
        return self._call("PATCH", f"/api/interviews/rooms/{_segment(room_id)}", _ROOM, _without_addresses(change))

    def cancel_room(self, room_id: str) -> None:
        """Cancels a room. A missing room counts as cancelled: an earlier attempt may have done it."""
        with suppress(NotFound):
            self._send("DELETE", f"/api/interviews/rooms/{_segment(room_id)}")

    def room_info(self, access_token: str) -> RoomInfoResponse:
        """What a respondent sees before joining. Reading a room is not joining it."""
        return self._call("GET", f"/api/interviews/join/{_segment(access_token)}", _ROOM_INFO)

    def join_room(self, access_token: str, request: JoinRoomRequest) -> JoinRoomResponse:
        """Joins as a respondent: the room becomes active. The same email may join again."""
        path = f"/api/interviews/join/{_segment(access_token)}"
        return self._call("POST", path, _JOINED, request, repeatable=False)

    def leave_room(self, access_token: str) -> None:
        """Leaves as a respondent: the room is completed."""
        self._send("POST", f"/api/interviews/join/{_segment(access_token)}/leave", repeatable=False)

    @property
    def service_time(self) -> datetime | None:
        """Now by the service's own clock, as its last answer told it; None before one did."""
        return self._clock.now

    def create_rooms(self, request: CreateRoomsRequest) -> list[InterviewRoomResponse]:
        """Creates exactly `request.count` rooms, in one call, which costs money.

        Sent once: a retry must be recorded first, which services.batches does.

        Raises NotReached where the request certainly did not arrive (Overdue where services.aseed.timing.sent_only_if
        held it back), Refused where the service said no, and OutcomeUnknown, with the rooms received, for every other
        answer that is not exactly the requested rooms.
        """
        with events.call("create", request.count):
            response = self._send_once("POST", "/api/interviews/rooms", request, None, creating=True)
            return rooms_created(response, request.count)

    def _call(
        self,
        method: str,
        path: str,
        answer: TypeAdapter[Model],
        request: Request | None = None,
        *,
        query: dict[str, str] | None = None,
        repeatable: bool = True,
    ) -> Model:
        response = self._send(method, path, request, query=query, repeatable=repeatable)
        try:
            return answer.validate_json(response.content)
        except ValidationError:
            # Not chained: the cause quotes the answer, which may hold links.
            raise Failed(N_("Aseed answered with something that is not what its API promises."), 200) from None

    def _send(
        self,
        method: str,
        path: str,
        request: Request | None = None,
        *,
        query: dict[str, str] | None = None,
        repeatable: bool = True,
    ) -> httpx.Response:
        for attempt in stamina.retry_context(
            on=_wait_to_repeat if repeatable else _wait_to_resend,
            attempts=ATTEMPTS,
            timeout=PATIENCE,
            wait_initial=0.2,
            wait_jitter=0.2,
            wait_max=2,
        ):
            with attempt, events.call(method):
                return self._send_once(method, path, request, query, creating=False)
        raise AssertionError("stamina ends by returning or by raising")

    def _send_once(
        self, method: str, path: str, request: Request | None, query: dict[str, str] | None, *, creating: bool
    ) -> httpx.Response:
        pool = self._connections.fresh if creating else self._connections.kept
        more: dict[str, Any] = {}
        if request is not None:
            more["json"] = request.model_dump(mode="json", exclude_unset=not creating)
        if creating:
            more["extensions"] = {"trace": before_sending}
        error: AseedError | None = None
        try:
            call = pool.build_request(method, f"{self._base_url}{path}", params=query, headers=self._headers, **more)
        except httpx.InvalidURL:
            raise NotReached(N_("The address cannot be used.")) from None
        try:
            with self._connections.shares[creating].of(self.account):
                response = pool.send(call)
            self._clock.hear(response)
        except AseedError as held_back:
            error = held_back
        except Exception as reason:
            # Any exception, not only httpx's: once bytes may have left, every failure has to have an outcome.
            error = from_exception(reason, creating=creating)
        if error is None and not response.is_success:
            error = from_response(response, creating=creating, token=self._token)
        if error is not None:
            # Raised outside the handler: the cause holds the request, and with it the token.
            raise error
        return response


def _wait_to_resend(error: Exception) -> bool | float:
    """Retries only what certainly was not done: never reached, or refused for its rate."""
    if isinstance(error, RateLimited):
        wait = 1.0 if error.retry_after is None else max(error.retry_after, 0.2)
        return wait if wait <= PATIENCE else False
    return isinstance(error, NotReached)


def _wait_to_repeat(error: Exception) -> bool | float:
    """Retries also what may have been done, where doing it twice equals doing it once."""
    return isinstance(error, Failed) or _wait_to_resend(error)


def _without_addresses(change: UpdateRoomRequest) -> UpdateRoomRequest:
    """The change without email addresses in its label. Raises Invalid where nothing is left of it."""
    label = change.display_name or ""
    if not (addresses := without_addresses(label)).addresses:
        return change
    if addresses.text:
        return change.model_copy(update={"display_name": addresses.text})
    rest = change.model_dump(exclude={"display_name"}, exclude_unset=True)
    if not rest:
        why = _(ADDRESS_ALONE)
        raise Invalid(422, why, {"display_name": why})
    return UpdateRoomRequest.model_validate(rest)


def _segment(text: str) -> str:
    """An id as one segment of a path. Raises NotFound for an id that would name another path."""
    try:
        quoted = quote(text, safe="")
    except UnicodeEncodeError:
        quoted = ""
    if quoted in ("", ".", ".."):
        raise NotFound(404, _("There is no such id."))
    return quoted


def _forget_location(response: httpx.Response) -> None:
    """Removes the target of a redirect: httpx reads it without following it, and may fail there after the request."""
    response.headers.pop("Location", None)
