"""Which sheet of a spreadsheet is used, and whether what is hidden in it is taken, as a person chose it."""

from dataclasses import dataclass, field, replace

from components.state import session
from services.roster.sheet import Wish


@dataclass
class Sheets:
    """wishes: what was chosen for each file, by a key of the file's content."""

    wishes: dict[str, Wish] = field(default_factory=dict)


def wish(file: str) -> Wish:
    return session.state(Sheets).wishes.get(file, Wish())


def choose_sheet(file: str, title: str) -> None:
    """Keeps the sheet of a file; for a widget's callback. What was hidden in another sheet is no longer taken."""
    session.state(Sheets).wishes[file] = Wish(sheet=title)


def take_hidden_rows(file: str, title: str, taken: bool) -> None:
    """Takes the hidden rows of a sheet, or leaves them out; for a widget's callback."""
    session.state(Sheets).wishes[file] = replace(wish(file), sheet=title, hidden_rows=taken)


def take_hidden_columns(file: str, title: str, taken: bool) -> None:
    """Takes the hidden columns of a sheet, or leaves them out; for a widget's callback."""
    session.state(Sheets).wishes[file] = replace(wish(file), sheet=title, hidden_columns=taken)


def forget(file: str) -> None:
    """Forgets what was chosen for a file; for a widget's callback."""
    session.state(Sheets).wishes.pop(file, None)
