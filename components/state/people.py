"""What the part "People's data" of Settings remembers, besides the values of its widgets."""

from dataclasses import dataclass, field

from components.state import session
from services.journal.personal.records import Receipt


@dataclass
class PeopleState:
    """text: what a person is looked up by; empty for none. turn: how many look-ups there were; each has its own field.

    receipt: of the last withdrawal, without the name, until another person is looked up.
    problem: why the last one came to nothing, until it was shown.
    """

    text: str = field(default="", repr=False)
    turn: int = 0
    receipt: Receipt | None = None
    problem: str = ""


def current() -> PeopleState:
    return session.state(PeopleState)
