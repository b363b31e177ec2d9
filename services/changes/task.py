"""What is to be done to one room, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum

from services.aseed.models import PENDING, UpdateRoomRequest
from services.participants import Participant
from services.texts.speech import N_


class Result(StrEnum):
    """What became of one room."""

    DONE = "done"
    ALREADY = N_("already so")
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    """No usable answer came: it may have been done, and doing it again is safe."""
    NOT_TRIED = N_("not tried")


@dataclass(frozen=True)
class Task:
    """What is to be done to one room of a project.

    label: how the researcher knows it.
    change: how it is to be; nothing is asked of the service where no field is set. None cancels the room, as long as
        its status is still `seen_as`, so that a person who has begun meanwhile is not cut off.
    what: the line of the room's history, in English, such as "extended to 30 Nov 2026", without link and email.
    person: whom the room is for from now on, where that is to change.
    """

    room_id: str
    project_id: str
    label: str
    change: UpdateRoomRequest | None
    what: str
    person: Participant | None = None
    seen_as: str = PENDING


@dataclass(frozen=True)
class Outcome:
    """What became of a task. words: why, in English (services.changes.words) or as the service says it, or nothing."""

    task: Task
    result: Result
    words: str = ""

    @property
    def succeeded(self) -> bool:
        return self.result in (Result.DONE, Result.ALREADY)
