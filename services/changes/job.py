"""Many rooms changed or cancelled at once, outside the page's script: begun, watched, stopped.

A change says how a room is to be, not by how much, so that the same job may be done again at any time. What was done
is written into the journal as it comes, also when the page is gone; the jobs themselves are kept in memory.
"""

import logging
import secrets
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from services import events
from services.aseed.client import AseedClient
from services.aseed.errors import AseedError, Failed, NotFound, RateLimited, Refused
from services.aseed.models import InterviewRoomResponse
from services.background import BackgroundRunner, in_parallel
from services.changes import words
from services.changes.apply import Unsure, apply, stops_all
from services.changes.deeds import deeds_of
from services.changes.task import Outcome, Result, Task
from services.journal.database import JournalError
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from services.pauses import Pauses
from services.people.acting import needs
from services.people.roles import Right

log = logging.getLogger(__name__)

JOBS_KEPT = 50
"""How many jobs are remembered; an older one that is over is forgotten."""

WRITE_EVERY = 1.0
"""After how many seconds at the latest what was done is written down, while more is being done."""

WRITE_TRIES = 5
"""How often a job that is over tries to write down what was done, with ever longer pauses."""

GRACE_SECONDS = 1.5
"""How long a shutdown waits for answers on their way."""

LONGEST_PAUSE = 60.0
"""The longest pause that the service may ask for and that a job waits out, in seconds."""

PAUSES_IN_A_ROW = 20
"""How often a job is turned away for its rate, without a success between, before it stops."""


@dataclass(frozen=True)
class Job:
    """A job as it stands. outcomes: those that are there, in the order of the tasks. over: nothing more will come."""

    id: str
    total: int
    outcomes: tuple[Outcome, ...]
    over: bool

    @property
    def succeeded(self) -> int:
        """How many rooms are as they were to be."""
        return sum(outcome.succeeded for outcome in self.outcomes)


class Changes:
    """The jobs of this process, shared by every session. at_once: how many rooms are worked on at the same time."""

    def __init__(self, journal: Journal, at_once: int = 4) -> None:
        self._journal = journal
        self._at_once = at_once
        # All jobs share it: the service counts calls, not jobs.
        self._turns = threading.BoundedSemaphore(at_once)
        self._jobs: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self._background = BackgroundRunner("changes")

    @needs(Right.CHANGE)
    def start(self, tasks: Sequence[Task], client: AseedClient, visibility: Visibility) -> str:
        """Begins a job; gives its id, which cannot be guessed. Raises JournalError: then nothing is changed.

        visibility: on whose behalf the journal is told.
        """
        for deed, its in deeds_of(tasks):
            projects = sorted({task.project_id for task in its})
            self._journal.audit.note(deed, projects=projects, rooms=[task.room_id for task in its])
        notes = _Notes(self._journal, visibility, self._background.stop)
        run = _Run(secrets.token_urlsafe(12), tuple(tasks), self._turns, notes)
        with self._lock:
            if self._background.stop.is_set():
                run.stop(words.SHUTDOWN)
            over = [name for name, known in self._jobs.items() if known.over]
            for name in over[: max(0, len(self._jobs) + 1 - JOBS_KEPT)]:
                del self._jobs[name]
            self._jobs[run.id] = run
        # A job's id opens it, and is not told.
        events.tell("changes.begun", rooms=len(run.tasks))
        threads = min(self._at_once, len(run.tasks))
        if not self._background.start(lambda: run.to_the_end(threads, client)):
            run.stop(words.NO_THREAD)
            run.end()
        return run.id

    def job(self, job_id: str) -> Job | None:
        """A job as it stands; None where it is not known (any more)."""
        with self._lock:
            run = self._jobs.get(job_id)
        return run.seen() if run else None

    @needs(Right.CHANGE)
    def stop(self, job_id: str) -> None:
        """Tries no more rooms of a job. What has begun is finished."""
        with self._lock:
            run = self._jobs.get(job_id)
        if run:
            run.stop(words.STOPPED)

    def close(self) -> None:
        """Stops every job; what has not answered within GRACE_SECONDS is not written down."""
        with self._lock:
            # Under the lock, so that a job that starts now is stopped here or sees that it is too late.
            self._background.stop.set()
            runs = list(self._jobs.values())
        for run in runs:
            run.stop(words.SHUTDOWN)
        self._background.close(GRACE_SECONDS)


class _Notes:
    """What was done, on its way into the journal: some rooms at a time."""

    def __init__(self, journal: Journal, visibility: Visibility, shutdown: threading.Event) -> None:
        self._records = journal.rooms
        self._links = journal.links
        self._told: list[InterviewRoomResponse] = []
        self._visibility = visibility
        self._shutdown = shutdown
        self._new: list[Outcome] = []
        self._written_at = time.monotonic()
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def add(self, outcome: Outcome) -> None:
        """Writes it down, together with what came meanwhile, unless that was done a moment ago."""
        if not outcome.succeeded:
            return
        with self._lock:
            self._new.append(outcome)
            due = time.monotonic() >= self._written_at + WRITE_EVERY
        if due:
            self._write()

    def see(self, room: InterviewRoomResponse) -> None:
        """Has the journal compare the link that the service told in its answer, with the next that is written down."""
        with self._lock:
            self._told.append(room)

    def write_all(self) -> None:
        """Writes down what is left, and tries again where the journal cannot be written just now."""
        for attempt in range(WRITE_TRIES):
            if self._write():
                return
            self._shutdown.wait(0.1 * 2**attempt)

    def _write(self) -> bool:
        with self._writing:
            with self._lock:
                some, self._new = self._new, []
                told, self._told = self._told, []
                self._written_at = time.monotonic()
            of_projects: defaultdict[str, list[Outcome]] = defaultdict(list)
            for outcome in some:
                of_projects[outcome.task.project_id].append(outcome)
            compared = self._compare(told)
            return all([compared, *(self._keep(project_id, its) for project_id, its in of_projects.items())])

    def _compare(self, told: list[InterviewRoomResponse]) -> bool:
        try:
            self._links.note_listed(self._visibility, told)
        except JournalError as error:
            log.error("The links of %s rooms could not be compared: %s", len(told), error)
            with self._lock:
                self._told = told + self._told
            return False
        return True

    def _keep(self, project_id: str, some: list[Outcome]) -> bool:
        whom = {outcome.task.room_id: outcome.task.person for outcome in some if outcome.task.person is not None}
        lines = [(outcome.task.room_id, outcome.task.what) for outcome in some if outcome.result == Result.DONE]
        try:
            # The first may be written twice, the second may not.
            self._records.relabel(self._visibility, project_id, whom)
            self._records.note_rooms(self._visibility, project_id, lines)
        except JournalError as error:
            log.error("What was done to %s rooms could not be written down: %s", len(some), error)
            with self._lock:
                self._new = some + self._new
            return False
        return True


@dataclass
class _Run:
    """One job at work, and what came of it afterwards. It does not hold the client, because it is kept longer."""

    id: str
    tasks: tuple[Task, ...]
    turns: threading.BoundedSemaphore
    notes: _Notes
    over: bool = False
    _outcomes: dict[int, Outcome] = field(default_factory=dict)
    _next: int = 0
    _stopped: str = ""
    _halted: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pauses: Pauses = field(default_factory=lambda: Pauses(LONGEST_PAUSE, PAUSES_IN_A_ROW))

    def stop(self, why: str) -> None:
        with self._lock:
            self._stopped = self._stopped or why
        self._halted.set()

    def seen(self) -> Job:
        with self._lock:
            outcomes = tuple(outcome for _, outcome in sorted(self._outcomes.items()))
            return Job(self.id, len(self.tasks), outcomes, self.over)

    def to_the_end(self, threads: int, client: AseedClient) -> None:
        try:
            in_parallel(lambda: self._one_after_the_other(client), threads)
        finally:
            try:
                self.notes.write_all()
            finally:
                self.end()

    def _one_after_the_other(self, client: AseedClient) -> None:
        while (number := self._claim()) is not None:
            outcome = self._outcome(self.tasks[number], client)
            with self._lock:
                self._outcomes[number] = outcome
            self.notes.add(outcome)

    def _claim(self) -> int | None:
        with self._lock:
            if self._stopped or self._next == len(self.tasks):
                return None
            self._next += 1
            return self._next - 1

    def end(self) -> None:
        with self._lock:
            why = self._stopped or words.BROKEN
            for number, task in enumerate(self.tasks):
                self._outcomes.setdefault(number, Outcome(task, Result.NOT_TRIED, why))
            self.over = True
            results = Counter(outcome.result.name.lower() for outcome in self._outcomes.values())
        events.tell("changes.ended", rooms=len(self.tasks), **results)

    def _outcome(self, task: Task, client: AseedClient) -> Outcome:
        """What becomes of a task, after the pauses that the service asks for."""
        uncertain = False
        while True:
            self._pauses.wait(self._halted)
            with self.turns:
                # Others may have had the turns for long.
                if self._stopped:
                    return Outcome(
                        task, *((Result.UNCERTAIN, words.AGAIN) if uncertain else (Result.NOT_TRIED, self._stopped))
                    )
                try:
                    outcome = self._tried(task, client)
                except Unsure as unsure:
                    uncertain = True
                    if not self._waits(unsure.error):
                        self._failed(task, unsure.error)
                except RateLimited as error:
                    if not self._waits(error):
                        return self._failed(task, error)
                else:
                    self._pauses.succeeded()
                    return outcome

    def _waits(self, error: AseedError) -> bool:
        """Whether this is a pause that the service asks for and that is waited out."""
        return isinstance(error, RateLimited) and self._pauses.note(error) is not None

    def _tried(self, task: Task, client: AseedClient) -> Outcome:
        """What becomes of a task in one attempt. Raises Unsure, and RateLimited where nothing was done."""
        try:
            result, why, room = apply(task, client)
            if room:
                self.notes.see(room)
            return Outcome(task, result, why)
        except (Unsure, RateLimited):
            raise
        except AseedError as error:
            return self._failed(task, error)
        except Exception as error:
            # Its text may hold anything.
            log.error("A room could not be changed (%s).", type(error).__name__)
            return Outcome(task, Result.UNCERTAIN, words.BROKEN_IN_ROOM)

    def _failed(self, task: Task, error: AseedError) -> Outcome:
        if (why := stops_all(error)) is not None:
            self.stop(why)
            return Outcome(task, Result.NOT_TRIED, why)
        if isinstance(error, NotFound):
            return Outcome(task, Result.REFUSED, words.GONE)
        if isinstance(error, Refused):
            return Outcome(task, Result.REFUSED, error.detail or error.kept)
        why = words.FAILED_THEN_AGAIN(why=error.kept) if isinstance(error, Failed) else words.AGAIN
        return Outcome(task, Result.UNCERTAIN, why)
