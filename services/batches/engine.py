"""The batches of this process: started, taken up again, cancelled, decided; shared by every session."""

import logging
import secrets
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from uuid import UUID

from services import events
from services.aseed.client import AseedClient
from services.aseed.errors import AseedError
from services.aseed.models import InterviewRoomResponse
from services.background import BackgroundRunner, patiently
from services.batches.completing import Completing, concerns_all
from services.batches.likeness import Difference, is_anothers, nearest, of_project
from services.batches.looking import has_gaps
from services.batches.one_link import Confirmed, confirm_links
from services.batches.pace import Pace
from services.batches.replace import Old, like_the_old
from services.batches.settling import assign_adopted
from services.batches.work import Work
from services.journal.batches import CANCELLED, LEFT_ALONE
from services.journal.database import JournalError
from services.journal.deeds import Deed
from services.journal.journal import Journal
from services.journal.records import Batch, LabelState, NewBatch
from services.journal.replacements import AlreadyReplaced
from services.journal.run import Run
from services.journal.visibility import Visibility
from services.people.acting import begun_by, key_at_work, needs
from services.people.roles import Right

log = logging.getLogger(__name__)

GRACE_SECONDS = 1.5
"""How long a shutdown waits for answers on their way. Later ones are found by looking, after the next start."""


SECONDS_BETWEEN_LOOKS = 60.0
"""After how many seconds a look for late rooms is tried again that came to nothing."""


class Engine:
    """Runs batches in threads of its own and keeps what came of them in the journal.

    beat: how often, in seconds, it tells other processes that it is alive; well under the journal's lease.
    """

    def __init__(self, journal: Journal, pace: Pace | None = None, beat: float = 3.0) -> None:
        self.journal = journal
        self._pace = pace or Pace()
        self._beat = beat
        self._runs: set[Run] = set()
        self._looks: list[tuple[float, str, Batch, AseedClient]] = []
        """Batches that are to be looked at again: when, by the monotonic clock, and the key of who began that."""
        self._confirmed: set[tuple[str, str]] = set()
        self._lock = threading.Lock()
        self._background = BackgroundRunner("batch")
        self._stop = self._background.stop
        self._background.start(self._beats, person="")

    @needs(Right.CREATE)
    def start(self, new: NewBatch, client: AseedClient) -> Batch:
        """Starts the batch of a press, or gives the one that was started already.

        Raises services.journal.batches.Busy while another one of the project is not over, and JournalError where it
        could not be written down: then nothing was sent. Raises ValueError for a project whose id is no UUID.
        """
        UUID(new.project_id)
        batch, run = self.journal.batches.start(new, secrets.token_hex(8))
        if run is not None:
            self._work(run, client, batch)
        return batch

    def replace(self, olds: Sequence[Old], project_name: str, expires_in_days: int, client: AseedClient) -> Batch:
        """Creates a room for each of these, like it and for its person; an old one is cancelled once its own is there.

        olds: of one project. However often and from wherever it is asked for, a room gets one replacement; one that
        came to nothing may be asked for again. Raises AlreadyReplaced (services.journal.replacements), NotReplaceable
        (services.batches.replace), and what `start` raises.
        """
        failures = []
        for room, _ in olds:
            there, failed = self.journal.batches.replacement(client.service, room.id)
            if there is not None:
                raise AlreadyReplaced(there)
            failures.append(failed)
        return self.start(like_the_old(olds, project_name, expires_in_days, client, failures), client)

    @needs(Right.CREATE)
    def resume(self, batch: Batch, client: AseedClient) -> bool:
        """Goes on with a batch that no process runs. False where one does, or it is over."""
        return self._take_up(batch, client, going_on=True)

    def _take_up(self, batch: Batch, client: AseedClient, *, going_on: bool) -> bool:
        run = self.journal.batches.take(batch.id, secrets.token_hex(8), going_on=going_on)
        if run is not None:
            self._work(run, client, batch)
        return run is not None

    @needs(Right.CREATE)
    def cancel(self, batch: Batch, client: AseedClient) -> None:
        """Creates no more rooms in this batch; what is on its way is still written down."""
        if not self.journal.batches.cancel(batch.id):
            self._take_up(batch, client, going_on=False)

    def in_question(self, batch: Batch, client: AseedClient) -> list[InterviewRoomResponse]:
        """The rooms in the project that are not accounted for and that may be this batch's. Raises AseedError."""
        unaccounted = self._unaccounted(batch, client.rooms(batch.project_id))
        at_work = self._at_work(batch)
        if at_work is not None and at_work.id != batch.id:
            # Rooms that may be on their way to another batch are its own to settle.
            before = self.journal.batches.existing_before(at_work.id)
            unaccounted = [room for room in unaccounted if room.id in before]
        return unaccounted

    def differences(self, batch: Batch, rooms: Sequence[InterviewRoomResponse]) -> dict[str, tuple[Difference, ...]]:
        """What each of the rooms carries otherwise than the batch asked for, by the room's id."""
        settings = list(dict.fromkeys(call.settings for call in self.journal.batches.calls(batch.id)))
        return {room.id: nearest(room, settings) for room in rooms}

    @needs(Right.CREATE)
    def adopt(self, batch: Batch, rooms: Sequence[InterviewRoomResponse]) -> None:
        """Counts these rooms as the batch's own."""
        self.journal.batches.adopt(batch.id, assign_adopted(self.journal.batches.calls(batch.id), list(rooms)))

    @needs(Right.CREATE)
    def leave(self, batch: Batch, rooms: Sequence[InterviewRoomResponse]) -> None:
        """Counts these rooms as another person's."""
        self.journal.batches.set_aside(batch.id, [room.id for room in rooms], LEFT_ALONE)

    @needs(Right.CREATE)
    def cancel_rooms(self, batch: Batch, rooms: Sequence[InterviewRoomResponse], client: AseedClient) -> None:
        """Cancels these rooms at the service, unless a person has decided about them meanwhile.

        A refusal of one room is raised after the others were tried. Raises AseedError; those that were cancelled by
        then stay so.
        """
        # Before it is done: an interview that is cancelled does not come back.
        ids = [room.id for room in rooms]
        self.journal.audit.note(Deed.CANCEL, batch=batch.id, project=batch.project_id, rooms=ids)
        refusal: AseedError | None = None
        for room in rooms:
            if not self.journal.batches.unaccounted_rooms(batch.id, [room]):
                continue
            try:
                client.cancel_room(room.id)
            except AseedError as error:
                if concerns_all(error):
                    raise
                refusal = refusal or error
            else:
                self.journal.batches.set_aside(batch.id, [room.id], CANCELLED)
        if refusal is not None:
            raise refusal

    def create_missing(self, batch: Batch, client: AseedClient) -> bool:
        """Creates again what is missing, after a person has looked. False where the question has changed."""
        return self.journal.batches.create_missing(batch) and self.resume(batch, client)

    def look_again(self, batch: Batch, client: AseedClient) -> None:
        """Looks for rooms of a batch that came into being after they had been given up."""
        self._background.start(lambda: self._look_again(batch, client))

    def look_again_if_due(self, batch: Batch, client: AseedClient) -> None:
        """The same when its time has come, and no process has just looked."""
        if batch.over and batch.is_to_look_again and self.journal.batches.claim_look(batch.id, SECONDS_BETWEEN_LOOKS):
            self.look_again(batch, client)

    @needs(Right.CHANGE)
    def label_again(self, batch: Batch, client: AseedClient) -> None:
        """Tries the labels once more that the service did not take, and the old rooms that it did not cancel.

        Raises JournalError: then nothing is tried.
        """
        self.journal.audit.note(Deed.LABEL_AGAIN, batch=batch.id, project=batch.project_id)
        self._background.start(lambda: self._label_again(batch, client))

    def confirm_links(self, room_ids: Sequence[str], client: AseedClient) -> Confirmed:
        """Asks for each of these rooms, and for those that have their links too, by its own call.

        Raises JournalError.
        """
        whose = Visibility(client.service, client.account)
        completing = Completing(client, self._pace, self._stop)
        return confirm_links(self.journal.links, whose, room_ids, completing.own_answers)

    def confirm_links_soon(self, room_ids: Iterable[str], client: AseedClient, *, again: bool = False) -> None:
        """The same in the background, once for each room as long as this process runs. again: even if it was before."""
        with self._lock:
            new = [room_id for room_id in room_ids if again or (client.service, room_id) not in self._confirmed]
            self._confirmed.update((client.service, room_id) for room_id in new)
        if new:
            self._background.start(lambda: self._confirm_links(new, client))

    def close(self) -> None:
        """Stop: no more calls; what has not answered within GRACE_SECONDS is settled after the next start."""
        self._background.close(GRACE_SECONDS)

    def _work(self, run: Run, client: AseedClient, batch: Batch) -> None:
        work = Work(run, client, batch.project_id, self._pace, self._stop)
        _tell("begun", batch)

        def to_the_end() -> None:
            try:
                work()
            finally:
                self._runs.discard(run)
                self._tell_rest(batch)
            if work.is_in_doubt:
                self._looks.append((time.monotonic() + self._pace.look_again, key_at_work(), batch, client))

        self._runs.add(run)
        if not self._background.start(to_the_end):
            self._runs.discard(run)
            run.release()

    def _tell_rest(self, batch: Batch) -> None:
        """Tells how a batch is once it is let go."""
        if not events.listeners:
            return
        whose = Visibility(batch.service, batch.account)
        # What the journal lacks then, it has told itself.
        with suppress(JournalError):
            if now := self.journal.batches.find(batch.id, whose):
                _tell("ended" if now.over else "interrupted" if now.interrupted else now.state, now)

    def _beats(self) -> None:
        while not self._stop.wait(self._beat):
            try:
                for run in tuple(self._runs):
                    run.beat()
            except JournalError as error:
                log.error("No sign of life could be given: %s", error)
            for look in [look for look in tuple(self._looks) if look[0] <= time.monotonic()]:
                self._looks.remove(look)
                _, key, batch, client = look
                with begun_by(key):
                    self.look_again(batch, client)

    def _at_work(self, batch: Batch) -> Batch | None:
        """The batch of the same project that is not over yet: this one, or another."""
        visibility = Visibility(batch.service, batch.account, frozenset({batch.project_id}))
        return self.journal.batches.unresolved(batch.service, batch.project_id, visibility)

    def _unaccounted(self, batch: Batch, listed: Sequence[InterviewRoomResponse]) -> list[InterviewRoomResponse]:
        """Those of the listed rooms that are in no batch, were not there before this one, and may be ours."""
        unaccounted = of_project(self.journal.batches.unaccounted_rooms(batch.id, listed), batch.project_id)
        if not batch.over:
            return unaccounted
        creators = self.journal.batches.creators(batch.id)
        return [room for room in unaccounted if not is_anothers(room, creators)]

    def _look_again(self, batch: Batch, client: AseedClient) -> None:
        try:
            listed = client.rooms(batch.project_id)
            if self._at_work(batch) is not None:
                # Rooms on their way would pass for late ones: the batch stays one to be looked at again.
                return
            late = self._unaccounted(batch, listed)
            gaps = has_gaps(client, self.journal.batches.unlisted(batch.id, listed))
            self.journal.batches.record_late_rooms(batch.id, len(late), has_gaps=gaps)
        except (AseedError, JournalError) as error:
            log.error("Batch %s could not be looked at again: %s", batch.id, error)

    def _confirm_links(self, room_ids: Sequence[str], client: AseedClient) -> None:
        try:
            self.confirm_links(room_ids, client)
        except JournalError as error:
            log.error("What rooms with one link answered could not be written down: %s", error)

    def _label_again(self, batch: Batch, client: AseedClient) -> None:
        completing = Completing(client, self._pace, self._stop)
        name = f"Batch {batch.id}"
        unset = (LabelState.FAILED, LabelState.WANTED)
        try:
            kept = patiently(lambda: self.journal.batches.rooms(batch.id), self._stop, name)
            unlabelled = [room for room in kept if room.label_state in unset]
            labelled, problem = completing.label(unlabelled)
            # What was not tried counts as failed too: then the page offers to try again.
            tried = {room.id for room, _ in labelled}
            labelled += [(room, None) for room in unlabelled if room.id not in tried]
            patiently(lambda: self.journal.batches.record_labels(labelled), self._stop, name)
            if problem is None:
                waiting = patiently(lambda: self.journal.batches.unretired(batch.id), self._stop, name)
                retired, problem = completing.retire(waiting)
                patiently(lambda: self.journal.batches.record_retired(batch.id, retired), self._stop, name)
            if problem is not None:
                log.error("Some labels of batch %s could not be set: %s", batch.id, problem)
        except JournalError as error:
            log.error("The labels of batch %s could not be set before the shutdown: %s", batch.id, error)


def _tell(what: str, batch: Batch) -> None:
    events.tell(
        f"batch.{what}",
        batch=batch.id,
        project=batch.project_id,
        state=batch.state,
        wanted=batch.wanted,
        rooms=batch.rooms,
        calls=batch.calls,
        unknown_outcomes=batch.lost,
        problem=type(batch.problem).__name__ if batch.problem else None,
    )
