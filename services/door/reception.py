"""How visitors get their rooms: the journal's claim, and what Aseed says before a link is given away."""

from dataclasses import dataclass

from services.aseed.errors import AseedError
from services.desk import SKIPS, Desk
from services.journal.desk.records import HandOutState
from services.journal.door.records import HAS_ROOM, Door, Visit
from services.journal.door.visits import NoRoom
from services.link import Link


@dataclass(frozen=True)
class Unclear:
    """Aseed did not say whether the room can be used: the visitor keeps it, and may ask again. error: what it said."""

    error: AseedError


@dataclass(frozen=True)
class Reception:
    """Gives rooms to the visitors of doors of one account. desk: which asks Aseed and checks links."""

    desk: Desk

    def knows(self, door: Door) -> bool:
        """Whether this is a door of the account that the desk works for, so that Aseed answers about its rooms."""
        return (door.service, door.account) == (self.desk.visibility.service, self.desk.visibility.account)

    def room_for(self, door: Door, visit: Visit) -> Link | NoRoom | Unclear:
        """The link of the visitor's room, of which Aseed has just said that it can be joined by them.

        The same one, however often they ask. A room that turns out to be of no use is replaced by the next one.
        Raises services.journal.database.JournalError.
        """
        for _ in range(SKIPS):
            claimed = self.desk.journal.visits.claim(door, visit.key)
            if isinstance(claimed, NoRoom):
                return claimed
            try:
                looked = self.desk.look(claimed.room_id)
            except AseedError as error:
                return Unclear(error)
            if looked is None or looked.station_key != visit.key or looked.state == HandOutState.GONE:
                continue
            now = self.desk.journal.visits.follow(door, looked) or claimed.visit
            if now.state not in HAS_ROOM:
                return NoRoom(now.state)
            link = self.desk.link_of(looked)
            return link if link.is_proper else NoRoom()
        return NoRoom()

    def look(self, door: Door, room_id: str) -> Visit | None:
        """Asks Aseed about a visitor's room, and writes down what has become of the visitor. Raises AseedError."""
        looked = self.desk.look(room_id)
        return self.desk.journal.visits.follow(door, looked) if looked else None
