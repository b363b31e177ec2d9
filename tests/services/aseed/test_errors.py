"""Every exception of httpx and every answer of the service becomes one error that is safe to show."""

import inspect
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from services.aseed import errors
from services.aseed.errors import (
    LONGEST_DETAIL,
    AseedError,
    Failed,
    Invalid,
    NotFound,
    NotReached,
    OutcomeUnknown,
    Overdue,
    RateLimited,
    Refused,
    TokenRefused,
    TokensShort,
    as_record,
    from_exception,
    from_record,
    from_response,
    retry_after,
    without_secrets,
)
from services.aseed.models import InterviewRoomResponse

TOKEN = "sandbox-CANARY-TOKEN"
LINK = "https://app.aseed.ai/interview/CANARY-LINK"
REQUEST = httpx.Request("POST", LINK, headers={"Authorization": f"Bearer {TOKEN}"})
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

OF_HTTPX = [kind for kind in vars(httpx).values() if isinstance(kind, type) and issubclass(kind, Exception)]
NEVER_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"}


def raised(kind: type[Exception]) -> Exception:
    known: dict[str, Any] = {
        "message": f"{LINK} {TOKEN}",
        "request": REQUEST,
        "response": httpx.Response(500, request=REQUEST),
    }
    return kind(**{name: known[name] for name in inspect.signature(kind).parameters})


def answered(status: int, detail: object = None, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"detail": detail}, headers=headers, request=REQUEST)


def of_a_status(status: int) -> type[AseedError] | None:
    """The error of ours that says no for a status, or None where the answer is no answer."""
    if not 400 <= status < 500:
        return None
    named = {
        401: TokenRefused,
        403: TokenRefused,
        402: TokensShort,
        404: NotFound,
        422: Invalid,
        429: RateLimited,
    }
    return named.get(status, Refused)


def test_all_exceptions_of_httpx_are_tested() -> None:
    assert {"ReadTimeout", "RemoteProtocolError", "StreamConsumed"} | NEVER_SENT <= {kind.__name__ for kind in OF_HTTPX}


@pytest.mark.parametrize("kind", OF_HTTPX)
def test_exception_while_creating_is_unreached_or_unknown(kind: type[Exception]) -> None:
    error = from_exception(raised(kind), creating=True)
    assert type(error) is (NotReached if kind.__name__ in NEVER_SENT else OutcomeUnknown)


@pytest.mark.parametrize("kind", OF_HTTPX)
def test_exception_while_reading_is_unreached_or_failed(kind: type[Exception]) -> None:
    error = from_exception(raised(kind), creating=False)
    assert type(error) is (NotReached if kind.__name__ in NEVER_SENT else Failed)
    assert getattr(error, "status", None) is None


@pytest.mark.parametrize("creating", [True, False])
@pytest.mark.parametrize("kind", OF_HTTPX)
def test_no_error_keeps_the_request(kind: type[Exception], creating: bool) -> None:
    error = from_exception(raised(kind), creating=creating)
    assert "CANARY" not in f"{error} {error!r} {vars(error)}"
    assert error.__cause__ is None and error.__context__ is None


def test_only_unsent_requests_are_safe_to_resend() -> None:
    assert {kind.__name__ for kind in OF_HTTPX if issubclass(kind, errors.SAFE_TO_RESEND)} == NEVER_SENT


def test_lost_answer_differs_from_lost_connection() -> None:
    assert str(from_exception(raised(httpx.ReadTimeout), creating=True)) == "Aseed did not answer in time."
    assert str(from_exception(raised(httpx.ReadError), creating=True)) == (
        "The connection to Aseed broke off (ReadError)."
    )


MAY_HAVE_ACTED = set(range(400, 500)) - {400, 401, 402, 403, 404, 405, 413, 414, 415, 422, 429, 431}
"""What leaves it open whether something was done before it was said (RFC 9110, RFC 6585, nginx)."""


@pytest.mark.parametrize(("creating", "no_answer"), [(True, OutcomeUnknown), (False, Failed)])
def test_every_failing_status_is_one_error(creating: bool, no_answer: type[AseedError]) -> None:
    statuses = [status for status in range(100, 600) if not 200 <= status < 300]
    assert {status: type(from_response(answered(status), creating=creating)) for status in statuses} == {
        status: no_answer if creating and status in MAY_HAVE_ACTED else of_a_status(status) or no_answer
        for status in statuses
    }


@pytest.mark.parametrize("status", [408, 409, 418, 425, 499])
def test_refusal_that_may_have_acted_is_unknown(status: int) -> None:
    error = from_response(answered(status, f"Not today. {LINK}"), creating=True)
    assert isinstance(error, OutcomeUnknown) and error.status == status
    assert str(error) == f"Aseed refused the request ({status}): Not today. (link)"
    assert type(from_response(answered(status), creating=False)) is Refused


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422, 429])
def test_refusal_says_status_and_words(status: int) -> None:
    error = from_response(answered(status, "Not today."), creating=True)
    assert isinstance(error, Refused)
    assert (error.status, error.detail) == (status, "Not today.")
    assert str(error) == f"Aseed refused the request ({status}): Not today."


@pytest.mark.parametrize("status", [301, 308, 500, 503, 599])
def test_failure_says_its_status_alone(status: int) -> None:
    error = from_response(answered(status, f"{LINK} {TOKEN}"), creating=False)
    assert isinstance(error, Failed) and error.status == status
    assert str(status) in str(error) and "CANARY" not in f"{error} {error!r} {vars(error)}"


def a_room() -> InterviewRoomResponse:
    return InterviewRoomResponse(
        id="room-1",
        project_id="project-1",
        access_token="CANARY-LINK",
        url=LINK,
        room_name="interview-1",
        max_duration_minutes=30,
        status="pending",
        created_at=NOW,
        created_by="someone",
    )


def test_unknown_outcome_keeps_rooms_and_masks_links() -> None:
    room = a_room()
    error = OutcomeUnknown("Lost.", [room])
    assert error.rooms == (room,) and OutcomeUnknown("Lost.").rooms == ()
    assert "CANARY" not in f"{error} {error!r} {vars(error)}"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("1 minute", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("-inf", 0),
        ("-5", 0),
        ("0", 0),
        ("7", 7),
        (" 7 ", 7),
        ("1.5", 1.5),
        ("86400", 86400),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30),
        ("Sunday, 01-Mar-26 12:00:30 GMT", 30),
        ("Sun Mar  1 12:00:30 2026", 30),
        ("Sun, 01 Mar 2026 15:00:30 +0300", 30),
        ("Sun, 01 Mar 2026 12:00:30 -0000", 30),
        ("Mon, 02 Mar 2026 12:00:00 GMT", 86400),
        ("Sun, 01 Mar 2026 11:59:00 GMT", 0),
        ("Sun, 31 Feb 2026 12:00:00 GMT", None),
        ("Mon, 01 Jan 99999 00:00:00 GMT", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("Thu, 01 Jan 2026 00:00:00 +999999999999999", None),
    ],
)
def test_wait_is_read_and_never_negative(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("-7", 0), ("86400", 86400), ("nan", None), ("soon", None)])
def test_a_rate_limit_says_how_long_to_wait(header: str, seconds: float | None) -> None:
    error = from_response(answered(429, "Slow down.", **{"Retry-After": header}), creating=True)
    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


def test_rate_limit_until_a_date_is_relative() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    error = from_response(answered(429, **{"Retry-After": until}), creating=True)
    assert isinstance(error, RateLimited)
    assert error.retry_after == pytest.approx(3600, abs=60)


def test_a_rate_limit_without_a_wait_says_none() -> None:
    error = from_response(answered(429), creating=False)
    assert isinstance(error, RateLimited)
    assert error.retry_after is None


@pytest.mark.parametrize(
    ("detail", "fields"),
    [
        (
            [
                {"type": "int_parsing", "loc": ["body", "count"], "msg": "Input should be a valid integer"},
                {"type": "missing", "loc": ["body", "project_id"], "msg": "Field required"},
            ],
            {"count": "Input should be a valid integer", "project_id": "Field required"},
        ),
        ([{"loc": ["path", "room_id"], "msg": "no UUID", "input": LINK}], {"room_id": "no UUID"}),
        ([{"loc": ["body", "count"], "msg": "one"}, {"loc": ["body", "count"], "msg": "two"}], {"count": "one"}),
        ([{"loc": ["body", "rooms", 3], "msg": "no room"}], {}),
        ([{"loc": [], "msg": "no place"}, {"loc": ["body", "count"]}, "text", None, 5], {}),
        ([{"loc": ["body", "count"], "msg": ["no text"]}], {}),
        ("Not valid.", {}),
        ({"count": "wrong"}, {}),
        (None, {}),
    ],
)
def test_a_refused_value_is_told_at_its_field(detail: object, fields: dict[str, str]) -> None:
    error = from_response(answered(422, detail), creating=True)
    assert isinstance(error, Invalid)
    assert error.fields == fields


def test_field_message_masks_token_and_link() -> None:
    detail = [{"loc": ["body", "email"], "msg": f"{TOKEN} may not\nopen {LINK}"}]
    error = from_response(answered(422, detail), creating=True, token=SecretStr(TOKEN))
    assert isinstance(error, Invalid)
    assert error.fields == {"email": "(token) may not open (link)"}


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422, 429])
def test_a_refusal_holds_neither_token_nor_link(status: int) -> None:
    error = from_response(answered(status, f"Bearer {TOKEN} at {LINK}"), creating=True, token=SecretStr(TOKEN))
    assert isinstance(error, Refused)
    assert error.detail == "Bearer (token) at (link)"
    assert "CANARY" not in f"{error} {error!r} {vars(error)}"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Not enough tokens.", "Not enough tokens."),
        (f"{TOKEN}{TOKEN}", "(token)(token)"),
        (f"see {LINK}, then {LINK}?a=b", "see (link) then (link)"),
        ("HTTP://APP.ASEED.AI/x", "(link)"),
        ("wss://voice.example/CANARY", "(link)"),
        (f"<a href={LINK}>", "<a href=(link)"),
        (" two\r\n\tlines ", "two lines"),
        ("x" * 301, "x" * 300),
        (f"{'x' * 295} {TOKEN}", f"{'x' * 295} (tok"),
        (f"{'x' * 290} {LINK}", f"{'x' * 290} (link)"),
        ("Не хватает токенов", "Не хватает токенов"),
        ("", ""),
    ],
)
def test_service_words_are_masked_on_one_line(said: str, shown: str) -> None:
    assert without_secrets(said, SecretStr(TOKEN)) == shown
    assert len(shown) <= LONGEST_DETAIL


@pytest.mark.parametrize("token", [None, SecretStr("")])
def test_service_words_stay_without_a_token(token: SecretStr | None) -> None:
    assert without_secrets("Who are you?", token) == "Who are you?"


@pytest.mark.parametrize(
    "body", [b"", b"<html>Log in</html>", b"[]", b"5", b'"no"', b'{"detail": 5}', b"\xff\xfe", b"{"]
)
def test_refusal_with_an_unknown_body_is_refused(body: bytes) -> None:
    error = from_response(httpx.Response(401, content=body), creating=True)
    assert type(error) is TokenRefused
    assert error.detail == "" and str(error) == "Aseed refused the request (401)"


EACH = (
    NotReached("No network."),
    Overdue("Too late."),
    Refused(409, "closed"),
    TokenRefused(401, "expired"),
    TokensShort(402, "450 needed"),
    NotFound(404, "gone"),
    Invalid(422, "bad", {"voice": "unknown voice"}),
    RateLimited(429, "slow down", 30.0),
    RateLimited(429),
    Failed("Aseed failed (503).", 503),
    OutcomeUnknown("The answer was lost."),
)


def test_every_kind_of_error_can_be_recorded() -> None:
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AseedError)}
    assert {type(error) for error in EACH} == kinds - {AseedError}


@pytest.mark.parametrize("error", EACH, ids=lambda error: type(error).__name__)
def test_recorded_error_comes_back_equal(error: AseedError) -> None:
    again = from_record(json.loads(json.dumps(as_record(error))))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_recorded_unknown_outcome_has_no_rooms() -> None:
    assert "CANARY" not in json.dumps(as_record(OutcomeUnknown("Lost.", [a_room()])))


def test_unknown_recorded_kind_is_still_an_error() -> None:
    assert str(from_record({"kind": "Newer", "text": "Something new."})) == "Something new."
