"""Rooms that are left once a project has its completed interviews: cancelled, so that their tokens come back."""

from services.aseed.errors import Refused
from services.aseed.models import COMPLETED
from services.desk import Desk
from services.journal.deeds import Deed
from services.rooms.entry import entries
from services.rooms.left_over import left_over


def release(desk: Desk, project_id: str) -> int:
    """Cancels the rooms of a project that no person has or is meant to have, if its target is reached; how many.

    A room leaves the pool before it is cancelled, so that no visitor is given one that ends. Raises AseedError and
    JournalError; those that were cancelled by then stay so, and it may be called again.
    """
    target = desk.journal.rooms.target(desk.visibility, project_id)
    if target is None:
        return 0
    rooms = desk.client.rooms(project_id)
    if sum(room.status == COMPLETED for room in rooms) < target:
        return 0
    # Into the pool with all that is pending: what is not in it, a person has.
    desk.fill(project_id)
    known = desk.journal.rooms.known(desk.visibility, project_id)
    in_use = desk.journal.hand_outs.in_use(desk.visibility, project_id)
    left = [entry.id for entry in left_over(entries(rooms, known, {}, desk.check), in_use)]
    ids = desk.journal.hand_outs.take_out(desk.visibility, project_id, left)
    if ids:
        # Before it is done: what is cancelled does not come back.
        desk.journal.audit.note(Deed.CANCEL, project=project_id, rooms=ids)
    return sum(_is_cancelled(desk, room_id) for room_id in ids)


def _is_cancelled(desk: Desk, room_id: str) -> bool:
    try:
        desk.client.cancel_room(room_id)
    except Refused:
        # A person has just joined it.
        return False
    return True
