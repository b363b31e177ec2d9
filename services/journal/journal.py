"""The journal's face: one object that holds a verb for everything that is remembered, sorted by noun."""

from services.journal.audit import Audit, note_deed
from services.journal.batches import LEASE_SECONDS, Batches, forget_batches
from services.journal.database import Database
from services.journal.deeds import Deed
from services.journal.desk.hand_outs import HandOuts, forget_hand_outs
from services.journal.desk.packs import Packs
from services.journal.desk.stations import Stations
from services.journal.door.doors import Doors, forget_doors
from services.journal.door.fills import Fills
from services.journal.door.visits import Visits
from services.journal.links import Links, forget_links
from services.journal.person_tokens import PersonTokens
from services.journal.personal.data import PersonalData
from services.journal.presets import Presets, forget_presets
from services.journal.rooms import RoomRecords, forget_rooms
from services.journal.sign_ins import SignIns
from services.journal.visibility import Visibility
from services.people.acting import needs
from services.people.roles import Right


class Journal:
    """The database of batches, rooms and their links, presets and hand-outs; it is opened when this is made.

    It is shared by every session of this process, and with every process on the same database. Each verb of a noun
    is one transaction, and may raise services.journal.database.JournalError.

    url: the address of the database (services.journal.database.Database).
    lease: seconds without a sign of life after which another process may take over a batch.
    """

    batches: Batches
    """Batches: started, taken over, found, counted, decided."""
    presets: Presets
    """Settings of the form under a name."""
    rooms: RoomRecords
    """Single rooms: whom they are for, their histories, their flags; and the target of a project."""
    links: Links
    """Which links are in more than one room."""
    stations: Stations
    """Devices and packs at which links are handed out."""
    hand_outs: HandOuts
    """Rooms that are handed out in person."""
    packs: Packs
    """Files that stand for a desk where there is no network."""
    doors: Doors
    """Public addresses that give each visitor a room."""
    visits: Visits
    """Their visitors, and who of them has which room."""
    fills: Fills
    """The rooms that they create by themselves."""
    audit: Audit
    """Who did what to which rooms when."""
    person_tokens: PersonTokens
    """Tokens of persons, sealed."""
    personal: PersonalData
    """What is held on respondents: found, and taken out."""
    sign_ins: SignIns
    """Sign-ins that were ended before their time."""

    def __init__(self, url: str, lease: float = LEASE_SECONDS) -> None:
        self._database = Database(url)
        self.batches = Batches(self._database, lease)
        self.presets = Presets(self._database)
        self.rooms = RoomRecords(self._database)
        self.links = Links(self._database)
        self.stations = Stations(self._database)
        self.hand_outs = HandOuts(self._database)
        self.packs = Packs(self._database)
        self.doors = Doors(self._database)
        self.visits = Visits(self._database)
        self.fills = Fills(self._database)
        self.audit = Audit(self._database)
        self.person_tokens = PersonTokens(self._database)
        self.personal = PersonalData(self._database)
        self.sign_ins = SignIns(self._database)

    def close(self) -> None:
        """Closes every connection to the database."""
        self._database.close()

    @needs(Right.CONNECT)
    def forget(self, visibility: Visibility) -> None:
        """Deletes everything that is visible: the sandbox was reset, and its rooms do not exist any more."""
        with self._database.writing() as db:
            forget_links(db, visibility)
            forget_batches(db, visibility)
            forget_presets(db, visibility)
            forget_rooms(db, visibility)
            forget_doors(db, visibility)
            forget_hand_outs(db, visibility)
            note_deed(db, self._database, Deed.RESET_SANDBOX)
