"""What a room still needs once it is there: its label and overrides, and the end of the old room that it replaces.

Where its link is in another room too, it is asked for by its own call.
"""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from services.aseed.client import AseedClient
from services.aseed.errors import AseedError, NotReached, RateLimited, TokenRefused
from services.aseed.models import InterviewRoomResponse, UpdateRoomRequest
from services.background import in_parallel
from services.batches.pace import Pace
from services.batches.replace import Dealt, deal_with
from services.journal.records import KeptRoom, Replacement

ROOMS_PER_RECORD = 100
"""How many labels are set before they are written down together."""

T = TypeVar("T")
R = TypeVar("R")

LabelledRoom = tuple[KeptRoom, InterviewRoomResponse | None]
"""A room of the journal, and the room as the service then has it; None where the service did not take the label."""


class Completing:
    """Sets labels and cancels replaced rooms at the service, several at once. What the journal is told is not its task.

    stop: set when the process shuts down; then what has not begun is left as it is.

    Each verb returns what was done, and the error that keeps the rest from being done: the token is refused, the
    service is not reached, or it asks for a pause that is too long. Shorter pauses are waited out.
    """

    def __init__(self, client: AseedClient, pace: Pace, stop: threading.Event) -> None:
        self._client = client
        self._pace = pace
        self._stop = stop

    def label(self, rooms: Sequence[KeptRoom]) -> tuple[list[LabelledRoom], AseedError | None]:
        """Gives the rooms their labels and overrides. A refusal of one label (403, 404, 422, …) is that label's own."""
        return self._each(rooms, self._labelled)

    def retire(self, waiting: Sequence[Replacement]) -> tuple[list[Dealt], AseedError | None]:
        """Cancels the old rooms that no person has begun; with what was done about each."""
        return self._each(waiting, lambda its: deal_with(its, self._client))

    def own_answers(self, room_ids: Sequence[str]) -> list[InterviewRoomResponse]:
        """Asks for each room by its own call; without those that gave no answer about themselves."""
        answers, _ = self._each(room_ids, self._own_answer)
        return [room for room in answers if room]

    def _own_answer(self, room_id: str) -> InterviewRoomResponse | None:
        try:
            room = self._client.room(room_id)
        except AseedError as error:
            if concerns_all(error):
                raise
            return None
        return room if room.id == room_id else None

    def _labelled(self, kept: KeptRoom) -> LabelledRoom:
        try:
            room = self._client.update_room(kept.room.id, _change(kept))
        except AseedError as error:
            if concerns_all(error):
                raise
            return kept, None
        return kept, room

    def _each(self, tasks: Sequence[T], do: Callable[[T], R]) -> tuple[list[R], AseedError | None]:
        left = list(reversed(tasks))
        done: list[R] = []
        problems: list[AseedError] = []
        pauses = self._pace.new_pauses()

        def one_after_the_other() -> None:
            while not problems:
                pauses.wait(self._stop)
                try:
                    task = left.pop()
                except IndexError:
                    return
                if self._stop.is_set():
                    return
                try:
                    done.append(do(task))
                except RateLimited as refusal:
                    left.append(task)
                    if pauses.note(refusal) is None:
                        problems.append(refusal)
                except AseedError as error:
                    problems.append(error)
                else:
                    pauses.succeeded()

        in_parallel(one_after_the_other, self._pace.calls_at_once)
        return done, next(iter(problems), None)


def concerns_all(error: AseedError) -> bool:
    """Whether an error is about the connection or the token, so that no other request can succeed just now.

    A token that may not do one thing (403) may be allowed to do the next.
    """
    if isinstance(error, TokenRefused):
        return error.status == 401
    return isinstance(error, NotReached | RateLimited)


def _change(kept: KeptRoom) -> UpdateRoomRequest:
    """What makes a room the one that it was created to be."""
    label = kept.participant.label if kept.participant else ""
    named = {"display_name": label} if label else {}
    return (kept.overrides or UpdateRoomRequest()).model_copy(update=named)
