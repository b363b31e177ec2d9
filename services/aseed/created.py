"""The answer to a creation: exactly the rooms that were asked for, or an outcome that is not known."""

import httpx
from pydantic import ValidationError
from pydantic_core import from_json

from services.aseed.errors import OutcomeUnknown
from services.aseed.models import InterviewRoomResponse
from services.texts.kept import kept
from services.texts.speech import N_

WRONG_NUMBER = kept("Aseed answered with {rooms} of the {count} rooms asked for.")


def rooms_created(response: httpx.Response, count: int) -> list[InterviewRoomResponse]:
    """The rooms of an answer to a call for `count` of them.

    Raises OutcomeUnknown, with the rooms that it holds, where they are not exactly so many that can be read.
    """
    rooms, complete = _readable(response)
    if not complete:
        raise OutcomeUnknown(N_("Aseed's answer could not be read in full."), rooms)
    if len(rooms) != count:
        raise OutcomeUnknown(WRONG_NUMBER(rooms=len(rooms), count=count), rooms)
    if len({room.id for room in rooms}) != count:
        raise OutcomeUnknown(N_("Aseed answered with one room more than once."), rooms)
    return rooms


def _readable(response: httpx.Response) -> tuple[list[InterviewRoomResponse], bool]:
    """The rooms in the answer that can be read, and whether these are all that it holds."""
    try:
        entries = from_json(response.content)["rooms"]
    except (ValueError, LookupError, TypeError):
        return [], False
    rooms: list[InterviewRoomResponse] = []
    for entry in entries if isinstance(entries, list) else ():
        try:
            rooms.append(InterviewRoomResponse.model_validate(entry))
        except ValidationError:
            continue
    return rooms, isinstance(entries, list) and len(rooms) == len(entries)
