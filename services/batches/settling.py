"""What became of calls whose answers were lost: which rooms of the project are theirs.

Rooms are told apart by what they carry, never by this machine's clock. Two looks that agree are believed. What is
missing may be created again only where no other new room has appeared: else it may be there in another form, or
another person's rooms may pass for ours, and only a person can know.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from services.aseed.errors import AseedError, NotReached, OutcomeUnknown, TokenRefused
from services.aseed.models import InterviewRoomResponse
from services.batches.likeness import NO_FORMS, Forms, could_be, is_anothers, is_like, nearest
from services.batches.looking import ListHasGaps
from services.batches.pace import Ask, Park
from services.journal.records import Call
from services.texts.kept import kept
from services.texts.speech import N_

TOO_MANY = kept("{missing} rooms are missing, and {count} new ones could be them.")
OTHERS = kept("{count} new rooms in the project are not as they were asked for.")
OTHERS_IN = kept("{count} new rooms in the project are not as they were asked for: other {words}.")
MISSING_AND_OTHERS = kept(
    "{missing} rooms are missing, and {count} new rooms in the project are not as they were asked for."
)
MISSING_AND_OTHERS_IN = kept(
    "{missing} rooms are missing, and {count} new rooms in the project are not as they were asked for: other {words}."
)

LOOKS_AT_MOST = 6
"""How often the project is listed again until two looks in a row agree."""

Rooms = list[InterviewRoomResponse]
Look = Callable[[], Rooms]
"""Lists the rooms that the project has and that no one has accounted for.

Raises ListHasGaps where the list cannot be believed, and Park where there is none.
"""


@dataclass(frozen=True)
class Signs:
    """By what rooms are known as ours besides their settings.

    forms: what the service makes of what it is asked for.
    creators: how it names who creates rooms for us; empty where that is not known.
    """

    forms: Forms = NO_FORMS
    creators: Collection[str] = ()


NO_SIGNS = Signs()


def find_rooms(
    lost: Sequence[Call], look: Look, pause: Callable[[], None], signs: Signs = NO_SIGNS
) -> dict[Call, Rooms]:
    """The rooms of each lost call, once two looks agree or none is missing any more.

    look: lists the rooms that are not accounted for.
    pause: waits between two looks.

    Raises Ask where only a person can know, and Park where the service cannot be asked.
    """
    before: dict[Call, Rooms] | None = None
    problem: AseedError | None = None
    for number in range(1 + LOOKS_AT_MOST):
        if number:
            pause()
        try:
            found = look_once(lost, look, signs)
        except ListHasGaps as gaps:
            before, problem = None, gaps.problem
            continue
        if not missing_rooms(found) or (before is not None and _ids(before) == _ids(found)):
            return found
        before, problem = found, None
    raise Ask(problem or OutcomeUnknown(N_("The project's rooms change each time they are listed.")))


def look_once(lost: Sequence[Call], look: Look, signs: Signs = NO_SIGNS) -> dict[Call, Rooms]:
    """The rooms of each lost call by one look at the project.

    Raises Ask where that cannot be known, and ListHasGaps where another look may tell.
    """
    try:
        unaccounted = look()
    except ListHasGaps:
        raise
    except Park as parked:
        if isinstance(parked.problem, TokenRefused | NotReached):
            raise
        raise Ask(parked.problem) from None
    left = sorted(unaccounted, key=lambda room: (room.created_at, room.id))
    found: dict[Call, Rooms] = {call: [] for call in lost}
    # What is exactly like one lost call is not another's in a form of the service's.
    for forms in (NO_FORMS, signs.forms):
        for settings in dict.fromkeys(call.settings for call in lost):
            ours = [room for room in left if is_like(room, settings, forms)]
            calls = [call for call in lost if call.settings == settings]
            _share(calls, ours, found, signs)
            left = [room for room in left if room not in ours]
    _ask_about_others(found, left, signs)
    return found


def missing_rooms(found: dict[Call, Rooms]) -> int:
    """How many rooms the lost calls still lack."""
    return sum(len(call.places) - len(its) for call, its in found.items())


def assign_adopted(calls: Sequence[Call], rooms: Sequence[InterviewRoomResponse]) -> list[tuple[Call, Rooms]]:
    """The rooms that a person adopts, by call: each call gets as many as it lacks, first those exactly like it.

    A room exactly like one call is none of another's, even where the one has all: it is one too many. The rest goes to
    a call that it could be of, or else to the first.
    """
    alike = {room.id: [call for call in calls if is_like(room, call.settings)] for room in rooms}
    assigned, lacks, left = [], {call.id: len(call.places) for call in calls}, list(rooms)

    def gives(call: Call, its: list[InterviewRoomResponse]) -> None:
        taken = {room.id for room in its[: lacks[call.id]]}
        assigned.append((call, [room for room in left if room.id in taken]))
        left[:] = [room for room in left if room.id not in taken]
        lacks[call.id] -= len(taken)

    for call in calls:
        gives(call, [room for room in left if call in alike[room.id]])
    for call in calls:
        gives(call, [room for room in left if not alike[room.id] and could_be(room, call.settings)])
    for room in left if calls else ():
        lacking = [call for call in calls if lacks[call.id]]
        likely = [*alike[room.id], *(call for call in calls if could_be(room, call.settings)), *lacking, *calls]
        lacks[likely[0].id] = max(0, lacks[likely[0].id] - 1)
        assigned.append((likely[0], [room]))
    return [(call, its) for call, its in assigned if its]


def _share(calls: Sequence[Call], ours: Rooms, found: dict[Call, Rooms], signs: Signs) -> None:
    """Gives rooms to lost calls that all have the same settings. Raises Ask where they may be another person's."""
    missing = sum(len(call.places) - len(found[call]) for call in calls)
    if len(ours) > missing:
        raise Ask(OutcomeUnknown(TOO_MANY(missing=missing, count=len(ours))))
    if any(is_anothers(room, signs.creators) for room in ours):
        raise Ask(OutcomeUnknown(N_("New rooms are like the missing ones, but another account created them.")))
    if any(all(signs.forms.is_older(room, call.sent) for call in calls) for room in ours):
        raise Ask(
            OutcomeUnknown(N_("New rooms are like the missing ones, but were there before these were asked for."))
        )
    for call in calls:
        lacks = len(call.places) - len(found[call])
        found[call] = [*found[call], *ours[:lacks]]
        ours = ours[lacks:]


def _ask_about_others(found: dict[Call, Rooms], others: Rooms, signs: Signs) -> None:
    """Raises Ask where rooms have appeared that are like no lost call, and may be its rooms or another person's."""
    missing = missing_rooms(found)
    if not missing:
        others = [room for room in others if not is_anothers(room, signs.creators)]
    if not others:
        return
    apart = _apart(others, list(found), signs.forms)
    alone, with_missing = (OTHERS_IN, MISSING_AND_OTHERS_IN) if apart else (OTHERS, MISSING_AND_OTHERS)
    why = with_missing if missing else alone
    raise Ask(OutcomeUnknown(why(missing=missing, count=len(others), words=apart)))


def _apart(rooms: Rooms, calls: Sequence[Call], forms: Forms) -> str:
    """In words, what differs between the rooms and the calls that they are most like."""
    settings = [call.settings for call in calls]
    return ", ".join(dict.fromkeys(apart.name for room in rooms for apart in nearest(room, settings, forms)))


def _ids(found: dict[Call, Rooms]) -> set[str]:
    return {room.id for rooms in found.values() for room in rooms}
