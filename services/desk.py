"""Giving links in person: Aseed is asked for its list once, and from then on only about the rooms in question.

Who has which link is the journal's matter (services.journal.desk.hand_outs); here it meets what Aseed says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.aseed.client import AseedClient
from services.aseed.errors import AseedError, NotFound
from services.aseed.models import PENDING
from services.journal.desk.records import HandOut, HandOutState, Offer, Station
from services.journal.journal import Journal
from services.journal.records import RoomRecord
from services.journal.visibility import Visibility
from services.labels import without_addresses
from services.link import Link, LinkCheck
from services.participants import Participant
from services.rooms.entry import Entry, entries

SKIPS = 20
"""How many unusable rooms are skipped before the desk says that none is left."""

LOOK_EVERY = 15.0
"""Seconds between two questions to Aseed about a room that was given and that no station shows."""

LOOKS = 5
"""About how many of these rooms are asked about at once."""

PACE_OF = timedelta(hours=1)
"""How far back hand-outs are counted to estimate how long the pool lasts."""

PACE_FROM, PACE_FOR = 3, timedelta(minutes=5)
"""The fewest hand-outs, and the shortest time since the first, from which a pace is estimated."""

_NEVER = datetime.max.replace(tzinfo=UTC)


class NoLink(Exception):
    """A room's link is not a proper one (services.link), so it must not be handed out. why: in words after a colon."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Desk:
    """Gives links in person on behalf of one session.

    client: of this session's Aseed.
    journal: which knows who has which link.
    visibility: what this session may see.
    check: by which links are checked.

    Methods raise services.aseed.errors.AseedError and services.journal.database.JournalError.
    """

    client: AseedClient
    journal: Journal
    visibility: Visibility
    check: LinkCheck

    def fill(self, project_id: str) -> None:
        """Puts every pending room of a project that was not given yet into its pool.

        Rooms without a participant come first, and of these the ones that expire first. Rooms without a proper link
        of their own and replaced rooms are left out.
        """
        rooms = self.client.rooms(project_id, PENDING)
        self.journal.links.note_listed(self.visibility, rooms)
        listed = entries(rooms, self.journal.rooms.known(self.visibility, project_id), {}, self.check)
        found = [entry for entry in listed if entry.is_pending and not entry.is_replaced]
        found.sort(key=_turn)
        offers = [_offer(entry) for entry in found if entry.link.is_proper]
        self.journal.hand_outs.offer(self.visibility, project_id, offers)

    def next(self, station: Station, room_id: str | None = None) -> HandOut | None:
        """The hand-out that a station shows: the one it holds, else the next room of its pool, or the room asked for.

        Aseed has just confirmed that the room is pending. None where no room is left, or the room asked for is not
        available. Where Aseed fails, the station keeps the room, and this may be called again.

        Raises NoLink.
        """
        filled = False
        for _ in range(SKIPS):
            claimed = self.journal.hand_outs.claim(self.visibility, station, room_id)
            if claimed is None:
                return None
            if claimed.state == HandOutState.RECALLED:
                self.journal.hand_outs.give_back(self.visibility, claimed.room_id, station.key)
                continue
            looked = self.look(claimed.room_id)
            if looked and looked.state == HandOutState.SHOWN and looked.station_key == station.key:
                if why := self.link_of(looked).why_not:
                    self.journal.hand_outs.give_back(self.visibility, looked.room_id, station.key)
                    raise NoLink(why)
                return looked
            if room_id is not None:
                return None
            if not filled:
                # One list rather than many questions: where one room is unusable, others may be as well.
                filled = True
                self.fill(station.project_id)
        return None

    def look(self, room_id: str) -> HandOut | None:
        """Asks Aseed about one room, and records its answer."""
        try:
            room = self.client.room(room_id)
        except NotFound:
            room = None
        return self.journal.hand_outs.record_status(self.visibility, room_id, room)

    def look_around(self, project_id: str) -> AseedError | None:
        """Asks Aseed about some rooms that were given and not asked about lately; returns the error that stopped it.

        Many windows may call this: Aseed is asked about each room once in LOOK_EVERY.
        """
        for room_id in self.journal.hand_outs.due(self.visibility, project_id, LOOK_EVERY, LOOKS):
            try:
                self.look(room_id)
            except AseedError as error:
                return error
        return None

    def link_of(self, hand_out: HandOut) -> Link:
        """The room's link, checked; not one that another room has too."""
        return self.entry(hand_out, "").link

    def entry(self, hand_out: HandOut, project_name: str) -> Entry:
        """The hand-out as an entry, as other pages know rooms."""
        known = RoomRecord(
            hand_out.room_id,
            link=hand_out.link,
            shares_link=hand_out.shares_link,
            has_own_link=hand_out.has_own_link,
            is_withdrawn=hand_out.is_withdrawn,
            hides_names=hand_out.is_withdrawn,
        )
        person = Participant(label=hand_out.label)
        return Entry(hand_out.room, project_name, hand_out.number, person, known, self.check)


def _offer(entry: Entry) -> Offer:
    # An email is for staff alone: another person may stand before the screen.
    label = without_addresses(entry.label or entry.participant.external_id).text
    whom = entry.known_as
    return Offer(entry.room, entry.link.target, entry.number, label, whom, bool(whom), entry.batch_id)


def lasts_until(given: Sequence[datetime], left: int, now: datetime) -> datetime | None:
    """When the pool is empty at the pace of the last PACE_OF; None where too few links were given to estimate it.

    given: the moments at which links were given.
    left: how many links are left.
    now: the present moment.
    """
    recent = [moment for moment in given if now - PACE_OF < moment <= now]
    if len(recent) < PACE_FROM or now - min(recent) < PACE_FOR:
        return None
    return now + (now - min(recent)) / len(recent) * left


def _turn(entry: Entry) -> tuple[bool, datetime, int, int]:
    return bool(entry.known_as), entry.room.expires_at or _NEVER, entry.batch_id or 0, entry.number
