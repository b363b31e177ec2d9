"""One batch at work, from its first call to its last label, in a thread that no page waits for.

Creating a room costs money and the API has no idempotency key, so:

1. Before a byte of a call leaves, the journal says that it is being sent, and what the project held before the batch.
2. Sent again by itself is only what certainly did nothing: never reached, or turned away for its rate.
3. Every other failure leaves the outcome unknown, and so does an answer that is another's. It is settled by looking:
   after a wait in which the service may still finish, the project is listed. Rooms that neither were there before nor
   are in the journal, and that carry exactly these settings or the service's forms of them, are the call's: as many as
   are missing are adopted; fewer, in two looks apart, are adopted and the rest is created. The researcher decides where
   there are more, where other new rooms have appeared, where they may be another's, and where the list fails or has
   gaps.
4. What an answer holds is recorded first, and nothing that was created is ever deleted here. An old room is cancelled
   only once its replacement is there and has its label, and only as long as no person has begun it.
5. Once anything has gone wrong, the project is looked at again after the batch: what may be ours and is in no batch is
   told.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from services.aseed.client import AseedClient
from services.aseed.errors import (
    AseedError,
    Failed,
    NotReached,
    OutcomeUnknown,
    Overdue,
    RateLimited,
    Refused,
    TokenRefused,
    TokensShort,
)
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse
from services.aseed.timing import sent_only_if
from services.background import in_parallel, patiently
from services.batches.completing import ROOMS_PER_RECORD, Completing
from services.batches.likeness import Forms, fitting, is_anothers, of_project
from services.batches.looking import listed_rooms, unaccounted_rooms
from services.batches.one_link import confirm_links
from services.batches.pace import Ask, Pace, Park, Stopped
from services.batches.settling import Signs, find_rooms
from services.journal.database import JournalError
from services.journal.records import Call, State
from services.journal.run import Lapsed, Run
from services.journal.visibility import Visibility
from services.pauses import Pauses
from services.texts.speech import N_

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

LOSSES_PER_CALL = 4
"""After how many lost answers one call is no longer sent again before a person has decided."""

REFUSALS_PER_CALL = 2
"""The same for a call that was refused last, after which rooms were looked for in vain."""

SHOWN_PAUSE = 1.0
"""The shortest pause that the page is told about, in seconds."""


@dataclass
class Work:
    """One run of a batch. stop: set when the process shuts down."""

    run: Run
    client: AseedClient
    project_id: str
    pace: Pace
    stop: threading.Event
    is_in_doubt: bool = False
    """Whether there may be rooms of ours that are in no batch, so that the project is to be looked at again."""
    _problem: AseedError | None = None
    _lost: int = 0
    _lost_at: float = field(default_factory=time.monotonic)
    _unreached: int = 0
    _refusals: dict[int, OutcomeUnknown] = field(default_factory=dict)
    """The last answers to calls that were refused, and may have created rooms all the same, by the call."""
    _creators: frozenset[str] = frozenset()
    """How the service names those who create rooms with this client's account; empty where that is not known."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._pauses: Pauses = self.pace.new_pauses()

    def __call__(self) -> None:
        """Goes on as far as possible; what stops it is written down, and the batch is released."""
        try:
            try:
                self._go()
            except Ask as question:
                self._doubt()
                self._record(self.run.ask, question.problem)
            except Park as parked:
                self._record(self.run.park, parked.problem)
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
        self._creators = self.run.creators(self.client.account)
        while True:
            self._create()
            if not (lost := self.run.lost_calls()):
                break
            self._settle(lost)
        self._complete()
        self._record(self.run.end)

    # Calls

    def _create(self) -> None:
        """Sends the planned calls, several at once, until none is left, many are lost, or something stands in the way.

        The rooms that are there by then are completed in any case, as long as the service listens.
        """
        self._problem, self._lost, self._unreached, self._pauses = None, 0, 0, self.pace.new_pauses()
        self.run.step(State.CREATING)
        in_parallel(self._calls, self.pace.calls_at_once)
        if self.stop.is_set():
            raise Stopped
        if self._problem is not None:
            if not isinstance(self._problem, TokenRefused | NotReached):
                # What stopped the calls is said first; what stops the labels is met again after it.
                with suppress(Park):
                    self._complete()
            raise Park(self._problem)

    def _calls(self) -> None:
        try:
            while call := self._next():
                self._send(call)
        except (Lapsed, JournalError) as error:
            self._problem = self._problem or Failed(error.kept if isinstance(error, JournalError) else "")

    def _next(self) -> Call | None:
        """The next call to send, once Aseed lets us; None where there is none, or something stands in the way."""
        while True:
            # Together with what sets a problem: a call that just failed must not be claimed by the next thread.
            with self._lock:
                if self.stop.is_set() or self._problem or self._lost >= self.pace.calls_at_once:
                    # Several lost answers mean a service in trouble: they are settled before more is sent.
                    return None
                wait = self._pauses.left
                if wait <= 0:
                    return self.run.claim(self.client.service_time)
            self.stop.wait(min(wait, 1))

    def _send(self, call: Call) -> None:
        request = CreateRoomsRequest.of(self.project_id, len(call.places), call.settings)
        try:
            with sent_only_if(lambda: self.run.may_send(call)):
                rooms = self.client.create_rooms(request)
        except OutcomeUnknown as error:
            self._record_answer(call, error.rooms, error)
        except Overdue:
            self._record(self.run.not_sent, call)
        except NotReached as error:
            self._note_unreached(error)
            self._record(self.run.not_sent, call)
        except RateLimited as error:
            self._turned_away(call, error)
        except (TokenRefused, TokensShort) as error:
            self._refused(call, error)
        except Refused as error:
            self._doubt()
            self._record(self.run.record_refusal, call, error)
        except AseedError as error:
            # Nothing else is promised, so nothing is certain.
            self._record_answer(call, (), OutcomeUnknown(error.kept))
        except Exception:
            log.exception("Something of ours broke while Aseed was answering.")
            self._record_answer(call, (), OutcomeUnknown(N_("Something of ours broke while Aseed was answering.")))
        else:
            self._record_answer(call, rooms)
            self._unreached = 0
            self._pauses.succeeded()

    def _refused(self, call: Call, error: TokenRefused | TokensShort) -> None:
        """A new token or more tokens would help; a token that may not do this will not."""
        if isinstance(error, TokenRefused) and error.status != 401:
            self._record(self.run.record_refusal, call, error)
            return
        with self._lock:
            self._problem = error
        self._record(self.run.not_sent, call)

    def _record_answer(
        self, call: Call, rooms: Sequence[InterviewRoomResponse], problem: OutcomeUnknown | None = None
    ) -> None:
        # An answer may be wrong and yet hold all its rooms, or look right and hold none: what is kept of it counts.
        ours = self._fitting(call, rooms)
        if len(ours) < len(rooms):
            problem = OutcomeUnknown(N_("Aseed answered with rooms that are not those that were asked for."))
        if problem and problem.status:
            self._refusals[call.id] = problem
        is_lost = self._record(self.run.record_answer, call, ours, problem)
        if problem or is_lost:
            self._doubt()
        if is_lost:
            with self._lock:
                self._lost += 1
                self._lost_at = time.monotonic()

    def _fitting(self, call: Call, rooms: Sequence[InterviewRoomResponse]) -> list[InterviewRoomResponse]:
        """Those of the rooms of an answer that can be the call's: in its project, with its settings, by its account."""
        creators = self._creators
        of_ours = (room for room in of_project(rooms, self.project_id) if not is_anothers(room, creators))
        ours = fitting(of_ours, call, self._forms)
        if ours and not creators:
            self._creators = frozenset(room.created_by for room in ours)
        return ours

    def _forms(self) -> Forms:
        return Forms(self._record(self.run.known_answers))

    def _doubt(self) -> None:
        """Has the project looked at again after the batch: rooms may be there that are in no batch."""
        self.is_in_doubt = True
        self._record(self.run.plan_look, self.pace.look_again)

    def _note_unreached(self, error: NotReached) -> None:
        with self._lock:
            self._unreached += 1
            if self._unreached > len(self.pace.pauses):
                self._problem = error
            else:
                self._pauses.hold(self.pace.pauses[self._unreached - 1])

    def _turned_away(self, call: Call, error: RateLimited) -> None:
        self._doubt()
        with self._lock:
            wait = self._pauses.note(error)
            if wait is None:
                self._problem = error
        # What became of the call comes first: a call that stays marked as being sent is looked for as lost.
        self._record(self.run.not_sent, call)
        if wait is not None and wait >= SHOWN_PAUSE and not self._problem:
            self._show(State.CREATING, wait)

    def _record(self, verb: Callable[P, R], *what: P.args, **more: P.kwargs) -> R:
        """Writes down what became of something, however long the journal fails: no one can ask for it again.

        After a restart a call counts as lost, and its rooms are found by looking.
        """
        return patiently(lambda: verb(*what, **more), self.stop, f"Batch {self.run.batch_id}")

    def _show(self, state: State, wait: float | None = None) -> None:
        """Tells the page what the batch is doing. Where the journal cannot be written, the page has an older state."""
        try:
            self.run.step(state, wait)
        except JournalError as error:
            log.error("Batch %s does not show that it is %s: %s", self.run.batch_id, state, error)

    # Lost answers

    def _settle(self, lost: list[Call]) -> None:
        """Waits until no lost call can still create rooms, then looks what became of them."""
        self._wait(self._lost_at + self.pace.unknown_wait - time.monotonic())
        self.is_in_doubt = True

        def look() -> list[InterviewRoomResponse]:
            return unaccounted_rooms(self.run, self.client, self.project_id, self._listed())

        signs = Signs(self._forms(), self._creators | self._record(self.run.creators))
        found = find_rooms(lost, look, lambda: self._wait(self.pace.second_look), signs)
        self._record(self.run.settle, [(call, found[call]) for call in lost], self.pace.look_again)
        for call in lost:
            refusal = self._refusals.pop(call.id, None)
            if len(found[call]) < len(call.places):
                self._give_up_on(call, refusal)

    def _give_up_on(self, call: Call, refusal: OutcomeUnknown | None) -> None:
        """Raises Park where a call was lost too often. refusal: the service's own words, where it refused it last."""
        if refusal and call.attempts >= REFUSALS_PER_CALL:
            raise Park(Failed(refusal.kept, refusal.status))
        if call.attempts >= LOSSES_PER_CALL:
            raise Park(Failed(N_("Aseed failed on the same rooms several times in a row.")))

    def _listed(self) -> list[InterviewRoomResponse]:
        listed = listed_rooms(self.client, self.project_id)
        # A room that is still to come may have the link of one of these.
        self.run.links.note_listed(self._whose, listed)
        return listed

    def _wait(self, seconds: float) -> None:
        self.run.step(State.WAITING, max(0.0, seconds))
        if self.stop.wait(max(0.0, seconds)):
            raise Stopped

    # Labels, and old rooms

    def _complete(self) -> None:
        """Gives the rooms that are there their labels, and then cancels those in whose place they came.

        Raises Park where the token is refused, the service is away or it turns us away; until it is known what became
        of an old room, the batch is not over.
        """
        completing = Completing(self.client, self.pace, self.stop)
        asked = self._confirm_links(completing, frozenset())
        while some := self.run.unlabelled(ROOMS_PER_RECORD):
            self._show(State.LABELLING)
            labelled, problem = completing.label(some)
            self._record(self.run.record_labels, labelled)
            self._go_on_unless(problem)
        # Before an old room is cancelled: the answer to a label may tell a link that another room has.
        self._confirm_links(completing, asked)
        if waiting := self.run.unretired():
            self._show(State.LABELLING)
            retired, problem = completing.retire(waiting)
            self._record(self.run.record_retired, retired)
            self._go_on_unless(problem)

    def _confirm_links(self, completing: Completing, asked: frozenset[str]) -> frozenset[str]:
        """Asks for each room whose link is in another one too; what stays so is the page's to say.

        asked: rooms that were asked for already.

        Returns those that have been by now.
        """
        if shared := self.run.links.shared(self.run.batch_id) - asked:
            self._show(State.LABELLING)
            self._record(confirm_links, self.run.links, self._whose, shared, completing.own_answers)
        return asked | shared

    @property
    def _whose(self) -> Visibility:
        return Visibility(self.client.service, self.client.account)

    def _go_on_unless(self, problem: AseedError | None) -> None:
        if self.stop.is_set():
            raise Stopped
        if problem is not None:
            raise Park(problem)
