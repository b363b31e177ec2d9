"""The files that were made with some rooms, as the audit tells of them: copies that the dashboard cannot reach."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, or_, select

from services.journal.deeds import Deed, Export
from services.journal.people_tables import audit
from services.journal.personal.records import FileMade
from services.journal.records import moment

FEW = 50
"""The lines about so many rooms are looked for by the database; for more, all lines about files are read."""

WITHOUT_NAMES = (Export.AUDIT, Export.RECEIPT, Export.LINKS, Export.TASKFLOW)
"""Kinds of files that name no one."""


def files_made(db: Connection, room_ids: Sequence[str]) -> tuple[FileMade, ...]:
    """The files with any of these rooms that may name people, the oldest first."""
    wanted = set(room_ids)
    if not wanted:
        return ()
    lines = select(audit.c.at, audit.c.email, audit.c.details, audit.c.id).where(audit.c.deed == Deed.EXPORT)
    if len(wanted) <= FEW:
        lines = lines.where(or_(*(audit.c.details.contains(f'"{one}"', autoescape=True) for one in sorted(wanted))))
    found = []
    for row in db.execute(lines.order_by(audit.c.id)):
        told = json.loads(row.details)
        its = wanted.intersection(told.get("rooms", ()))
        if its and told.get("kind") not in WITHOUT_NAMES:
            found.append(FileMade(moment(row.at), str(told.get("kind", "")), row.email, len(its)))
    return tuple(found)
