"""Batches by the thousand, each through faults of its own: nothing is created twice, and nothing is lost.

    pytest tests/faults/test_batches.py                                   1,000 batches
    pytest tests/faults/test_batches.py --batches 10000
    pytest tests/faults/test_batches.py --batches 1 --batches-seed 4711   what went wrong once, again

A batch hangs on its seed alone, as far as its requests come in one order: those that send one call after the other
repeat to the letter, those that send several at once nearly do.

What a batch is owed is a service that has done all it will ever do within the engine's wait, and lists it. The
proxy's promise to that effect is `settled`, and the client of these tests has it kept before each list, after it has
made sure that the engine did wait; so no test hangs on how fast this machine is. One batch in ten goes without the
promise: there the service may still commit, and its list lag, after the engine has looked. Such batches may come to
more rooms than were wanted, and every one of them has to be in the journal or told of. The same holds where the
service says 429 to what it has done, and where its list has gaps.

In one batch in three the service shows rooms in a form of its own, which is not what it was sent; and in one in three
another account creates rooms in the project before, during and after the batch, of which none may be taken.
"""

import multiprocessing
import random
import secrets
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import stamina
from starlette.applications import Starlette

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import OutcomeUnknown
from services.aseed.models import CreateProjectRequest, CreateRoomsRequest, InterviewRoomResponse
from services.batches.engine import Engine
from services.batches.likeness import SAME
from services.batches.pace import Pace
from services.journal.journal import Journal
from services.journal.records import Batch, KeptRoom, NewBatch, State
from services.journal.run import Run
from services.participants import Participant
from services.sandbox.database import as_text
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.faults.proxy import LISTS_WITH_GAPS, Decide, Fault, Form, Request, seeded
from tests.faults.study import Study, no_fault, study
from tests.postgres import fresh_database
from tests.servers import PATIENCE, eventually, serving

CHUNK = 100
"""How many batches share a sandbox, a journal and two engines."""

POSTGRESQL_CHUNK = 1
"""The chunk whose journal is on PostgreSQL; those of all others are on SQLite."""

PROCESSES = 2
"""How many chunks are under way at once."""

THREADS = 3
"""How many batches of a chunk are under way at once."""

ROOMS_PER_CALL = 4
"""Small, so that a dozen rooms take several calls."""

TIMEOUT = 0.8
"""How long a creation may take before its answer is given up, in seconds."""

WAIT = 0.03
"""How long the engine waits before it looks what became of lost answers, in seconds."""

LATE, LAG = 0.15, 0.06
"""By how much a service that promised nothing is later than that, and how long its list lags, in seconds."""

ENOUGH = 500
"""In so many batches every fault occurs."""

MANY_PRESSES = 60
"""More than a person presses until a batch is over: it goes in circles."""

PEOPLE = ("Anna", "", "Борис", "", "Gül", "", "", "Дарья", "", "", "Léa", "")
"""Those without a label are given none: every label is a call more."""


UNKNOWABLE = (Fault.TOO_MANY_429_AFTER_COMMIT, *LISTS_WITH_GAPS)
"""After these, rooms may be bought twice, as there is no sign of them; they have to be told of."""

FORMS: dict[str, Form] = {
    "minutes": lambda room: {**room, "max_duration_minutes": -(-room["max_duration_minutes"] // 30) * 30},
    "language": lambda room: {**room, "language": {"Deutsch": "de", "русский": "ru"}.get(room["language"])},
    "voice": lambda room: {**room, "voice": room["voice"] or "alloy"},
    "expiry": lambda room: {**room, "expires_at": ends_after(room, days=2)},
    "topics": lambda room: {**room, "topics_for_respondent": room["topics_for_respondent"] and "Кофе"},
    "label": lambda room: {**room, "display_name": room["display_name"] and room["display_name"][:2]},
}
"""What a service may make of what it is sent: rounded, in other words, filled in, clamped, trimmed, cut."""

COLLEAGUE = "colleague@example.org"


def ends_after(room: dict[str, Any], days: int) -> str:
    return (datetime.fromisoformat(room["created_at"]) + timedelta(days=days)).isoformat()


class Colleague:
    """Another account that creates rooms in the project, like ours and otherwise, whenever it is told to."""

    def __init__(self, it: Study, chance: random.Random) -> None:
        self.rooms: set[str] = set()
        self._it = it
        self._chance = chance

    def creates(self) -> None:
        settings = {
            "voice": self._chance.choice((None, "marin")),
            "max_duration_minutes": self._chance.choice((15, 30)),
        }
        self.rooms |= self._it.elsewhere(count=self._chance.randint(1, 4), **settings)

    def named(self, form: Form) -> Form:
        """The form in which a service shows rooms, with the colleague's name on theirs."""

        def shown(room: dict[str, Any]) -> dict[str, Any]:
            its = form(room)
            return {**its, "created_by": COLLEAGUE} if room["id"] in self.rooms else its

        return shown


@dataclass
class Trial:
    """What one batch of the campaign met with, what came of it, and what is wrong about it: nothing, if all is well."""

    seed: int
    counts: Counter[Fault] = field(default_factory=Counter)
    tally: Counter[str] = field(default_factory=Counter)
    wrong: str = ""


@dataclass(frozen=True)
class Ground:
    """What the batches of a chunk share. engines: one sends its calls one after the other, one several at once."""

    store: Store
    sandbox: str
    connections: Connections
    journal: Journal
    engines: tuple[Engine, Engine]
    rests: "Rests"


class Rests:
    """Says when a batch is released, so that the journal is not polled for it, which is slow."""

    def __init__(self) -> None:
        self._runs: Counter[int] = Counter()
        self._changed = threading.Condition()

    def note(self, batch_id: int) -> None:
        with self._changed:
            self._runs[batch_id] += 1
            self._changed.notify_all()

    def wait(self, batch: Batch, runs: int) -> None:
        """Wait until so many runs of the batch have ended."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._runs[batch.id] >= runs, PATIENCE), "waited in vain"


class Witness(AseedClient):
    """A client that notes whether the engine waited before it looked, and then has the service keep its promise.

    promise: what has to happen for that; None where the service has promised nothing.
    """

    promise: Callable[[], None] | None = None
    lost_at: float | None = None
    hasty = False

    def create_rooms(self, request: CreateRoomsRequest) -> list[InterviewRoomResponse]:
        try:
            return super().create_rooms(request)
        except OutcomeUnknown as error:
            if len({room.id for room in error.rooms}) < request.count:
                self.lost_at = time.monotonic()
            raise

    def rooms(self, project_id: UUID | str | None = None, status: str | None = None) -> list[InterviewRoomResponse]:
        if self.lost_at is not None and time.monotonic() < self.lost_at + WAIT:
            self.hasty = True
        if self.promise is not None:
            self.promise()
        return super().rooms(project_id, status)


def tried(ground: Ground, seed: int) -> Trial:
    """One batch, from its press to its end, and the account afterwards."""
    trial, chance = Trial(seed), random.Random(seed)
    faults = tuple(fault for fault in Fault if fault is not Fault.NONE)
    # More in a row than the client repeats by itself: so some reach the engine.
    decide = seeded(seed, chance.uniform(0, 0.7), faults, at_most_in_a_row=chance.randint(1, 5))
    promised = chance.random() < 0.9
    moments = [0.0]
    service: dict[str, Any] = (
        {"late": 0.01, "lag": 60, "clock": lambda: moments[-1]} if promised else {"late": LATE, "lag": LAG}
    )
    try:
        with study(ground.store, ground.sandbox, ground.connections, decide, client=Witness, **service) as it:
            assert isinstance(it.client, Witness)

            def keep_promise() -> None:
                it.proxy.settled()
                moments.append(moments[-1] + 61)

            it.client.promise = keep_promise if promised else None
            strangers = chance.randint(0, 3)
            older = made_earlier(it, it.elsewhere(count=strangers)) if strangers else set()
            colleague, kind = Colleague(it, chance), chance.randint(0, 2)
            form = FORMS[chance.choice(tuple(FORMS))] if kind == 1 else dict
            it.proxy.form = colleague.named(form) if kind else None
            engine = chance.choice(ground.engines)
            if kind == 2:
                know_creator(it, engine, ground.rests)
                colleague.creates()
                it.proxy.decide = meanwhile(it.proxy.decide, colleague, chance)
            new = an_order(it, chance)
            batches = over(it, engine, ground.rests, new, trial.tally, lambda: older | colleague.rooms)
            if kind == 2:
                colleague.creates()
            it.proxy.settled()
            trial.counts = it.proxy.counts
            trial.tally["creations"] = it.creations
            if trial.counts[Fault.SAME_LINK] and colleague.rooms:
                see_links(it, ground.engines[0])
            judge(it, ground.engines[0], batches, new, older | colleague.rooms, trial)
            assert not colleague.rooms & kept_by(ground.journal, batches), "a colleague's rooms were taken"
    except Exception as error:
        # Of a chunk's many batches all are tried, and what went wrong with one is told with its seed.
        trial.wrong = f"{type(error).__name__}: {error}"
    return trial


def know_creator(it: Study, engine: Engine, rests: Rests) -> None:
    """Has the journal know by which name the service calls us, from a batch in another project."""
    ready = CreateProjectRequest(name="Before", research_goals="To know why.", interview_guide="1. Why?")
    project = it.store.create_project(it.account, ready)
    earlier = engine.start(replace(it.pressed(1), project_id=project["id"]), it.straight)
    rests.wait(earlier, 1)


def made_earlier(it: Study, rooms: set[str]) -> set[str]:
    """These rooms, which were created an hour ago by the service's clock."""
    with it.store._writing() as db:
        for room in it.rooms():
            then = as_text(datetime.fromisoformat(room["created_at"]) - timedelta(hours=1))
            db.execute("UPDATE rooms SET created_at = ? WHERE id = ?", (then, room["id"]))
    return rooms


def meanwhile(decide: Decide, colleague: Colleague, chance: random.Random) -> Decide:
    """The same faults, while a colleague creates rooms as some creations come in."""

    def decided(request: Request) -> Fault:
        if request.method == "POST" and chance.random() < 0.3:
            colleague.creates()
        return decide(request)

    return decided


def see_links(it: Study, engine: Engine) -> None:
    """Look at the project as the page Links does: nothing told us yet which link a room of a colleague's has."""
    links = engine.journal.links
    links.note_listed(it.visibility, it.straight.rooms(it.project_id))
    engine.confirm_links(sorted(links.in_conflict(it.client.service)), it.straight)


def kept_by(journal: Journal, batches: Sequence[Batch]) -> set[str]:
    return {entry.room.id for batch in batches for entry in journal.batches.rooms(batch.id)}


def an_order(it: Study, chance: random.Random) -> NewBatch:
    """One to twelve rooms: without names, for people, or for people with settings of their own."""
    count, kind = chance.randint(1, 12), chance.choice(("rooms", "rooms", "people", "roster", "roster"))
    settings: dict[str, Any] = {
        "voice": chance.choice((None, "marin")),
        "language": chance.choice((None, "Deutsch", "русский")),
        "max_duration_minutes": chance.choice((15, 30)),
        "topics_for_respondent": chance.choice((None, "Кофе, и не только")),
    }
    if kind == "rooms":
        return it.pressed(count, **settings)
    own = ("cedar", "verse", None) if kind == "roster" else (None,)
    people = [Participant(label=label, voice=chance.choice(own)) for label in PEOPLE[:count]]
    return it.pressed(people=people, **settings)


def over(
    it: Study, engine: Engine, rests: Rests, new: NewBatch, tally: Counter[str], theirs: Callable[[], Collection[str]]
) -> list[Batch]:
    """Press what a researcher presses who knows everything, until there is nothing left to press. All its batches.

    theirs: tells the rooms of other people.
    """
    pressed, runs = [engine.start(new, it.client)], 1
    for _ in range(MANY_PRESSES):
        rests.wait(pressed[-1], runs)
        now = pressed[-1] = it.batch(engine.journal, pressed[-1])
        runs += 1
        if now.state == State.PARKED:
            tally["resumed"] += 1
            assert engine.resume(now, it.client)
        elif now.state == State.ASKING:
            tally["asked"] += 1
            it.proxy.settled()
            # The others are ours: paid for, and kept, also where they are too many.
            in_question = engine.in_question(now, it.straight)
            engine.leave(now, [room for room in in_question if room.id in theirs()])
            engine.adopt(now, [room for room in in_question if room.id not in theirs()])
            engine.create_missing(it.batch(engine.journal, now), it.client)
        elif now.over and not now.rooms and now.calls > now.refused:
            # It had nothing yet when something stood in the way, so it ended; Create can be pressed again.
            tally["pressed again"] += 1
            pressed.append(engine.start(replace(new, nonce=secrets.token_hex(8)), it.client))
            runs = 1
        else:
            assert now.over, f"it stands still, and no press moves it: {now.state}"
            return pressed
    raise AssertionError(f"it is not over after {MANY_PRESSES} presses")


def judge(it: Study, engine: Engine, batches: list[Batch], new: NewBatch, before: set[str], trial: Trial) -> None:
    """Whether everything in the project is accounted for, once, and as it was ordered."""
    journal, batch = engine.journal, batches[-1]
    kept = journal.batches.rooms(batch.id)
    there = {room["id"]: room for room in it.rooms() if room["id"] not in before}
    ids = {entry.room.id for entry in kept}
    assert len(ids) == len(kept), "a room is in the journal twice"
    assert ids <= there.keys(), "the journal holds rooms that are not the batch's"
    assert not any(journal.batches.rooms(earlier.id) for earlier in batches[:-1]), (
        "a batch that ended with nothing has rooms"
    )
    orphans = there.keys() - ids
    surplus = [entry for entry in kept if entry.place > batch.wanted]
    missing = batch.wanted - (len(kept) - len(surplus))
    assert isinstance(it.client, Witness)
    assert not it.client.hasty, "the project was listed before the wait was over"
    if it.client.promise is not None and not any(trial.counts[fault] for fault in UNKNOWABLE):
        assert not orphans, f"{len(orphans)} rooms were created twice"
        assert len(surplus) <= trial.counts[Fault.MORE_ROOMS], f"{len(surplus)} rooms too many"
    else:
        told = set().union(*(told_of(it, engine, each) for each in batches))
        assert orphans <= told, f"{len(orphans)} rooms are in no batch, and {len(orphans & told)} are told of"
        assert told - orphans <= before, "rooms are told of that are in a batch"
    assert not missing or batch.refused, f"{missing} rooms are missing, and none was refused"
    assert batch.state == (State.SHORT if missing else State.DONE)
    ordered(new, kept, there, trial)
    assert not batch.shared, "rooms with one link, though their own answers tell two"
    tokens = [there[entry.room.id]["access_token"] for entry in kept]
    assert [link.rpartition("/")[2] for link in journal.batches.links(batch.id)] == tokens, "the link of another room"
    labelled(it, engine, batch)
    what = {"rooms": len(kept), "refused": missing, "one too many": len(surplus), "late": len(orphans)}
    trial.tally.update({"batches": 1, batch.state.value: 1, **what})


def told_of(it: Study, engine: Engine, batch: Batch) -> set[str]:
    """The rooms of which the batch says that they came too late."""
    known = len(engine.journal.batches.events(batch.id))
    engine.look_again(batch, it.straight)
    eventually(lambda: len(engine.journal.batches.events(batch.id)) > known)
    late = {room.id for room in engine.in_question(batch, it.straight)}
    assert it.batch(engine.journal, batch).late == len(late), "not as many late rooms as are told of"
    return late


def ordered(new: NewBatch, kept: list[KeptRoom], there: dict[str, dict[str, Any]], trial: Trial) -> None:
    """Each place has a room with its own settings, and its own person."""
    settings = {place: call.settings for call in new.calls for place in call.places}
    for entry in kept:
        if entry.place > new.wanted:
            continue
        if new.participants:
            assert entry.participant is not None
            assert entry.participant.label == new.participants[entry.place - 1].label, "a room for the wrong person"
        # An answer with another call's rooms can be told from no good one where that call's answer was lost.
        if not trial.counts[Fault.KNOWN_IDS]:
            wanted, made = settings[entry.place], there[entry.room.id]
            assert all(made[name] == getattr(wanted, name) for name in SAME), "settings of another room"


def labelled(it: Study, engine: Engine, batch: Batch) -> None:
    """Each room for a person with a label carries it at the service, and no other carries any."""
    journal = engine.journal
    if it.batch(journal, batch).labels_failed:
        engine.label_again(batch, it.straight)
        eventually(lambda: not it.batch(journal, batch).labels_failed)
    there = {room["id"]: room["display_name"] for room in it.rooms()}
    for entry in journal.batches.rooms(batch.id):
        label = entry.participant.label if entry.participant else ""
        assert there[entry.room.id] == (label or None), "a room with the label of another"


def tried_all(seeds: Sequence[int], folder: Path, journal_url: str) -> list[Trial]:
    """The batches of a chunk, in a process of its own."""
    pace = Pace(1, unknown_wait=WAIT, second_look=0.01, look_again=3600, pauses=(0.01,), longest_wait=0.5)
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("services.batches.plan.MAX_ROOMS_PER_CALL", ROOMS_PER_CALL)
        patch.setattr("services.aseed.client.CREATE_TIMEOUT", httpx.Timeout(PATIENCE, read=TIMEOUT))
        stack.enter_context(stamina.set_testing(True, attempts=2))
        store = Store(folder / "sandbox.sqlite3")
        sandbox = stack.enter_context(serving(Starlette(routes=sandbox_routes(store))))
        connections = stack.enter_context(Connections(trust_env=False))
        journal = stack.enter_context(closing(Journal(journal_url)))
        one = stack.enter_context(closing(Engine(journal, pace)))
        several = stack.enter_context(closing(Engine(journal, replace(pace, calls_at_once=3))))
        rests, release = Rests(), Run.release

        def let_go(run: Run) -> None:
            release(run)
            rests.note(run.batch_id)

        patch.setattr(Run, "release", let_go)
        ground = Ground(store, sandbox, connections, journal, (one, several), rests)
        with study(store, sandbox, connections, no_fault) as it:
            # From here on the journal knows the service's clock.
            know_creator(it, one, rests)
        with ThreadPoolExecutor(THREADS) as threads:
            return list(threads.map(partial(tried, ground), seeds))


# The campaign

Campaign = dict[int, "Future[list[Trial]]"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "chunk" in metafunc.fixturenames:
        metafunc.parametrize("chunk", range(-(-metafunc.config.getoption("batches") // CHUNK)))


@pytest.fixture(scope="module")
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Campaign]:
    """The chunks that this run of pytest asks for, all of them begun."""
    first, count = request.config.getoption("batches_seed"), request.config.getoption("batches")
    everything = range(first, first + count)
    tests = [item for item in request.session.items if isinstance(item, pytest.Function)]
    of_chunks = [item for item in tests if item.originalname == test_of_a_chunk.__name__]
    with ExitStack() as stack:
        # Started by spawn, not forked: this process has threads.
        processes = ProcessPoolExecutor(PROCESSES, multiprocessing.get_context("spawn"))
        stack.callback(processes.shutdown, cancel_futures=True)
        begun: Campaign = {}
        for chunk in (int(str(item.callspec.params["chunk"])) for item in of_chunks):
            folder = tmp_path_factory.mktemp("chunk")
            journal = f"sqlite:///{folder}/journal.sqlite3"
            if chunk == POSTGRESQL_CHUNK:
                journal = stack.enter_context(fresh_database(request.getfixturevalue("postgres")))
            seeds = everything[chunk * CHUNK : (chunk + 1) * CHUNK]
            begun[chunk] = processes.submit(tried_all, seeds, folder, journal)
        yield begun


def test_of_a_chunk(chunk: int, campaign: Campaign) -> None:
    trials = campaign[chunk].result()
    wrong = [
        f"{trial.wrong}\n    again: --batches 1 --batches-seed {trial.seed}; it met with {dict(trial.counts)}"
        for trial in trials
        if trial.wrong
    ]
    assert not wrong, "\n".join(wrong)


def test_of_all_chunks_together(campaign: Campaign, capsys: pytest.CaptureFixture[str]) -> None:
    """Every fault has occurred, and this is what came of them."""
    trials = [trial for chunk in campaign.values() for trial in chunk.result()]
    counts: Counter[Fault] = sum((trial.counts for trial in trials), Counter())
    tally: Counter[str] = sum((trial.tally for trial in trials), Counter())
    with capsys.disabled():
        faults = counts.total() - counts[Fault.NONE]
        sys.stdout.write(
            f"\n{faults} faults: {', '.join(f'{what} {count}' for what, count in sorted(tally.items()))}\n"
        )
    if len(trials) < ENOUGH:
        pytest.skip(f"every fault occurs in {ENOUGH} batches, not in {len(trials)}")
    assert not set(Fault) - counts.keys()
