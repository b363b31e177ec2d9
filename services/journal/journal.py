"""The journal's face: batches are started, found, taken up, decided, renamed; presets are kept."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.engine import Row

from services.aseed.errors import AseedError, OutcomeUnknown, as_record, from_record
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse, UpdateRoomRequest
from services.journal.database import Clash, Database
from services.journal.following import Following, forget_following
from services.journal.hand_outs import HandOuts, forget_hand_outs
from services.journal.packs import Packs
from services.journal.records import (
    Batch,
    Call,
    CallState,
    Event,
    KeptRoom,
    LabelState,
    NewBatch,
    Preset,
    Replacement,
    State,
    moment,
)
from services.journal.replacing import (
    Retired,
    failed_replacements,
    keep_retired,
    refuse_second,
    replacement_of,
    unretired,
)
from services.journal.run import (
    Found,
    Labelled,
    Run,
    as_call,
    filled_places,
    finish,
    keep_labels,
    keep_rooms,
    kept_room,
    kept_rooms,
    note,
    set_aside,
)
from services.journal.stations import Stations
from services.journal.tables import batches, calls, events, participants, presets, rooms
from services.journal.visibility import Visibility, visible
from services.participants import Participant

__all__ = ["LEASE_SECONDS", "Busy", "Journal", "Visibility"]

LEASE_SECONDS = 15.0
"""After how long without a sign of life another process may take a batch over."""


class Busy(Exception):
    """Another batch of the project is not over yet, and two at once could not be told apart."""

    def __init__(self, batch: Batch) -> None:
        super().__init__("another batch of this project is not over yet")
        self.batch = batch


class Journal:
    """Batches, calls, rooms and their links, whom they are for, and the audit trail.

    Shared by every session and every process on one database. lease: as LEASE_SECONDS.
    following: the verbs for single rooms. hand_outs, packs, stations: those for giving links in person.
    """

    def __init__(self, url: str, lease: float = LEASE_SECONDS) -> None:
        self._database = Database(url)
        self._lease = lease
        self.following = Following(self._database)
        self.hand_outs = HandOuts(self._database)
        self.packs = Packs(self._database)
        self.stations = Stations(self._database)

    def close(self) -> None:
        self._database.close()

    # Starting and taking up

    def start(self, new: NewBatch, runner: str) -> tuple[Batch, Run | None]:
        """Write down a press of Create; with the run for whoever pressed first, and None for the same press again.

        runner: a name for this run that no other ever has, not even of the same process, so that each knows its own.
        Raises Busy while another batch of the project is not over, and AlreadyReplaced where a room that it is to
        replace has been replaced (services.journal.replacing).
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
            button = "Replace" if new.replaces else "Create"
            note(db, batch_id, f"{button} was pressed: {new.wanted} rooms", self._database)
            return self._one(db, batch_id), Run(self._database, batch_id, runner)

    def take(self, batch_id: int, runner: str, *, going_on: bool = False) -> Run | None:
        """Take up a batch that nobody runs; None where somebody does, or it is over. runner: as for `start`.

        going_on: whether somebody wants its rooms after all, should it have been cancelled before.

        Calls that were being sent when its last runner vanished are lost from this moment on.
        """
        with self._database.writing() as db:
            idle = or_(batches.c.runner.is_(None), batches.c.runner_seen_at < self._database.now - self._lease)
            anew = {"cancelling": False} if going_on else {}
            taken = db.execute(
                update(batches)
                .where(batches.c.id == batch_id, batches.c.ended_at.is_(None), idle)
                .values(
                    runner=runner,
                    runner_seen_at=self._database.now,
                    state=State.CREATING,
                    problem=None,
                    wait_until=None,
                    **anew,
                )
            )
            if taken.rowcount == 0:
                return None
            why = OutcomeUnknown("The dashboard stopped before Aseed answered.")
            db.execute(
                update(calls)
                .where(calls.c.batch_id == batch_id, calls.c.state == CallState.SENDING)
                .values(state=CallState.LOST, problem=json.dumps(as_record(why)))
            )
            return Run(self._database, batch_id, runner)

    # Looking

    def batch(self, batch_id: int, visibility: Visibility) -> Batch | None:
        return self._first(and_(batches.c.id == batch_id, visible(visibility)))

    def pressed(self, nonce: str, visibility: Visibility) -> Batch | None:
        """The batch of a press."""
        return self._first(and_(batches.c.nonce == nonce, visible(visibility)))

    def was_pressed(self, nonce: str) -> bool:
        """Whether there is a batch of this press, in whichever account; which one is not told."""
        with self._database.reading() as db:
            return db.execute(select(batches.c.id).where(batches.c.nonce == nonce)).first() is not None

    def unresolved(self, service: str, project_id: str, visibility: Visibility) -> Batch | None:
        """The batch that keeps others of its project waiting."""
        its = and_(batches.c.service == service, batches.c.project_id == project_id, batches.c.ended_at.is_(None))
        # Mostly there is none, and counting takes longer than looking.
        with self._database.reading() as db:
            found = db.execute(select(batches.c.id).where(its)).scalar()
        return None if found is None else self.batch(found, visibility)

    def batches(self, visibility: Visibility, count: int, skip: int = 0) -> list[Batch]:
        """Batches, newest first."""
        with self._database.reading() as db:
            found = self._select.where(visible(visibility)).order_by(batches.c.id.desc()).limit(count).offset(skip)
            return [_batch(row) for row in db.execute(found)]

    def count(self, visibility: Visibility) -> int:
        """How many batches there are to see."""
        with self._database.reading() as db:
            return db.execute(select(func.count()).select_from(batches).where(visible(visibility))).scalar_one()

    def rooms(self, batch_id: int, count: int | None = None, skip: int = 0) -> list[KeptRoom]:
        """The rooms of a batch with whom they are for, in the order of their places."""
        with self._database.reading() as db:
            return [kept_room(row) for row in db.execute(kept_rooms().limit(count).offset(skip), {"of": batch_id})]

    def links(self, batch_id: int) -> list[str]:
        """Every URL of a batch as the service gave it, in order."""
        with self._database.reading() as db:
            found = select(rooms.c.link).where(rooms.c.batch_id == batch_id).order_by(rooms.c.place)
            return list(db.execute(found).scalars())

    def events(self, batch_id: int) -> list[Event]:
        """The audit trail of a batch, oldest first."""
        with self._database.reading() as db:
            found = select(events.c.at, events.c.what).where(events.c.batch_id == batch_id).order_by(events.c.id)
            return [Event(moment(at), what) for at, what in db.execute(found)]

    def without_room(self, batch_id: int) -> list[tuple[int, str]]:
        """The places that are for somebody who has no room, with how they are known."""
        taken = select(rooms.c.place).where(rooms.c.batch_id == batch_id)
        found = (
            select(participants)
            .where(participants.c.batch_id == batch_id, participants.c.place.not_in(taken))
            .order_by(participants.c.place)
        )
        with self._database.reading() as db:
            return [(row.place, row.label or row.external_id or row.email) for row in db.execute(found)]

    # Deciding

    def rename(self, batch_id: int, name: str) -> None:
        with self._database.writing() as db:
            db.execute(update(batches).where(batches.c.id == batch_id).values(name=name))

    def cancel(self, batch_id: int) -> bool:
        """Create no more rooms in this batch. True where that is the end of it; False while answers are still out.

        A question about lost answers counts as decided: their rooms are left alone.
        """
        with self._unresolved(batch_id) as (db, batch):
            if batch is None:
                return True
            note(db, batch_id, "Cancel was pressed", self._database)
            db.execute(update(batches).where(batches.c.id == batch_id).values(cancelling=True))
            open_calls = (CallState.SENDING, CallState.LOST)
            still = select(calls.c.id).where(calls.c.batch_id == batch_id, calls.c.state.in_(open_calls))
            if batch.runner is not None or (batch.state != State.ASKING and db.execute(still).first()):
                return False
            if unretired(db, batch_id):
                # Whoever has an old room's link would be left with two: it is dealt with first.
                lost = and_(calls.c.batch_id == batch_id, calls.c.state == CallState.LOST)
                db.execute(update(calls).where(lost).values(state=CallState.LEFT))
                return False
            finish(db, batch_id, self._database)
            return True

    def adopt(self, batch_id: int, found: Found) -> None:
        """Count these rooms as the batch's own: somebody has looked at them and said so."""
        with self._database.writing() as db:
            for call, its in found:
                keep_rooms(db, call.id, its, self._database)
            self._decided(db, batch_id, "adopted", sum(len(its) for _, its in found))
            filled = filled_places(batch_id, batches.c.wanted).scalar_subquery()
            complete = and_(batches.c.id == batch_id, batches.c.state == State.SHORT, batches.c.wanted == filled)
            db.execute(update(batches).where(complete).values(state=State.DONE))

    def set_aside(self, batch_id: int, room_ids: Sequence[str], why: str) -> None:
        """Count these rooms as somebody else's, or as cancelled: no question is asked about them again."""
        with self._database.writing() as db:
            set_aside(db, batch_id, room_ids)
            self._decided(db, batch_id, why, len(room_ids))

    def labelled(self, done: Labelled) -> None:
        """Write down how rooms were labelled, also after the batch has ended."""
        with self._database.writing() as db:
            keep_labels(db, done)

    def unretired(self, batch_id: int) -> list[Replacement]:
        """The rooms of a batch that are there in the place of others which have not been dealt with."""
        with self._database.reading() as db:
            return unretired(db, batch_id)

    def retired(self, batch_id: int, done: Retired) -> None:
        """Write down what was done about old rooms, also after the batch has ended."""
        with self._database.writing() as db:
            keep_retired(db, batch_id, done, self._database)

    def replacement(self, service: str, room_id: str) -> tuple[str | None, int]:
        """The room that has come in this one's place, if any, and how many batches were to bring one and did not."""
        with self._database.reading() as db:
            return replacement_of(db, service, room_id), failed_replacements(db, service, room_id)

    def create_missing(self, seen: Batch) -> bool:
        """Let what is missing be created again, once the batch is resumed: somebody has looked and said so.

        False where the question is another one than they saw.
        """
        with self._unresolved(seen.id) as (db, batch):
            turn = select(func.max(events.c.id)).where(events.c.batch_id == seen.id)
            if batch is None or batch.state != State.ASKING or db.execute(turn).scalar() != seen.turn:
                return False
            lost = and_(calls.c.batch_id == seen.id, calls.c.state == CallState.LOST)
            db.execute(update(calls).where(lost).values(state=CallState.PLANNED))
            note(db, seen.id, "what is missing is to be created again", self._database)
            return True

    def take_a_look(self, batch_id: int, pause: float) -> bool:
        """Whether it is time to look again for late rooms, for the first who asks; others are told so after a pause."""
        with self._database.writing() as db:
            due = and_(batches.c.id == batch_id, batches.c.look_again_at <= self._database.now)
            later = self._database.now + pause
            return db.execute(update(batches).where(due).values(look_again_at=later)).rowcount == 1

    def looked_again(self, batch_id: int, late: int) -> None:
        """Write down how many rooms of a batch came into being after they had been given up."""
        with self._database.writing() as db:
            news = {"look_again_at": None, "late_rooms": late}
            db.execute(update(batches).where(batches.c.id == batch_id).values(news))
            note(db, batch_id, f"looked again: {late} late rooms", self._database)

    def calls(self, batch_id: int) -> list[Call]:
        """The calls of a batch with the places that are still empty, those that wait for rooms first."""
        waits = case((calls.c.state == CallState.LOST, 0), (calls.c.state == CallState.LEFT, 1), else_=2)
        with self._database.reading() as db:
            found = db.execute(select(calls).where(calls.c.batch_id == batch_id).order_by(waits, calls.c.id))
            return [as_call(db, row) for row in found.all()]

    def strangers(self, batch_id: int, listed: Sequence[InterviewRoomResponse]) -> list[InterviewRoomResponse]:
        """Those of the listed rooms that neither were there before the batch nor are in the journal."""
        return Run(self._database, batch_id, "").strangers(listed)

    def forget(self, visibility: Visibility) -> None:
        """Forget everything that may be seen: the sandbox has been reset, and its rooms are gone."""
        with self._database.writing() as db:
            gone = select(batches.c.id).where(visible(visibility))
            for table in (rooms, calls, participants, events):
                db.execute(delete(table).where(table.c.batch_id.in_(gone)))
            db.execute(delete(batches).where(visible(visibility)))
            db.execute(delete(presets).where(visible(visibility, presets)))
            forget_following(db, visibility)
            forget_hand_outs(db, visibility)

    # Presets

    def presets(self, visibility: Visibility) -> list[Preset]:
        """The presets, by name."""
        with self._database.reading() as db:
            found = db.execute(select(presets).where(visible(visibility, presets)).order_by(func.lower(presets.c.name)))
            return [Preset(row.id, row.name, json.loads(row.settings), row.is_default) for row in found]

    def save_preset(self, visibility: Visibility, project_id: str, name: str, settings: dict[str, object]) -> None:
        """Keep settings under a name; a preset of that name is replaced. Raises Clash where two save one at once."""
        with self._database.writing() as db:
            same = and_(visible(visibility, presets), presets.c.project_id == project_id, presets.c.name == name)
            text = json.dumps(settings)
            if db.execute(update(presets).where(same).values(settings=text)).rowcount == 0:
                whose = {"service": visibility.service, "account": visibility.account, "project_id": project_id}
                db.execute(insert(presets).values(**whose, name=name, settings=text))

    def delete_preset(self, visibility: Visibility, preset_id: int) -> None:
        with self._database.writing() as db:
            db.execute(delete(presets).where(visible(visibility, presets), presets.c.id == preset_id))

    def set_default_preset(self, visibility: Visibility, preset_id: int | None) -> None:
        """Make one preset the one that a new session begins with; None for none."""
        with self._database.writing() as db:
            chosen = case((presets.c.id == preset_id, true()), else_=False) if preset_id else False
            db.execute(update(presets).where(visible(visibility, presets)).values(is_default=chosen))

    # Inside

    def _insert(self, db: Connection, new: NewBatch, runner: str) -> int:
        made = db.execute(
            insert(batches)
            .values(
                nonce=new.nonce,
                account=new.account,
                service=new.service,
                project_id=new.project_id,
                project_name=new.project_name,
                wanted=new.wanted,
                settings=new.settings.model_dump_json(),
                state=State.CREATING,
                made_at=self._database.now,
                runner=runner,
                runner_seen_at=self._database.now,
            )
            .returning(batches.c.id)
        )
        batch_id: int = made.scalar_one()
        planned = [
            {
                "batch_id": batch_id,
                "settings": call.settings.model_copy(update={"count": 1}).model_dump_json(),
                "places": json.dumps(call.places),
                "state": CallState.PLANNED,
            }
            for call in new.calls
        ]
        db.execute(insert(calls), planned)
        people = [
            {
                "batch_id": batch_id,
                "place": place,
                "label": person.label,
                "email": person.email,
                "external_id": person.external_id,
                "replaces": replaces,
                "overrides": overrides.model_dump_json(exclude_unset=True) if overrides else "",
            }
            for place, (person, replaces, overrides) in enumerate(_with_old_rooms(new), start=1)
        ]
        if people:
            db.execute(insert(participants), people)
        return batch_id

    def _known(self, db: Connection, new: NewBatch) -> Batch | None:
        """The batch of this press, if there is one already. Raises Busy where another one is in its way."""
        unresolved = self._select.where(
            batches.c.service == new.service,
            batches.c.project_id == new.project_id,
            batches.c.ended_at.is_(None),
        )
        same = self._select.where(batches.c.account == new.account, batches.c.nonce == new.nonce)
        # In this order: the same press, written down between the two looks, would else be in its own way.
        other = db.execute(unresolved).first()
        if row := db.execute(same).first():
            return _batch(row)
        if other:
            raise Busy(_batch(other))
        return None

    @contextmanager
    def _unresolved(self, batch_id: int) -> Iterator[tuple[Connection, Row[Any, Any] | None]]:
        with self._database.writing() as db:
            here = and_(batches.c.id == batch_id, batches.c.ended_at.is_(None))
            wanted = select(batches.c.state, batches.c.runner).where(here)
            yield db, db.execute(wanted.with_for_update()).first()

    def _decided(self, db: Connection, batch_id: int, how: str, count: int) -> None:
        late = case((batches.c.late_rooms > count, batches.c.late_rooms - count), else_=0)
        db.execute(update(batches).where(batches.c.id == batch_id).values(late_rooms=late))
        note(db, batch_id, f"{how} {count} rooms", self._database)

    def _first(self, condition: ColumnElement[bool]) -> Batch | None:
        """The newest batch of which this is so; counted once it is found, as long statements take long to be made."""
        with self._database.reading() as db:
            newest = select(batches.c.id).where(condition).order_by(batches.c.id.desc()).limit(1)
            found = db.execute(newest).scalar()
            return None if found is None else self._one(db, found)

    def _one(self, db: Connection, batch_id: int) -> Batch:
        return _batch(db.execute(self._select_one, {"wanted": batch_id}).one())

    @cached_property
    def _select_one(self) -> Select[Any]:
        return self._select.where(batches.c.id == bindparam("wanted"))

    @cached_property
    def _select(self) -> Select[Any]:
        """Batches with everything that is counted about them; made once, which takes longer than the database does."""
        now = self._database.now
        ended = func.coalesce(batches.c.ended_at, now)
        stale = or_(batches.c.runner.is_(None), batches.c.runner_seen_at < now - self._lease)
        at_work = batches.c.state.in_((State.CREATING, State.WAITING, State.LABELLING))
        columns = [column for column in batches.c if column.name != "baseline"]
        return select(
            *columns,
            (ended - batches.c.made_at).label("seconds"),
            (batches.c.wait_until - now).label("waits"),
            func.coalesce(batches.c.look_again_at <= now, False).label("is_to_look_again"),
            and_(at_work, stale).label("interrupted"),
            _count(rooms).label("rooms"),
            _count(calls).label("calls"),
            *(
                _count(calls, calls.c.state == state).label(f"calls_{state}")
                for state in (CallState.DONE, CallState.PLANNED, CallState.LOST, CallState.REFUSED)
            ),
            _count(rooms, rooms.c.label_state.is_not(None)).label("labels"),
            _count(rooms, rooms.c.label_state == LabelState.SET).label("labels_set"),
            _count(rooms, _never_labelled()).label("labels_failed"),
            select(participants.c.place).where(participants.c.batch_id == batches.c.id).exists().label("has_people"),
            select(func.max(events.c.id)).where(events.c.batch_id == batches.c.id).scalar_subquery().label("turn"),
        )


def _with_old_rooms(new: NewBatch) -> Iterator[tuple[Participant, str, UpdateRoomRequest | None]]:
    """Each participant with the room that theirs replaces, and what it takes over."""
    several = zip_longest(new.participants, new.replaces, new.overrides)
    return ((person, old or "", overrides) for person, old, overrides in several)


def _never_labelled() -> ColumnElement[bool]:
    """Labels that the service did not take, and those that nobody sets any more because the batch is over."""
    left = and_(rooms.c.label_state == LabelState.WANTED, batches.c.ended_at.is_not(None))
    return or_(rooms.c.label_state == LabelState.FAILED, left)


def _count(table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[int]:  # noqa: ANN401 - rooms or calls
    of_batch = select(func.count()).select_from(table).where(table.c.batch_id == batches.c.id, *conditions)
    return of_batch.correlate(batches).scalar_subquery().cast(Integer)


def _batch(row: Row[Any]) -> Batch:
    return Batch(
        id=row.id,
        nonce=row.nonce,
        account=row.account,
        service=row.service,
        project_id=row.project_id,
        project_name=row.project_name,
        who=row.created_by,
        name=row.name,
        wanted=row.wanted,
        settings=CreateRoomsRequest.model_validate_json(row.settings),
        state=State(row.state),
        made=moment(row.made_at),
        ended=_moment(row.ended_at),
        seconds=row.seconds,
        rooms=row.rooms,
        calls=row.calls,
        calls_done=row.calls_done,
        calls_planned=row.calls_planned,
        lost=row.calls_lost,
        refused=row.calls_refused,
        labels=row.labels,
        labels_set=row.labels_set,
        labels_failed=row.labels_failed,
        problem=_problem(row.problem),
        cancelling=row.cancelling,
        interrupted=bool(row.interrupted),
        waits=row.waits,
        is_to_look_again=bool(row.is_to_look_again),
        late=row.late_rooms,
        has_people=bool(row.has_people),
        turn=row.turn or 0,
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


def _problem(record: str | None) -> AseedError | None:
    return from_record(json.loads(record)) if record else None
