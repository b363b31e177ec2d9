"""People at doors: what their visits keep of them, besides what their rooms have."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, or_, select, update

from services.email_address import same_address
from services.journal.door_tables import door_visits
from services.journal.parts import in_parts
from services.journal.personal.records import Trace, name_key
from services.journal.rows import AnyRow

ROWS_PER_STATEMENT = 500
"""How many rows are written by one statement."""

_GONE = {"person": "", "email": "", "panel_id": "", "parameters": "{}"}


def forget_at_doors(db: Connection, traces: Sequence[Trace], room_ids: Collection[str]) -> None:
    """Takes people out of visits: those who got one of these rooms, and those who wait for one.

    The digest by which a person was known at the door goes, too: they would be a stranger there.
    """
    waiting = select(door_visits).where(or_(door_visits.c.email != "", door_visits.c.panel_id != ""))
    theirs = [row.id for row in db.execute(waiting) if _is_one_of(row, traces)]
    for ids, column in ((theirs, door_visits.c.id), (sorted(room_ids), door_visits.c.room_id)):
        for some in in_parts(ids, ROWS_PER_STATEMENT):
            db.execute(update(door_visits).where(column.in_(some)).values(_GONE))


def _is_one_of(visit: AnyRow, traces: Sequence[Trace]) -> bool:
    if visit.email:
        return any(trace.email and same_address(visit.email, trace.email) for trace in traces)
    return any(trace.code and name_key(trace.code) == name_key(visit.panel_id) for trace in traces)
