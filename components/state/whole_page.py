"""Whether the whole page is drawn, or a part of it that is drawn by itself.

A part that looks again by itself (st.fragment) has to know two things: whether this drawing is the whole page's, which
needs no second one, and whether a press inside the part shows in the rest of the page.
"""

from dataclasses import dataclass, field

from components.state import session


@dataclass
class Drawings:
    """asked: whether a press wants the whole page drawn. parts: those whose next drawing is the whole page's."""

    asked: bool = False
    parts: set[str] = field(default_factory=set)


def ask() -> None:
    """Asks for a drawing of the whole page; for a widget's callback."""
    session.state(Drawings).asked = True


def take() -> bool:
    """Whether the whole page was asked for, once."""
    asked = session.state(Drawings).asked
    if asked:
        session.state(Drawings).asked = False
    return asked


def includes(part: str) -> None:
    """Notes that the whole page is being drawn, and is about to draw this part."""
    session.state(Drawings).parts |= {part}


def draws(part: str) -> bool:
    """Whether this drawing of the part is the whole page's, once; if not, the browser asked for the part alone."""
    included = part in session.state(Drawings).parts
    if included:
        session.state(Drawings).parts -= {part}
    return included
