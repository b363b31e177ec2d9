"""What each answer forbids the browser: other windows' reach into ours, and what our pages never use."""

import sys
from collections.abc import Iterator

import httpx
import pytest

from services.headers import HEADERS
from tests.servers import running_dashboard

BREAKING = """
import sys
sys.path.insert(0, ".")
from services.gate.closed import ClosedRoutes
from streamlit.web.cli import main

answer = ClosedRoutes.__call__

async def break_at(self, scope, receive, send):
    if scope.get("path") == "/breaks":
        raise RuntimeError("https://app.aseed.ai/interview/secret")
    await answer(self, scope, receive, send)

ClosedRoutes.__call__ = break_at
sys.exit(main())
"""
"""Runs Streamlit with a dashboard that has one address at which something of ours breaks."""


@pytest.fixture(scope="module")
def breaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    start = (sys.executable, "-c", BREAKING)
    with running_dashboard(
        tmp_path_factory.mktemp("breaking"), start=start, ASEED_BASE_URL="", ASEED_API_TOKEN=""
    ) as address:
        yield address


@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health", "/custdev/projects/", "/interview/x", "/breaks"])
def test_other_windows_do_not_reach_ours(breaking: str, path: str) -> None:
    assert httpx.get(f"{breaking}{path}", trust_env=False).headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/healthz", "/_stcore/health", "/custdev/projects/", "/interview/x", "/breaks"])
@pytest.mark.parametrize("power", ["camera", "geolocation", "microphone", "payment", "usb"])
def test_pages_have_no_powers_they_never_use(breaking: str, path: str, power: str) -> None:
    policy = httpx.get(f"{breaking}{path}", trust_env=False).headers["Permissions-Policy"]
    assert f"{power}=()" in policy.split(", ")


def test_answer_to_a_fault_is_as_safe(breaking: str) -> None:
    answer = httpx.get(f"{breaking}/breaks", headers={"X-Forwarded-Proto": "https"}, trust_env=False)
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store" and "max-age" in answer.headers["Strict-Transport-Security"]
