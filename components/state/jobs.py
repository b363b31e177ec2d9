"""Which changes of many rooms, and which replacement, this session has under way or has just seen finished."""

from dataclasses import dataclass

from components.state import session


@dataclass
class JobsState:
    """job: the id of the change (services.changes), and what it does, as it is kept, such as `Extending`.

    replacement: the number of the batch that replaces a room.
    """

    job: tuple[str, str] | None = None
    replacement: int | None = None


def current() -> JobsState:
    return session.state(JobsState)
