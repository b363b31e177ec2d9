"""Each rule by which a batch is created exactly once, through the engine and a proxy that does one thing wrong.

A disk that is full is one on which the journal's file may not grow. What no test here can make is another token for
the same account: the sandbox knows an account by its token alone, so "a new token" is another client with the same.
"""

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import event
from sqlalchemy.pool import Pool
from starlette.applications import Starlette

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import (
    AseedError,
    Failed,
    Invalid,
    NotReached,
    OutcomeUnknown,
    RateLimited,
    TokenRefused,
    TokensShort,
)
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse
from services.batches.engine import Engine
from services.batches.likeness import Difference
from services.batches.pace import Pace
from services.journal.journal import Journal
from services.journal.records import State
from services.participants import Participant
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.faults.proxy import Decide, Fault, Request
from tests.faults.study import (
    QUICK,
    EngineOf,
    Study,
    StudyOf,
    asked_for,
    creations,
    exactly,
    kept_ids,
    no_fault,
    noting,
    refusing_address,
    study,
)
from tests.servers import PATIENCE, eventually, serving

WANTED = 5

TIMEOUT = timedelta(seconds=3)
"""How long a creation may take before its answer is given up."""

COMMITTED = (
    Fault.RESET_AFTER_COMMIT,
    Fault.EOF_WITHOUT_ANSWER,
    Fault.LATE_ANSWER,
    Fault.LATE_COMMIT,
    Fault.TRUNCATED_LENGTH,
    Fault.TRUNCATED_CHUNKED,
    Fault.ERROR_500_AFTER_COMMIT,
    Fault.ERROR_502_AFTER_COMMIT,
    Fault.ERROR_503_AFTER_COMMIT,
    Fault.ERROR_504_AFTER_COMMIT,
    Fault.HTML_LOGIN_AFTER_COMMIT,
    Fault.ANSWER_SHORTENED,
    Fault.REPEATED_IDS,
)

NOT_COMMITTED = (
    Fault.RESET_BEFORE_READ,
    Fault.ERROR_500_BEFORE_COMMIT,
    Fault.HTML_LOGIN_PAGE,
    Fault.REDIRECT,
    Fault.KNOWN_IDS,
)

pytestmark = pytest.mark.usefixtures("each_request_once")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(sandbox_file(tmp_path_factory))


def sandbox_file(folders: pytest.TempPathFactory) -> Path:
    return folders.getbasetemp() / "sandbox_of_rules.sqlite3"


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connections]:
    monkeypatch.setattr("services.aseed.client.CREATE_TIMEOUT", httpx.Timeout(5, read=TIMEOUT.total_seconds()))
    with Connections(trust_env=False) as made:
        yield made


# Never reached, turned away, refused


class Unplugged(AseedClient):
    """A client that can be unplugged: then its creations go to an address that refuses connections."""

    nowhere: AseedClient | None = None
    tries = 0

    def create_rooms(self, request: CreateRoomsRequest) -> list[InterviewRoomResponse]:
        if self.nowhere is None:
            return super().create_rooms(request)
        self.tries += 1
        return self.nowhere.create_rooms(request)


@pytest.mark.parametrize("address", ["refused", "http://nowhere.invalid/custdev"])
def test_address_that_refuses_ends_an_empty_batch(
    address: str, study_with: StudyOf, engine: Engine, journal: Journal, connections: Connections
) -> None:
    with study_with(no_fault) as it:
        address = refusing_address() if address == "refused" else address
        nowhere = AseedClient(address, it.token, connections, service=it.client.service)
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), nowhere))
        # Nothing exists yet, so it is over, and Create can be pressed again.
        assert batch.over and isinstance(batch.problem, NotReached)
        assert not it.rooms()
        again = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert again.state == State.DONE and exactly(WANTED, it, journal, again.id) and it.creations == 1


def test_unreached_creation_is_retried_then_parked(
    study_with: StudyOf, engine: Engine, journal: Journal, connections: Connections
) -> None:
    def unplug() -> Fault:
        assert isinstance(it.client, Unplugged)
        it.client.nowhere = AseedClient(refusing_address(), it.token, connections)
        return Fault.NONE

    with study_with(creations(unplug), client=Unplugged) as it:
        client = it.client
        assert isinstance(client, Unplugged)
        batch = it.at_rest(journal, engine.start(it.pressed(250), it.client))
        assert batch.state == State.PARKED and isinstance(batch.problem, NotReached)
        assert client.tries == 1 + len(QUICK.pauses)
        assert exactly(100, it, journal, batch.id) and batch.lost == 0
        client.nowhere = None
        assert it.resumed(engine, batch).state == State.DONE
        assert exactly(250, it, journal, batch.id) and it.creations == 3


@pytest.mark.parametrize(
    "fault", [Fault.RATE_LIMIT_SECONDS, Fault.RATE_LIMIT_DATE, Fault.RATE_LIMIT_NEGATIVE, Fault.RATE_LIMIT_SILENT]
)
def test_rate_limit_is_waited_out(fault: Fault, study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(creations(fault)) as it:
        start = time.monotonic()
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and exactly(WANTED, it, journal, batch.id)
        assert it.creations == 2
        # A service that does not say for how long is given a second.
        assert time.monotonic() - start >= (1 if fault is Fault.RATE_LIMIT_SILENT else 0)


def test_rate_limit_of_a_day_parks_the_batch(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(creations(Fault.NONE, Fault.RATE_LIMIT_DAY)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(250), it.client))
        assert batch.state == State.PARKED
        assert isinstance(batch.problem, RateLimited) and batch.problem.retry_after == 86400
        assert exactly(100, it, journal, batch.id)
        assert it.resumed(engine, batch).state == State.DONE
        assert exactly(250, it, journal, batch.id)


def test_repeated_rate_limit_parks_the_batch(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(lambda request: Fault.RATE_LIMIT_SECONDS if request.number > 1 else Fault.NONE) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(250), it.client))
        assert batch.state == State.PARKED and isinstance(batch.problem, RateLimited)
        assert exactly(100, it, journal, batch.id)


def test_new_token_resumes_a_parked_batch(
    study_with: StudyOf, engine: Engine, journal: Journal, connections: Connections
) -> None:
    with study_with(creations(Fault.NONE, Fault.UNAUTHORIZED)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(250), it.client))
        assert batch.state == State.PARKED and isinstance(batch.problem, TokenRefused)
        assert exactly(100, it, journal, batch.id)
        new = AseedClient(f"{it.proxy.address}/custdev", it.token, connections, service=it.client.service)
        assert it.resumed(engine, batch, new).state == State.DONE
        assert exactly(250, it, journal, batch.id)


def test_empty_balance_parks_and_says_what_is_missing(
    tmp_path: Path, engine: Engine, journal: Journal, connections: Connections
) -> None:
    price, paid_for = 30, 6
    opening = 1_000_000
    rich = Store(tmp_path / "rich.sqlite3", balance=opening)
    demonstration = opening - rich.balance(rich.account("sandbox"))
    poor = Store(tmp_path / "poor.sqlite3", balance=demonstration + paid_for * price)
    with (
        serving(Starlette(routes=sandbox_routes(poor))) as sandbox,
        study(poor, sandbox, connections, no_fault) as it,
    ):
        people = [Participant(label=f"P{number}", voice=f"voice {number}") for number in range(10)]
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.PARKED and isinstance(batch.problem, TokensShort)
        assert "30 needed, 0 left" in batch.problem.detail
        assert exactly(paid_for, it, journal, batch.id) and it.creations == paid_for + 1
        assert [label for _, label in journal.batches.without_room(batch.id)] == ["P6", "P7", "P8", "P9"]
        # Those who have a room have their label: the service still listens.
        assert [room["display_name"] for room in reversed(it.rooms())] == [f"P{number}" for number in range(paid_for)]
        with closing(sqlite3.connect(tmp_path / "poor.sqlite3")) as bank, bank:
            bank.execute("UPDATE accounts SET balance = ? WHERE id = ?", (4 * price, it.account))
        assert it.resumed(engine, batch).state == State.DONE
        assert exactly(10, it, journal, batch.id)


class Fussy(AseedClient):
    """A client whose service does not accept one voice."""

    def create_rooms(self, request: CreateRoomsRequest) -> list[InterviewRoomResponse]:
        if request.voice == "unknown":
            raise Invalid(422, fields={"voice": "is not known"})
        return super().create_rooms(request)


def test_refused_settings_cost_only_their_rooms(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    people = [Participant(label=f"P{number}", voice=voice) for number, voice in enumerate(["unknown", "cedar"] * 3)]
    with study_with(no_fault, client=Fussy) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.SHORT and batch.over
        assert isinstance(batch.problem, Invalid) and batch.problem.fields == {"voice": "is not known"}
        assert exactly(3, it, journal, batch.id) and it.creations == 1
        assert [label for _, label in journal.batches.without_room(batch.id)] == ["P0", "P2", "P4"]


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_408_AFTER_COMMIT, Fault.CONFLICT_409_AFTER_COMMIT])
def test_refusal_that_acted_buys_nothing_twice(
    fault: Fault, study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    with study_with(creations(fault)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and exactly(WANTED, it, journal, batch.id) and it.creations == 1


def test_repeated_refusal_parks_with_its_words(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(lambda request: Fault.CONFLICT if request.number > 1 else Fault.NONE) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(110), it.client))
        assert batch.state == State.PARKED and it.creations == 3
        assert str(batch.problem) == "Aseed refused the request (409): Conflict"
        assert exactly(100, it, journal, batch.id)


def test_rate_limit_that_acted_is_told(study_with: StudyOf, engine_with: EngineOf, journal: Journal) -> None:
    engine = engine_with(replace(QUICK, look_again=0.05))
    with study_with(creations(Fault.TOO_MANY_429_AFTER_COMMIT)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and it.creations == 2
        eventually(lambda: it.batch(journal, batch).late == WANTED)


# Lost answers


@pytest.mark.parametrize("fault", COMMITTED)
def test_rooms_of_a_lost_answer_are_found(
    fault: Fault, study_with: StudyOf, engine_with: EngineOf, journal: Journal
) -> None:
    # Longer than the service takes after we have given up, by far.
    engine = engine_with(replace(QUICK, unknown_wait=5) if fault is Fault.LATE_COMMIT else QUICK)
    with study_with(creations(fault), late=0.1) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and exactly(WANTED, it, journal, batch.id)
        assert it.creations == 1


@pytest.mark.parametrize("fault", NOT_COMMITTED)
def test_missing_rooms_are_created_after_two_looks(
    fault: Fault, study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    sent: list[Request] = []
    with study_with(noting(creations(fault), sent)) as it:
        # The newest rooms of KNOWN_IDS: they were there before.
        it.elsewhere(count=WANTED)
        before = {room["id"] for room in it.rooms()}
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE
        assert [request.method for request in sent] == ["GET", "POST", "GET", "GET", "POST"]
        kept = kept_ids(journal, batch)
        assert len(kept) == WANTED and {room["id"] for room in it.rooms()} - before == set(kept)


@pytest.mark.parametrize("fault", [Fault.PARTIAL_COMMIT_500, Fault.FEWER_ROOMS])
def test_only_the_missing_rest_is_created(fault: Fault, study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    sent: list[Request] = []
    with study_with(noting(creations(fault), sent)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and exactly(WANTED, it, journal, batch.id)
        assert asked_for(sent) == [WANTED, WANTED - WANTED // 2]


def test_one_room_too_many_is_kept_too(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(creations(Fault.MORE_ROOMS)) as it:
        people = [Participant(label=f"P{number}") for number in range(WANTED)]
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.DONE and exactly(WANTED + 1, it, journal, batch.id)
        assert it.creations == 1
        assert [kept.participant and kept.participant.label for kept in journal.batches.rooms(batch.id)] == [
            *(f"P{number}" for number in range(WANTED)),
            None,
        ]


def test_too_many_rooms_hold_up_no_call(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(creations(Fault.MORE_ROOMS, Fault.MORE_ROOMS)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(250), it.client))
        assert batch.state == State.DONE and exactly(252, it, journal, batch.id)
        assert it.creations == 3


def test_call_lost_repeatedly_is_parked(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(lambda request: Fault.ERROR_500_BEFORE_COMMIT if request.number > 1 else Fault.NONE) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(110), it.client))
        assert batch.state == State.PARKED and isinstance(batch.problem, Failed)
        assert it.creations == 5 and exactly(100, it, journal, batch.id)
        it.proxy.decide = no_fault
        assert it.resumed(engine, batch).state == State.DONE
        assert exactly(110, it, journal, batch.id)


def test_loss_is_settled_only_after_the_wait(study_with: StudyOf, engine_with: EngineOf, journal: Journal) -> None:
    moments: list[float] = []

    def decide(request: Request) -> Fault:
        moments.append(time.monotonic())
        return Fault.EOF_WITHOUT_ANSWER if request.number == 1 else Fault.NONE

    with study_with(decide) as it:
        engine = engine_with(Pace(unknown_wait=0.6, second_look=0.02))
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and len(moments) == 3
        assert moments[2] - moments[1] >= 0.6


def test_list_that_lags_is_not_believed_early(study_with: StudyOf, engine_with: EngineOf, journal: Journal) -> None:
    lose = creations(Fault.RESET_AFTER_COMMIT)

    def decide(request: Request) -> Fault:
        return Fault.LIST_LAGS if request.method == "GET" else lose(request)

    with study_with(decide, lag=0.3) as it:
        engine = engine_with(Pace(unknown_wait=1.5, second_look=0.02))
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and exactly(WANTED, it, journal, batch.id)
        assert it.creations == 1 and it.proxy.counts[Fault.LIST_LAGS] >= 2


def test_list_is_asked_until_two_looks_agree(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    lists = [Fault.NONE, Fault.LIST_LAGS]
    lose = creations(Fault.RESET_AFTER_COMMIT)

    def decide(request: Request) -> Fault:
        if request.method == "GET":
            return lists.pop(0) if lists else Fault.NONE
        return lose(request)

    with study_with(decide, lag=3600) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and exactly(WANTED, it, journal, batch.id)
        assert it.creations == 1


@pytest.mark.parametrize(
    ("hidden", "state"),
    [((5, 3, 0), State.DONE), ((5, 4, 3, 2, 1, 0), State.DONE), ((5, 4, 5, 4, 5, 4, 5, 4), State.ASKING)],
)
def test_list_that_keeps_changing_asks_a_person(
    hidden: tuple[int, ...], state: State, study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    class Growing(AseedClient):
        """Its list leaves out some of the newest rooms, each time as many as it is told."""

        def rooms(self, project_id: UUID | str | None = None, status: str | None = None) -> list[InterviewRoomResponse]:
            return super().rooms(project_id, status)[next(out) :]

    # None at first, when there is nothing to hide.
    out = iter((0, *hidden))
    with study_with(creations(Fault.RESET_AFTER_COMMIT), client=Growing) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == state and it.creations == 1
        assert exactly(WANTED, it, journal, batch.id) == (state == State.DONE)


def test_a_list_that_fails_makes_the_batch_ask(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    def decide(request: Request) -> Fault:
        if request.method == "GET":
            return Fault.LIST_FAILS if it.creations else Fault.NONE
        return Fault.ERROR_500_AFTER_COMMIT

    with study_with(decide) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.ASKING and isinstance(batch.problem, Failed)
        rooms = engine.in_question(batch, it.straight)
        assert {room.id for room in rooms} == {room["id"] for room in it.rooms()}
        engine.adopt(batch, rooms)
        assert it.resumed(engine, batch).state == State.DONE
        assert exactly(WANTED, it, journal, batch.id) and it.creations == 1


def test_failing_list_before_any_call_ends_the_batch(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    def decide(request: Request) -> Fault:
        return Fault.LIST_FAILS if request.method == "GET" else Fault.NONE

    with study_with(decide) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.over and isinstance(batch.problem, Failed) and it.creations == 0


def test_token_refused_at_the_list_parks(
    study_with: StudyOf, engine_with: EngineOf, journal: Journal, connections: Connections
) -> None:
    with study_with(creations(Fault.RESET_AFTER_COMMIT)) as it:
        first = engine_with(Pace(unknown_wait=60))
        batch = first.start(it.pressed(WANTED), it.client)
        eventually(lambda: it.batch(journal, batch).state == State.WAITING)
        first.close()
        eventually(lambda: it.batch(journal, batch).interrupted)
        revoked = AseedClient(f"{it.proxy.address}/custdev", SecretStr("revoked"), connections)
        engine = engine_with()
        batch = it.resumed(engine, batch, revoked)
        assert batch.state == State.PARKED and isinstance(batch.problem, TokenRefused) and batch.lost == 1
        assert it.resumed(engine, batch).state == State.DONE
        assert exactly(WANTED, it, journal, batch.id) and it.creations == 1


# Rooms of other people


def meanwhile(it: Callable[[], Study], fault: Fault, **settings: object) -> Decide:
    """The first creation has the fault, and while it is under way another person creates rooms."""

    def decide() -> Fault:
        it().elsewhere(**settings)
        return fault

    return creations(decide)


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER_COMMIT, Fault.RESET_BEFORE_READ])
def test_other_new_rooms_ask_a_person(fault: Fault, study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(meanwhile(lambda: it, fault, count=2, voice="verse")) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED, voice="cedar"), it.client))
        assert batch.state == State.ASKING and it.creations == 1
        assert "2 new rooms in the project are not as they were asked for: other voice." in str(batch.problem)
        theirs = [room for room in engine.in_question(batch, it.straight) if room.voice == "verse"]
        (told,) = set(engine.differences(batch, theirs).values())
        assert told == (Difference("voice", "cedar", "verse"),)
        engine.leave(batch, theirs)
        assert it.batch(journal, batch).left_alone == 2
        assert it.resumed(engine, batch).state == State.DONE
        ours = {room["id"] for room in it.rooms() if room["voice"] == "cedar"}
        assert sorted(kept_ids(journal, batch)) == sorted(ours) and len(ours) == WANTED


def test_foreign_rooms_with_same_settings_ask_a_person(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(meanwhile(lambda: it, Fault.RESET_AFTER_COMMIT, count=2)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.ASKING and isinstance(batch.problem, OutcomeUnknown)
        assert f"{WANTED} rooms are missing, and {WANTED + 2} new ones could be them" in str(batch.problem)
        in_question = engine.in_question(batch, it.straight)
        assert len(in_question) == WANTED + 2
        # The other person's came first: the list is newest first.
        engine.leave(batch, in_question[-2:])
        assert engine.in_question(batch, it.straight) == in_question[:-2]
        engine.adopt(batch, in_question[:-2])
        assert it.resumed(engine, batch).state == State.DONE
        assert set(kept_ids(journal, batch)) == {room.id for room in in_question[:-2]}
        assert it.creations == 1


def test_missing_rooms_are_created_after_leave(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(meanwhile(lambda: it, Fault.RESET_BEFORE_READ, count=WANTED + 1)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.ASKING
        theirs = engine.in_question(batch, it.straight)
        engine.leave(batch, theirs)
        assert not engine.create_missing(batch, it.client), "the question is another one than they saw"
        assert engine.create_missing(it.batch(journal, batch), it.client)
        assert it.at_rest(journal, batch).state == State.DONE
        kept = kept_ids(journal, batch)
        assert len(kept) == WANTED and not set(kept) & {room.id for room in theirs}


def test_cancelled_rooms_raise_no_question_again(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(meanwhile(lambda: it, Fault.RESET_AFTER_COMMIT, count=2)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        in_question = engine.in_question(batch, it.straight)
        engine.cancel_rooms(batch, in_question[:2], it.straight)
        engine.adopt(batch, engine.in_question(batch, it.straight))
        assert it.resumed(engine, batch).state == State.DONE
        states = {room["id"]: room["status"] for room in it.rooms()}
        assert sorted(states.values()) == ["cancelled"] * 2 + ["pending"] * WANTED
        assert all(states[room_id] == "pending" for room_id in kept_ids(journal, batch))


def test_nearly_like_rooms_are_not_paid_twice(
    study_with: StudyOf, engine: Engine, journal: Journal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lose = creations(Fault.RESET_AFTER_COMMIT)

    def decide(request: Request) -> Fault:
        if request.method == "GET":
            # The service fills in the voice that was left open.
            with closing(sqlite3.connect(sandbox_file(tmp_path_factory))) as service, service:
                service.execute("UPDATE rooms SET voice = 'marin' WHERE project_id = ?", (it.project_id,))
        return lose(request)

    with study_with(decide) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.ASKING and "asked for: other voice." in str(batch.problem)
        engine.adopt(batch, engine.in_question(batch, it.straight))
        assert it.resumed(engine, batch).state == State.DONE
        assert exactly(WANTED, it, journal, batch.id) and it.creations == 1


@pytest.mark.parametrize("voices", [("cedar", None), (None, "cedar")])
def test_overlapping_lost_calls_are_told_apart(
    voices: tuple[str | None, str | None], study_with: StudyOf, engine_with: EngineOf, journal: Journal
) -> None:
    people = [Participant(label=f"P{number}", voice=voices[number % 2]) for number in range(4)]
    came_to = {"cedar": Fault.RESET_AFTER_COMMIT, None: Fault.RESET_BEFORE_READ}

    def lose_each_once(request: Request) -> Fault:
        return came_to.pop(json.loads(request.body)["voice"], Fault.NONE) if request.method == "POST" else Fault.NONE

    with study_with(lose_each_once) as it:
        # Both are lost before either is looked for.
        engine = engine_with(replace(QUICK, calls_at_once=2))
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.DONE and exactly(4, it, journal, batch.id) and it.creations == 3
        assert [kept.room.voice for kept in journal.batches.rooms(batch.id)] == [*voices, *voices]


def test_adopted_rooms_go_to_matching_calls(study_with: StudyOf, engine_with: EngineOf, journal: Journal) -> None:
    people = [Participant(label=f"P{number}", voice=voice) for number, voice in enumerate([None, "cedar"])]

    def lose(request: Request) -> Fault:
        return Fault.RESET_AFTER_COMMIT if request.method == "POST" else Fault.NONE

    with study_with(lose) as it:
        engine = engine_with(replace(QUICK, calls_at_once=2, unknown_wait=3))
        batch = engine.start(it.pressed(people=people), it.client)
        eventually(lambda: len(it.rooms()) == 2)
        it.elsewhere(voice="cedar")
        it.elsewhere(voice="verse")
        batch = it.at_rest(journal, batch)
        assert batch.state == State.ASKING
        # The newest first, and the two that were not ordered with them.
        engine.adopt(batch, engine.in_question(batch, it.straight))
        assert it.resumed(engine, batch).state == State.DONE
        assert exactly(4, it, journal, batch.id) and it.creations == 2
        kept = journal.batches.rooms(batch.id)
        assert [entry.room.voice for entry in kept[:2]] == [None, "cedar"]
        assert {entry.room.voice for entry in kept[2:]} == {"cedar", "verse"}


# Cancelling


def test_cancelling_keeps_what_came_and_creates_no_more(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    def cancel() -> Fault:
        engine.cancel(batch, it.client)
        return Fault.NONE

    started = threading.Event()

    def decide() -> Fault:
        started.wait()
        return cancel()

    with study_with(creations(Fault.NONE, decide)) as it:
        batch = engine.start(it.pressed(350), it.client)
        started.set()
        now = it.at_rest(journal, batch)
        assert now.state == State.CANCELLED and now.over
        assert exactly(200, it, journal, batch.id) and it.creations == 2


def test_cancel_finds_rooms_of_a_lost_answer(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    started = threading.Event()

    def decide() -> Fault:
        started.wait()
        engine.cancel(batch, it.client)
        return Fault.RESET_AFTER_COMMIT

    with study_with(creations(Fault.NONE, decide)) as it:
        batch = engine.start(it.pressed(350), it.client)
        started.set()
        now = it.at_rest(journal, batch)
        assert now.state == State.CANCELLED and now.over
        assert exactly(200, it, journal, batch.id) and it.creations == 2


def test_cancel_creates_nothing_for_a_lost_call(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    started = threading.Event()

    def decide() -> Fault:
        started.wait()
        engine.cancel(batch, it.client)
        return Fault.RESET_BEFORE_READ

    with study_with(creations(decide)) as it:
        batch = engine.start(it.pressed(WANTED), it.client)
        started.set()
        assert it.at_rest(journal, batch).state == State.CANCELLED
        assert it.creations == 1 and not it.rooms()


# This machine


def test_next_start_finds_rooms_after_a_shutdown(
    study_with: StudyOf, engine_with: EngineOf, journal_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.aseed.client.CREATE_TIMEOUT", httpx.Timeout(PATIENCE, read=10))
    journal = Journal(f"sqlite:///{journal_file}", lease=1)
    first = engine_with(on=journal)
    with Connections(trust_env=False) as patient, study_with(creations(Fault.LATE_ANSWER)) as it:
        client = AseedClient(f"{it.proxy.address}/custdev", it.token, patient, service=it.client.service)
        batch = first.start(it.pressed(WANTED), client)
        eventually(lambda: len(it.rooms()) == WANTED)
        first.close()
        # It still waits for its answer: the shutdown did not.
        assert any(thread.name == "batch" for thread in threading.enumerate())
        # It gives no more signs of life.
        assert it.resumed(engine_with(on=journal), batch).state == State.DONE
        assert exactly(WANTED, it, journal, batch.id) and it.creations == 1
        # What the first one hears in the end changes nothing any more.
        it.proxy.settled()
        eventually(lambda: sum(thread.name == "batch" for thread in threading.enumerate()) == 1)
        assert it.batch(journal, batch).state == State.DONE
        assert exactly(WANTED, it, journal, batch.id) and it.creations == 1
    journal.close()


def test_answer_is_recorded_after_a_locked_journal(
    study_with: StudyOf,
    journal_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("services.journal.database.BUSY_SECONDS", 0.05)
    journal = Journal(f"sqlite:///{journal_file}")
    # No sign of life meanwhile: it would be refused too.
    engine = Engine(journal, QUICK, beat=3600)
    with closing(sqlite3.connect(journal_file, isolation_level=None, check_same_thread=False)) as other:

        def lock() -> Fault:
            other.execute("BEGIN IMMEDIATE")
            return Fault.NONE

        with study_with(creations(lock)) as it, caplog.at_level(logging.ERROR):
            batch = engine.start(it.pressed(WANTED), it.client)
            eventually(lambda: caplog.text.count("cannot be read or written down") >= 3)
            other.execute("ROLLBACK")
            assert it.at_rest(journal, batch).state == State.DONE
            assert exactly(WANTED, it, journal, batch.id) and it.creations == 1
    engine.close()
    journal.close()


def test_answer_is_recorded_after_a_full_disk(
    study_with: StudyOf, engine: Engine, journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    full = threading.Event()

    def allow(connection: sqlite3.Connection, *_: object) -> None:
        # Fewer pages than there are means: no more than there are.
        connection.execute(f"PRAGMA max_page_count = {1 if full.is_set() else 2**30}")

    def fill() -> Fault:
        full.set()
        return Fault.NONE

    event.listen(Pool, "checkout", allow)
    try:
        with study_with(creations(fill)) as it, caplog.at_level(logging.ERROR):
            batch = engine.start(it.pressed(100), it.client)
            eventually(lambda: caplog.text.count("cannot be read or written down") >= 2)
            assert len(it.rooms()) == 100 and not journal.batches.rooms(batch.id)
            full.clear()
            assert it.at_rest(journal, batch).state == State.DONE
            assert exactly(100, it, journal, batch.id) and it.creations == 1
    finally:
        event.remove(Pool, "checkout", allow)


@pytest.mark.parametrize("hours", [-1, 1])
def test_clock_an_hour_off_changes_nothing(
    hours: int,
    tmp_path: Path,
    engine: Engine,
    journal: Journal,
    connections: Connections,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The service's clock and ours are an hour apart, and in the middle ours is set right.
    elsewhere = Store(tmp_path / "elsewhere.sqlite3", now=lambda: datetime.now(UTC) + timedelta(hours=hours))
    true_time = time.time

    def set_clock() -> Fault:
        monkeypatch.setattr(time, "time", lambda: true_time() + 3600 * hours)
        return Fault.RESET_AFTER_COMMIT

    with (
        serving(Starlette(routes=sandbox_routes(elsewhere))) as sandbox,
        study(elsewhere, sandbox, connections, creations(set_clock, Fault.RESET_BEFORE_READ)) as it,
    ):
        people = [Participant(label=f"P{number}", voice=voice) for number, voice in enumerate(["marin", "cedar"])]
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.DONE and exactly(2, it, journal, batch.id)
        assert it.creations == 3


# Too late


def test_late_rooms_are_told_and_can_be_kept(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    given_up = threading.Event()
    people = [Participant(label=f"P{number}") for number in range(WANTED)]
    with study_with(creations(Fault.LATE_COMMIT), late=given_up) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.DONE and it.creations == 2
        given_up.set()
        it.proxy.settled()
        assert len(it.rooms()) == 2 * WANTED
        engine.look_again(batch, it.straight)
        eventually(lambda: it.batch(journal, batch).late == WANTED)
        late = engine.in_question(batch, it.straight)
        engine.cancel_rooms(batch, late[:2], it.straight)
        assert it.batch(journal, batch).late == WANTED - 2
        engine.adopt(batch, late[2:])
        now = it.batch(journal, batch)
        assert (now.state, now.late, now.rooms) == (State.DONE, 0, 2 * WANTED - 2)
        assert not engine.in_question(batch, it.straight)


def test_project_is_looked_at_again_by_itself(study_with: StudyOf, engine_with: EngineOf, journal: Journal) -> None:
    given_up = threading.Event()
    engine = engine_with(replace(QUICK, look_again=3))
    with study_with(creations(Fault.LATE_COMMIT), late=given_up) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        assert batch.state == State.DONE and it.creations == 2
        given_up.set()
        eventually(lambda: it.batch(journal, batch).late == WANTED)
        assert len(it.rooms()) == 2 * WANTED


def test_rooms_under_way_are_not_late_rooms(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(creations(Fault.RESET_BEFORE_READ, Fault.NONE, Fault.LATE_ANSWER)) as it:
        first = it.at_rest(journal, engine.start(it.pressed(WANTED), it.client))
        second = engine.start(it.pressed(WANTED), it.client)
        # The rooms are there, and their answer is not.
        eventually(lambda: len(it.rooms()) == 2 * WANTED)
        engine.look_again(first, it.straight)
        in_question = engine.in_question(first, it.straight)
        assert it.at_rest(journal, second).state == State.DONE
        assert not in_question
        engine.close()
        assert it.batch(journal, first).late == 0
        assert it.creations == 3


def test_rooms_adopted_after_the_end_get_labels(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    def cancel() -> Fault:
        started.wait()
        engine.cancel(batch, it.client)
        return Fault.LATE_COMMIT

    started, given_up = threading.Event(), threading.Event()
    people = [Participant(label=f"P{number}") for number in range(WANTED)]
    with study_with(creations(cancel), late=given_up) as it:
        batch = engine.start(it.pressed(people=people), it.client)
        started.set()
        assert it.at_rest(journal, batch).state == State.CANCELLED
        given_up.set()
        it.proxy.settled()
        engine.adopt(batch, engine.in_question(batch, it.straight))
        assert it.batch(journal, batch).labels == WANTED
        engine.label_again(batch, it.client)
        eventually(lambda: it.batch(journal, batch).labels_set == WANTED)


def test_own_error_counts_as_a_lost_answer(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    errors = [ValueError("a mistake of ours"), AseedError("one that has no kind")]

    class Broken(AseedClient):
        def create_rooms(self, request: CreateRoomsRequest) -> list[InterviewRoomResponse]:
            rooms = super().create_rooms(request)
            if errors:
                raise errors.pop()
            return rooms

    with study_with(no_fault, client=Broken) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(250), it.client))
        assert batch.state == State.DONE and exactly(250, it, journal, batch.id)
        assert it.creations == 3 and not errors
