"""What the screen Batches, and the result on Create, remember besides the values of their widgets."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf

from components.state import connection, session
from services.aseed.models import InterviewRoomResponse
from services.journal.batch_search import BatchView
from services.journal.records import Batch, KeptRoom, RoomRecord
from services.rooms.entry import NO_PARTICIPANT, Entry


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

    def entries(self, batch: Batch, kept: Sequence[KeptRoom], first: int | None = None, name: str = "") -> list[Entry]:
        """The rooms as Aseed last described them; the arguments are those of `as_created`."""
        made = as_created(batch, kept, first, name)
        return [replace(entry, room=self.moved.get(entry.id, entry.room)) for entry in made]


def as_created(batch: Batch, kept: Sequence[KeptRoom], first: int | None = None, name: str = "") -> list[Entry]:
    """Rooms of a batch as the journal has them.

    kept: the rooms.
    first: the number of the first one; None to number each by its place in the batch.
    name: what stands for the batch in files.
    """
    check = connection.current().check
    return [
        Entry(
            one.room,
            batch.project_name,
            one.place if first is None else first + index,
            one.participant or NO_PARTICIPANT,
            RoomRecord(
                one.room.id,
                batch.id,
                name,
                one.place,
                one.link,
                one.participant,
                shares_link=one.shares_link,
                has_own_link=one.has_own_link,
                is_withdrawn=one.is_withdrawn,
                hides_names=one.hides_names,
            ),
            check,
        )
        for index, one in enumerate(kept)
    ]


@dataclass(frozen=True)
class BatchLinks:
    """The links of a batch that may have 10,000 rooms, put together once. made_of: the batch as it was then.

    text: the proper links, one a line. good: how many they are. expires: until when the first works.
    shared: how many rooms have a link that another room has too, which is none of these.
    withdrawn: how many of the others were for people whose data was withdrawn.
    """

    made_of: tuple[object, ...]
    text: str
    good: int
    shared: int
    expires: datetime | None
    withdrawn: int = 0


@dataclass(frozen=True)
class Order:
    """The batches on show, in the order in which they were when a person last asked for them.

    Rows stay in their places while a person looks, whatever becomes of their batches: a press meets what was seen.

    view, start: of which list, and from which place on.
    ids: the numbers of the batches. moving: of those that were at work.
    """

    view: BatchView
    start: int
    ids: tuple[int, ...]
    moving: frozenset[int]


@dataclass
class BatchesState:
    """opened: the number of the batch that is open; None for the list.

    address: what was last written to the page's address, and when, by the monotonic clock.
    order: of the list. keeps_order: whether the next drawing of the whole page keeps it.
    links, latest: of the batch that was last shown.
    to_copy: the number of the large batch whose links are sent to the browser, to be copied.
    """

    opened: int | None = None
    address: tuple[str | None, float] = (None, -inf)
    order: Order | None = None
    keeps_order: bool = False
    links: BatchLinks | None = None
    latest: Latest | None = None
    to_copy: int | None = None


def current() -> BatchesState:
    return session.state(BatchesState)
