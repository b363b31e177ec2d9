"""What the screen Settings remembers, besides the values of its widgets."""

from dataclasses import dataclass

from components.state import session


@dataclass
class SettingsState:
    """problem: why the typed token was not taken, until it was shown.

    wants_test: whether the connection is to be tested without a press, as after a new token.
    tokens_used: how many tokens were taken; each has a field of its own.
    reset: what came of the reset of the sandbox, until it was shown: the message, and whether it worked.
    """

    problem: str | None = None
    wants_test: bool = False
    tokens_used: int = 0
    reset: tuple[str, bool] | None = None


def current() -> SettingsState:
    return session.state(SettingsState)
