"""Which rooms have a link that another room has too, or one by their own answer: for every read of rooms."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, bindparam, select

from services.journal.tables import own_links, rooms, shared_links

# Under names of their own: where a row is returned by a change, SQLAlchemy names its columns without their table.
_SHARED = select(shared_links.c.service.label("its_service"), shared_links.c.room_id.label("its_room")).subquery()
_OWN = select(
    own_links.c.service.label("its_service"), own_links.c.room_id.label("its_room"), own_links.c.link.label("its_link")
).subquery()


_OWN_LINKS = select(own_links.c.room_id, own_links.c.link).where(own_links.c.service == bindparam("service"))
"""Built once, which takes longer than running it."""


def is_shared(table: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any table with these columns
    """The condition that another room has the link of a row's room too."""
    same = (_SHARED.c.its_service == table.c.service, _SHARED.c.its_room == table.c.room_id)
    return select(_SHARED.c.its_room).where(*same).correlate(table).exists()


def own_link(table: Any) -> ScalarSelect[str]:  # noqa: ANN401 - any table with these columns
    """The link that the room of a row has by its own answer; NULL where none was asked for."""
    same = (_OWN.c.its_service == table.c.service, _OWN.c.its_room == table.c.room_id)
    return select(_OWN.c.its_link).where(*same).correlate(table).scalar_subquery()


def is_of_batch(table: Any, batch_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any table, a number or a column
    """The condition that the room of a row is of a batch. It asks for few rooms, where the batch may have 10,000."""
    same = (rooms.c.service == table.c.service, rooms.c.room_id == table.c.room_id, rooms.c.batch_id == batch_id)
    return select(rooms.c.id).where(*same).correlate_except(rooms).exists()


def in_conflict(db: Connection, service: str) -> frozenset[str]:
    """The ids of all rooms that are in conflict: mostly none."""
    found = select(shared_links.c.room_id).where(shared_links.c.service == service)
    return frozenset(db.execute(found).scalars())


def links_of_own(db: Connection, service: str) -> dict[str, str]:
    """The links that rooms have by their own answers, by the rooms' ids: mostly none."""
    return {room_id: link for room_id, link in db.execute(_OWN_LINKS, {"service": service})}
