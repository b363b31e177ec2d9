"""What the screen Settings remembers, besides the values of its widgets."""

from dataclasses import dataclass

from components.state import session


@dataclass
class SettingsState:
    """problem: why the typed token was not taken, until it was shown.

    wants_test: whether the connection is to be tested without a press, as after a new token.
    tokens_used: how many tokens were taken; each has a field of its own.
    """

    problem: str | None = None
    wants_test: bool = False
    tokens_used: int = 0


def current() -> SettingsState:
    return session.state(SettingsState)
