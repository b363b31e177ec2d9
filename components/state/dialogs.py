"""Which dialog is wanted: asked for inside the part of the page that is drawn by itself, opened outside it."""

from dataclasses import dataclass

from components.state import session, whole_page


@dataclass(frozen=True)
class Wanted:
    """A dialog by its name. room_id: for those about one room."""

    name: str
    room_id: str = ""


@dataclass
class Dialogs:
    """The dialog that the next run opens."""

    wanted: Wanted | None = None


def want(name: str, room_id: str = "") -> None:
    """Asks for a dialog; for a widget's callback."""
    session.state(Dialogs).wanted = Wanted(name, room_id)
    whole_page.ask()


def take() -> Wanted | None:
    """The dialog that is wanted, once."""
    found = session.state(Dialogs).wanted
    if found:
        session.state(Dialogs).wanted = None
    return found
