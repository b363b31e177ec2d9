"""One batch at work, from its first call to its last label, in a thread that no page waits for.

Creating a room costs money and the API has no idempotency key, so:

1. Before a byte of a call leaves, the journal says that it is being sent, and what the project held before the batch.
2. Sent again by itself is only what certainly did nothing: never reached, or turned away for its rate.
3. Every other failure leaves the outcome unknown. It is settled by looking: after a wait in which the service may still
   finish, the project is listed. Rooms that neither were there before nor are in the journal, and that carry exactly
   these settings, are the call's: as many as are missing are adopted; fewer, in two looks apart, are adopted and the
   rest is created; more, or a list that fails, or rooms that only might be ours, are for the researcher to decide.
4. Whatever an answer holds is written down first, and of what was created nothing is ever deleted here. Only where a
   room has come in another one's place, and has its label, is the old one cancelled, unless somebody has begun it.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from services.aseed.client import AseedClient
from services.aseed.errors import (
    AseedError,
    Failed,
    NotReached,
    OutcomeUnknown,
    RateLimited,
    Refused,
    TokenRefused,
    TokensShort,
)
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse, UpdateRoomRequest
from services.batches.likeness import could_be, is_like
from services.batches.replace import retire
from services.journal.database import JournalError
from services.journal.records import Call, KeptRoom, State
from services.journal.run import Lapsed, Run
from services.threads import in_parallel

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

LOOKS = 6
"""How often the project is listed at the most until two looks in a row agree."""

MANY_ATTEMPTS = 4
"""After how many lost answers one call is no longer sent again without a person."""

TURNED_AWAY = 5
"""How often in a row the service may turn us away for our rate before the batch is parked."""

LABELS_AT_ONCE = 100
"""How many labels are written down together."""


@dataclass(frozen=True)
class Pace:
    """How fast and how patient a batch is. All times in seconds.

    unknown_wait: how long a lost call may still create rooms: our longest wait for an answer (60 s), the service's own
    and the lag of its list. second_look: between two looks. look_again: when to look for rooms that came too late.
    pauses: before what did not reach the service is sent again. longest_wait: of a Retry-After.
    """

    calls_at_once: int = 4
    unknown_wait: float = 120
    second_look: float = 10
    look_again: float = 600
    pauses: tuple[float, ...] = (0.5, 1, 2)
    longest_wait: float = 60


class Park(Exception):
    """The batch cannot go on before something has changed."""

    def __init__(self, problem: AseedError) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Ask(Park):
    """The batch cannot go on before a person has decided."""


class Stopped(Exception):
    """The process is shutting down."""


@dataclass
class Work:
    """One run of a batch. stop: set when the process shuts down."""

    run: Run
    client: AseedClient
    project_id: str
    pace: Pace
    stop: threading.Event
    gave_up: bool = False
    """Whether rooms were created anew in place of some that were looked for in vain."""
    _problem: AseedError | None = None
    _lost: int = 0
    _lost_at: float = field(default_factory=time.monotonic)
    _unreached: int = 0
    _turned_away: int = 0
    _not_before: float = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> None:
        """Go on as far as possible; what stops it is written down, and the batch let go."""
        try:
            try:
                self._go()
            except Ask as question:
                self.run.ask(question.problem)
            except Park as parked:
                self.run.park(parked.problem)
            except Stopped:
                pass
            self.run.release()
        except Lapsed:
            log.info("Batch %s has been taken over.", self.run.batch_id)
        except JournalError as error:
            log.error("Batch %s stops: %s", self.run.batch_id, error)

    def _go(self) -> None:
        if self.run.baseline() is None:
            self.run.keep_baseline(room.id for room in self._listed())
        while True:
            self._create()
            if not (lost := self.run.lost_calls()):
                break
            self._settle(lost)
        self._complete()
        self.run.end()

    # Calls

    def _create(self) -> None:
        """Send the planned calls, several at once, until none is left, many are lost, or something stands in the way.

        The rooms that are there by then are completed in any case, as long as the service listens.
        """
        self._problem, self._lost, self._unreached, self._turned_away = None, 0, 0, 0
        self.run.step(State.CREATING)
        in_parallel(self._calls, self.pace.calls_at_once)
        if self.stop.is_set():
            raise Stopped
        if self._problem is not None:
            if not isinstance(self._problem, TokenRefused | NotReached):
                self._complete()
            raise Park(self._problem)

    def _calls(self) -> None:
        try:
            while call := self._next():
                self._send(call)
        except (Lapsed, JournalError) as error:
            self._problem = self._problem or Failed(str(error))

    def _next(self) -> Call | None:
        """The next call to send, once Aseed lets us; None where there is none, or something stands in the way."""
        while True:
            # Together with what sets a problem: a call that just failed must not be claimed by the next thread.
            with self._lock:
                if self.stop.is_set() or self._problem or self._lost >= self.pace.calls_at_once:
                    # Several lost answers mean a service in trouble: they are settled before more is sent.
                    return None
                wait = self._not_before - time.monotonic()
                if wait <= 0:
                    return self.run.claim()
            self.stop.wait(min(wait, 1))

    def _send(self, call: Call) -> None:
        try:
            rooms = self.client.create_rooms(call.request)
        except OutcomeUnknown as error:
            self._came(call, error.rooms, error)
        except NotReached as error:
            self._note_unreached(error)
            self._write(self.run.not_sent, call)
        except RateLimited as error:
            self._note_turned_away(error)
            self._write(self.run.not_sent, call)
        except (TokenRefused, TokensShort) as error:
            self._refused(call, error)
        except Refused as error:
            self._write(self.run.record_refusal, call, error)
        except AseedError as error:
            # Nothing else is promised, so nothing is certain.
            self._came(call, (), OutcomeUnknown(str(error)))
        except Exception:
            log.exception("Something of ours broke while Aseed was answering.")
            self._came(call, (), OutcomeUnknown("Something of ours broke while Aseed was answering."))
        else:
            self._came(call, rooms)
            self._unreached = self._turned_away = 0

    def _refused(self, call: Call, error: TokenRefused | TokensShort) -> None:
        """A new token or more tokens would help; a token that may not do this will not."""
        if isinstance(error, TokenRefused) and error.status != 401:
            self._write(self.run.record_refusal, call, error)
            return
        with self._lock:
            self._problem = error
        self._write(self.run.not_sent, call)

    def _came(self, call: Call, rooms: Sequence[InterviewRoomResponse], problem: OutcomeUnknown | None = None) -> None:
        # An answer may be wrong and yet hold all its rooms, or look right and hold none: what is kept of it counts.
        if self._write(self.run.record_answer, call, rooms, problem):
            with self._lock:
                self._lost += 1
                self._lost_at = time.monotonic()

    def _note_unreached(self, error: NotReached) -> None:
        with self._lock:
            self._unreached += 1
            if self._unreached > len(self.pace.pauses):
                self._problem = error
            else:
                self._not_before = max(self._not_before, time.monotonic() + self.pace.pauses[self._unreached - 1])

    def _note_turned_away(self, error: RateLimited) -> None:
        wait = 1.0 if error.retry_after is None else error.retry_after
        with self._lock:
            self._turned_away += 1
            self._not_before = max(self._not_before, time.monotonic() + wait)
            if self._turned_away > TURNED_AWAY * self.pace.calls_at_once or wait > self.pace.longest_wait:
                self._problem = error
        if wait >= 1 and not self._problem:
            self.run.step(State.CREATING, wait)

    def _write(self, verb: Callable[P, R], *what: P.args, **more: P.kwargs) -> R:
        """Write down what came of a call, however long the journal is locked or its disk full: nobody can ask again.

        After a restart the call counts as lost, and its rooms are found by looking.
        """
        pause = 0.1
        while True:
            try:
                return verb(*what, **more)
            except JournalError as error:
                log.error("Batch %s cannot be written down, and is tried again: %s", self.run.batch_id, error)
                if self.stop.wait(pause):
                    raise
                pause = min(2 * pause, 5)

    # Lost answers

    def _settle(self, lost: list[Call]) -> None:
        """Wait until no lost call can still create rooms, then look what became of them."""
        self._wait(self._lost_at + self.pace.unknown_wait - time.monotonic())
        found = self._look(lost)
        for _ in range(LOOKS):
            if not _missing(lost, found):
                break
            self._wait(self.pace.second_look)
            before, found = found, self._look(lost)
            if _ids(before) == _ids(found):
                break
        else:
            raise Ask(OutcomeUnknown("The project's rooms change each time they are listed."))
        self.gave_up = self.gave_up or bool(_missing(lost, found))
        self.run.settle([(call, found[call]) for call in lost], self.pace.look_again)
        if any(call.attempts >= MANY_ATTEMPTS for call in lost if len(found[call]) < len(call.places)):
            raise Park(Failed("Aseed failed on the same rooms several times in a row."))

    def _look(self, lost: list[Call]) -> dict[Call, list[InterviewRoomResponse]]:
        """The rooms in the project that are the lost calls' own. Raises Ask where that cannot be known."""
        try:
            listed = self._listed()
        except Park as parked:
            if isinstance(parked.problem, TokenRefused | NotReached):
                raise
            raise Ask(parked.problem) from None
        strangers = self.run.unaccounted_rooms(listed)
        # What is exactly like one lost call is not nearly like another.
        unlike = [room for room in strangers if not any(is_like(room, call.settings) for call in lost)]
        found: dict[Call, list[InterviewRoomResponse]] = {}
        for settings in dict.fromkeys(call.settings for call in lost):
            calls = [call for call in lost if call.settings == settings]
            found |= _shared_out(calls, settings, strangers, unlike)
        return found

    def _listed(self) -> list[InterviewRoomResponse]:
        try:
            return self.client.rooms(self.project_id)
        except AseedError as error:
            raise Park(error) from None

    def _wait(self, seconds: float) -> None:
        self.run.step(State.WAITING, max(0.0, seconds))
        if self.stop.wait(max(0.0, seconds)):
            raise Stopped

    # Labels, and old rooms

    def _complete(self) -> None:
        """Give the rooms that are there their labels, and then cancel those in whose place they came."""
        self._label()
        self._retire()

    def _label(self) -> None:
        """Give every room for a participant its label. One that will not take it does not hold the batch up."""
        while some := self.run.unlabelled(LABELS_AT_ONCE):
            self.run.step(State.LABELLING)
            self.run.record_labels(label(some, self.client, self.pace.calls_at_once, self.stop))
            if self.stop.is_set():
                raise Stopped

    def _retire(self) -> None:
        """Cancel every old room that nobody has begun. Until it is known what became of one, the batch is not over."""
        if not (waiting := self.run.unretired()):
            return
        self.run.step(State.LABELLING)
        done, problem = retire(waiting, self.client, self.pace.calls_at_once, self.stop)
        self.run.record_retired(done)
        if self.stop.is_set():
            raise Stopped
        if problem is not None:
            raise Park(problem)


def label(
    rooms: list[KeptRoom], client: AseedClient, at_once: int, stop: threading.Event
) -> list[tuple[KeptRoom, InterviewRoomResponse | None]]:
    """Give the rooms their labels and what else they are to have, several at once.

    With each the room as it then is, or None where it failed.

    Raises Park where none can be: the token is refused, or the service not reached.
    """
    left = list(reversed(rooms))
    done: list[tuple[KeptRoom, InterviewRoomResponse | None]] = []
    problems: list[AseedError] = []

    def rename() -> None:
        while not stop.is_set() and not problems:
            try:
                kept = left.pop()
            except IndexError:
                return
            try:
                room = client.update_room(kept.room.id, _change(kept))
            except (TokenRefused, NotReached) as error:
                problems.append(error)
            except AseedError:
                done.append((kept, None))
            else:
                done.append((kept, room))

    in_parallel(rename, at_once)
    if problems and not done:
        raise Park(problems[0])
    return done


def _change(kept: KeptRoom) -> UpdateRoomRequest:
    """What makes a room the one that it was created to be."""
    label = kept.participant.label if kept.participant else ""
    named = {"display_name": label} if label else {}
    return (kept.overrides or UpdateRoomRequest()).model_copy(update=named)


def _shared_out(
    calls: list[Call],
    settings: CreateRoomsRequest,
    strangers: list[InterviewRoomResponse],
    unlike: list[InterviewRoomResponse],
) -> dict[Call, list[InterviewRoomResponse]]:
    """Which strangers belong to these calls, all of the same settings. Raises Ask where nobody can know.

    unlike: the strangers that are not exactly like any lost call.
    """
    ours = sorted((room for room in strangers if is_like(room, settings)), key=lambda room: (room.created_at, room.id))
    missing = sum(len(call.places) for call in calls)
    if len(ours) > missing:
        raise Ask(OutcomeUnknown(f"{missing} rooms are missing, and {len(ours)} new ones could be them."))
    if len(ours) < missing and any(could_be(room, settings) for room in unlike):
        raise Ask(OutcomeUnknown(f"{missing} rooms are missing, and some new ones are nearly like them."))
    shared: dict[Call, list[InterviewRoomResponse]] = {}
    for call in calls:
        shared[call], ours = ours[: len(call.places)], ours[len(call.places) :]
    return shared


def _missing(lost: list[Call], found: dict[Call, list[InterviewRoomResponse]]) -> int:
    return sum(len(call.places) - len(found[call]) for call in lost)


def _ids(found: dict[Call, list[InterviewRoomResponse]]) -> set[str]:
    return {room.id for rooms in found.values() for room in rooms}
