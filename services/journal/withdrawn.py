"""Which rooms were for people whose data was taken out: for every read of rooms, and for what is written about them.

How it is taken out: services.journal.personal.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select

from services.aseed.models import InterviewRoomResponse
from services.journal.parts import in_parts
from services.journal.people_tables import withdrawn_rooms
from services.journal.tables import rooms

ROOMS_PER_QUESTION = 500
"""How many room ids one select names."""

OWN_TEXTS = ("topics_for_respondent", "research_goals_override", "interview_guide_override")
"""The texts that a room may have for its person alone."""

# Under names of their own, as in services.journal.shared.
_THEIRS = (
    select(withdrawn_rooms.c.service.label("its_service"), withdrawn_rooms.c.room_id.label("its_room"))
    .where(withdrawn_rooms.c.was_theirs)
    .subquery()
)


def is_withdrawn(table: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any table with these columns
    """The condition that the room of a row was for a person whose data was taken out: its link is given to no one."""
    same = (_THEIRS.c.its_service == table.c.service, _THEIRS.c.its_room == table.c.room_id)
    return select(_THEIRS.c.its_room).where(*same).correlate(table).exists()


def all_withdrawn(db: Connection, service: str) -> dict[str, bool]:
    """The ids of all rooms in which a person's data was taken out, and whether each was for that person."""
    found = select(withdrawn_rooms.c.room_id, withdrawn_rooms.c.was_theirs)
    return {room_id: theirs for room_id, theirs in db.execute(found.where(withdrawn_rooms.c.service == service))}


def withdrawn_among(db: Connection, service: str, room_ids: Iterable[str]) -> dict[str, bool]:
    """The same of some rooms."""
    ids, found = sorted(set(room_ids)), dict[str, bool]()
    its = select(withdrawn_rooms.c.room_id, withdrawn_rooms.c.was_theirs).where(withdrawn_rooms.c.service == service)
    for some in in_parts(ids, ROOMS_PER_QUESTION):
        found |= {room_id: theirs for room_id, theirs in db.execute(its.where(withdrawn_rooms.c.room_id.in_(some)))}
    return found


def withdrawn_rows(db: Connection, ids: Iterable[int]) -> frozenset[int]:
    """Those of some rows of `rooms` in which a person's data was taken out."""
    its_room = and_(withdrawn_rooms.c.service == rooms.c.service, withdrawn_rooms.c.room_id == rooms.c.room_id)
    return frozenset(
        db.execute(select(rooms.c.id).join(withdrawn_rooms, its_room).where(rooms.c.id.in_(ids))).scalars()
    )


def kept_words(db: Connection, service: str, room: InterviewRoomResponse) -> InterviewRoomResponse:
    """What may be kept of the service's words about a room: without a person whose data was taken out."""
    return without_texts(room) if withdrawn_among(db, service, [room.id]) else room


def without_texts(room: InterviewRoomResponse) -> InterviewRoomResponse:
    """The room without a person, and without the texts that it may have for that person alone."""
    return room.without_person().model_copy(update=dict.fromkeys(OWN_TEXTS))
