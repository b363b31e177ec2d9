"""How the letters of a file are stored, where the file does not tell and a person chose it."""

from dataclasses import dataclass, field

from components.state import session


@dataclass
class Charsets:
    """chosen: the charset of each file, by a key of the file's content."""

    chosen: dict[str, str] = field(default_factory=dict)


def chosen(file: str) -> str | None:
    return session.state(Charsets).chosen.get(file)


def choose(file: str, charset: str) -> None:
    """Keeps the charset of a file; for a widget's callback."""
    session.state(Charsets).chosen[file] = charset


def forget(file: str) -> None:
    """Lets the charset of a file be chosen again; for a widget's callback."""
    session.state(Charsets).chosen.pop(file, None)
