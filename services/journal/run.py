"""A batch at work: the verbs of the one process that runs it; each is one transaction."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Float, bindparam, func, select, update
from sqlalchemy.engine import Row
from sqlalchemy.sql.dml import ReturningUpdate

from services.aseed.errors import AseedError
from services.aseed.models import InterviewRoomResponse
from services.journal.batch_reads import kept_rooms
from services.journal.batch_writes import finish, keep_labels, note, set_aside
from services.journal.calls import (
    as_call,
    change_call,
    creators,
    existing_before,
    keep_rooms,
    known_answers,
    unaccounted_rooms,
    unlisted,
)
from services.journal.database import Database, JournalError
from services.journal.links import Links
from services.journal.records import (
    Answer,
    Call,
    CallState,
    Found,
    KeptRoom,
    Labelled,
    LabelState,
    Replacement,
    Retired,
    State,
)
from services.journal.replacements import keep_retired, unretired
from services.journal.rows import kept_room_of, problem_text
from services.journal.tables import batches, calls, rooms
from services.texts.kept import kept

REFUSED = kept("refused: {why}")
LOOKED = kept("looked for lost rooms: {found} found, {missing} not there")
STILL_OPEN = kept("may still be open: {why}")
STOPPED = {State.PARKED: kept("parked: {why}"), State.ASKING: kept("asking: {why}")}

_HELD = (
    select(batches.c.cancelling)
    .where(batches.c.id == bindparam("batch"), batches.c.runner == bindparam("mine"), batches.c.ended_at.is_(None))
    .with_for_update()
)
_MAY_SEND = (
    select(calls.c.id)
    .join(batches, batches.c.id == calls.c.batch_id)
    .where(
        calls.c.id == bindparam("call"),
        calls.c.state == CallState.SENDING,
        calls.c.attempts == bindparam("attempts"),
        batches.c.runner == bindparam("mine"),
    )
)
"""Statements of every call, built once: building a statement costs more than running it."""


def _claim(now: ColumnElement[float]) -> ReturningUpdate[Any]:
    """Marks the next planned call as being sent. now: the database's clock."""
    planned = calls.c.batch_id == bindparam("batch"), calls.c.state == CallState.PLANNED
    following = select(calls.c.id).where(*planned).order_by(calls.c.id).limit(1).scalar_subquery()
    return (
        update(calls)
        .where(calls.c.id == following)
        .values(
            state=CallState.SENDING,
            attempts=calls.c.attempts + 1,
            claimed_at=now,
            sent_at=func.coalesce(calls.c.sent_at, bindparam("sent", type_=Float)),
        )
        .returning(calls)
    )


class Lapsed(Exception):
    """Another process has taken the batch over: this one must not touch it any more."""


class Run:
    """One batch in the hands of one process, from `Batches.start` or `Batches.take` until `release`.

    A verb that spends money or ends the batch raises Lapsed once another process has it. The answer to a call is
    written down in any case: nothing created is ever lost.

    lease: seconds without a sign of life after which another process may take the batch over.
    """

    def __init__(self, database: Database, batch_id: int, runner: str, lease: float) -> None:
        self.batch_id = batch_id
        self.links = Links(database)
        self._database = database
        self._runner = runner
        self._before: frozenset[str] | None = None
        self._claim = _claim(database.now)
        self._may_send = _MAY_SEND.where(calls.c.claimed_at > database.now - lease)

    # Before the first call

    def baseline(self) -> frozenset[str] | None:
        """The ids of the rooms that the project had before the first call; None while they are not listed."""
        if self._before is None:
            with self._database.reading() as db:
                # Kept: there may be 10,000 of them, and every answer is held against them.
                self._before = existing_before(db, self.batch_id)
        return self._before

    def keep_baseline(self, room_ids: Iterable[str]) -> None:
        with self._database.writing() as db:
            self._hold(db)
            set_aside(db, self.batch_id, room_ids)

    # Calls

    def claim(self, sent: datetime | None = None) -> Call | None:
        """Returns the next call, marked as being sent before a byte of it leaves; None where there is none to send.

        sent: now by the service's clock, where that is known.
        """
        moment = sent.timestamp() if sent else None
        with self._database.writing() as db:
            if self._hold(db).cancelling:
                return None
            row = db.execute(self._claim, {"batch": self.batch_id, "sent": moment}).first()
            return as_call(db, row) if row else None

    def may_send(self, call: Call) -> bool:
        """Whether a claimed call may still be sent: its claim is younger than the lease, by the database's clock.

        Asked right before the first byte: this process may have stood still since, and another have taken over. Not in
        turn: the answers to other calls may be written down meanwhile. False also where the journal cannot be read.
        """
        with suppress(JournalError), self._database.reading(in_turn=False) as db:
            its = {"call": call.id, "attempts": call.attempts, "mine": self._runner}
            return db.execute(self._may_send, its).first() is not None
        return False

    def not_sent(self, call: Call) -> None:
        """Writes down that a call certainly did nothing: it may be claimed again."""
        with self._database.writing() as db:
            change_call(db, call, CallState.SENDING, {"state": CallState.PLANNED})

    def record_answer(
        self, call: Call, answered: Sequence[InterviewRoomResponse], problem: AseedError | None = None
    ) -> bool:
        """Writes down the rooms that answered a call. Rooms that are known already count as none.

        problem: why the answer may be incomplete.

        Returns whether the call is lost: it still lacks rooms.
        """
        before = self.baseline() or frozenset()
        with self._database.writing() as db:
            new = [room for room in answered if room.id not in before]
            return keep_rooms(db, call.id, new, self._database, problem)

    def record_refusal(self, call: Call, problem: AseedError) -> None:
        """Writes down that the service refuses these settings: this call and all like it are over."""
        with self._database.writing() as db:
            over = {"state": CallState.REFUSED, "problem": problem_text(problem)}
            settings = select(calls.c.settings).where(calls.c.id == call.id).scalar_subquery()
            change_call(db, call, CallState.SENDING, over)
            db.execute(
                update(calls)
                .where(
                    calls.c.batch_id == self.batch_id,
                    calls.c.state == CallState.PLANNED,
                    calls.c.settings == settings,
                )
                .values(over)
            )
            self._note(db, REFUSED(why=problem.kept))

    # Lost answers

    def lost_calls(self) -> list[Call]:
        """Returns the calls whose rooms are not certain, oldest first, with the places that are still empty."""
        with self._database.reading() as db:
            found = db.execute(
                select(calls)
                .where(calls.c.batch_id == self.batch_id, calls.c.state == CallState.LOST)
                .order_by(calls.c.id)
            )
            return [as_call(db, row) for row in found.all()]

    def unaccounted_rooms(self, listed: Sequence[InterviewRoomResponse]) -> list[InterviewRoomResponse]:
        """Returns those of the listed rooms that did not exist before the batch and are not in the journal."""
        before = self.baseline() or frozenset()
        with self._database.reading() as db:
            return unaccounted_rooms(db, self.batch_id, listed, before)

    def unlisted(self, listed: Sequence[InterviewRoomResponse]) -> list[str]:
        """Returns the ids of rooms that a list of the project should have and has not, in a fixed order."""
        with self._database.reading() as db:
            return unlisted(db, self.batch_id, listed, self.baseline() or frozenset())

    def known_answers(self) -> list[Answer]:
        """Returns what the service has answered to its last calls, by any account: one room of each."""
        with self._database.reading() as db:
            return known_answers(db, self.batch_id)

    def creators(self, account: str | None = None) -> frozenset[str]:
        """Returns the names by which the service calls those who create rooms with an account.

        account: None for the one that began this batch; then the batch's own rooms count, too.
        """
        with self._database.reading() as db:
            return creators(db, self.batch_id, account)

    def settle(self, found: Found, look_again: float) -> None:
        """Adopts the rooms found for lost calls; what is missing was not created, and may be claimed again.

        look_again: in how many seconds to look once more for rooms that are in no batch.
        """
        with self._database.writing() as db:
            self._hold(db)
            missing = 0
            for call, its in found:
                keep_rooms(db, call.id, its, self._database)
                change_call(db, call, CallState.LOST, {"state": CallState.PLANNED})
                missing += len(call.places) - len(its)
            self._change(db, {"look_again_at": self._database.now + look_again})
            adopted = sum(len(its) for _, its in found)
            self._note(db, LOOKED(found=adopted, missing=missing))

    def plan_look(self, look_again: float) -> None:
        """Lets the project be looked at once more, in so many seconds: rooms may come that are in no batch."""
        with self._database.writing() as db:
            self._change(db, {"look_again_at": self._database.now + look_again})

    # Labels

    def unlabelled(self, count: int) -> list[KeptRoom]:
        """Rooms that still need the label of whom they are for."""
        with self._database.reading() as db:
            found = kept_rooms().where(rooms.c.label_state == LabelState.WANTED).limit(count)
            return [kept_room_of(row) for row in db.execute(found, {"of": self.batch_id})]

    def record_labels(self, done: Labelled) -> None:
        """Writes down how rooms were labelled."""
        with self._database.writing() as db:
            keep_labels(db, done)

    # Old rooms

    def unretired(self) -> list[Replacement]:
        """Returns the rooms that replace others which have not been dealt with."""
        with self._database.reading() as db:
            return unretired(db, self.batch_id)

    def record_retired(self, done: Retired) -> None:
        """Writes down what was done about old rooms."""
        with self._database.writing() as db:
            keep_retired(db, self.batch_id, done, self._database)

    # How far it is

    def step(self, state: State, wait: float | None = None) -> None:
        """Writes down what the batch is doing. wait: for how many seconds, where that is known."""
        with self._database.writing() as db:
            self._hold(db)
            until = None if wait is None else self._database.now + wait
            self._change(db, {"state": state, "wait_until": until})

    def park(self, problem: AseedError) -> None:
        """Stops until a person presses Resume. Where nothing exists yet the batch ends: Create can be pressed again.

        It also ends where it was cancelled and only old rooms are left that could not be dealt with.
        """
        with self._database.writing() as db:
            cancelling = self._hold(db).cancelling
            came = select(rooms.c.id).where(rooms.c.batch_id == self.batch_id).limit(1)
            under_way = calls.c.state.in_((CallState.SENDING, CallState.LOST))
            out = db.execute(select(calls.c.id).where(calls.c.batch_id == self.batch_id, under_way).limit(1)).first()
            if cancelling and not out and (standing := unretired(db, self.batch_id)):
                words = STILL_OPEN(why=problem.kept)
                keep_retired(db, self.batch_id, [(its, False, words) for its in standing], self._database)
                finish(db, self.batch_id, self._database, problem)
            elif out or db.execute(came).first():
                self._stop(db, State.PARKED, problem)
            else:
                finish(db, self.batch_id, self._database, problem)

    def ask(self, problem: AseedError) -> None:
        """Stops until a person has decided about the lost answers."""
        with self._database.writing() as db:
            self._hold(db)
            self._stop(db, State.ASKING, problem)

    def end(self) -> None:
        """The batch is over."""
        with self._database.writing() as db:
            self._hold(db)
            finish(db, self.batch_id, self._database)

    def beat(self) -> None:
        """Gives a sign of life, without which another process may take the batch over."""
        with self._database.writing() as db:
            mine = (batches.c.id == self.batch_id) & (batches.c.runner == self._runner)
            db.execute(update(batches).where(mine).values(runner_seen_at=self._database.now))

    def release(self) -> None:
        """Lets go of the batch, whatever its state: another process may take it at once."""
        with self._database.writing() as db:
            mine = (batches.c.id == self.batch_id) & (batches.c.runner == self._runner)
            db.execute(update(batches).where(mine).values(runner=None, runner_seen_at=None, wait_until=None))

    def _stop(self, db: Connection, state: State, problem: AseedError) -> None:
        self._change(db, {"state": state, "problem": problem_text(problem), "wait_until": None})
        self._note(db, STOPPED[state](why=problem.kept))

    def _hold(self, db: Connection) -> Row[tuple[bool]]:
        """Makes sure that the batch is still ours, and keeps it so until the transaction ends."""
        row = db.execute(_HELD, {"batch": self.batch_id, "mine": self._runner}).first()
        if row is None:
            raise Lapsed
        return row

    def _change(self, db: Connection, values: dict[str, object]) -> None:
        db.execute(update(batches).where(batches.c.id == self.batch_id).values(values))

    def _note(self, db: Connection, what: str) -> None:
        note(db, self.batch_id, what, self._database)
