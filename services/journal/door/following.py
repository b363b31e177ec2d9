"""What becomes of a visit by what Aseed says of its room."""

from typing import Any

from services.aseed.models import ACTIVE, COMPLETED, PENDING
from services.journal.desk.records import HandOut
from services.journal.door.records import DoorSettings, VisitState
from services.journal.rows import AnyRow


def change_after(row: AnyRow, looked: HandOut, settings: DoorSettings) -> dict[str, Any]:
    """What changes of a visit by what Aseed says of its room; nothing where it stays as it is."""
    room = looked.room
    if looked.station_key != row.key:
        # Staff took it back: it may be another person's by now.
        return {"state": VisitState.RETURNED, "room_id": None}
    started = room.started_at.timestamp() if room.started_at else row.started_at
    ended = room.finished_at.timestamp() if room.finished_at else None
    if looked.status == ACTIVE:
        return {} if row.state == VisitState.STARTED else {"state": VisitState.STARTED, "started_at": started}
    if looked.status == COMPLETED:
        was_cut_off = started is not None and ended is not None and ended - started < 60 * settings.cut_off_minutes
        state = VisitState.CUT_OFF if was_cut_off else VisitState.DONE
        return {"state": state, "started_at": started, "ended_at": ended, "cut_offs": row.cut_offs + was_cut_off}
    return {} if looked.status == PENDING else {"state": VisitState.LOST}
