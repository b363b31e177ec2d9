"""Ticks of a pack that do not fit what the journal knew of their rooms, and why."""

from dataclasses import dataclass
from datetime import timedelta

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED
from services.journal.desk.records import IN_HAND, HandOut, HandOutState, Station, Tick
from services.texts.speech import _, pgettext

SAME_TICK = timedelta(seconds=1)
"""By less than this the times of one tick differ, which a file holds in whole seconds."""


@dataclass(frozen=True)
class Conflict:
    """A tick, and the room as it was before the tick was entered. found: None where the room was not known."""

    tick: Tick
    pack: Station
    found: HandOut | None

    @property
    def name(self) -> str:
        """How staff tell the room from others."""
        return self.found.name if self.found else self.tick.room_id

    @property
    def words(self) -> str:
        """Why the tick does not fit; empty where it does."""
        found = self.found
        if found is None:
            return _("this dashboard does not know this room")
        if found.state == HandOutState.FREE:
            return _("it had been returned to the pool; it is taken out again, because a person has it")
        if found.state == HandOutState.GONE:
            status = _status_of_room(found.status)
            return _("it is {status} by now, and was given to a person all the same", status=status)
        if found.station_key != self.pack.key:
            if found.state in (*IN_HAND, HandOutState.GIVEN):
                return _("it was returned to the pool and is also with {desk}: two people may have it", desk=found.by)
            return _("it is in another pack, {pack}", pack=found.station)
        if found.given is not None and abs(found.given - self.tick.given) >= SAME_TICK:
            return _("it was entered before, as handed out on {moment}", moment=f"{found.given:%Y-%m-%d %H:%M} UTC")
        return ""


def _status_of_room(status: str) -> str:
    """Such as `cancelled`, as it fits into a sentence about a room."""
    words = {
        ACTIVE: pgettext("it is … by now", "active"),
        COMPLETED: pgettext("it is … by now", "completed"),
        EXPIRED: pgettext("it is … by now", "expired"),
        CANCELLED: pgettext("it is … by now", "cancelled"),
    }
    return words.get(status, status)
