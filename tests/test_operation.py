"""The dashboard as it is operated on a server: health, numbers and lines of the log, of one real process."""

import json
import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from services.journal.journal import Journal
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.servers import ROOT, eventually, free_port, running_dashboard, serving
from tests.services.journal.presses import press, started


@dataclass(frozen=True)
class Operated:
    """A dashboard, and where it tells how it is."""

    address: str
    metrics: str
    folder: Path

    def ready(self, host: str = "localhost") -> httpx.Response:
        return httpx.get(f"{self.address}/readyz", headers={"Host": host}, trust_env=False)

    def numbers(self) -> dict[str, float]:
        text = httpx.get(self.metrics, trust_env=False).text
        found = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in found}

    def lines(self) -> list[dict[str, Any]]:
        text = (self.folder / "dashboard.log").read_text()
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_process_tells_how_it_is(tmp_path: Path) -> None:
    port = free_port()
    environment = {
        "ASEED_API_TOKEN_FILE": str(tmp_path / "token"),
        "ROOMS_METRICS_PORT": str(port),
        "ROOMS_LOG": "json",
    }
    (tmp_path / "token").write_text("sandbox-CANARY\n")
    sandbox = Starlette(routes=sandbox_routes(Store(tmp_path / "aseed.sqlite3")))
    with serving(sandbox) as at, running_dashboard(tmp_path, ASEED_BASE_URL=f"{at}/custdev", **environment) as address:
        it = Operated(address, f"http://127.0.0.1:{port}/metrics", tmp_path)
        assert it.ready().json() == {"status": "ready", "journal": "ready", "aseed": "ready"}
        assert it.ready().status_code == 200 and it.ready("evil.example").status_code == 400
        numbers = it.numbers()
        assert numbers['rooms_aseed_calls_total{kind="GET",outcome="ok"}'] >= 1
        assert numbers["rooms_journal_up"] == 1 and numbers["rooms_open_sessions"] == 0
        with closing(Journal(f"sqlite:///{tmp_path}/journal.sqlite3")) as another_dashboard:
            _, run = started(another_dashboard, press())
            run.release()
        eventually(lambda: it.numbers().get('rooms_open_batches{state="interrupted"}') == 1)
        (tmp_path / "journal.sqlite3").unlink()
        eventually(lambda: it.ready().status_code == 503)
        assert it.ready().json()["journal"] == "does not work"
        eventually(lambda: it.numbers()["rooms_journal_up"] == 0)
        assert it.numbers()["rooms_journal_errors_total"] > 0
    told = [line["event"] for line in it.lines()]
    assert told[0] == "process.started" and told[-1] == "process.stopped"
    assert {"aseed.call", "journal.error"} <= set(told)
    assert "CANARY" not in (tmp_path / "dashboard.log").read_text()


def test_alerts_ask_for_numbers_that_exist() -> None:
    alerts = (ROOT / "README.md").read_text().split("### Alerts")[1].split("###")[0]
    asked = set(re.findall(r"\brooms_\w+", alerts))
    there = set(re.findall(r'"(rooms_\w+)"', (ROOT / "services" / "metrics.py").read_text()))
    assert asked and {re.sub("_(total|bucket)$", "", name) for name in asked} <= there


def test_readme_lists_every_event() -> None:
    table = (ROOT / "README.md").read_text().split("### What it tells")[1].split("###")[0]
    files = (*(ROOT / "services").rglob("*.py"), ROOT / "app.py")
    told = {name for file in files for name in re.findall(r'\btell\(\s*"([\w.]+)"', file.read_text())}
    listed = set(re.findall(r"`([\w.]+)`", "".join(re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE))))
    assert len(told) > 5 and told <= listed


def test_runbook_quotes_what_is_said() -> None:
    runbook = (ROOT / "README.md").read_text().split("### When something is wrong")[1].split("\n## ")[0]
    signs = [line.split("|")[1] for line in runbook.splitlines() if line.startswith("|")]
    quoted = {text for sign in signs for text in re.findall(r'"([A-Za-z][^"]{3,})"(?!:)', sign)}
    files = (file for folder in ("services", "components") for file in (ROOT / folder).rglob("*.py"))
    said = "".join(file.read_text() for file in files)
    assert len(quoted) > 8 and not [text for text in quoted if text not in said]
