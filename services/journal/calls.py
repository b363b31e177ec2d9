"""Calls as the journal holds them: which of their places are empty, and the rooms that fill these."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from services.aseed.errors import AseedError, OutcomeUnknown
from services.aseed.models import InterviewRoomResponse, RoomSettings
from services.journal.database import Database
from services.journal.links import note_links, noted
from services.journal.parts import in_parts
from services.journal.records import Answer, Call, CallState, LabelState, moment
from services.journal.replacements import note_replacements
from services.journal.rows import AnyRow, call_of, problem_text, room_columns
from services.journal.tables import batches, calls, overrides, participants, rooms
from services.journal.visibility import Visibility
from services.texts.speech import N_

IDS_PER_QUESTION = 500
"""How many room ids one select names."""

ANSWERS_KNOWN = 200
"""From how many calls it is learned what the service makes of what it is asked for."""

# The batch is held, so that two answers at once do not take one place.
_CALL_AND_BATCH = (
    select(
        *calls.c,
        batches.c.service,
        batches.c.account,
        batches.c.wanted,
        batches.c.created_by,
        select(participants.c.place).where(participants.c.batch_id == batches.c.id).exists().label("has_people"),
        select(overrides.c.place).where(overrides.c.batch_id == batches.c.id).exists().label("has_overrides"),
    )
    .join(batches, batches.c.id == calls.c.batch_id)
    .where(calls.c.id == bindparam("call"))
    .with_for_update(of=batches)
)
_FILLED = select(rooms.c.place).where(rooms.c.call_id == bindparam("call"))
_KEEP = insert(rooms)
"""The statements of every call, built once: building a statement costs more than running it."""


def as_call(db: Connection, row: AnyRow) -> Call:
    """The call of a row of `calls`, with the places that are still empty."""
    # Also of a call that was never sent: a person may have counted rooms as its own.
    return call_of(row, set(db.execute(_FILLED, {"call": row.id}).scalars()))


def change_call(db: Connection, call: Call, before: CallState, values: Mapping[str, object]) -> None:
    """Changes a call that is still in the state `before`, in the attempt that the caller knows."""
    # News of an earlier attempt, which came late, says nothing about this one.
    same = (calls.c.id == call.id) & (calls.c.state == before) & (calls.c.attempts == call.attempts)
    db.execute(update(calls).where(same).values(values))


def keep_rooms(
    db: Connection,
    call_id: int,
    answered: Iterable[InterviewRoomResponse],
    database: Database,
    problem: AseedError | None = None,
) -> bool:
    """Gives the rooms the empty places of their call, in order; surplus rooms get places after all others.

    problem: why the answer may be incomplete.

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
    overridden = _overridden(db, batch_id, places) if row.has_overrides else frozenset()
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
                    "label_state": _label_state(whom.get(place), place in overridden, room),
                    **room_columns(room),
                }
                for place, room in zip(places, new, strict=True)
            ],
        )
        ids = {place: room.id for place, room in zip(places, new, strict=True)}
        note_replacements(db, batch_id, whom.values(), ids, database)
        note_links(db, Visibility(row.service, row.account), {room.id: noted(room) for room in new})
    if len(new) >= len(empty):
        if row.state != CallState.DONE:
            db.execute(update(calls).where(calls.c.id == call_id).values(state=CallState.DONE, problem=None))
        return False
    if row.state not in (CallState.SENDING, CallState.LOST):
        return False
    why = problem or OutcomeUnknown(N_("Aseed answered with rooms that are known already."))
    lost = {"state": CallState.LOST, "problem": problem_text(why)}
    db.execute(update(calls).where(calls.c.id == call_id).values(lost))
    return True


def known_ids(db: Connection, service: str, room_ids: Sequence[str]) -> set[str]:
    """Those of the ids that the journal holds already, in any batch."""
    known: set[str] = set()
    for some in in_parts(room_ids, IDS_PER_QUESTION):
        found = select(rooms.c.room_id).where(rooms.c.service == service, rooms.c.room_id.in_(some))
        known.update(db.execute(found).scalars())
    return known


def existing_before(db: Connection, batch_id: int) -> frozenset[str] | None:
    """The ids of the rooms that the project had before the first call of a batch; None while they are not listed."""
    kept = db.execute(select(batches.c.baseline).where(batches.c.id == batch_id)).scalar()
    return None if kept is None else frozenset(json.loads(kept))


def unaccounted_rooms(
    db: Connection, batch_id: int, listed: Iterable[InterviewRoomResponse], before: Collection[str]
) -> list[InterviewRoomResponse]:
    """Those of the listed rooms that did not exist before the batch and are not in the journal.

    before: as `existing_before` gives it.
    """
    new = [room for room in listed if room.id not in before]
    service = db.execute(select(batches.c.service).where(batches.c.id == batch_id)).scalar_one()
    known = known_ids(db, service, [room.id for room in new])
    return [room for room in new if room.id not in known]


def unlisted(
    db: Connection, batch_id: int, listed: Iterable[InterviewRoomResponse], before: Collection[str]
) -> list[str]:
    """The ids of rooms that a list of the project should have and has not, in a fixed order.

    before: as `existing_before` gives it.
    """
    kept = db.execute(select(rooms.c.room_id).where(rooms.c.batch_id == batch_id)).scalars()
    return sorted({*before, *kept} - {room.id for room in listed})


def known_answers(db: Connection, batch_id: int) -> list[Answer]:
    """What the service of a batch has answered to its last calls, by any account: one room of each."""
    service = select(batches.c.service).where(batches.c.id == batch_id).scalar_subquery()
    its_last = select(func.max(rooms.c.id)).where(rooms.c.call_id == calls.c.id).correlate(calls).scalar_subquery()
    found = (
        select(calls.c.settings, calls.c.sent_at, rooms.c.room, rooms.c.label_state)
        .join(batches, batches.c.id == calls.c.batch_id)
        .join(rooms, rooms.c.id == its_last)
        .where(batches.c.service == service)
        .order_by(calls.c.id.desc())
        .limit(ANSWERS_KNOWN)
    )
    known = []
    for row in db.execute(found):
        room = InterviewRoomResponse.model_validate_json(row.room)
        # Its label was not in the answer: it came afterwards.
        bare = room.model_copy(update={"display_name": None}) if row.label_state else room
        sent = None if row.sent_at is None else moment(row.sent_at)
        known.append(Answer(RoomSettings.model_validate_json(row.settings), bare, sent))
    return known


def creators(db: Connection, batch_id: int, account: str | None) -> frozenset[str]:
    """The names by which the service calls those who create rooms with an account.

    account: None for the one that began the batch; then the batch's own rooms count, too.
    """
    its = select(batches.c.service, batches.c.account).where(batches.c.id == batch_id).subquery()
    theirs = batches.c.account == (its.c.account if account is None else account)
    if account is None:
        theirs = or_(theirs, batches.c.id == batch_id)
    found = select(batches.c.created_by).where(batches.c.service == its.c.service, theirs, batches.c.created_by != "")
    return frozenset(db.execute(found.distinct()).scalars())


def _surplus(db: Connection, row: AnyRow, count: int) -> range:
    """So many places after all others, for rooms that were not asked for."""
    if count <= 0:
        return range(0)
    last = db.execute(select(func.max(rooms.c.place)).where(rooms.c.batch_id == row.batch_id)).scalar()
    first = max(row.wanted, last or 0) + 1
    return range(first, first + count)


def _whom(db: Connection, batch_id: int, places: Sequence[int]) -> dict[int, AnyRow]:
    """The participants of these places, by place."""
    found = select(participants).where(participants.c.batch_id == batch_id, participants.c.place.in_(places))
    return {row.place: row for row in db.execute(found)}


def _overridden(db: Connection, batch_id: int, places: Sequence[int]) -> frozenset[int]:
    """Those of the places whose rooms get something once they are there."""
    found = select(overrides.c.place).where(overrides.c.batch_id == batch_id, overrides.c.place.in_(places))
    return frozenset(db.execute(found).scalars())


def _label_state(whom: AnyRow | None, is_overridden: bool, room: InterviewRoomResponse) -> LabelState | None:
    label = whom.label if whom else ""
    if not (label or is_overridden):
        return None
    return LabelState.SET if room.display_name == label and not is_overridden else LabelState.WANTED
