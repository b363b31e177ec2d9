"""Rooms with one link: each is asked for by its own call, and where their own answers show two links, these count."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.aseed.models import InterviewRoomResponse
from services.journal.links import Links
from services.journal.visibility import Visibility

ROOMS_A_GROUP = 1_000
"""Rooms with one link above which none of them is asked: then Aseed gives one link to all, and says it in each call."""

Ask = Callable[[Sequence[str]], Sequence[InterviewRoomResponse]]
"""Asks for rooms by their ids; gives the answers that came."""


@dataclass(frozen=True)
class Confirmed:
    """What came of asking. settled, standing, unknown: how many rooms have their own link now, share it, or are silent.

    A room counts as silent, too, where one that has the same link gave no answer.
    """

    settled: int = 0
    standing: int = 0
    unknown: int = 0


def confirm_links(links: Links, visibility: Visibility, room_ids: Iterable[str], ask: Ask) -> Confirmed:
    """Asks for these rooms, and for all that have their links; nothing is believed of a group that is not complete.

    visibility: on whose behalf. Raises JournalError.
    """
    settled = standing = unknown = 0
    for group in links.together(visibility.service, room_ids):
        answers = ask(group) if len(group) <= ROOMS_A_GROUP else ()
        if {room.id for room in answers} != set(group):
            unknown += len(group)
            continue
        now_settled = links.settle(visibility, answers)
        settled += now_settled
        standing += len(group) - now_settled
    return Confirmed(settled, standing, unknown)
