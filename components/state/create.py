"""What the screen Create remembers, besides the values of its widgets."""

from dataclasses import dataclass, field

from components.state import session
from services.roster.people import Report
from services.roster.sheet import RosterError, Sheet


@dataclass(frozen=True)
class Source:
    """Where a list of people comes from. key: tells it from every other, and so its columns from theirs."""

    key: str
    name: str
    content: bytes


@dataclass
class CreateState:
    """problem: why the last press created nothing, until it was shown.

    default_used: the account for which the form began with the default preset.
    shows_form: whether the form is wanted although the last press has a result, which else stands in its place.
    turn: how often a result has taken the place of the form, whose upload is another widget each time.
    shows_newest: whether the newest rooms of the project are shown in place of a lost batch.
    upload: the file with the list of people, which its widget forgets when the page is left.
    charsets: how the letters of a list are stored, as a person chose it, by the key of the source.
    sheet: the rows of the list that was read last, or why it cannot be read, with what it was read from and the
        language in which that is said.
    report: the people of that list, with what they were made of.
    """

    problem: str | None = None
    default_used: str | None = None
    shows_form: bool = False
    turn: int = 0
    shows_newest: bool = False
    upload: Source | None = None
    charsets: dict[str, str] = field(default_factory=dict)
    sheet: tuple[object, Sheet | RosterError] | None = None
    report: tuple[object, Report] | None = None


def current() -> CreateState:
    return session.state(CreateState)


def show_form() -> None:
    """Has the form drawn in place of the last result; for a widget's callback."""
    current().shows_form = True


def show_result() -> None:
    """Has the last result drawn in place of the form; for a widget's callback."""
    current().shows_form = False
    current().turn += 1
