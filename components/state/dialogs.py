"""Which dialog is wanted: asked for inside the part of the page that is drawn by itself, opened outside it.

While a dialog is open nothing beneath it is drawn by itself. Where such a drawing begins just as a run of a whole page
ends, Streamlit loses what that run says last: a dialog stays open, or a press in it comes to nothing
(github.com/streamlit/streamlit/issues/9921). Closing a dialog has the whole page drawn (`on_dismiss="rerun"`).
"""

from dataclasses import dataclass

from components.state import session, whole_page


@dataclass(frozen=True)
class Wanted:
    """A dialog by its name.

    room_id: for those about one room.
    opener: the key of the button that asked for it, which gets the focus back; empty for a component's own, which sees
    to that itself.
    """

    name: str
    room_id: str = ""
    opener: str = ""


@dataclass
class Dialogs:
    """The dialog that the next run opens."""

    wanted: Wanted | None = None


def want(name: str, room_id: str = "", *, opener: str = "") -> None:
    """Asks for a dialog; for a widget's callback. The arguments are those of Wanted."""
    session.state(Dialogs).wanted = Wanted(name, room_id, opener)
    whole_page.ask()


def take() -> Wanted | None:
    """The dialog that is wanted, once."""
    found = session.state(Dialogs).wanted
    if found:
        session.state(Dialogs).wanted = None
    return found


def unless_wanted(wanted: Wanted | None, seconds: float | None) -> float | None:
    """Returns after how many seconds the page beneath is drawn again; None, for never, while a dialog is wanted."""
    return None if wanted else seconds
