"""A real browser in front of the dashboard: one browser a worker, a new context a test."""

import logging
import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.service import Service, service
from tests.servers import PATIENCE, running_dashboard

FLAGS = [
    "--no-sandbox",
    # No screen is there, and pictures are made by the processor either way.
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps, and that pages may use, for those of doors.
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    # Names that are not this machine's own, which lead here: what a tablet in the same network sees, and a team.
    "--host-resolver-rules=MAP desk.example 127.0.0.1, MAP rooms.example 127.0.0.1",
]

LOG = logging.getLogger(__name__)

expect.set_options(timeout=PATIENCE * 1000)

OpenContext = Callable[..., BrowserContext]
"""Opens a context with settings of Playwright's `new_context`."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chosen = os.environ.get("TEST_BROWSER") or None
        launched = playwright.chromium.launch(executable_path=chosen, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def open_context(browser: Browser) -> Iterator[OpenContext]:
    """A person's browser of its own for each call, closed after the test."""
    opened: list[BrowserContext] = []

    def open_one(**settings: object) -> BrowserContext:
        made = browser.new_context(**{"accept_downloads": True, **settings})  # type: ignore[arg-type]  # as Playwright's
        made.set_default_timeout(PATIENCE * 1000)
        # Shown where the test fails.
        made.on("weberror", lambda error: LOG.error("The page's script broke: %s", error.error))
        opened.append(made)
        return made

    yield open_one
    for each in opened:
        each.close()


@pytest.fixture
def context(open_context: OpenContext) -> BrowserContext:
    return open_context(viewport={"width": 1280, "height": 800}, timezone_id="Europe/Berlin", locale="en-GB")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="module")
def steered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An Aseed that the tests of a module steer in turn; `aseed` gives it to one test."""
    with service(tmp_path_factory.mktemp("aseed")) as made:
        yield made


@pytest.fixture
def aseed(steered: Service) -> Iterator[Service]:
    """The steered Aseed as new: it answers everything, and has counted nothing."""
    steered.begin()
    yield steered
    # No call of this test may wait when the next one begins.
    steered.begin()


@pytest.fixture(scope="module")
def connected(steered: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard in front of the steered Aseed, with its token."""
    with running_dashboard(tmp_path_factory.mktemp("connected"), **steered.settings("first")) as address:
        yield address


@pytest.fixture(scope="module")
def unconnected(steered: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same without a token, as each session pastes its own; it sends one call at a time."""
    settings = steered.settings("") | {"ROOMS_CALLS_AT_ONCE": "1"}
    with running_dashboard(tmp_path_factory.mktemp("unconnected"), **settings) as address:
        yield address
