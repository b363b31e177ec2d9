"""From what is wanted to the calls that will be made."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.aseed.models import MAX_ROOMS_PER_CALL, InterviewConfigResponse, RoomSettings
from services.journal.records import PlannedCall
from services.participants import Participant

MAX_ROOMS = 10_000
"""The most rooms one press creates. Ours: a hundred calls; for more, Create is pressed again."""

OWN = ("language", "max_duration_minutes", "voice", "topics_for_respondent")
"""The settings that a participant may have of their own."""


@dataclass(frozen=True)
class Order:
    """What one press of Create asks for. form: the settings of one room. people: whom the rooms are for, if known."""

    form: RoomSettings
    count: int
    people: tuple[Participant, ...] = ()

    @property
    def settings(self) -> list[RoomSettings]:
        """The settings of each room, in order."""
        return [settings_of(person, self.form) for person in self.people] or [self.form] * self.count

    @property
    def calls(self) -> list[PlannedCall]:
        return plan(self.settings)

    @property
    def own_settings(self) -> int:
        """How many people have settings of their own."""
        return sum(settings_of(person, self.form) != self.form for person in self.people)

    def tokens(self, config: InterviewConfigResponse) -> int:
        """What all rooms together cost, in tokens, by our reading of the price."""
        if not self.people:
            return self.count * config.tokens_for(self.form.max_duration_minutes)
        return sum(config.tokens_for(wanted.max_duration_minutes) for wanted in self.settings)


def plan(settings: Iterable[RoomSettings]) -> list[PlannedCall]:
    """The fewest calls for these rooms, one setting a room: rooms with the same settings share calls of up to 100.

    Places count from 1, in the order given.
    """
    places: dict[RoomSettings, list[int]] = {}
    for place, wanted in enumerate(settings, start=1):
        places.setdefault(wanted, []).append(place)
    return [
        PlannedCall(wanted, tuple(its[start : start + MAX_ROOMS_PER_CALL]))
        for wanted, its in places.items()
        for start in range(0, len(its), MAX_ROOMS_PER_CALL)
    ]


def settings_of(person: Participant, form: RoomSettings) -> RoomSettings:
    """The form's settings with the person's own in place of them."""
    own = {name: value for name in OWN if (value := getattr(person, name)) is not None}
    return form.model_copy(update=own) if own else form
