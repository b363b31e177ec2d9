"""The records that go into the journal and come out of it: batches, calls, rooms, events."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from services.aseed.errors import AseedError
from services.aseed.models import InterviewRoomResponse, RoomSettings, UpdateRoomRequest
from services.participants import Participant


class State(StrEnum):
    """How far a batch is. The last three are its ends."""

    CREATING = "creating"
    """Calls are sent, or wait to be sent."""
    WAITING = "waiting"
    """Answers were lost, and it is too early to look for their rooms."""
    LABELLING = "labelling"
    """Every room is there; the labels are being set."""
    PARKED = "parked"
    """Something has to change before it can go on: a token, the balance, the network."""
    ASKING = "asking"
    """Lost answers that only a person can settle."""
    DONE = "done"
    """All that was wanted is there, or more."""
    SHORT = "short"
    """It ended with fewer rooms than wanted, because the service refused or a person decided so."""
    CANCELLED = "cancelled"


class Stage(StrEnum):
    """What a batch means to a person who looks through many."""

    NEEDS_YOU = "needs_you"
    """It stands still until a person does something, or has rooms about which only a person can decide."""
    AT_WORK = "at_work"
    """It moves by itself."""
    FINISHED = "finished"
    """All that was wanted is there."""
    STOPPED = "stopped"
    """It ended with fewer rooms than wanted."""


class CallState(StrEnum):
    """How far a call is."""

    PLANNED = "planned"
    SENDING = "sending"
    LOST = "lost"
    """Sent, and it is not certain whether its rooms exist."""
    DONE = "done"
    REFUSED = "refused"
    LEFT = "left"
    """Given up: it was cancelled, or a person decided against its missing rooms."""


class LabelState(StrEnum):
    """Whether a room carries the label of whom it is for."""

    WANTED = "wanted"
    SET = "set"
    FAILED = "failed"


@dataclass(frozen=True)
class PlannedCall:
    """A call that is to be sent. places: the places of the batch that its rooms fill, from 1, at most 100."""

    settings: RoomSettings
    places: tuple[int, ...]


@dataclass(frozen=True)
class NewBatch:
    """One press of Create.

    nonce: the name of the press, made before it. account, service: whose, and at which address of the API.
    settings: as the form had them.
    participants: the person of each place, in order; none for links without names.
    replaces: the id of the room that each place replaces, in order; empty where it replaces none.
    overrides: what the room of each place gets once it is there, in order, such as goals or a guide; None for nothing.
    """

    nonce: str
    account: str
    service: str
    project_id: str
    project_name: str
    settings: RoomSettings
    calls: Sequence[PlannedCall]
    participants: Sequence[Participant] = ()
    replaces: Sequence[str] = ()
    overrides: Sequence[UpdateRoomRequest | None] = ()

    @property
    def wanted(self) -> int:
        return sum(len(call.places) for call in self.calls)


@dataclass(frozen=True)
class Call:
    """A call that was claimed.

    places: those that are still without a room: a request asks for just these.
    sent: when it was sent first, by the service's own clock; None where that is not known.
    """

    id: int
    settings: RoomSettings
    places: tuple[int, ...]
    attempts: int = 0
    sent: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What the service made of what it was asked for: a room as it was created.

    sent: as for the room's call.
    """

    settings: RoomSettings
    room: InterviewRoomResponse
    sent: datetime | None = None


@dataclass(frozen=True)
class Batch:
    """A batch as it stands.

    who: as the service names its creator.
    made, ended: by the database's clock, in UTC.
    rooms, calls, lost, refused, labels: how many.
    work_seconds: how long it has been at work, or was.
    wait_seconds: until lost answers are looked for.
    interrupted: whether it should be running, and no engine runs it.
    late: how many rooms of the project may be its own, and are in no batch.
    left_alone: how many such rooms a person has decided to leave alone.
    has_gaps: whether the service's list of the project leaves rooms out, so that there may be more of them.
    shared: how many of its rooms, of those that are not over, have a link that another room has too.
    """

    id: int
    nonce: str
    account: str
    service: str
    project_id: str
    project_name: str
    who: str
    name: str
    wanted: int
    settings: RoomSettings
    state: State
    made: datetime
    ended: datetime | None
    work_seconds: float
    rooms: int
    calls: int
    calls_done: int
    calls_planned: int
    lost: int
    refused: int
    labels: int
    labels_set: int
    labels_failed: int
    problem: AseedError | None = None
    cancelling: bool = False
    interrupted: bool = False
    wait_seconds: float | None = None
    is_to_look_again: bool = False
    late: int = 0
    left_alone: int = 0
    has_gaps: bool = False
    shared: int = 0
    has_people: bool = False
    turn: int = 0
    """The number of the last line of its audit trail: it moves on with every decision."""

    @property
    def over(self) -> bool:
        """Whether it has ended; until then no other batch may begin in its project."""
        return self.ended is not None

    @property
    def working(self) -> bool:
        """Whether it moves by itself."""
        return self.state in (State.CREATING, State.WAITING, State.LABELLING) and not self.interrupted

    @property
    def stage(self) -> Stage:
        """What it means to a person; services.journal.batch_search selects by the same rule."""
        stands_still = self.state in (State.PARKED, State.ASKING) or self.interrupted
        if stands_still or self.late or (self.over and self.shared):
            return Stage.NEEDS_YOU
        if self.working:
            return Stage.AT_WORK
        return Stage.FINISHED if self.state == State.DONE else Stage.STOPPED


@dataclass(frozen=True)
class KeptRoom:
    """A room of a batch.

    place: its number in the batch, from 1.
    link: as it was when the room was created; the room's own `url` may have changed since.
    participant: whom the room is for; None where it is for no person in particular.
    overrides: what the room is to have besides its label, once it is there.
    shares_link: whether another room has the same link.
    has_own_link: whether its link is the one that its own answer had, when it was asked for after such a conflict.
    is_withdrawn: whether the data of the person whom it was for was taken out, so that its link is given to no one.
    hides_names: whether what Aseed says of people in it is not shown, because such data was.
    """

    id: int
    place: int
    room: InterviewRoomResponse
    link: str = field(repr=False)
    participant: Participant | None = None
    label_state: LabelState | None = None
    overrides: UpdateRoomRequest | None = None
    shares_link: bool = False
    has_own_link: bool = False
    is_withdrawn: bool = False
    hides_names: bool = False


@dataclass(frozen=True)
class Replacement:
    """A room that is there in the place of another one, which has not been dealt with.

    lacks: whether it would not take over what the old one has of its own.
    shares_link: whether another room has its link too, so that it cannot be handed out.
    """

    place: int
    room_id: str
    old_id: str
    lacks: bool = False
    shares_link: bool = False


Found = Sequence[tuple[Call, Sequence[InterviewRoomResponse]]]
"""Rooms that were found to be a call's own."""

Labelled = Sequence[tuple[KeptRoom, InterviewRoomResponse | None]]
"""Rooms, each as the service has it with its label, or None where the service refused the label."""

Retired = Sequence[tuple[Replacement, bool, str]]
"""Old rooms, whether each has been dealt with for good, and what was done about it, in words."""


@dataclass(frozen=True)
class RoomRecord:
    """What the journal knows of a room, in any batch.

    batch_id, place: None and 0 for a room of which only a person is known, because it was not created here.
    batch_name: as the researcher called the batch; empty without a name. link: as it was when it was created.
    replaces, replaced_by: the ids of the rooms in whose place it came, and that came in its place.
    handed_out, handed_out_by: when it was given to a person at a station, and who signed for it.
    shares_link, has_own_link, is_withdrawn, hides_names: as KeptRoom has them.
    """

    room_id: str
    batch_id: int | None = None
    batch_name: str = ""
    place: int = 0
    link: str = field(default="", repr=False)
    participant: Participant | None = None
    replaces: str = ""
    replaced_by: str = ""
    handed_out: datetime | None = None
    handed_out_by: str = ""
    shares_link: bool = False
    has_own_link: bool = False
    is_withdrawn: bool = False
    hides_names: bool = False


@dataclass(frozen=True)
class Event:
    """One line of the audit trail."""

    at: datetime
    what: str


@dataclass(frozen=True)
class Preset:
    """The form's settings under a name. settings: by the keys of the form's widgets."""

    id: int
    name: str
    settings: dict[str, object] = field(default_factory=dict)
    is_default: bool = False


def moment(seconds: float) -> datetime:
    """A moment of the database's clock, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
