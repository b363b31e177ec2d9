"""What the screen Batches, and the result on Create, remember besides the values of their widgets."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from components.state import session
from services.aseed.models import InterviewRoomResponse
from services.journal.records import KeptRoom


@dataclass
class Latest:
    """What Aseed last said of a batch's rooms; one object for as long as the batch is shown.

    moved: the rooms that are no longer as they were created, by id. stale: whether the last try to ask again failed.
    asked and took: when that was, by the monotonic clock, and for how many seconds.
    """

    batch_id: int
    moment: datetime
    moved: dict[str, InterviewRoomResponse] = field(default_factory=dict)
    stale: bool = False
    asked: float = field(default_factory=time.monotonic)
    took: float = 0

    def rooms(self, kept: Sequence[KeptRoom]) -> list[InterviewRoomResponse]:
        """The rooms as Aseed last described them."""
        # A link that was handed over stays what it was, whatever is said of its room later.
        return [self.moved.get(one.room.id, one.room).model_copy(update={"url": one.room.url}) for one in kept]


@dataclass(frozen=True)
class BatchLinks:
    """The links of a batch that may have 10,000 rooms, put together once. made_of: the batch as it was then.

    text: the proper links, one a line. good: how many they are. expires: until when the first works.
    """

    made_of: tuple[object, ...]
    text: str
    good: int
    expires: datetime | None


@dataclass
class BatchesState:
    """opened: the number of the batch that is open; None for the list.

    address: what was last written to the page's address, and when, by the monotonic clock.
    links, latest: of the batch that was last shown.
    to_copy: the number of the large batch whose links are sent to the browser, to be copied.
    """

    opened: int | None = None
    address: tuple[str | None, float] = (None, -inf)
    links: BatchLinks | None = None
    latest: Latest | None = None
    to_copy: int | None = None


def current() -> BatchesState:
    return session.state(BatchesState)
