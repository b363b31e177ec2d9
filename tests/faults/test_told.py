"""What is told of real batches, desks and changes: enough to operate by, and nothing that is a person's or a key."""

import csv
import dataclasses
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.aseed.errors import AseedError
from services.aseed.models import UpdateRoomRequest
from services.batches.engine import Engine
from services.changes.job import Changes
from services.changes.task import Task
from services.desk import Desk
from services.export.table import links_csv
from services.journal.desk.records import Kind, Station
from services.journal.journal import Journal
from services.link import LinkCheck
from services.participants import Participant
from services.people import acting
from services.people.acting import EVERYONE, Person
from services.people.roles import Role
from services.rooms.entry import entries
from tests.faults.proxy import Fault
from tests.faults.study import QUICK, EngineOf, Study, StudyOf, creations, exactly, no_fault
from tests.servers import eventually

PEOPLE = [Participant(label=f"Canary {name}", email=f"canary.{name}@example.org") for name in ("anna", "bob", "cleo")]

Told = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def told(out: StringIO) -> Told:
    """The lines of events that begin so."""

    def lines(begin: str = "") -> list[dict[str, Any]]:
        found = [json.loads(line) for line in out.getvalue().splitlines()]
        return [line for line in found if line["event"].startswith(begin)]

    return lines


def test_batch_is_told_from_begin_to_end(engine: Engine, study_with: StudyOf, told: Told) -> None:
    with study_with(no_fault) as it:
        batch = it.at_rest(engine.journal, engine.start(it.pressed(3), it.client))
        eventually(lambda: len(told("batch.")) == 2)
        begun, ended = told("batch.")
        assert (begun["event"], begun["wanted"], begun["rooms"]) == ("batch.begun", 3, 0)
        assert (ended["event"], ended["state"], ended["rooms"], ended["calls"]) == ("batch.ended", "done", 3, 1)
        assert {line["batch"] for line in (begun, ended)} == {batch.id}
        assert {line["project"] for line in (begun, ended)} == {it.project_id}
        (call,) = (line for line in told("aseed.call") if line["kind"] == "create")
        assert (call["outcome"], call["rooms"]) == ("ok", 3) and call["seconds"] > 0


@pytest.fixture
def anna_presses() -> Iterator[None]:
    """A person at the page, which this thread is; no other thread knows her by itself."""

    def found() -> Person:
        is_page = threading.current_thread() is threading.main_thread()
        return Person("key of anna", "canary@example.org", Role.RESEARCHER) if is_page else EVERYONE

    acting.asks_for(found)
    yield
    acting.asks_for(lambda: EVERYONE)


@pytest.mark.usefixtures("anna_presses")
def test_lines_of_a_batch_have_its_beginner(engine_with: EngineOf, study_with: StudyOf, told: Told) -> None:
    engine = engine_with(dataclasses.replace(QUICK, look_again=0.05))
    with study_with(creations(Fault.RESET_AFTER_COMMIT)) as it:
        batch = it.at_rest(engine.journal, engine.start(it.pressed(3), it.client))
        # Also of the look for late rooms, which no one has pressed for.
        eventually(lambda: any("looked again" in line.what for line in engine.journal.batches.events(batch.id)))
        eventually(lambda: len(told("batch.")) == 2)
    lines = [*told("batch."), *told("aseed.call")]
    assert len(lines) > 4 and {line.get("person") for line in lines} == {"key of anna"}


def test_unknown_outcome_and_question_are_told(engine: Engine, study_with: StudyOf, told: Told) -> None:
    def another_creates() -> Fault:
        it.elsewhere()
        return Fault.RESET_AFTER_COMMIT

    with study_with(creations(another_creates)) as it:
        it.at_rest(engine.journal, engine.start(it.pressed(1), it.client))
        eventually(lambda: len(told("batch.")) == 2)
        (call,) = (line for line in told("aseed.call") if line["kind"] == "create")
        assert call["outcome"] == "OutcomeUnknown"
        (asking,) = told("batch.asking")
        assert asking["unknown_outcomes"] == 1


def test_parked_batch_tells_what_stands_in_the_way(engine: Engine, study_with: StudyOf, told: Told) -> None:
    with study_with(creations(Fault.NONE, Fault.UNAUTHORIZED)) as it:
        it.at_rest(engine.journal, engine.start(it.pressed(101), it.client))
        eventually(lambda: bool(told("batch.parked")))
        (parked,) = told("batch.parked")
        assert (parked["rooms"], parked["wanted"], parked["problem"]) == (100, 101, "TokenRefused")


def hand_out(it: Study, journal: Journal, check: LinkCheck) -> None:
    """Gives one link at a desk, and takes another one back."""
    desk = Desk(it.straight, journal, it.visibility, check)
    station = journal.stations.open(
        it.visibility, Station("canary-key", Kind.DESK, it.project_id, "Canary desk", "Canary Maria")
    )
    desk.fill(it.project_id)
    for settle in (journal.hand_outs.give_on_paper, journal.hand_outs.give_back):
        found = desk.next(station)
        assert found is not None and settle(it.visibility, found.room_id, station.key)


def change(it: Study, journal: Journal, room_ids: list[str]) -> None:
    with closing(Changes(journal)) as changes:
        topics = UpdateRoomRequest(topics_for_respondent="Canary topics")
        tasks = [Task(room_id, it.project_id, "Canary", topics, "Canary") for room_id in [*room_ids, "no-such-room"]]
        job_id = changes.start(tasks, it.straight, it.visibility)
        eventually(lambda: (job := changes.job(job_id)) is not None and job.over)
    eventually(lambda: not any(thread.name == "changes" for thread in threading.enumerate()))


def test_no_line_tells_of_people_or_keys(
    engine: Engine, study_with: StudyOf, told: Told, out: StringIO, sandbox: str
) -> None:
    journal, check = engine.journal, LinkCheck((sandbox,))
    with study_with(creations(Fault.RESET_AFTER_COMMIT, Fault.HTML_LOGIN_PAGE)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(people=PEOPLE), it.client))
        assert exactly(len(PEOPLE), it, journal, batch.id)
        rooms = it.straight.rooms(it.project_id)
        hand_out(it, journal, check)
        change(it, journal, [room.id for room in rooms])
        listed = entries(rooms, journal.rooms.known(it.visibility, it.project_id), {}, check)
        made = links_csv(listed, ZoneInfo("UTC"))
        assert len(list(csv.reader(StringIO(made.decode("utf-8-sig"))))) == 1 + len(PEOPLE)
        with pytest.raises(AseedError):
            it.straight.room_info("canary-token")
        logging.getLogger("services").error("Broken: %s", AseedError("Canary"))
        secret = [it.token.get_secret_value(), it.client.account, it.proxy.address, sandbox]
        secret += [word for room in rooms for word in (room.id, room.url, room.access_token)]
        text = out.getvalue()
        assert not [word for word in (*secret, "anary", "@", "http") if word in text]
        assert [line["what"] for line in told("handout")] == ["shown", "given_on_paper", "shown", "given_back"]
        (changed,) = told("changes.ended")
        assert (changed["rooms"], changed["done"], changed["refused"]) == (4, 3, 1)
        assert {line["outcome"] for line in told("aseed.call")} >= {"ok", "OutcomeUnknown", "NotFound"}
