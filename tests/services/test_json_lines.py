"""The log as lines of JSON: one for each event and each line of ours, and nothing in it that is a person's or a key."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest

from services import events
from services.aseed.errors import Invalid
from services.journal.errors import JournalError
from services.people import acting
from services.people.acting import EVERYONE, Person
from services.people.roles import Role

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(out: StringIO) -> Lines:
    return lambda: [json.loads(line) for line in out.getvalue().splitlines()]


def test_event_is_one_line_with_its_moment(lines: Lines) -> None:
    events.tell("batch.begun", batch=7, rooms=0, problem=None)
    (line,) = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {"event": "batch.begun", "level": "info", "batch": 7, "rooms": 0}


@pytest.fixture
def anna() -> Iterator[None]:
    """A person at work, about whom the journal cannot be asked."""

    def fail() -> Person:
        raise JournalError("The journal is away.")

    acting.asks_for(fail, lambda: "key of anna")
    yield
    acting.asks_for(lambda: EVERYONE)


@pytest.mark.usefixtures("anna")
def test_line_has_the_key_of_the_person(lines: Lines) -> None:
    events.tell("handout", what="given", rooms=1)
    logging.getLogger("services").error("An error.")
    assert [line["person"] for line in lines()] == ["key of anna"] * 2


def test_line_of_the_process_has_no_person(lines: Lines) -> None:
    acting.asks_for(lambda: Person("", "anna@example.org", Role.ADMIN))
    events.tell("journal.error", reason="file")
    acting.asks_for(lambda: EVERYONE)
    assert "person" not in lines()[0] and "anna" not in str(lines())


def test_failed_call_is_told_by_its_kind(lines: Lines) -> None:
    with pytest.raises(Invalid), events.call("PATCH"):
        raise Invalid(422, "CANARY")
    (line,) = lines()
    assert (line["kind"], line["outcome"], line["status"]) == ("PATCH", "Invalid", 422)
    assert line["seconds"] >= 0 and "CANARY" not in str(line)


def test_our_lines_keep_no_words_of_aseed(lines: Lines) -> None:
    log = logging.getLogger("services.batches.engine")
    log.error("Some labels of batch %s could not be set: %s", 7, Invalid(422, "CANARY <canary@example.org>"))
    log.error("Batch %s stops: %s", 7, JournalError("There is no room."))
    assert [line["text"] for line in lines()] == [
        "Some labels of batch 7 could not be set: Invalid",
        "Batch 7 stops: There is no room.",
    ]
    assert {line["level"] for line in lines()} == {"error"}


def test_exception_is_told_by_kind_and_place(lines: Lines) -> None:
    try:
        raise ValueError("CAN" + "ARY")
    except ValueError:
        logging.getLogger("services.batches.work").exception("Something of ours broke.")
    (line,) = lines()
    assert line["text"] == "Something of ours broke. ValueError" and "test_json_lines.py" in line["where"]
    assert "CANARY" not in str(line)


def test_lines_of_others_keep_their_form_alone(lines: Lines) -> None:
    logging.getLogger("stamina").warning("retried %s", "CANARY", extra={"caused_by": "CANARY"})
    (line,) = lines()
    assert (line["logger"], line["text"]) == ("stamina", "retried %s")


def test_full_disk_of_the_log_stops_nothing(out: StringIO, lines: Lines) -> None:
    before = lines()
    out.close()
    events.tell("batch.begun", batch=7)
    logging.getLogger("services").error("An error.")
    assert before == []
