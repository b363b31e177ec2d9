"""A batch at work: the verbs of the one process that runs it, each a transaction."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, insert, select, update
from sqlalchemy.engine import Row

from services.aseed.errors import AseedError, OutcomeUnknown, as_record
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse, UpdateRoomRequest
from services.journal.database import Database
from services.journal.records import Call, CallState, KeptRoom, LabelState, Replacement, State
from services.journal.replacing import Retired, keep_retired, note_replacements, unretired
from services.journal.tables import batches, calls, events, participants, people, rooms
from services.participants import Participant

Found = Sequence[tuple[Call, Sequence[InterviewRoomResponse]]]
"""Rooms that were found to be a call's own."""

Labelled = Sequence[tuple[KeptRoom, InterviewRoomResponse | None]]
"""Rooms, each as the service has it with its label, or None where it would not take it."""

MANY = 500
"""How many ids one question to the database names."""


_HELD = (
    select(batches.c.cancelling)
    .where(batches.c.id == bindparam("batch"), batches.c.runner == bindparam("mine"), batches.c.ended_at.is_(None))
    .with_for_update()
)
_CLAIM = (
    update(calls)
    .where(
        calls.c.id
        == select(calls.c.id)
        .where(calls.c.batch_id == bindparam("batch"), calls.c.state == CallState.PLANNED)
        .order_by(calls.c.id)
        .limit(1)
        .scalar_subquery()
    )
    .values(state=CallState.SENDING, attempts=calls.c.attempts + 1)
    .returning(calls)
)
# The batch is held, so that two answers at once do not take one place.
_CALL_AND_BATCH = (
    select(
        *calls.c,
        batches.c.service,
        batches.c.wanted,
        batches.c.created_by,
        select(participants.c.place).where(participants.c.batch_id == batches.c.id).exists().label("has_people"),
    )
    .join(batches, batches.c.id == calls.c.batch_id)
    .where(calls.c.id == bindparam("call"))
    .with_for_update(of=batches)
)
_FILLED = select(rooms.c.place).where(rooms.c.call_id == bindparam("call"))
_KEEP = insert(rooms)
"""What every call asks, made once: building a statement costs more than running it."""


class Lapsed(Exception):
    """Another process has taken the batch over: this one must not touch it any more."""


class Run:
    """One batch in the hands of one process, from `Journal.start` or `Journal.take` until `release`.

    What spends money or ends the batch raises Lapsed once somebody else has it. What came of a call is written down
    in any case: nothing created is ever lost.
    """

    def __init__(self, database: Database, batch_id: int, runner: str) -> None:
        self.batch_id = batch_id
        self._database = database
        self._runner = runner
        self._before: frozenset[str] | None = None

    # Before the first call

    def baseline(self) -> frozenset[str] | None:
        """The ids of the rooms that the project had before the first call; None as long as nobody looked."""
        if self._before is None:
            with self._database.reading() as db:
                kept = db.execute(select(batches.c.baseline).where(batches.c.id == self.batch_id)).scalar()
            # Kept: there may be 10,000 of them, and every answer is held against them.
            self._before = None if kept is None else frozenset(json.loads(kept))
        return self._before

    def keep_baseline(self, room_ids: Iterable[str]) -> None:
        with self._database.writing() as db:
            self._hold(db)
            set_aside(db, self.batch_id, room_ids)

    # Calls

    def claim(self) -> Call | None:
        """The next call to send, marked as being sent before a byte of it leaves; None when there is none to send."""
        with self._database.writing() as db:
            if self._hold(db).cancelling:
                return None
            row = db.execute(_CLAIM, {"batch": self.batch_id}).first()
            return as_call(db, row) if row else None

    def not_sent(self, call: Call) -> None:
        """The call certainly did nothing: it may be claimed again."""
        with self._database.writing() as db:
            _become(db, call, CallState.SENDING, {"state": CallState.PLANNED})

    def came(self, call: Call, answered: Sequence[InterviewRoomResponse], problem: AseedError | None = None) -> bool:
        """Write down the rooms of a call, and whether it has all of its own. Rooms that are known count as none.

        problem: why the answer may not be all there is. Returns whether the call is lost.
        """
        before = self.baseline() or frozenset()
        with self._database.writing() as db:
            new = [room for room in answered if room.id not in before]
            return keep_rooms(db, call.id, new, self._database, problem)

    def refused(self, call: Call, problem: AseedError) -> None:
        """The service will not have these settings: this call and all like it are over."""
        with self._database.writing() as db:
            over = {"state": CallState.REFUSED, "problem": json.dumps(as_record(problem))}
            settings = select(calls.c.settings).where(calls.c.id == call.id).scalar_subquery()
            _become(db, call, CallState.SENDING, over)
            db.execute(
                update(calls)
                .where(
                    calls.c.batch_id == self.batch_id,
                    calls.c.state == CallState.PLANNED,
                    calls.c.settings == settings,
                )
                .values(over)
            )
            self._note(db, f"refused: {problem}")

    # Lost answers

    def lost(self) -> list[Call]:
        """The calls of which nobody knows what became, oldest first, with the places that are still empty."""
        with self._database.reading() as db:
            found = db.execute(
                select(calls)
                .where(calls.c.batch_id == self.batch_id, calls.c.state == CallState.LOST)
                .order_by(calls.c.id)
            )
            return [as_call(db, row) for row in found.all()]

    def strangers(self, listed: Sequence[InterviewRoomResponse]) -> list[InterviewRoomResponse]:
        """Those of the listed rooms that neither were there before the batch nor are in the journal."""
        before = self.baseline() or frozenset()
        new = [room for room in listed if room.id not in before]
        with self._database.reading() as db:
            known = known_ids(db, _service(db, self.batch_id), [room.id for room in new])
        return [room for room in new if room.id not in known]

    def settle(self, found: Found, look_again: float) -> None:
        """Adopt the rooms that were found for lost calls; what is missing was not created, and may be claimed anew.

        look_again: in how many seconds to look once more for rooms that came too late, where some are missing.
        """
        with self._database.writing() as db:
            self._hold(db)
            missing = 0
            for call, its in found:
                keep_rooms(db, call.id, its, self._database)
                _become(db, call, CallState.LOST, {"state": CallState.PLANNED})
                missing += len(call.places) - len(its)
            if missing:
                self._change(db, {"look_again_at": self._database.now + look_again})
            adopted = sum(len(its) for _, its in found)
            self._note(db, f"looked for lost rooms: {adopted} found, {missing} not there")

    # Labels

    def unlabelled(self, count: int) -> list[KeptRoom]:
        """Rooms that still need the label of whom they are for."""
        with self._database.reading() as db:
            found = kept_rooms().where(rooms.c.label_state == LabelState.WANTED).limit(count)
            return [kept_room(row) for row in db.execute(found, {"of": self.batch_id})]

    def labelled(self, done: Labelled) -> None:
        """Write down how rooms were labelled."""
        with self._database.writing() as db:
            keep_labels(db, done)

    # Old rooms

    def unretired(self) -> list[Replacement]:
        """The rooms that are there in the place of others which have not been dealt with."""
        with self._database.reading() as db:
            return unretired(db, self.batch_id)

    def retired(self, done: Retired) -> None:
        """Write down what was done about old rooms."""
        with self._database.writing() as db:
            keep_retired(db, self.batch_id, done, self._database)

    # How far it is

    def step(self, state: State, wait: float | None = None) -> None:
        """Say what the batch is at. wait: for how many seconds, where that is known."""
        with self._database.writing() as db:
            self._hold(db)
            until = None if wait is None else self._database.now + wait
            self._change(db, {"state": state, "wait_until": until})

    def park(self, problem: AseedError) -> None:
        """Stop until somebody presses Resume. Where nothing exists yet the batch ends: Create can be pressed anew.

        It ends, too, where it has been cancelled and all that was left is old rooms that could not be dealt with.
        """
        with self._database.writing() as db:
            cancelling = self._hold(db).cancelling
            came = select(rooms.c.id).where(rooms.c.batch_id == self.batch_id).limit(1)
            under_way = calls.c.state.in_((CallState.SENDING, CallState.LOST))
            out = db.execute(select(calls.c.id).where(calls.c.batch_id == self.batch_id, under_way).limit(1)).first()
            if cancelling and not out and (standing := unretired(db, self.batch_id)):
                words = f"may still be open: {problem}"
                keep_retired(db, self.batch_id, [(its, False, words) for its in standing], self._database)
                finish(db, self.batch_id, self._database, problem)
            elif out or db.execute(came).first():
                self._stop(db, State.PARKED, problem)
            else:
                finish(db, self.batch_id, self._database, problem)

    def ask(self, problem: AseedError) -> None:
        """Stop until somebody has decided about the lost answers."""
        with self._database.writing() as db:
            self._hold(db)
            self._stop(db, State.ASKING, problem)

    def end(self) -> None:
        """The batch is over."""
        with self._database.writing() as db:
            self._hold(db)
            finish(db, self.batch_id, self._database)

    def beat(self) -> None:
        """A sign of life, without which another process may take the batch over."""
        with self._database.writing() as db:
            mine = (batches.c.id == self.batch_id) & (batches.c.runner == self._runner)
            db.execute(update(batches).where(mine).values(runner_seen_at=self._database.now))

    def release(self) -> None:
        """Let go of the batch, whatever its state: another process may take it at once."""
        with self._database.writing() as db:
            mine = (batches.c.id == self.batch_id) & (batches.c.runner == self._runner)
            db.execute(update(batches).where(mine).values(runner=None, runner_seen_at=None, wait_until=None))

    def _stop(self, db: Connection, state: State, problem: AseedError) -> None:
        self._change(db, {"state": state, "problem": json.dumps(as_record(problem)), "wait_until": None})
        self._note(db, f"{state}: {problem}")

    def _hold(self, db: Connection) -> Row[tuple[bool]]:
        """Make sure that the batch is still ours, and keep it so until the transaction ends."""
        row = db.execute(_HELD, {"batch": self.batch_id, "mine": self._runner}).first()
        if row is None:
            raise Lapsed
        return row

    def _change(self, db: Connection, values: dict[str, object]) -> None:
        db.execute(update(batches).where(batches.c.id == self.batch_id).values(values))

    def _note(self, db: Connection, what: str) -> None:
        note(db, self.batch_id, what, self._database)


def keep_rooms(
    db: Connection,
    call_id: int,
    answered: Iterable[InterviewRoomResponse],
    database: Database,
    problem: AseedError | None = None,
) -> bool:
    """Give the rooms the empty places of their call, in order; more than it asked for come after all others.

    Returns whether the call is lost: it was sent, and still lacks rooms.
    """
    row = db.execute(_CALL_AND_BATCH, {"call": call_id}).first()
    if row is None:
        # The sandbox was reset meanwhile, and its batches with it.
        return False
    batch_id = row.batch_id
    unique = {room.id: room for room in answered}
    known = known_ids(db, row.service, list(unique))
    new = [room for room in unique.values() if room.id not in known]
    empty = as_call(db, row).places
    places = [*empty, *_surplus(db, row, len(new) - len(empty))][: len(new)]
    whom = _whom(db, batch_id, places) if row.has_people else {}
    if new and not row.created_by:
        db.execute(
            update(batches).where(batches.c.id == batch_id).values(created_by=new[0].created_by.replace("\0", " "))
        )
    if new:
        db.execute(
            _KEEP,
            [
                {
                    "batch_id": batch_id,
                    "call_id": call_id,
                    "place": place,
                    "service": row.service,
                    "room_id": room.id,
                    # PostgreSQL keeps no NUL, and such a URL is no link anyway.
                    "link": room.url.replace("\0", " "),
                    "room": room.model_dump_json(),
                    "label_state": _label_state(whom.get(place), room),
                }
                for place, room in zip(places, new, strict=True)
            ],
        )
        ids = {place: room.id for place, room in zip(places, new, strict=True)}
        note_replacements(db, batch_id, whom.values(), ids, database)
    if len(new) >= len(empty):
        if row.state != CallState.DONE:
            db.execute(update(calls).where(calls.c.id == call_id).values(state=CallState.DONE, problem=None))
        return False
    if row.state not in (CallState.SENDING, CallState.LOST):
        return False
    why = problem or OutcomeUnknown("Aseed answered with rooms that are known already.")
    lost = {"state": CallState.LOST, "problem": json.dumps(as_record(why))}
    db.execute(update(calls).where(calls.c.id == call_id).values(lost))
    return True


def keep_labels(db: Connection, done: Labelled) -> None:
    """Write down how rooms were labelled."""
    for kept, room in done:
        state = LabelState.FAILED if room is None else LabelState.SET
        news = {"room": room.model_dump_json()} if room else {}
        db.execute(update(rooms).where(rooms.c.id == kept.id).values(label_state=state, **news))


def known_ids(db: Connection, service: str, room_ids: Sequence[str]) -> set[str]:
    """Those of the ids that the journal holds already, in whichever batch."""
    known: set[str] = set()
    for start in range(0, len(room_ids), MANY):
        some = room_ids[start : start + MANY]
        found = select(rooms.c.room_id).where(rooms.c.service == service, rooms.c.room_id.in_(some))
        known.update(db.execute(found).scalars())
    return known


def set_aside(db: Connection, batch_id: int, room_ids: Iterable[str]) -> None:
    """Count these rooms among those that were there before the batch."""
    kept = db.execute(select(batches.c.baseline).where(batches.c.id == batch_id)).scalar()
    ids = sorted({*json.loads(kept or "[]"), *room_ids})
    db.execute(update(batches).where(batches.c.id == batch_id).values(baseline=json.dumps(ids)))


def finish(db: Connection, batch_id: int, database: Database, problem: AseedError | None = None) -> None:
    """End a batch as what came of it says. problem: why it ends, where no call was refused."""
    row = db.execute(select(batches.c.wanted, batches.c.cancelling).where(batches.c.id == batch_id)).one()
    filled = db.execute(filled_places(batch_id, row.wanted)).scalar_one()
    cancelled = State.CANCELLED if row.cancelling else State.SHORT
    state = State.DONE if filled == row.wanted else cancelled
    refusal = (
        select(calls.c.problem)
        .where(calls.c.batch_id == batch_id, calls.c.state == CallState.REFUSED)
        .order_by(calls.c.id)
        .limit(1)
        .scalar_subquery()
    )
    why = json.dumps(as_record(problem)) if problem else None
    db.execute(
        update(calls)
        .where(calls.c.batch_id == batch_id, calls.c.state.in_((CallState.PLANNED, CallState.LOST)))
        .values(state=CallState.LEFT)
    )
    db.execute(
        update(batches)
        .where(batches.c.id == batch_id)
        .values(
            state=state, problem=func.coalesce(refusal, why), ended_at=database.now, wait_until=None, cancelling=False
        )
    )
    note(db, batch_id, f"{state}: {filled} of {row.wanted} rooms", database)


def filled_places(batch_id: int, wanted: Any) -> Select[int]:  # noqa: ANN401 - a number or a column
    """How many of the places that were wanted have a room; what came beyond them fills nobody's place."""
    return select(func.count()).select_from(rooms).where(rooms.c.batch_id == batch_id, rooms.c.place <= wanted)


def note(db: Connection, batch_id: int, what: str, database: Database) -> None:
    """A line in the audit trail."""
    db.execute(insert(events).values(batch_id=batch_id, at=database.now, what=what))


@cache
def kept_rooms() -> Select[Any]:
    """The rooms of a batch in the order of their places, with whom they are for: by its list, or as was said later.

    The batch is the parameter `of`, so that this is made once, which takes longer than a page of rooms.
    """
    project = select(batches.c.project_id).where(batches.c.id == bindparam("of")).scalar_subquery()
    its_place = and_(participants.c.batch_id == rooms.c.batch_id, participants.c.place == rooms.c.place)
    its_id = and_(
        people.c.service == rooms.c.service, people.c.room_id == rooms.c.room_id, people.c.project_id == project
    )
    now = (
        func.coalesce(people.c[name], participants.c[name]).label(name) for name in ("label", "email", "external_id")
    )
    return (
        select(rooms, *now, participants.c.overrides)
        .join(participants, its_place, isouter=True)
        .join(people, its_id, isouter=True)
        .where(rooms.c.batch_id == bindparam("of"))
        .order_by(rooms.c.place)
    )


def kept_room(row: Row[*tuple[Any, ...]]) -> KeptRoom:
    """A room of a row of `kept_rooms`."""
    return KeptRoom(
        id=row.id,
        place=row.place,
        room=InterviewRoomResponse.model_validate_json(row.room),
        participant=Participant(row.label, row.email, row.external_id) if row.label is not None else None,
        label_state=LabelState(row.label_state) if row.label_state else None,
        overrides=UpdateRoomRequest.model_validate_json(row.overrides) if row.overrides else None,
    )


def as_call(db: Connection, row: Row[*tuple[Any, ...]]) -> Call:
    """A row of `calls`, with the places that are still empty."""
    # What is sent for the first time has no rooms yet.
    sent = row.attempts > 1 or row.state not in (CallState.PLANNED, CallState.SENDING)
    filled = set(db.execute(_FILLED, {"call": row.id}).scalars()) if sent else set()
    return Call(
        id=row.id,
        settings=CreateRoomsRequest.model_validate_json(row.settings),
        places=tuple(place for place in json.loads(row.places) if place not in filled),
        attempts=row.attempts,
    )


def _become(db: Connection, call: Call, before: CallState, values: Mapping[str, object]) -> None:
    # News of an earlier attempt, which came late, says nothing about this one.
    same = (calls.c.id == call.id) & (calls.c.state == before) & (calls.c.attempts == call.attempts)
    db.execute(update(calls).where(same).values(values))


def _service(db: Connection, batch_id: int) -> str:
    return str(db.execute(select(batches.c.service).where(batches.c.id == batch_id)).scalar_one())


def _surplus(db: Connection, row: Row[*tuple[Any, ...]], count: int) -> range:
    """So many places after all others, for rooms that nobody asked for."""
    if count <= 0:
        return range(0)
    last = db.execute(select(func.max(rooms.c.place)).where(rooms.c.batch_id == row.batch_id)).scalar()
    first = max(row.wanted, last or 0) + 1
    return range(first, first + count)


def _whom(db: Connection, batch_id: int, places: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """The participants of these places, by place."""
    found = select(participants).where(participants.c.batch_id == batch_id, participants.c.place.in_(places))
    return {row.place: row for row in db.execute(found)}


def _label_state(whom: Row[*tuple[Any, ...]] | None, room: InterviewRoomResponse) -> LabelState | None:
    if whom is None or not (whom.label or whom.overrides):
        return None
    is_set = room.display_name == whom.label and not whom.overrides
    return LabelState.SET if is_set else LabelState.WANTED
