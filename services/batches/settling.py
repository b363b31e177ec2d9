"""What became of calls whose answers were lost: which rooms of the project are theirs.

Rooms are told apart by their ids and settings, never by this machine's clock. Two looks that agree are believed.
"""

from collections.abc import Callable, Sequence

from services.aseed.errors import NotReached, OutcomeUnknown, TokenRefused
from services.aseed.models import InterviewRoomResponse, RoomSettings
from services.batches.likeness import could_be, is_like
from services.batches.pace import Ask, Park
from services.journal.records import Call

LOOKS_AT_MOST = 6
"""How often the project is listed until two looks in a row agree."""

Rooms = list[InterviewRoomResponse]
Look = Callable[[], Rooms]
"""Lists the rooms that the project has and that no one has accounted for. Raises Park where it cannot be listed."""


def find_rooms(lost: Sequence[Call], look: Look, pause: Callable[[], None]) -> dict[Call, Rooms]:
    """The rooms of each lost call, once two looks agree or none is missing any more.

    look: lists the rooms that are not accounted for.
    pause: waits between two looks.

    Raises Ask where only a person can know, and Park where the service cannot be asked.
    """
    found = look_once(lost, look)
    for _ in range(LOOKS_AT_MOST):
        if not missing_rooms(found):
            return found
        pause()
        before, found = found, look_once(lost, look)
        if _ids(before) == _ids(found):
            return found
    raise Ask(OutcomeUnknown("The project's rooms change each time they are listed."))


def look_once(lost: Sequence[Call], look: Look) -> dict[Call, Rooms]:
    """The rooms of each lost call by one look at the project. Raises Ask where that cannot be known."""
    try:
        unaccounted = look()
    except Park as parked:
        if isinstance(parked.problem, TokenRefused | NotReached):
            raise
        raise Ask(parked.problem) from None
    # What is exactly like one lost call is not nearly like another.
    unlike = [room for room in unaccounted if not any(is_like(room, call.settings) for call in lost)]
    found: dict[Call, Rooms] = {}
    for settings in dict.fromkeys(call.settings for call in lost):
        calls = [call for call in lost if call.settings == settings]
        found |= _identified(calls, settings, unaccounted, unlike)
    return found


def missing_rooms(found: dict[Call, Rooms]) -> int:
    """How many rooms the lost calls still lack."""
    return sum(len(call.places) - len(its) for call, its in found.items())


def assign_adopted(calls: Sequence[Call], rooms: Sequence[InterviewRoomResponse]) -> list[tuple[Call, Rooms]]:
    """The rooms that a person adopts, by call: each call gets as many as it lacks, first those exactly like it.

    The rest goes to a call that it could be of, or else to the first.
    """
    assigned, lacks, left = [], {call.id: len(call.places) for call in calls}, list(rooms)
    for fits in (is_like, could_be):
        for call in calls:
            its = [room for room in left if fits(room, call.settings)][: lacks[call.id]]
            taken = {room.id for room in its}
            left = [room for room in left if room.id not in taken]
            lacks[call.id] -= len(its)
            assigned.append((call, its))
    for room in left if calls else ():
        assigned.append((next((call for call in calls if could_be(room, call.settings)), calls[0]), [room]))
    return [(call, its) for call, its in assigned if its]


def _identified(calls: Sequence[Call], settings: RoomSettings, unaccounted: Rooms, unlike: Rooms) -> dict[Call, Rooms]:
    """Which rooms belong to lost calls that all have the same settings. Raises Ask where no one can know.

    calls: the lost calls.
    settings: theirs.
    unaccounted: the rooms that may be theirs.
    unlike: those of them that are not exactly like any lost call.
    """
    ours = sorted(
        (room for room in unaccounted if is_like(room, settings)), key=lambda room: (room.created_at, room.id)
    )
    missing = sum(len(call.places) for call in calls)
    if len(ours) > missing:
        raise Ask(OutcomeUnknown(f"{missing} rooms are missing, and {len(ours)} new ones could be them."))
    if len(ours) < missing and any(could_be(room, settings) for room in unlike):
        raise Ask(OutcomeUnknown(f"{missing} rooms are missing, and some new ones are nearly like them."))
    found: dict[Call, Rooms] = {}
    for call in calls:
        found[call], ours = ours[: len(call.places)], ours[len(call.places) :]
    return found


def _ids(found: dict[Call, Rooms]) -> set[str]:
    return {room.id for rooms in found.values() for room in rooms}
