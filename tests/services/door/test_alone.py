"""Doors by themselves, as a command, and doors in the dashboard."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from services.journal.door.records import VisitState
from tests.servers import PATIENCE, ROOT, eventually
from tests.services.door.fair import Fair
from tests.services.door.visitor import Page, Visitor


@contextmanager
def alone(folder: Path, *options: str, **environment: str) -> Iterator[tuple[str, Path]]:
    """The address of `python -m services.door` on a free port, over the journal of a folder; and its log."""
    log = folder / "log"
    told = {**os.environ, "ROOMS_DATA_DIR": str(folder), **environment}
    with log.open("w") as out:
        command = [sys.executable, "-m", "services.door", "--port=0", *options]
        server = subprocess.Popen(command, cwd=ROOT, env=told, stdout=out, stderr=subprocess.STDOUT)
        try:
            eventually(lambda: "Uvicorn running on" in log.read_text() or server.poll() is not None)
            yield (re.findall(r"Uvicorn running on (http://[\d.:]+)", log.read_text()) or [""])[0], log
        finally:
            server.terminate()
            server.wait(PATIENCE)


def test_doors_alone_follow_their_visitors(at: Fair, tmp_path: Path) -> None:
    door = at.door(1, panel={"kind": "prolific"})
    with alone(tmp_path, f"--sandbox={at.address}") as (address, log):
        assert httpx.get(f"{address}/healthz", trust_env=False).json() == {"status": "ok"}
        visitor = Visitor(address, door)
        visitor.enter({"PROLIFIC_PID": "5f3ecanary"})
        assert visitor.claim().headers["Location"].startswith(f"{at.address}/interview/")
        [visit] = at.journal.visits.all(door)
        at.interview(door, visit, minutes=9)
        eventually(lambda: at.visit(door, visit).state == VisitState.DONE)
        assert "Your interview is complete." in visitor.ticket().text
        answer = httpx.get(f"{address}/anything", trust_env=False)
        assert answer.status_code == 404 and answer.headers["X-Robots-Tag"] == "noindex"
    told = log.read_text()
    assert not [each for each in (door.code, "5f3ecanary", "/interview/") if each in told]


def test_doors_alone_need_a_token(tmp_path: Path) -> None:
    with alone(tmp_path, ASEED_BASE_URL="https://app.aseed.ai/custdev", ASEED_API_TOKEN="") as (address, log):
        assert not address
    assert "Doors need a token" in log.read_text() and "Traceback" not in log.read_text()


def test_dashboard_serves_doors(dashboard: str) -> None:
    answer = httpx.get(f"{dashboard}/door/nowhere", trust_env=False)
    assert answer.status_code == 404 and "This address leads nowhere" in Page(answer).text
    assert "microphone=(self)" in answer.headers["Permissions-Policy"]
    assert (
        answer.headers["Cache-Control"] == "no-store"
        and "default-src 'none'" in answer.headers["Content-Security-Policy"]
    )
