"""Where the dashboard listens: with real rooms at stake, other machines reach it only where that is wanted in words."""

import asyncio
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from services.gate.listening import OnlyWhereAllowed, check
from services.settings import OPEN_TO_NETWORK, SettingsError, load
from tests.servers import PATIENCE, ROOT


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_real_rooms_stay_on_loopback(tmp_path: Path, address: str) -> None:
    started = subprocess.run(
        [str(Path(sys.executable).with_name("streamlit")), "run", "app.py", "--server.port=0"],
        cwd=ROOT,
        env={
            **os.environ,
            "ROOMS_DATA_DIR": str(tmp_path),
            "ASEED_API_TOKEN": "real",
            "STREAMLIT_SERVER_ADDRESS": address,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert started.returncode != 0
    assert "server.allowedHosts" in started.stderr and OPEN_TO_NETWORK in started.stderr
    assert "Traceback" not in started.stderr


REAL = {"ASEED_API_TOKEN": "real"}
AGREED = {**REAL, "ROOMS_OPEN_TO_NETWORK": OPEN_TO_NETWORK}


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "192.168.1.5", "rooms.example", "localhost.example"])
@pytest.mark.parametrize(
    ("environment", "hosts"), [(REAL, []), (REAL, ["rooms.example"]), (AGREED, []), (AGREED, ["*"])]
)
def test_a_network_needs_hosts_and_words(
    tmp_path: Path, address: str | None, environment: dict[str, str], hosts: list[str]
) -> None:
    with pytest.raises(SettingsError, match=r"server\.allowedHosts"):
        check(address, load(environment, tmp_path / "absent.toml"), hosts)


@pytest.mark.parametrize("hosts", [["rooms.example"], ["localhost", "*.example"], ["*"]])
def test_proxy_before_loopback_needs_sign_in_too(tmp_path: Path, hosts: list[str]) -> None:
    with pytest.raises(SettingsError, match=r"server\.allowedHosts names"):
        check("127.0.0.1", load(REAL, tmp_path / "absent.toml"), hosts)


@pytest.mark.parametrize(
    ("address", "environment", "hosts"),
    [
        ("127.0.0.1", REAL, ["localhost", "127.0.0.1"]),
        ("127.0.0.1", AGREED, ["rooms.example"]),
        ("127.0.0.1", REAL, []),
        ("localhost", REAL, []),
        ("::1", REAL, []),
        ("0.0.0.0", AGREED, ["rooms.example"]),
        (None, {}, []),
    ],
)
def test_it_starts_where_it_may(
    tmp_path: Path, address: str | None, environment: dict[str, str], hosts: list[str]
) -> None:
    check(address, load(environment, tmp_path / "absent.toml"), hosts)


@pytest.mark.parametrize(
    ("reached", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("192.168.1.5", 403), ("::ffff:10.0.0.1", 403)],
)
def test_another_server_opens_nothing_either(reached: str, status: int) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "server": (reached, 8501)}
        await OnlyWhereAllowed(PlainTextResponse("in"), may_leave_loopback=False)(scope, receive, send)

    # In a thread of its own: in this one, a browser of other tests may have its loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ask()).result()
    assert sent[0]["status"] == status
