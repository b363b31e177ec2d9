"""The journal against a model: whatever happens in any order, no room is there twice, and none is forgotten.

A pretend service creates rooms; runners claim calls, send them, lose answers, crash, freeze and wake, look what became
of what was lost, ask, park, cancel and end. What a call does after everybody has given it up is a late commit: it
spoils the count, and the machine knows of which batches (`exact`).
"""

import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Float, bindparam

from services.aseed.errors import Invalid, NotReached, OutcomeUnknown
from services.aseed.models import PENDING, InterviewRoomResponse, RoomSettings
from services.batches.likeness import could_be
from services.batches.pace import Ask
from services.batches.settling import assign_adopted, look_once
from services.journal.batches import LEFT_ALONE, Busy
from services.journal.journal import Journal
from services.journal.records import Batch, Call, NewBatch, PlannedCall, State
from services.journal.run import Lapsed, Run
from services.journal.visibility import Visibility

T = TypeVar("T")

SERVICE, ACCOUNT = "https://aseed.example/custdev", "account"
MINE = Visibility(SERVICE, ACCOUNT)
PROJECTS = (UUID(int=1), UUID(int=2))
LEASE = 15.0
STEPS = 40
LOST = OutcomeUnknown("Aseed did not answer in time.")

SIZES = st.lists(st.tuples(st.integers(1, 3), st.sampled_from([30, 45])), min_size=1, max_size=4)
"""How many rooms each call of a batch asks for, and for how many minutes."""

ANY = st.integers(0, 5)
"""Which of those that there are."""


@dataclass(eq=False)
class Model:
    """What is known about a batch without asking the journal.

    run: who works on it, if any. frozen: who did, and may wake. exact: whether no room came into being after
    it had been given up; then as many are there as were wanted, unless it was cut short: refused, cancelled, or parked
    before anything was created.
    """

    id: int
    project: UUID
    nonce: str
    wanted: int
    run: Run | None = None
    frozen: Run | None = None
    over: bool = False
    asks: bool = False
    exact: bool = True
    cut_short: bool = False


@dataclass(eq=False)
class Sent:
    """A call under way. run: who waits for its answer; None when no one does any more. created: None until it is."""

    batch: Model
    call: Call
    run: Run | None
    created: list[InterviewRoomResponse] | None = None
    given_up: bool = False


@dataclass
class Service:
    """The rooms at the service, by project, and for which batch each came into being."""

    rooms: dict[UUID, list[InterviewRoomResponse]] = field(
        default_factory=lambda: {project: [] for project in PROJECTS}
    )
    made_for: dict[str, Model] = field(default_factory=dict)
    names: Iterator[str] = field(default_factory=lambda: map(str, itertools.count(1)))

    def create(self, batch: Model, call: Call) -> list[InterviewRoomResponse]:
        made = [self._room(batch.project, call.settings) for _ in call.places]
        self.rooms[batch.project] += made
        self.made_for |= {room.id: batch for room in made}
        return made

    def _room(self, project: UUID, wanted: RoomSettings) -> InterviewRoomResponse:
        name = next(self.names)
        made = datetime(2026, 3, 1, tzinfo=UTC)
        return InterviewRoomResponse(
            id=name,
            project_id=str(project),
            access_token=name,
            url=f"https://aseed.example/interview/{name}",
            room_name=name,
            max_duration_minutes=wanted.max_duration_minutes,
            status=PENDING,
            created_at=made,
            expires_at=made + timedelta(days=wanted.expires_in_days),
            created_by="researcher",
        )


class Histories(RuleBasedStateMachine):
    """Everything that may happen to the batches of two projects."""

    def __init__(self, file: Path, journal: Journal) -> None:
        """file: the journal's."""
        super().__init__()
        self.file, self.journal = file, journal
        journal.forget(MINE)
        self.seconds = 0.0
        # The database's clock, turned by hand: so a lease lapses without waiting.
        journal._database.now = bindparam("moment", callable_=lambda: self.seconds, type_=Float)
        self.service = Service()
        self.batches: list[Model] = []
        self.sent: list[Sent] = []
        self.names = map(str, itertools.count(1))

    def teardown(self) -> None:
        for batch in self.batches:
            if not batch.over:
                self._finish(batch)
        self.everything_is_accounted_for()
        states = {batch.id: batch.state for batch in self.journal.batches.newest(MINE, len(self.batches))}
        for batch in self.batches:
            assert states[batch.id] == State.DONE or batch.cut_short or not batch.exact

    # What may happen

    @initialize(sizes=SIZES)
    def begin(self, sizes: list[tuple[int, int]]) -> None:
        self._press(PROJECTS[0], sizes)

    @precondition(lambda self: self._free())
    @rule(which=ANY, sizes=SIZES)
    def press(self, which: int, sizes: list[tuple[int, int]]) -> None:
        self._press(pick(self._free(), which), sizes)

    @rule(which=ANY, again=st.booleans())
    def press_in_vain(self, which: int, again: bool) -> None:
        """The same press again, of any batch, or another one while a batch is not over."""
        batch = pick(self.batches, which)
        if again:
            same, run = self.journal.batches.start(pressed(batch.nonce, batch.project, [(1, 30)]), next(self.names))
            assert (same.id, run) == (batch.id, None)
        elif not batch.over:
            with pytest.raises(Busy) as busy:
                self.journal.batches.start(pressed("another", batch.project, [(1, 30)]), next(self.names))
            assert busy.value.batch.id == batch.id

    @precondition(lambda self: self._at_work())
    @rule(which=ANY, outcome=st.sampled_from(["answered", "not sent", "refused"]))
    def send(self, which: int, outcome: str) -> None:
        for sent, run in self._claimed(which):
            self._tell(sent, run, outcome)

    @precondition(lambda self: self._at_work())
    @rule(which=ANY, outcome=st.sampled_from(["answer lost", "short answer", "nothing done"]))
    def send_in_vain(self, which: int, outcome: str) -> None:
        for sent, run in self._claimed(which):
            self._tell(sent, run, outcome)

    @precondition(lambda self: self._at_work())
    @rule(which=ANY, created=st.booleans())
    def send_and_wait(self, which: int, created: bool) -> None:
        for sent, _ in self._claimed(which):
            self.sent.append(sent)
            if created:
                self._create(sent)

    @precondition(lambda self: self._awaited())
    @rule(which=ANY, outcome=st.sampled_from(["answered", "answer lost", "not sent", "refused"]))
    def answer(self, which: int, outcome: str) -> None:
        """What came of a call reaches the run that sent it, also one from whom the batch was taken meanwhile."""
        sent, run = pick(self._awaited(), which)
        self.sent.remove(sent)
        self._tell(sent, run, "answered" if sent.created and outcome in ("not sent", "refused") else outcome)

    @precondition(lambda self: self._orphaned())
    @rule(which=ANY)
    def commit_of_a_call_without_a_waiter(self, which: int) -> None:
        sent = pick(self._orphaned(), which)
        self.sent.remove(sent)
        self._create(sent)

    @precondition(lambda self: self._at_work())
    @rule(which=ANY)
    def crash(self, which: int) -> None:
        batch, run = pick(self._at_work(), which)
        self._lapse(batch)
        for sent in [sent for sent in self.sent if sent.run is run]:
            sent.run = None
            if sent.created is not None:
                self.sent.remove(sent)

    @precondition(lambda self: self._at_work())
    @rule(which=ANY)
    def freeze(self, which: int) -> None:
        batch, run = pick(self._at_work(), which)
        self._lapse(batch)
        batch.frozen = run

    @precondition(lambda self: any(batch.frozen for batch in self.batches))
    @rule(which=ANY)
    def wake(self, which: int) -> None:
        """The run that was frozen goes on, unless the batch was taken from them."""
        batch = pick([batch for batch in self.batches if batch.frozen], which)
        frozen, batch.frozen = batch.frozen, None
        assert frozen is not None
        if batch.run is None and not batch.over and not batch.asks and self._is_held_by(frozen):
            frozen.beat()
            batch.run = frozen
            return
        for verb in FENCED:
            with pytest.raises(Lapsed):
                verb(frozen)
        frozen.release()

    @precondition(lambda self: self._still())
    @rule(which=ANY)
    def take(self, which: int) -> None:
        for batch in self.batches:
            if batch.run is not None or batch.over:
                assert self.journal.batches.take(batch.id, "no runner") is None
        batch = pick(self._still(), which)
        taken = self.journal.batches.take(batch.id, next(self.names))
        assert taken is not None
        batch.run, batch.asks = taken, False

    @precondition(lambda self: self._idle())
    @rule(which=ANY)
    def look(self, which: int) -> None:
        """What became of the lost calls, by the rule of a batch at work."""
        batch, run = pick(self._idle(), which)
        self._look_before(batch, run)
        self._look(batch, run)

    def _seen(self, batch_id: int) -> Batch:
        seen = self.journal.batches.find(batch_id, MINE)
        assert seen is not None
        return seen

    @precondition(lambda self: any(batch.asks for batch in self.batches))
    @rule(which=ANY, how=st.sampled_from(["adopt", "set aside", "create"]))
    def decide(self, which: int, how: str) -> None:
        batch = pick([batch for batch in self.batches if batch.asks], which)
        calls = self.journal.batches.calls(batch.id)
        listed = self.journal.batches.unaccounted_rooms(batch.id, self.service.rooms[batch.project])
        rooms = [room for room in listed if any(could_be(room, call.settings) for call in calls)]
        if how == "adopt":
            self.journal.batches.adopt(batch.id, assign_adopted(calls, rooms))
        elif how == "set aside":
            self.journal.batches.set_aside(batch.id, [room.id for room in rooms], LEFT_ALONE)
        else:
            self.journal.batches.create_missing(self._seen(batch.id))

    @precondition(lambda self: self._idle())
    @rule(which=ANY, how=st.sampled_from(["end", "end", "park", "cancel"]))
    def stop(self, which: int, how: str) -> None:
        batch, run = pick(self._idle(), which)
        if how == "park":
            run.park(NotReached("Aseed could not be reached."))
            run.release()
            batch.run = None
            self._see_whether_over(batch)
            batch.cut_short = batch.cut_short or batch.over
        elif how == "cancel":
            batch.cut_short = True
            assert self.journal.batches.cancel(batch.id) is False
        else:
            self._end(batch, run)

    @precondition(lambda self: self._still())
    @rule(which=ANY, sure=st.integers(0, 3))
    def cancel_what_stands_still(self, which: int, sure: int) -> None:
        batch = pick(self._still(), which)
        if sure == 3:
            batch.cut_short = True
            is_the_end = self.journal.batches.cancel(batch.id)
            self._see_whether_over(batch)
            assert is_the_end == batch.over

    # What holds at any time

    @invariant()
    def everything_is_accounted_for(self) -> None:
        with closing(sqlite3.connect(self.file)) as db:
            rooms = db.execute("SELECT room_id, batch_id, place FROM rooms").fetchall()
            states = dict(db.execute("SELECT id, state FROM batches"))
            waiting = Counter(db.execute("SELECT service, project_id FROM batches WHERE ended_at IS NULL"))
        assert len({room for room, _, _ in rooms}) == len({(batch, place) for _, batch, place in rooms}) == len(rooms)
        assert {room for room, _, _ in rooms} <= self.service.made_for.keys()
        assert max(waiting.values(), default=0) <= 1
        came = Counter(batch for _, batch, _ in rooms)
        of_batch = {room: batch for room, batch, _ in rooms}
        for batch in self.batches:
            if states[batch.id] == State.DONE:
                assert came[batch.id] >= batch.wanted
            if batch.over and batch.exact:
                made = [room for room, its in self.service.made_for.items() if its is batch]
                assert {of_batch.get(room) for room in made} <= {batch.id}
                assert came[batch.id] == len(made)
                assert came[batch.id] == batch.wanted or states[batch.id] != State.DONE

    # Inside

    def _at_work(self) -> list[tuple[Model, Run]]:
        return [(batch, batch.run) for batch in self.batches if batch.run is not None]

    def _free(self) -> list[UUID]:
        """The projects in which nothing keeps a new batch waiting."""
        taken = {batch.project for batch in self.batches if not batch.over}
        return [project for project in PROJECTS if project not in taken]

    def _still(self) -> list[Model]:
        return [batch for batch in self.batches if batch.run is None and not batch.over]

    def _idle(self) -> list[tuple[Model, Run]]:
        """Those at work whose own calls are all answered: before that, no one looks and nothing ends."""
        waiting = {sent.run for sent in self.sent}
        return [(batch, run) for batch, run in self._at_work() if run not in waiting]

    def _awaited(self) -> list[tuple[Sent, Run]]:
        return [(sent, sent.run) for sent in self.sent if sent.run is not None]

    def _orphaned(self) -> list[Sent]:
        return [sent for sent in self.sent if sent.run is None]

    def _press(self, project: UUID, sizes: list[tuple[int, int]]) -> None:
        new = pressed(f"press {next(self.names)}", project, sizes)
        made, run = self.journal.batches.start(new, next(self.names))
        assert run is not None
        self.batches.append(Model(made.id, project, new.nonce, new.wanted, run))

    def _claimed(self, which: int) -> Iterator[tuple[Sent, Run]]:
        """The next call of a batch at work, if there is one."""
        batch, run = pick(self._at_work(), which)
        self._look_before(batch, run)
        if (call := run.claim()) is not None:
            yield Sent(batch, call, run), run

    def _tell(self, sent: Sent, run: Run, outcome: str) -> None:
        match outcome:
            case "answered":
                run.record_answer(sent.call, self._create(sent))
            case "answer lost":
                self._create(sent)
                run.record_answer(sent.call, (), LOST)
            case "short answer":
                run.record_answer(sent.call, self._create(sent)[1:], LOST)
            case "nothing done":
                run.record_answer(sent.call, (), LOST)
            case "not sent":
                run.not_sent(sent.call)
            case "refused":
                sent.batch.cut_short = True
                run.record_refusal(sent.call, Invalid(422))

    def _end(self, batch: Model, run: Run) -> None:
        kept = self.journal.batches.find(batch.id, MINE)
        assert kept is not None
        if run.lost_calls() or (kept.calls_planned and not kept.cancelling):
            return
        run.end()
        run.release()
        batch.run = None
        self._see_whether_over(batch)
        assert batch.over

    def _create(self, sent: Sent) -> list[InterviewRoomResponse]:
        if sent.created is None:
            sent.created = self.service.create(sent.batch, sent.call)
            if sent.given_up:
                sent.batch.exact = False
                for batch in self.batches:
                    # It may be taken for a room of the batch that is at work there now.
                    batch.exact = batch.exact and (batch.project != sent.batch.project or batch.over)
        return sent.created

    def _give_up(self, batch: Model) -> None:
        for sent in self.sent:
            sent.given_up = sent.given_up or (sent.batch is batch and sent.created is None)

    def _lapse(self, batch: Model) -> None:
        """Let the lease of this batch lapse, and of no other."""
        batch.run = None
        self.seconds += LEASE + 1
        for _, run in self._at_work():
            run.beat()

    def _is_held_by(self, run: Run) -> bool:
        with closing(sqlite3.connect(self.file)) as db:
            (runner,) = db.execute("SELECT runner FROM batches WHERE id = ?", (run.batch_id,)).fetchone()
        return bool(runner == run._runner)

    def _look_before(self, batch: Model, run: Run) -> None:
        if run.baseline() is None:
            run.keep_baseline(room.id for room in self.service.rooms[batch.project])

    def _look(self, batch: Model, run: Run) -> None:
        lost = run.lost_calls()
        try:
            found = look_once(lost, lambda: run.unaccounted_rooms(self.service.rooms[batch.project]))
        except Ask as question:
            assert not batch.exact, "a person was asked although everything can be known"
            run.ask(question.problem)
            run.release()
            batch.run, batch.asks = None, True
            return
        self._give_up(batch)
        run.settle([(call, found[call]) for call in lost], 600)

    def _see_whether_over(self, batch: Model) -> None:
        found = self.journal.batches.find(batch.id, MINE)
        assert found is not None
        if found.over and not batch.over:
            batch.over, batch.asks = True, False
            self._give_up(batch)

    def _finish(self, batch: Model) -> None:
        """Get a batch to its end with a service that works; what is under way gets through in time."""
        for sent in [sent for sent in self.sent if sent.batch is batch]:
            self._create(sent)
            self.sent.remove(sent)
        if batch.run is not None:
            self._lapse(batch)
        while not batch.over:
            run = self.journal.batches.take(batch.id, next(self.names))
            assert run is not None
            batch.run, batch.asks = run, False
            self._look_before(batch, run)
            while batch.run is not None:
                while (call := run.claim()) is not None:
                    run.record_answer(call, self.service.create(batch, call))
                if run.lost_calls():
                    self._look(batch, run)
                else:
                    self._end(batch, run)
            if batch.asks:
                self.journal.batches.create_missing(self._seen(batch.id))


FENCED: Sequence[Callable[[Run], object]] = (
    lambda run: run.claim(),
    lambda run: run.settle([], 600),
    lambda run: run.park(LOST),
    lambda run: run.ask(LOST),
    lambda run: run.end(),
)
"""What a run may not do any more once its batch was taken over."""


def pick(those: Sequence[T], which: int) -> T:
    return those[which % len(those)]


def pressed(nonce: str, project: UUID, sizes: Sequence[tuple[int, int]]) -> NewBatch:
    form = RoomSettings()
    calls, first = [], 1
    for size, minutes in sizes:
        own = form.model_copy(update={"max_duration_minutes": minutes})
        calls.append(PlannedCall(own, tuple(range(first, first + size))))
        first += size
    return NewBatch(nonce, ACCOUNT, SERVICE, str(project), "Study", form, calls)


def test_no_history_duplicates_or_forgets_a_room(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    file = tmp_path / "journal.sqlite3"
    # One for all histories: opening it takes longer than a history does.
    journal = Journal(f"sqlite:///{file}", LEASE)

    class Emptied(Histories):
        def __init__(self) -> None:
            super().__init__(file, journal)

    # The same histories each time, so that no change fails for another's bug; `--examples` tries more.
    how = settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=2 * request.config.getoption("examples"),
        stateful_step_count=STEPS,
        suppress_health_check=list(HealthCheck),
        # Without the last phase, which explains a failure for minutes.
        phases=(Phase.generate, Phase.shrink),
    )
    with closing(journal):
        run_state_machine_as_test(Emptied, settings=how)
