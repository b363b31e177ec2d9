"""The sandbox by itself, as a command."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.servers import PATIENCE, ROOT, eventually


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[str]:
    """The address of `python -m services.sandbox` on a free port, with few tokens."""
    log = tmp_path / "log"
    command = [sys.executable, "-m", "services.sandbox", "--port=0", f"--file={tmp_path / 'file'}", "--balance=60"]
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        try:
            eventually(lambda: "Uvicorn running on" in log.read_text())
            yield re.findall(r"Uvicorn running on (http://[\d.:]+)", log.read_text())[0]
        finally:
            server.terminate()
            server.wait(PATIENCE)
    assert "/interview/" not in log.read_text(), "an access log would hold links"


def test_answers_carry_headers_that_protect_links(alone: str) -> None:
    with httpx.Client(trust_env=False, headers={"Authorization": "Bearer sandbox"}) as http:
        rooms = http.get(f"{alone}/custdev/api/interviews/rooms")
        page = http.get(rooms.json()[0]["url"])
        assert page.status_code == 200 and page.url.host == "127.0.0.1"
        for answer in (rooms, page, http.get(f"{alone}/never-was")):
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_balance_of_new_account_can_be_chosen(alone: str) -> None:
    with httpx.Client(trust_env=False, headers={"Authorization": "Bearer sandbox"}) as http:
        project = http.get(f"{alone}/custdev/projects/").json()[0]["id"]
        answer = http.post(f"{alone}/custdev/api/interviews/rooms", json={"project_id": project, "count": 2})
        assert (answer.status_code, answer.json()["detail"]) == (402, "Not enough tokens: 60 needed, 30 left.")
