"""What about a door needs a person, before visitors notice it."""

from collections.abc import Sequence
from enum import StrEnum

from services.journal.door.fills import Fill
from services.journal.door.records import Door, DoorFigures, DoorState, VisitState
from services.journal.records import Batch

NEARLY = 0.9
"""The share of a limit, or of the tokens, from which it is nearly reached."""

FEW = 5
"""So few free rooms are gone within minutes at a fair."""

MANY_CUT_OFF, SHARE_CUT_OFF = 3, 0.2
"""How many interviews that were cut off are many: at least so many, and so much of those that have ended."""


class Alert(StrEnum):
    """Why a door needs a person."""

    FULL_SOON = "full_soon"
    FULL_TODAY_SOON = "full_today_soon"
    FEW_ROOMS = "few_rooms"
    NO_ROOMS = "no_rooms"
    TOKENS_SHORT = "tokens_short"
    """The door has spent nearly all that it may."""
    FILL_SHORT = "fill_short"
    """The last time, fewer rooms came than it wanted."""
    MANY_CUT_OFF = "many_cut_off"


def alerts(door: Door, state: DoorState, figures: DoorFigures, last_fill: Batch | None) -> Sequence[Alert]:
    """What needs a person, in the order in which it is told; nothing of a door that is over.

    last_fill: the batch of the newest time that the door created rooms.
    """
    if state == DoorState.CLOSED:
        return ()
    found = [*_limits(door, state, figures), *_rooms(door, state, figures), *_tokens(door, figures, last_fill)]
    cut_off = figures.at(VisitState.CUT_OFF)
    ended = cut_off + figures.at(VisitState.DONE)
    if cut_off >= MANY_CUT_OFF and cut_off >= SHARE_CUT_OFF * ended:
        found.append(Alert.MANY_CUT_OFF)
    return found


def newest_batch(fills: Sequence[Fill]) -> int | None:
    """The number of the batch of the newest time. fills: the newest first."""
    return fills[0].batch_id if fills else None


def _limits(door: Door, state: DoorState, figures: DoorFigures) -> list[Alert]:
    most, a_day = door.settings.most, door.settings.most_a_day
    found = []
    if most is not None and state != DoorState.FULL and figures.got_room >= NEARLY * most:
        found.append(Alert.FULL_SOON)
    if a_day is not None and state not in (DoorState.FULL, DoorState.FULL_TODAY) and figures.today >= NEARLY * a_day:
        found.append(Alert.FULL_TODAY_SOON)
    return found


def _rooms(door: Door, state: DoorState, figures: DoorFigures) -> list[Alert]:
    most = door.settings.most
    to_come = None if most is None else max(0, most - figures.got_room)
    is_enough = to_come is not None and figures.free >= to_come
    if door.settings.filling or state == DoorState.FULL or is_enough or figures.free >= FEW:
        return []
    return [Alert.FEW_ROOMS if figures.free else Alert.NO_ROOMS]


def _tokens(door: Door, figures: DoorFigures, last_fill: Batch | None) -> list[Alert]:
    filling = door.settings.filling
    if filling is None:
        return []
    found = [Alert.TOKENS_SHORT] if figures.spent >= NEARLY * filling.most_tokens else []
    # What is at work may yet have all its rooms.
    if last_fill and not last_fill.working and last_fill.rooms < last_fill.wanted:
        found.append(Alert.FILL_SHORT)
    return found
