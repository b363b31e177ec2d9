"""What the screen Doors remembers, besides the values of its widgets."""

from dataclasses import dataclass

from components.state import session


@dataclass(frozen=True)
class DoorForm:
    """The form that is open. door_id: of the door that is changed; None for a new one.

    project_id: of the door's project. answers: how many places for answers each question has.
    tried: whether Save was pressed, so that what is wrong is said.
    """

    project_id: str
    door_id: int | None = None
    answers: tuple[int, ...] = ()
    tried: bool = False


@dataclass
class DoorsState:
    """form: None where none is open.

    files: the door whose poster and files are shown in place of the cards.
    closing: the door whose closing is being asked about. cancels: whether cancelling what is left is.
    """

    form: DoorForm | None = None
    files: int | None = None
    closing: int | None = None
    cancels: bool = False


def current() -> DoorsState:
    return session.state(DoorsState)
