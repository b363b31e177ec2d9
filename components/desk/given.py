"""Who gave a link, and how: by a desk's screen, on paper, from a pack, or at a door."""

from services.journal.desk.records import HandOut, HandOutState, How
from services.texts.speech import N_, _

_BY = {How.PAPER: N_("{desk} (paper)"), How.PACK: N_("{desk} (pack)"), How.DOOR: N_("{desk} (door)")}
"""Who gave a link otherwise than by showing its code."""


def by_in_words(given: HandOut) -> str:
    """Such as `Desk A, Maria`, or `City fair (door)`."""
    return _(_BY[given.how], desk=given.by) if given.how in _BY else given.by


def is_with_visitor(given: HandOut) -> bool:
    """Whether a door's visitor has the room and has not begun: no screen of ours shows its code."""
    return given.how == How.DOOR and given.state in (HandOutState.CLAIMED, HandOutState.SHOWN)
