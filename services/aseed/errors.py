"""What can go wrong between the dashboard and Aseed: one class for each kind.

    AseedError
    ├── NotReached          nothing was done: no network, no such host, connection refused, no free connection
    │   └── Overdue         its first byte would have left too late
    ├── Refused             the service said no, and did nothing
    │   ├── TokenRefused    401, 403
    │   ├── TokensShort     402: the account's tokens do not suffice
    │   ├── NotFound        404
    │   ├── Invalid         422, with a message a field
    │   └── RateLimited     429, with how long to wait
    ├── Failed              no usable answer, and nothing of ours depends on it: 5xx, timeout, redirect, not JSON
    └── OutcomeUnknown      a creation whose answer is lost or unusable: rooms may exist, and must be looked for

Two functions make them: `from_exception` for what is raised while a request is sent, `from_response` for what comes
back. The texts hold neither the token nor a link: what the service says is shown only with both removed.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
from pydantic import SecretStr
from pydantic_core import from_json

from services.aseed.models import InterviewRoomResponse
from services.texts.kept import SaidError, kept
from services.texts.speech import N_

E = TypeVar("E", bound=Exception)

SAFE_TO_RESEND = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
"""The httpx exceptions after which not a byte of the request has left."""

NOTHING_CREATED = frozenset((400, 401, 402, 403, 404, 405, 413, 414, 415, 422, 429, 431))
"""The statuses that say before anything is done that it will not be (RFC 9110, RFC 6585).

After any other 4xx, such as 408, 409, 425 or 499, rooms may have been created.
"""

LONGEST_DETAIL = 300
"""How much of the service's own words is kept, in characters."""

_LOOKED_AT = 4_000
"""How much of them is looked at: what is kept, with long links before it that are taken out."""

_LINK_SIGN = re.compile(r"//|%2F%2F|/interview/", re.IGNORECASE)
_LINK_START = re.compile(r".*[\"'<>=(]", re.DOTALL)
"""What stands before a link without a space."""


REFUSED = kept("Aseed refused the request ({status})")
REFUSED_BECAUSE = kept("Aseed refused the request ({status}): {detail}")
NOT_REACHED = kept("Aseed could not be reached ({reason}).")
BROKEN_OFF = kept("The connection to Aseed broke off ({reason}).")
FAILED = kept("Aseed failed ({status}).")
SENT_ELSEWHERE = kept("Aseed sent us elsewhere ({status}), which is never followed with a token.")


class AseedError(SaidError):
    """Any failure between the dashboard and Aseed. Its text is safe to show and to log."""


class NotReached(AseedError):
    """Nothing was sent, so nothing was done."""


class Overdue(NotReached):
    """Nothing was sent, because it was too late for it."""


class Refused(AseedError):
    """The service refused the request.

    status: the HTTP status. detail: the service's own words, without token and links, perhaps empty.
    """

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(REFUSED_BECAUSE(status=status, detail=detail) if detail else REFUSED(status=status))
        self.status = status
        self.detail = detail


class TokenRefused(Refused):
    """The token is missing, wrong, expired, or not allowed to do this."""


class TokensShort(Refused):
    """The account's balance does not cover the request."""


class NotFound(Refused):
    """There is no such thing, or not for this token."""


class Invalid(Refused):
    """The service does not accept the values. fields: its message for each field that it names."""

    def __init__(self, status: int, detail: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail)
        self.fields = dict(fields or {})


class RateLimited(Refused):
    """Too many requests. retry_after: seconds to wait, or None where the service does not say."""

    def __init__(self, status: int, detail: str = "", retry_after: float | None = None) -> None:
        super().__init__(status, detail)
        self.retry_after = retry_after


class Failed(AseedError):
    """The service gave no usable answer to a request that may be retried.

    status: the HTTP status, or None where there was no answer.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class OutcomeUnknown(AseedError):
    """Rooms may have been created although no complete answer came. Never retry: look for them first.

    rooms: those in the answer, which must not be lost. status: that of a refusal which may have acted all the same.
    """

    def __init__(self, reason: str, rooms: Sequence[InterviewRoomResponse] = (), status: int | None = None) -> None:
        super().__init__(reason)
        self.rooms = tuple(rooms)
        self.status = status


_REFUSALS: dict[str, type[Refused]] = {
    kind.__name__: kind for kind in (Refused, TokenRefused, TokensShort, NotFound, Invalid, RateLimited)
}

_PLAIN: dict[str, type[AseedError]] = {kind.__name__: kind for kind in (NotReached, Overdue, OutcomeUnknown)}


def without_frames(error: E) -> E:
    """The same error, to be kept: without the frames it came through, which hold the client and so the token."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


def without_secrets(text: str, token: SecretStr | None) -> str:
    """The service's words, safe to show: without the token and URLs, on one line, cut to LONGEST_DETAIL."""
    words = text[:_LOOKED_AT].split()
    if len(text) > _LOOKED_AT:
        # The last may be a piece of a token or a link, which is known by its whole alone.
        words = words[:-1]
    secret = token.get_secret_value() if token is not None else ""
    return " ".join(_without_link(word.replace(secret, "(token)") if secret else word) for word in words)[
        :LONGEST_DETAIL
    ]


def _without_link(word: str) -> str:
    sign = _LINK_SIGN.search(word)
    if not sign:
        return word
    start = _LINK_START.match(word[: sign.start()])
    return f"{start[0] if start else ''}(link)"


def as_record(error: AseedError) -> dict[str, Any]:
    """An error as JSON can hold it: without secrets, and without the rooms of an unknown outcome."""
    said = {name: value for name, value in vars(error).items() if name != "rooms"}
    return {"kind": type(error).__name__, "text": error.kept, **said}


def from_record(record: Mapping[str, Any]) -> AseedError:
    """The error of a record, of its own kind."""
    said = {name: value for name, value in record.items() if name not in ("kind", "text")}
    kind = record["kind"]
    if refusal := _REFUSALS.get(kind):
        return refusal(**said)
    if kind == Failed.__name__:
        return Failed(record["text"], **said)
    return _PLAIN.get(kind, AseedError)(record["text"])


def from_exception(error: Exception, *, creating: bool) -> AseedError:
    """The error for an exception while sending.

    creating: whether the request was to create rooms.
    """
    if isinstance(error, SAFE_TO_RESEND):
        return NotReached(NOT_REACHED(reason=type(error).__name__))
    reason = (
        N_("Aseed did not answer in time.")
        if isinstance(error, httpx.TimeoutException)
        else BROKEN_OFF(reason=type(error).__name__)
    )
    return OutcomeUnknown(reason) if creating else Failed(reason)


def from_response(response: httpx.Response, *, creating: bool, token: SecretStr | None = None) -> AseedError:
    """The error for an answer that is not a 2xx."""
    status = response.status_code
    if status in NOTHING_CREATED or (400 <= status < 500 and not creating):
        return _refused(response, token)
    if status >= 500:
        reason = FAILED(status=status)
    elif status >= 400:
        # It is shown with the question whether rooms were created all the same.
        return OutcomeUnknown(_refused(response, token).kept, status=status)
    else:
        reason = SENT_ELSEWHERE(status=status)
    return OutcomeUnknown(reason) if creating else Failed(reason, status)


def _refused(response: httpx.Response, token: SecretStr | None) -> Refused:
    status, body = response.status_code, _json(response)
    raw = body.get("detail") if isinstance(body, dict) else None
    detail = without_secrets(raw, token) if isinstance(raw, str) else ""
    if status in (401, 403):
        return TokenRefused(status, detail)
    if status == 402:
        return TokensShort(status, detail)
    if status == 404:
        return NotFound(status, detail)
    if status == 422:
        return Invalid(status, detail, _field_messages(raw, token))
    if status == 429:
        return RateLimited(status, detail, retry_after(response.headers.get("Retry-After"), datetime.now(UTC)))
    return Refused(status, detail)


def _json(response: httpx.Response) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return from_json(response.content)
    except ValueError:
        return None


def _field_messages(detail: object, token: SecretStr | None) -> dict[str, str]:
    """FastAPI's list of validation errors as one message a field, by the last name of its location."""
    messages: dict[str, str] = {}
    for item in detail if isinstance(detail, list) else []:
        match item:
            case {"loc": [*_, str(field)], "msg": str(message)}:
                messages.setdefault(field, without_secrets(message, token))
    return messages


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds to wait by a Retry-After header, which holds seconds or an HTTP date (RFC 9110, 10.2.3).

    None where there is none or it cannot be read; never negative.
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = parsedate_to_datetime(header)
        except (ValueError, OverflowError):
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return max(0.0, seconds) if seconds < float("inf") else None
