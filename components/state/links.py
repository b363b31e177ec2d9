"""What the screen Links remembers, besides the values of its widgets."""

from dataclasses import dataclass

from components.state import connection, session
from components.state.study import Study
from services.rooms.entry import Tab


@dataclass
class LinksState:
    """study: the rooms that were shown last.

    tab: the tab that was chosen last.
    """

    study: Study | None = None
    tab: Tab = Tab.ACTIVE


def current() -> LinksState:
    return session.state(LinksState)


def read_study(project_id: str | None, every: int | None) -> Study:
    """The rooms of a project, read again where they are older than wanted.

    project_id: None for every project that is visible.
    every: seconds between two reads; None for never. After `look_again` the next call reads at once.
    """
    of = (connection.client().account, project_id)
    study = current().study
    if study is None or study.of != of:
        # Ticks in the rooms that were shown before are none of these.
        turn = study.heard if study else 0
        study = Study(of, heard=turn, cleared=turn)
        current().study = study
    if study.due(every):
        study.ask()
    return study


def shown_study() -> Study:
    """The rooms that are shown; none before the first were read."""
    return current().study or Study(("", None))


def look_again() -> None:
    """Has the rooms read again when they are shown next; for a widget's callback."""
    if study := current().study:
        study.ask_at_once()
