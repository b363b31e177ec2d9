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


@dataclass(frozen=True)
class SeenPoster:
    """A poster that was looked at. made_of: another form or another text make it out of date.

    metres: from how far its code is read. picture: the PNG of its page.
    """

    made_of: tuple[object, ...]
    metres: float
    picture: KeptFile


@dataclass
class TakeAwayState:
    """cards: those that were made last, by the key of the selection. poster: the one that was looked at last."""

    cards: dict[str, MadeCards] = field(default_factory=dict)
    poster: SeenPoster | None = None


def current() -> TakeAwayState:
    return session.state(TakeAwayState)
