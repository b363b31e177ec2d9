"""Pages of others: a websocket is opened by our own pages alone, and no attempt makes the process ask outside."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.attacks.sockets import Visitor, opens, raw
from tests.servers import running_dashboard

SPY = """
import ipaddress, os, sys

def _tell(event, arguments):
    if event == "socket.getaddrinfo" and arguments[0] not in (None, "localhost", "127.0.0.1", "::1"):
        _note(f"name {arguments[0]}")
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
        if not ipaddress.ip_address(host).is_loopback:
            _note(f"{event} {host}")

def _note(line):
    with open(os.environ["SPY_FILE"], "a") as file:
        file.write(line + chr(10))

_note("watching")
sys.addaudithook(_tell)
"""

FOREIGN = [
    "http://evil.example",
    "http://localhost:1",
    "http://127.0.0.1:1",
    "http://0.0.0.0:1",
    "http://localhost",
    "https://127.0.0.1",
    "http://[::1]:1",
    "http://8.8.8.8",
    "null",
    "",
    "file://",
    "http://{netloc}.evil.example",
    "http://{netloc}@evil.example",
    "http://evil.example/{netloc}",
    "http://user@{netloc}",
    "http://evil.example, http://{netloc}",
]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard that writes down each connection that it makes to elsewhere, and the file in which it does."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "sitecustomize.py").write_text(SPY)
    spied = folder / "spied"
    with running_dashboard(
        folder, ASEED_BASE_URL="", ASEED_API_TOKEN="", PYTHONPATH=str(folder), SPY_FILE=str(spied)
    ) as address:
        yield address, spied


@pytest.mark.parametrize("origin", FOREIGN)
def test_foreign_pages_open_no_websocket(watched: tuple[str, Path], origin: str) -> None:
    address, _ = watched
    assert not opens(address, origin=origin.format(netloc=urlsplit(address).netloc))


def test_own_page_opens_a_websocket(watched: tuple[str, Path]) -> None:
    address, _ = watched
    netloc = urlsplit(address).netloc
    assert opens(address, origin=address)
    assert opens(address, origin=f"https://{netloc}"), "a proxy may end TLS"
    port = urlsplit(address).port
    assert opens(address, origin=f"http://LOCALHOST:{port}", host=f"localhost:{port}")
    assert opens(address, origin="https://desk.example", host="desk.example:443")


def test_client_without_an_origin_may_connect(watched: tuple[str, Path]) -> None:
    assert opens(watched[0], origin=None)


def test_nothing_is_asked_outside(watched: tuple[str, Path]) -> None:
    address, spied = watched
    for origin in ("http://evil.example", address, "http://localhost:1"):
        opens(address, origin=origin)
    with Visitor(address) as visitor, visitor.page() as tab:
        tab.session_id()
    assert set(spied.read_text().split("\n")) == {"watching", ""}


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "a@localhost", "localhost/evil"])
@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health", "/static/x.js"])
def test_real_rooms_are_shown_under_known_hosts(guarded: str, host: str, path: str) -> None:
    answer = raw(guarded, f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ", 2)[1] == b"400"


def test_a_rebound_name_opens_no_websocket(guarded: str) -> None:
    port = urlsplit(guarded).port
    assert not opens(guarded, origin=f"http://evil.example:{port}", host=f"evil.example:{port}")
    assert opens(guarded, origin=f"http://localhost:{port}", host=f"localhost:{port}")


def test_configured_public_address_is_ours(guarded: str) -> None:
    assert opens(guarded, origin="https://public.example")
    assert not opens(guarded, origin="https://public.example:1")


CLOSED = ("metrics", "metrics/", "agent/openapi.json", "agent/interact", "script-health-check")


def test_what_the_process_is_doing_is_not_told(guarded: str) -> None:
    for path in CLOSED:
        assert httpx.get(f"{guarded}/_stcore/{path}", trust_env=False).status_code == 404


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard with a token, on loopback, behind a proxy that does not pass the host on."""
    with running_dashboard(
        tmp_path_factory.mktemp("guarded"),
        ASEED_API_TOKEN="real",
        ASEED_BASE_URL="http://127.0.0.1:9",
        STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS="https://public.example",
    ) as address:
        yield address
