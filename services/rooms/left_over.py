"""Which rooms are left once a project has its completed interviews: their tokens may come back."""

from collections.abc import Collection, Iterable

from services.aseed.models import InterviewConfigResponse
from services.rooms.entry import Entry


def left_over(listed: Iterable[Entry], in_use: Collection[str]) -> list[Entry]:
    """The rooms that have not started and that no one has.

    A room that is for a certain person is never among them, by its list, by its label, or because the person's data
    was withdrawn.

    in_use: the ids of rooms that a person, a desk, a pack or a door has (services.journal.desk.hand_outs.in_use).
    """
    return [
        entry
        for entry in listed
        if entry.is_pending and not entry.known_as and not entry.is_withdrawn and entry.id not in in_use
    ]


def tokens_of(listed: Iterable[Entry], price: InterviewConfigResponse) -> int:
    """How many tokens come back where these rooms are cancelled, by our reading of the price."""
    return sum(price.tokens_for(entry.room.max_duration_minutes) for entry in listed)
