"""The numbers for Prometheus: what is counted, how the journal is, and that labels keep to a few words."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from prometheus_client.exposition import generate_latest

from services import events
from services.aseed.errors import OutcomeUnknown
from services.journal.batch_reads import BatchReads
from services.journal.batches import LEASE_SECONDS
from services.journal.database import Database
from services.journal.journal import Journal
from services.metrics import Metrics
from services.settings import SettingsError
from tests.journals import empty_journal
from tests.services.journal.presses import OTHER_PROJECT, claimed, press, started


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_journal(tmp_path)


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    with closing(Journal(url)) as opened:
        yield opened


@pytest.fixture
def metrics(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Metrics]:
    with closing(Database(url)) as opened:
        made = Metrics(BatchReads(opened, LEASE_SECONDS), lambda: 3)
        monkeypatch.setattr(events, "listeners", [made.count])
        yield made


def test_calls_are_counted_by_outcome(metrics: Metrics) -> None:
    with events.call("create", 40):
        pass
    with pytest.raises(OutcomeUnknown), events.call("create", 60):
        raise OutcomeUnknown("CANARY")
    with pytest.raises(ZeroDivisionError), events.call("GET"):
        raise ZeroDivisionError
    number = metrics.registry.get_sample_value
    assert number("rooms_aseed_calls_total", {"kind": "create", "outcome": "ok"}) == 1
    assert number("rooms_aseed_calls_total", {"kind": "create", "outcome": "OutcomeUnknown"}) == 1
    assert number("rooms_aseed_calls_total", {"kind": "GET", "outcome": "AseedError"}) == 1
    assert number("rooms_aseed_calls_total", {"kind": "GET", "outcome": "TokenRefused"}) == 0
    assert number("rooms_aseed_call_seconds_count", {"kind": "create"}) == 2
    assert number("rooms_created_total") == 40


def test_desks_changes_and_sessions_are_counted(metrics: Metrics) -> None:
    events.tell("handout", what="packed", project="p", rooms=30)
    events.tell("changes.ended", rooms=5, done=4, refused=1)
    events.tell("batch.ended", batch=7, state="short")
    events.tell("batch.begun", batch=8, state="creating")
    number = metrics.registry.get_sample_value
    assert number("rooms_handouts_total", {"what": "packed"}) == 30
    assert number("rooms_changed_total", {"result": "done"}) == 4
    assert number("rooms_batches_ended_total", {"state": "short"}) == 1
    assert number("rooms_open_sessions") == 3


def test_open_batches_are_those_of_the_journal(metrics: Metrics, journal: Journal) -> None:
    _, working = started(journal, press("one"))
    working.record_answer(claimed(working), [], OutcomeUnknown("CANARY"))
    _, left = started(journal, press("two", project=OTHER_PROJECT))
    left.release()
    number = metrics.registry.get_sample_value
    assert number("rooms_journal_up") == 1 and number("rooms_unknown_outcomes") == 1
    assert number("rooms_open_batches", {"state": "creating"}) == 1
    assert number("rooms_open_batches", {"state": "interrupted"}) == 1
    assert str(OTHER_PROJECT).encode() not in generate_latest(metrics.registry)


def test_lost_journal_is_a_number(metrics: Metrics, tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").unlink()
    numbers = generate_latest(metrics.registry).decode()
    assert "rooms_journal_up 0.0" in numbers and "rooms_open_batches" not in numbers
    assert metrics.registry.get_sample_value("rooms_journal_errors_total") == 1


def test_port_of_another_program_is_told(metrics: Metrics) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingsError, match="ROOMS_METRICS_PORT"):
        metrics.serve(taken.getsockname()[1], "127.0.0.1")
