"""What the dialog that takes links away remembers, besides the values of its widgets."""

from dataclasses import dataclass, field

from components.state import session
from components.state.kept_file import KeptFile
from services.export.cards.pdf import Printed


@dataclass(frozen=True)
class MadeCards:
    """Cards that were made. made_of: other rooms or another sheet make them out of date.

    printed: how many they are and what was left out; its own `pdf` is empty.
    pdf, picture: the file, and the PNG of its first page.
    """

    made_of: tuple[object, ...]
    printed: Printed
    pdf: KeptFile
    picture: KeptFile


@dataclass
class TakeAwayState:
    """cards: those that were made last, by the key of the selection."""

    cards: dict[str, MadeCards] = field(default_factory=dict)


def current() -> TakeAwayState:
    return session.state(TakeAwayState)
