"""Looks at a project: which of its rooms no one has accounted for, and whether its list can be believed."""

from collections.abc import Sequence

from services.aseed.client import AseedClient
from services.aseed.errors import AseedError, NotFound, OutcomeUnknown
from services.aseed.models import ACTIVE, PENDING, InterviewRoomResponse
from services.batches.likeness import of_project
from services.batches.pace import Park
from services.journal.run import Run
from services.texts.speech import N_

ASKED_AT_MOST = 5
"""Of how many rooms that a list leaves out the service is asked one by one."""


class ListHasGaps(Park):
    """The service's list of a project leaves out rooms that are there: what is missing in it proves nothing."""

    def __init__(self) -> None:
        super().__init__(OutcomeUnknown(N_("Aseed's list of this project leaves out rooms that are there.")))


def listed_rooms(client: AseedClient, project_id: str) -> list[InterviewRoomResponse]:
    """The rooms of a project as the service lists them. Raises Park."""
    try:
        return client.rooms(project_id)
    except AseedError as error:
        raise Park(error) from None


def unaccounted_rooms(
    run: Run, client: AseedClient, project_id: str, listed: Sequence[InterviewRoomResponse]
) -> list[InterviewRoomResponse]:
    """Those of the listed rooms of a project that are in no batch, and were not there before this one.

    Raises ListHasGaps, and Park where the service cannot be asked.
    """
    try:
        if has_gaps(client, run.unlisted(listed)):
            raise ListHasGaps
    except AseedError as error:
        raise Park(error) from None
    return of_project(run.unaccounted_rooms(listed), project_id)


def has_gaps(client: AseedClient, unlisted: Sequence[str]) -> bool:
    """Whether rooms that can still be joined are not in a list. Raises AseedError.

    Rooms that have ended, or are gone, may well be left out.

    unlisted: the ids of rooms that the list should have and has not. Of many, some are asked for.
    """
    step = max(1, len(unlisted) // ASKED_AT_MOST)
    return any(_can_be_joined(client, room_id) for room_id in unlisted[::step][:ASKED_AT_MOST])


def _can_be_joined(client: AseedClient, room_id: str) -> bool:
    try:
        return client.room(room_id).status in (PENDING, ACTIVE)
    except NotFound:
        return False
