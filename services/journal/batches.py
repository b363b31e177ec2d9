"""Batches: started, taken over, decided; what is read of them is in services.journal.batch_reads."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, insert, or_, select, update
from sqlalchemy.engine import Row

from services.aseed.errors import OutcomeUnknown
from services.aseed.models import InterviewRoomResponse
from services.journal.audit import note_deed
from services.journal.batch_reads import BatchReads
from services.journal.batch_search import searched
from services.journal.batch_writes import filled_places, finish, keep_labels, note, set_aside
from services.journal.calls import as_call, creators, existing_before, keep_rooms, unaccounted_rooms, unlisted
from services.journal.database import Clash
from services.journal.deeds import Deed
from services.journal.records import Batch, Call, CallState, Found, Labelled, NewBatch, Replacement, Retired, State
from services.journal.replacements import (
    failed_replacements,
    keep_retired,
    refuse_second,
    replacement_of,
    unretired,
)
from services.journal.rows import batch_columns, batch_of, call_columns, participant_columns, problem_text
from services.journal.run import Run
from services.journal.tables import batch_texts, batches, calls, events, overrides, participants, rooms
from services.journal.visibility import Visibility, visible
from services.participants import Participant
from services.people.acting import needs
from services.people.roles import Right
from services.texts.kept import Kept, kept
from services.texts.speech import N_

LEASE_SECONDS = 15.0
"""Seconds without a sign of life after which another process may take a batch over."""

ADOPTED = kept("adopted {count} rooms")
LEFT_ALONE = kept("left alone {count} rooms")
"""Why rooms are set aside that a person leaves alone: the batch goes on to tell of them."""

CANCELLED = kept("cancelled {count} rooms")
CREATE_PRESSED = kept("Create was pressed: {count} rooms")
REPLACE_PRESSED = kept("Replace was pressed: {count} rooms")
LOOKED_AGAIN = kept("looked again: {late} late rooms")
LOOKED_AGAIN_WITH_GAPS = kept("looked again: {late} late rooms, in a list with gaps")


class Busy(Exception):
    """Another batch of the project is not over yet: two at once could not be told apart."""

    def __init__(self, batch: Batch) -> None:
        super().__init__(f"batch {batch.id}")
        self.batch = batch


class Batches(BatchReads):
    """The journal's verbs for batches; each is one transaction, and may raise JournalError."""

    # Starting and taking up

    def start(self, new: NewBatch, runner: str) -> tuple[Batch, Run | None]:
        """Writes down a press of Create; with the run for the first caller, and None for the same press again.

        runner: a name that no other run ever has, not even one of the same process.

        Raises Busy while another batch of the project is not over, and AlreadyReplaced where a room that it is to
        replace has been replaced (services.journal.replacements).
        """
        try:
            return self._start(new, runner)
        except Clash:
            # On PostgreSQL two presses may pass the checks together; the indexes let one through. The other finds it
            # now, or nothing any more where it has ended since.
            return self._start(new, runner)

    def _start(self, new: NewBatch, runner: str) -> tuple[Batch, Run | None]:
        with self._database.writing() as db:
            if (known := self._known(db, new)) is not None:
                return known, None
            batch_id = self._insert(db, new, runner)
            refuse_second(db, new)
            pressed = REPLACE_PRESSED if new.replaces else CREATE_PRESSED
            note(db, batch_id, pressed(count=new.wanted), self._database)
            # Before a byte is sent: what cannot be noted is not created.
            deed = Deed.REPLACE if new.replaces else Deed.CREATE
            self._did(db, deed, batch_id, count=new.wanted, rooms=list(new.replaces))
            return self._one(db, batch_id), Run(self._database, batch_id, runner, self._lease)

    def take(self, batch_id: int, runner: str, *, going_on: bool = False) -> Run | None:
        """Takes over a batch that no engine runs; None where one runs it, or it is over.

        runner: as for `start`.
        going_on: whether a cancelled batch is to create its rooms after all.

        Calls that were being sent when its last runner vanished are lost from this moment on.
        """
        with self._database.writing() as db:
            idle = or_(batches.c.runner.is_(None), batches.c.runner_seen_at < self._database.now - self._lease)
            resumed = {"cancelling": False} if going_on else {}
            taken = db.execute(
                update(batches)
                .where(batches.c.id == batch_id, batches.c.ended_at.is_(None), idle)
                .values(
                    runner=runner,
                    runner_seen_at=self._database.now,
                    state=State.CREATING,
                    problem=None,
                    wait_until=None,
                    **resumed,
                )
            )
            if taken.rowcount == 0:
                return None
            why = OutcomeUnknown(N_("The dashboard stopped before Aseed answered."))
            db.execute(
                update(calls)
                .where(calls.c.batch_id == batch_id, calls.c.state == CallState.SENDING)
                .values(state=CallState.LOST, problem=problem_text(why))
            )
            if going_on:
                self._did(db, Deed.RESUME, batch_id)
            return Run(self._database, batch_id, runner, self._lease)

    # Deciding

    @needs(Right.CHANGE)
    def rename(self, batch_id: int, name: str) -> None:
        with self._database.writing() as db:
            its = update(batches).where(batches.c.id == batch_id).values(name=name)
            project = db.execute(its.returning(batches.c.project_name)).scalar()
            if project is not None:
                text = update(batch_texts).where(batch_texts.c.batch_id == batch_id)
                db.execute(text.values(folded=searched(name, project)))
                self._did(db, Deed.RENAME, batch_id)

    def cancel(self, batch_id: int) -> bool:
        """Creates no more rooms in this batch. True where that ends it; False while answers are still out.

        A question about lost answers counts as decided: their rooms are left alone.
        """
        with self._unresolved(batch_id) as (db, batch):
            if batch is None:
                return True
            is_over = self._cancel(db, batch_id, batch)
            self._did(db, Deed.CANCEL_BATCH, batch_id)
            return is_over

    def adopt(self, batch_id: int, found: Found) -> None:
        """Counts these rooms as the batch's own: a person has looked at them and decided so."""
        with self._database.writing() as db:
            for call, its in found:
                keep_rooms(db, call.id, its, self._database)
            self._decided(db, batch_id, ADOPTED, sum(len(its) for _, its in found))
            filled = filled_places(batch_id, batches.c.wanted).scalar_subquery()
            complete = and_(batches.c.id == batch_id, batches.c.state == State.SHORT, batches.c.wanted == filled)
            db.execute(update(batches).where(complete).values(state=State.DONE))
            self._did(db, Deed.ADOPT, batch_id, rooms=[room.id for _, its in found for room in its])

    def set_aside(self, batch_id: int, room_ids: Sequence[str], why: Kept) -> None:
        """Counts these rooms as another's, or as cancelled: no question is asked about them again."""
        with self._database.writing() as db:
            set_aside(db, batch_id, room_ids)
            if why is LEFT_ALONE:
                more = batches.c.left_alone + len(room_ids)
                db.execute(update(batches).where(batches.c.id == batch_id).values(left_alone=more))
            self._decided(db, batch_id, why, len(room_ids))
            if why is LEFT_ALONE:
                self._did(db, Deed.LEAVE, batch_id, rooms=list(room_ids))

    def record_labels(self, done: Labelled) -> None:
        """Writes down how rooms were labelled, also after the batch has ended."""
        with self._database.writing() as db:
            keep_labels(db, done)

    def unretired(self, batch_id: int) -> list[Replacement]:
        """Returns the rooms of a batch that replace others which have not been dealt with."""
        with self._database.reading() as db:
            return unretired(db, batch_id)

    def record_retired(self, batch_id: int, done: Retired) -> None:
        """Writes down what was done about old rooms, also after the batch has ended."""
        with self._database.writing() as db:
            keep_retired(db, batch_id, done, self._database)

    def replacement(self, service: str, room_id: str) -> tuple[str | None, int]:
        """Returns the id of the room that replaced this one, if any, and how many batches failed to replace it."""
        with self._database.reading() as db:
            return replacement_of(db, service, room_id), failed_replacements(db, service, room_id)

    def create_missing(self, asked: Batch) -> bool:
        """Lets what is missing be created again, once the batch is resumed: a person has decided so.

        asked: the batch as that person saw it. False where the question is another one by now.
        """
        with self._unresolved(asked.id) as (db, batch):
            turn = select(func.max(events.c.id)).where(events.c.batch_id == asked.id)
            if batch is None or batch.state != State.ASKING or db.execute(turn).scalar() != asked.turn:
                return False
            lost = and_(calls.c.batch_id == asked.id, calls.c.state == CallState.LOST)
            db.execute(update(calls).where(lost).values(state=CallState.PLANNED))
            note(db, asked.id, N_("what is missing is to be created again"), self._database)
            self._did(db, Deed.CREATE_MISSING, asked.id)
            return True

    def claim_look(self, batch_id: int, pause: float) -> bool:
        """Whether to look for late rooms now: true for the first caller, and for the next one after a pause."""
        with self._database.writing() as db:
            due = and_(batches.c.id == batch_id, batches.c.look_again_at <= self._database.now)
            later = self._database.now + pause
            return db.execute(update(batches).where(due).values(look_again_at=later)).rowcount == 1

    def record_late_rooms(self, batch_id: int, late: int, *, has_gaps: bool = False) -> None:
        """Writes down how many rooms may be a batch's own that are in no batch.

        has_gaps: whether the list that was looked at leaves rooms out, so that there may be more of them.
        """
        with self._database.writing() as db:
            news = {"look_again_at": None, "late_rooms": late, "has_gaps": has_gaps}
            db.execute(update(batches).where(batches.c.id == batch_id).values(news))
            looked = LOOKED_AGAIN_WITH_GAPS if has_gaps else LOOKED_AGAIN
            note(db, batch_id, looked(late=late), self._database)

    def calls(self, batch_id: int) -> list[Call]:
        """Returns the calls of a batch with the places that are still empty, those that wait for rooms first."""
        waits = case((calls.c.state == CallState.LOST, 0), (calls.c.state == CallState.LEFT, 1), else_=2)
        with self._database.reading() as db:
            found = db.execute(select(calls).where(calls.c.batch_id == batch_id).order_by(waits, calls.c.id))
            return [as_call(db, row) for row in found.all()]

    def unaccounted_rooms(self, batch_id: int, listed: Sequence[InterviewRoomResponse]) -> list[InterviewRoomResponse]:
        """Returns those of the listed rooms that did not exist before the batch and are not in the journal."""
        with self._database.reading() as db:
            return unaccounted_rooms(db, batch_id, listed, existing_before(db, batch_id) or frozenset())

    def unlisted(self, batch_id: int, listed: Sequence[InterviewRoomResponse]) -> list[str]:
        """Returns the ids of rooms that a list of the project should have and has not, in a fixed order."""
        with self._database.reading() as db:
            return unlisted(db, batch_id, listed, existing_before(db, batch_id) or frozenset())

    def existing_before(self, batch_id: int) -> frozenset[str]:
        """Returns the ids of the rooms that the project had before the first call, and of those set aside since."""
        with self._database.reading() as db:
            return existing_before(db, batch_id) or frozenset()

    def creators(self, batch_id: int) -> frozenset[str]:
        """Returns the names by which the service calls those who created rooms for this batch and its account."""
        with self._database.reading() as db:
            return creators(db, batch_id, None)

    # Inside

    def _cancel(self, db: Connection, batch_id: int, batch: Row[Any, Any]) -> bool:
        note(db, batch_id, N_("Cancel was pressed"), self._database)
        db.execute(update(batches).where(batches.c.id == batch_id).values(cancelling=True))
        open_calls = (CallState.SENDING, CallState.LOST)
        still = select(calls.c.id).where(calls.c.batch_id == batch_id, calls.c.state.in_(open_calls))
        if batch.runner is not None or (batch.state != State.ASKING and db.execute(still).first()):
            return False
        if unretired(db, batch_id):
            # The person who has the old room's link would be left with two: the old room is dealt with first.
            lost = and_(calls.c.batch_id == batch_id, calls.c.state == CallState.LOST)
            db.execute(update(calls).where(lost).values(state=CallState.LEFT))
            return False
        finish(db, batch_id, self._database)
        return True

    def _insert(self, db: Connection, new: NewBatch, runner: str) -> int:
        now = self._database.now
        made = db.execute(
            insert(batches)
            .values(**batch_columns(new), made_at=now, runner=runner, runner_seen_at=now)
            .returning(batches.c.id)
        )
        batch_id: int = made.scalar_one()
        db.execute(insert(batch_texts).values(batch_id=batch_id, folded=searched("", new.project_name)))
        db.execute(insert(calls), [{"batch_id": batch_id, **call_columns(call)} for call in new.calls])
        people = [
            {
                "batch_id": batch_id,
                "place": place,
                **participant_columns(person or Participant()),
                "replaces": old_id or "",
            }
            for place, (person, old_id) in enumerate(
                zip_longest(new.participants, new.replaces, fillvalue=None), start=1
            )
        ]
        changes = [
            {"batch_id": batch_id, "place": place, "change": change.model_dump_json(exclude_unset=True)}
            for place, change in enumerate(new.overrides, start=1)
            if change is not None
        ]
        for table, rows in ((participants, people), (overrides, changes)):
            if rows:
                db.execute(insert(table), rows)
        return batch_id

    def _known(self, db: Connection, new: NewBatch) -> Batch | None:
        """Returns the batch of this press, if there is one already. Raises Busy where another one is in its way."""
        unresolved = self._select.where(
            batches.c.service == new.service,
            batches.c.project_id == new.project_id,
            batches.c.ended_at.is_(None),
        )
        same = self._select.where(batches.c.account == new.account, batches.c.nonce == new.nonce)
        # In this order: the same press, written down between the two looks, would else be in its own way.
        other = db.execute(unresolved).first()
        if row := db.execute(same).first():
            return batch_of(row)
        if other:
            raise Busy(batch_of(other))
        return None

    @contextmanager
    def _unresolved(self, batch_id: int) -> Iterator[tuple[Connection, Row[Any, Any] | None]]:
        with self._database.writing() as db:
            here = and_(batches.c.id == batch_id, batches.c.ended_at.is_(None))
            wanted = select(batches.c.state, batches.c.runner).where(here)
            yield db, db.execute(wanted.with_for_update()).first()

    def _did(
        self, db: Connection, deed: Deed, batch_id: int, *, count: int | None = None, rooms: Sequence[str] = ()
    ) -> None:
        """Tells the audit what the person at work did with a batch; the last thing of a transaction."""
        project = db.execute(select(batches.c.project_id).where(batches.c.id == batch_id)).scalar()
        note_deed(db, self._database, deed, batch=batch_id, project=project, count=count, rooms=rooms)

    def _decided(self, db: Connection, batch_id: int, how: Kept, count: int) -> None:
        late = case((batches.c.late_rooms > count, batches.c.late_rooms - count), else_=0)
        db.execute(update(batches).where(batches.c.id == batch_id).values(late_rooms=late))
        note(db, batch_id, how(count=count), self._database)


def forget_batches(db: Connection, visibility: Visibility) -> None:
    """Deletes the batches that are visible, with all that belongs to them."""
    gone = select(batches.c.id).where(visible(visibility))
    for table in (rooms, calls, participants, overrides, events, batch_texts):
        db.execute(delete(table).where(table.c.batch_id.in_(gone)))
    db.execute(delete(batches).where(visible(visibility)))
