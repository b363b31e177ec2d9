"""Two replicas behind nginx, set up as README.md says, with TLS: what a team sees of them, and what it does not."""

import re
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from services.settings import OPEN_TO_NETWORK
from tests.attacks.sockets import raw
from tests.browser.conftest import OpenContext
from tests.browser.service import Service
from tests.browser.steps import (
    choose_project,
    create_button,
    create_more,
    expect_door,
    fill_number,
    open_create,
    result_heading,
    sign_in,
    sign_out,
)
from tests.postgres import fresh_database
from tests.provider import Provider
from tests.servers import PATIENCE, eventually
from tests.team.proxy import HOST
from tests.team.replicas import Pair, Replica, running_pair


@pytest.fixture(scope="module")
def started(steered: Service, postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Both begin at once, on a database without tables."""
    # One call after the other: the tests let them through one by one. Lost ones are looked for by the second alone.
    same = {"ROOMS_CALLS_AT_ONCE": "1", "ROOMS_OPEN_TO_NETWORK": OPEN_TO_NETWORK}
    never, soon = ({**same, "ROOMS_LOST_ANSWER_SECONDS": each} for each in ("3600", "1"))
    folder = tmp_path_factory.mktemp("pair")
    with (
        fresh_database(postgres) as journal,
        running_pair(folder, f"{steered.address}/custdev", "first", journal, lambda _: (never, soon)) as pair,
    ):
        yield pair


@pytest.fixture
def pair(started: Pair) -> Pair:
    """Both replicas, ready: those that a test left dead run again."""
    started.run_both()
    return started


def visit(open_context: OpenContext, pair: Pair, replica: Replica | None = None) -> Page:
    """A browser of its own. replica: in which its session is to be; nginx's choice without it."""
    context = open_context(ignore_https_errors=True, viewport={"width": 1280, "height": 800}, locale="en-GB")
    if replica:
        context.add_cookies(pair.at(replica))  # type: ignore[arg-type]  # as Playwright's
    return context.new_page()


def cookies(context: BrowserContext) -> dict[str, str]:
    return {str(each.get("name")): str(each.get("value")) for each in context.cookies()}


def begin(page: Page, pair: Pair, aseed: Service) -> str:
    """Press Create for 300 rooms in a new project, of which 100 come and 100 are on their way; gives its name."""
    there, aseed.allowed = aseed.rooms, aseed.received + 1
    name: str = aseed.new_project()["name"]
    open_create(page, pair.address)
    choose_project(page, name)
    fill_number(page, "count", 300)
    expect(create_button(page)).to_contain_text("Create 300 rooms")
    create_button(page).click()
    eventually(lambda: aseed.rooms == there + 100 and aseed.received == aseed.allowed + 1)
    return name


def create_for_people(page: Page) -> None:
    """Upload a list, and press Create."""
    page.get_by_text("A list of people").click()
    page.locator("[class*=st-key-roster_file] input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": b"name\nAnna\nBen"}
    )
    expect(create_button(page)).to_contain_text("Create 2 rooms")
    create_button(page).click()
    expect(result_heading(page, 2)).to_be_visible()


def resume(page: Page, pair: Pair, name: str) -> None:
    """Resume the batch of this project, which waits for that, and see it end."""
    page.goto(f"{pair.address}/batches")
    row = page.locator("[class*=st-key-batch_]", has_text=name)
    expect(row).to_contain_text("Interrupted: needs you")
    row.get_by_role("button", name="Resume").click()
    expect(row).to_contain_text("Complete · 300 rooms")


def test_session_stays_on_one_replica(pair: Pair, aseed: Service, open_context: OpenContext) -> None:
    page = visit(open_context, pair)
    name = aseed.new_project()["name"]
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    with page.expect_response(f"{pair.address}/") as opened:
        open_create(page, pair.address)
    assert opened.value.headers["strict-transport-security"] == "max-age=31536000"
    mine = cookies(page.context)["rooms_replica"]
    assert mine in (str(pair.first.port), str(pair.second.port))
    assert all(each.get("secure") for each in page.context.cookies())
    assert set(cookies(page.context)) == {"rooms_replica", "__Host-rooms_browser", "_streamlit_xsrf"}
    before = len(pair.proxy.lines())

    choose_project(page, name)
    create_for_people(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").count("/interview/") == 2
    page.reload()
    expect(page.get_by_role("heading", name="Create interview rooms")).to_be_visible()

    assert cookies(page.context)["rooms_replica"] == mine
    lines = pair.proxy.lines()[before:]
    assert {line[-1] for line in lines} == {f"127.0.0.1:{mine}"}
    assert ["PUT", "/_stcore/upload_file", "204"] in [line[2:5] for line in lines]
    assert ["GET", "/_stcore/stream", "101"] in [line[2:5] for line in lines]
    assert sockets and all(url.startswith("wss://") for url in sockets)


def _moved_to(page: Page, replica: Replica) -> bool:
    # Playwright learns of nothing while this test waits otherwise.
    page.wait_for_timeout(50)
    return cookies(page.context).get("rooms_replica") == str(replica.port)


def test_other_replica_completes_a_killed_batch(pair: Pair, aseed: Service, open_context: OpenContext) -> None:
    there = aseed.rooms
    page, other = visit(open_context, pair, pair.first), visit(open_context, pair, pair.second)
    name = begin(page, pair, aseed)
    other.goto(f"{pair.address}/batches")
    row = other.locator("[class*=st-key-batch_]", has_text=name)
    expect(row).to_contain_text("Creating rooms · 100 of 300 rooms")
    pair.first.stop(signal.SIGKILL)
    # Aseed did not notice, and still creates the rooms of the second call.
    aseed.allowed = float("inf")
    eventually(lambda: aseed.rooms == there + 200)
    resume(other, pair, name)
    assert aseed.rooms == there + 300
    # The page of the dead one came back by itself, and shows what became of the batch.
    eventually(lambda: _moved_to(page, pair.second))
    expect(result_heading(page, 300)).to_be_visible()
    # It stays there, with all that it sends, also once its first replica is back.
    pair.run_both()
    create_more(page)
    create_for_people(page)
    assert _moved_to(page, pair.second)


def test_rolling_restart_loses_nothing(pair: Pair, aseed: Service, open_context: OpenContext, tmp_path: Path) -> None:
    there = aseed.rooms
    page = visit(open_context, pair, pair.first)
    name = begin(page, pair, aseed)
    # The answer to the second call is lost, so that the batch waits for an hour.
    aseed.is_down, aseed.allowed = True, float("inf")
    expect(page.get_by_test_id("stProgress")).to_contain_text("An answer of Aseed's was lost")
    aseed.is_down = False
    with pair.restarting(tmp_path) as restart:
        stopped = restart.next()
        # It lets go of its batch before it ends.
        told = [event for event in stopped.events() if event != "aseed.call"]
        assert stopped is pair.first and told[-2:] == ["batch.interrupted", "process.stopped"]
        restart.begin(stopped)
        stopped = restart.next()
        assert stopped is pair.second and pair.first.is_ready
        restart.begin(stopped)
        eventually(restart.is_over)
        assert pair.second.is_ready
    expect(page.get_by_role("heading", name="Create interview rooms")).to_be_visible()
    resume(visit(open_context, pair, pair.second), pair, name)
    assert aseed.rooms == there + 300


def test_sign_in_holds_on_every_replica(
    steered: Service, postgres: str, tmp_path: Path, open_context: OpenContext
) -> None:
    provider = Provider({"anna": {"email": "anna@example.org", "email_verified": True}})
    with ExitStack() as stack:
        stack.callback(provider.stop)
        journal = stack.enter_context(fresh_database(postgres))

        def settings(address: str) -> list[dict[str, str]]:
            return [provider.settings(tmp_path, address, ROOMS_ADMINS="anna@example.org")] * 2

        aseed = f"{steered.address}/custdev"
        team = stack.enter_context(running_pair(tmp_path, aseed, "first", journal, settings))
        page = visit(open_context, team, team.first)
        page.goto(team.address)
        sign_in(page, "anna")
        expect(page.locator(".st-key-mode button")).to_be_visible()
        team.first.stop(signal.SIGKILL)
        eventually(lambda: _moved_to(page, team.second))
        page.goto(f"{team.address}/settings")
        expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
        # What one replica ended has ended on the other.
        team.run_both()
        sign_out(page)
        page.context.add_cookies(team.at(team.first))  # type: ignore[arg-type]  # as Playwright's
        page.goto(team.address)
        expect_door(page)


def test_proxy_limits_what_comes_in(pair: Pair) -> None:
    port = int(pair.address.rpartition(":")[2])
    trusting = ssl.create_default_context(cafile=pair.proxy.folder / "tls.crt")
    with trusting.wrap_socket(socket.create_connection(("127.0.0.1", port), PATIENCE), server_hostname=HOST) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nX-")
        with httpx.Client(verify=False, base_url=f"https://127.0.0.1:{port}", headers={"Host": HOST}) as client:
            assert client.post("/custdev", content=b"x" * (1024 * 1024 + 1)).status_code == 413
            assert client.get("/healthz", headers={"X-Long": "x" * 9000}).status_code == 400
            assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400
            answer = client.get("/healthz", headers={"X-Forwarded-Proto": "http", "X-Forwarded-For": "10.0.0.1"})
            assert answer.status_code == 200 and "strict-transport-security" in answer.headers
        # Headers that do not come are not waited for.
        assert slow.recv(1) == b""
    assert f"Location: https://{HOST}/\r\n".encode() in raw(pair.proxy.plain, b"GET /x?y HTTP/1.0\r\n\r\n")


def test_log_holds_no_keys(pair: Pair) -> None:
    port = pair.address.rpartition(":")[2]
    with httpx.Client(verify=False, base_url=f"https://127.0.0.1:{port}", headers={"Host": HOST}) as client:
        for path in ("/interview/CANARY", "/_stcore/upload_file/CANARY/x", "/batches?batch=CANARY", "/x/CANARY"):
            client.get(path, headers={"Referer": f"https://{HOST}/CANARY"})
        pair.second.stop(signal.SIGKILL)
        pair.first.stop(signal.SIGKILL)
        assert client.get("/interview/CANARY").status_code == 502
        client.put("/_stcore/upload_file/CANARY/x", content=b"x" * 12 * 1024 * 1024)
    assert "/interview" in pair.proxy.logged() and not re.search("CANARY", pair.proxy.logged())
