"""Writes about a batch that several verbs share; each is part of a larger transaction."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select, update

from services.aseed.errors import AseedError
from services.journal.database import Database
from services.journal.links import note_links, noted
from services.journal.records import CallState, Labelled, LabelState, State
from services.journal.rows import problem_text
from services.journal.tables import batches, calls, events, rooms
from services.journal.visibility import Visibility
from services.journal.withdrawn import withdrawn_rows, without_texts
from services.texts.kept import kept

ENDED = {
    State.DONE: kept("done: {filled} of {wanted} rooms"),
    State.SHORT: kept("short: {filled} of {wanted} rooms"),
    State.CANCELLED: kept("cancelled: {filled} of {wanted} rooms"),
}


def keep_labels(db: Connection, done: Labelled) -> None:
    """Writes down how rooms were labelled."""
    bare = withdrawn_rows(db, [its.id for its, _ in done])
    for its, room in done:
        if room and its.id in bare:
            # Its person's data was taken out while the label was on its way.
            room = without_texts(room)
        state = LabelState.FAILED if room is None else LabelState.SET
        news = {"room": room.model_dump_json()} if room else {}
        db.execute(update(rooms).where(rooms.c.id == its.id).values(label_state=state, **news))
        if room and noted(room) != noted(its.room, its.link):
            # The service may tell another room's link in its answer to a label.
            batch = select(batches.c.service, batches.c.account).join(rooms, rooms.c.batch_id == batches.c.id)
            whose = db.execute(batch.where(rooms.c.id == its.id)).first()
            if whose:
                note_links(db, Visibility(*whose), {its.room.id: noted(room, its.link)})


def set_aside(db: Connection, batch_id: int, room_ids: Iterable[str]) -> None:
    """Counts these rooms among those that existed before the batch."""
    kept = db.execute(select(batches.c.baseline).where(batches.c.id == batch_id)).scalar()
    ids = sorted({*json.loads(kept or "[]"), *room_ids})
    db.execute(update(batches).where(batches.c.id == batch_id).values(baseline=json.dumps(ids)))


def finish(db: Connection, batch_id: int, database: Database, problem: AseedError | None = None) -> None:
    """Ends a batch in the state that its rooms give it. problem: why it ends, where no call was refused."""
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
    why = problem_text(problem) if problem else None
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
    note(db, batch_id, ENDED[state](filled=filled, wanted=row.wanted), database)


def filled_places(batch_id: int, wanted: Any) -> Select[int]:  # noqa: ANN401 - a number or a column
    """How many of the places that were wanted have a room; a room beyond them fills no place."""
    return select(func.count()).select_from(rooms).where(rooms.c.batch_id == batch_id, rooms.c.place <= wanted)


def note(db: Connection, batch_id: int, what: str, database: Database) -> None:
    """Adds a line to the audit trail. what: in English; who reads it has it said (services.texts.kept)."""
    db.execute(insert(events).values(batch_id=batch_id, at=database.now, what=what))
