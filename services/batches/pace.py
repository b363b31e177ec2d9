"""How fast and how patient a batch is, and what makes it stop before its end."""

from dataclasses import dataclass

from services.aseed.errors import AseedError
from services.pauses import Pauses

REFUSALS_PER_THREAD = 5
"""How often in a row, for each call at once, the service may turn us away for our rate before the batch is parked."""


@dataclass(frozen=True)
class Pace:
    """How fast and how patient a batch is. All times in seconds.

    calls_at_once: how many requests are under way at the same time.
    unknown_wait: how long a lost call may still create rooms: our longest wait for an answer (60 s), the service's own
        and the lag of its list.
    second_look: the time between two looks at the project's rooms.
    look_again: the time until the project is looked at for rooms that came too late.
    pauses: the times before a call that did not reach the service is sent again.
    longest_wait: the longest Retry-After that is waited out.
    """

    calls_at_once: int = 4
    unknown_wait: float = 120
    second_look: float = 10
    look_again: float = 600
    pauses: tuple[float, ...] = (0.5, 1, 2)
    longest_wait: float = 60

    def new_pauses(self) -> Pauses:
        """The pauses that the service asks for, none yet."""
        return Pauses(self.longest_wait, REFUSALS_PER_THREAD * self.calls_at_once)


class Park(Exception):
    """The batch cannot go on before something has changed."""

    def __init__(self, problem: AseedError) -> None:
        super().__init__(problem.kept)
        self.problem = problem


class Ask(Park):
    """The batch cannot go on before a person has decided."""


class Stopped(Exception):
    """The process is shutting down."""
