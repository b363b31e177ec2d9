"""One task done at Aseed, unless the room is so already."""

from collections.abc import Iterator
from contextlib import contextmanager

from services.aseed.client import AseedClient
from services.aseed.errors import AseedError, NotFound, NotReached, RateLimited, TokenRefused
from services.aseed.models import CANCELLED, InterviewRoomResponse, UpdateRoomRequest
from services.changes import words
from services.changes.task import Result, Task

_CLEAR = "clear_"
"""How the names of those fields of a change begin that empty another one."""


def apply(task: Task, client: AseedClient) -> tuple[Result, str, InterviewRoomResponse | None]:
    """Does what a task says, unless it is so already; with the room as the service then told it, where it did.

    Raises AseedError.
    """
    if task.change is None:
        return *_cancel(task, client), None
    if not _asked(task.change):
        return Result.DONE, "", None
    if _is_so(room := client.room(task.room_id), task.change):
        return Result.ALREADY, "", room
    with _unsure():
        room = client.update_room(task.room_id, task.change)
    return Result.DONE, "", room


def _cancel(task: Task, client: AseedClient) -> tuple[Result, str]:
    try:
        status = client.room(task.room_id).status
    except NotFound:
        return Result.ALREADY, words.GONE
    if status == CANCELLED:
        return Result.ALREADY, ""
    if status != task.seen_as:
        return Result.REFUSED, words.OTHER_BY_NOW(status=status)
    with _unsure():
        client.cancel_room(task.room_id)
    return Result.DONE, ""


class Unsure(Exception):
    """The service could not be reached any more for a change, of which an earlier attempt may have arrived."""

    def __init__(self, error: NotReached | RateLimited) -> None:
        super().__init__(str(error))
        self.error = error


@contextmanager
def _unsure() -> Iterator[None]:
    try:
        yield
    except (NotReached, RateLimited) as error:
        raise Unsure(error) from None


def _asked(change: UpdateRoomRequest) -> dict[str, object]:
    """How a change wants a room's fields to be: None for those that are to be cleared."""
    asked: dict[str, object] = {}
    for name in change.model_fields_set:
        value = getattr(change, name)
        if not name.startswith(_CLEAR):
            asked.setdefault(name, value)
        elif value:
            asked[name.removeprefix(_CLEAR)] = None
    return asked


def _is_so(room: InterviewRoomResponse, change: UpdateRoomRequest) -> bool:
    # Where nothing is there, services differ between nothing and an empty text.
    return all((getattr(room, name) or None) == (wanted or None) for name, wanted in _asked(change).items())


def stops_all(error: AseedError) -> str | None:
    """Why no other room can be changed just now either, where that is so."""
    if isinstance(error, TokenRefused) and error.status == 401:
        return words.TOKEN_REFUSED
    if isinstance(error, NotReached):
        return words.NOT_REACHED
    if isinstance(error, RateLimited):
        return words.PAUSE
    return None
