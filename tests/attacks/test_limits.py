"""Too much: bodies beyond their limit on every route, and uploads that no page asked for or no session may hold."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from services.gate.bodies import LONGEST_BODY, BodyLimits
from services.gate.uploads import MOST_BYTES, MOST_FILES
from tests.attacks.sockets import Visitor, raw
from tests.servers import serving

MEGABYTE = 1024 * 1024
ROUTES = ["/custdev/api/interviews/rooms", "/interview/never-was", "/healthz", "/", "/_stcore/health", "/media/x"]


def _pieces(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes):
        yield b" " * MEGABYTE


@pytest.mark.parametrize("path", ROUTES)
def test_too_long_bodies_are_refused_unread(dashboard: str, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LONGEST_BODY + 1}\r\n\r\n"
    answer = raw(dashboard, head.encode())
    assert answer.split(b" ", 2)[1] == b"413" and b"connection: close" in answer.lower()


def test_bodies_without_a_length_are_counted(dashboard: str) -> None:
    request = httpx.Request(
        "POST",
        f"{dashboard}/custdev/projects/create",
        content=_pieces(3),
        headers={"Authorization": "Bearer sandbox", "Content-Type": "application/json"},
    )
    with httpx.Client(trust_env=False) as http:
        assert http.send(request).status_code == 413


def test_slow_bodies_end() -> None:
    async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        await PlainTextResponse("read")(scope, receive, send)

    with serving(BodyLimits(reads_all, MEGABYTE, seconds=0.05)) as address:
        answer = raw(address, b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nhalf")
    assert answer.split(b" ", 2)[1] == b"408"


def test_shorter_limit_of_a_part_counts() -> None:
    async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        await PlainTextResponse("read")(scope, receive, send)

    with serving(BodyLimits(reads_all, MEGABYTE, longest=10)) as address:
        for length, status in ((10, b"200"), (11, b"413")):
            head = f"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
            assert raw(address, head.encode() + b"x" * length).split(b" ", 2)[1] == status


def test_asked_upload_is_taken(dashboard: str) -> None:
    with Visitor(dashboard) as person, person.page() as tab:
        (address,) = tab.upload_addresses(1)
        assert person.upload(address, b"label\nA\n") == 204
        assert person.upload(address, b"label\nB\n") == 413


def test_unasked_and_foreign_uploads_are_refused(dashboard: str) -> None:
    with Visitor(dashboard) as person, Visitor(dashboard) as thief, person.page() as tab, thief.page() as other:
        (address,) = tab.upload_addresses(1)
        other.upload_addresses(1)
        folder = address.rpartition("/")[0]
        assert person.upload(f"{folder}/{uuid4()}", b"unasked") == 403
        assert person.upload(f"/_stcore/upload_file/{uuid4()}/{uuid4()}", b"unknown") == 403
        assert thief.upload(address, b"foreign") == 403
        assert thief.http.delete(address).status_code == 403


def test_session_holds_files_within_its_quota(dashboard: str) -> None:
    with Visitor(dashboard) as person, person.page() as tab:
        sizes = [9 * MEGABYTE] * (MOST_BYTES // (9 * MEGABYTE))
        addresses = tab.upload_addresses(len(sizes) + 1)
        assert {person.upload(address, b" " * size) for address, size in zip(addresses, sizes, strict=False)} == {204}
        assert person.upload(addresses[-1], b" " * 9 * MEGABYTE) == 413
        headers = {"X-Xsrftoken": person.http.cookies["_streamlit_xsrf"]}
        assert person.http.delete(addresses[0], headers=headers).status_code == 204
        assert person.upload(addresses[-1], b" " * 9 * MEGABYTE) == 204
    with Visitor(dashboard) as person, person.page() as tab:
        statuses = [person.upload(address, b"x") for address in tab.upload_addresses(MOST_FILES + 1)]
        assert statuses == [204] * MOST_FILES + [413]
