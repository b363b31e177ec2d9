"""The journal's verbs for a door's visitors: who comes in, who has which room, and what has become of it.

A visitor stands where a station stands for a desk, and has one room in hand at most. A claim locks the door first, so
that a pause, a limit and a quota hold exactly, and is otherwise the desk's.
"""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services import events
from services.aseed.models import PENDING
from services.journal.audit import note_deed
from services.journal.database import Database
from services.journal.deeds import Deed, DoorDeed
from services.journal.desk import history
from services.journal.desk.lines import Lines, at_the_end
from services.journal.desk.records import HandOut, HandOutState, How
from services.journal.door.doors import answered, got_room_of, pool_of
from services.journal.door.following import change_after
from services.journal.door.opening import day_began, state_of
from services.journal.door.records import (
    COUNTED,
    HAS_ROOM,
    Claimed,
    Door,
    DoorState,
    NewVisit,
    Visit,
    VisitState,
)
from services.journal.door.rows import door_of, visit_of
from services.journal.door.screening import answers_of, fitting, is_full
from services.journal.door_tables import door_answers, door_visits, doors
from services.journal.records import moment
from services.journal.rooms import note_people, note_rooms
from services.journal.rows import AnyRow, hand_out_of, participant_of
from services.journal.tables import hand_outs, people
from services.journal.visibility import Visibility, visible
from services.participants import Participant
from services.people.acting import needs
from services.people.roles import Right

_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"
"""What completion codes are made of: no two of these look alike."""

_CODE_LENGTH = 8


class PersonTaken(Exception):
    """Another device has come in as this person."""


@dataclass(frozen=True)
class NoRoom:
    """Why a visitor gets no room.

    why: what the door is, or what the visitor is; None where no room is free just now.
    """

    why: DoorState | VisitState | None = None


def seen_through(door: Door) -> Visibility:
    """What of the journal a door may see: its project."""
    return Visibility(door.service, door.account, frozenset({door.project_id}))


class Visits(Lines):
    """The verbs; each is one transaction, and may raise services.journal.database.JournalError.

    Those without a right are for visitors, and for the process that watches their rooms.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)

    # Coming in

    def enter(self, door: Door, new: NewVisit) -> Visit:
        """Lets a visitor in, or gives the visit that this device, or this person of a panel, has begun already.

        Who is screened out, or whose quota is full, is written down without address and id of the panel.
        Raises PersonTaken where another device has given the same address.
        """
        with self._database.writing() as db:
            if known := self._known(db, door, new):
                return known
            state = fitting(db, door, new.answers)
            row = {
                "door_id": door.id,
                "key": secrets.token_urlsafe(16),
                "device": new.device,
                "person": new.person,
                "email": new.email if state == VisitState.ENTERED else "",
                "panel_id": new.panel_id if state == VisitState.ENTERED else "",
                "parameters": json.dumps(dict(new.parameters)),
                "language": new.language,
                "version": new.version,
                "entered_at": self._database.now,
                "state": state,
                "changed_at": self._database.now,
                "code": "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)),
            }
            made = (postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert)(door_visits)
            # Pressed twice, the second one finds what the first has written.
            written = db.execute(made.values(row).on_conflict_do_nothing().returning(*door_visits.c)).first()
            if written is None:
                known = self._known(db, door, new)
                if known is None:
                    raise PersonTaken
                return known
            answers = [
                {"visit_id": written.id, "question": place, "answer": answer}
                for place, answer in enumerate(new.answers)
            ]
            if answers:
                db.execute(insert(door_answers), answers)
            return visit_of(written)

    def find(self, door: Door, device: str) -> Visit | None:
        """The visit of a device."""
        its = select(door_visits).where(door_visits.c.door_id == door.id, door_visits.c.device == device)
        with self._database.reading() as db:
            row = db.execute(its).first()
        return visit_of(row) if row else None

    # Rooms

    def claim(self, door: Door, visit_key: str) -> Claimed | NoRoom:
        """Gives a visitor a room, once: who has one gets that one again, however often they ask."""
        with self._database.writing() as db:
            locked = select(doors, self._database.now.label("now")).where(doors.c.id == door.id).with_for_update()
            row = db.execute(locked).one()
            door, now = door_of(row), float(row.now)
            found = db.execute(select(door_visits).where(door_visits.c.key == visit_key).with_for_update()).first()
            if found is None:
                return NoRoom()
            visit = visit_of(found)
            held = self._held(db, door, visit)
            if held is not None and held.state == HandOutState.RECALLED:
                return NoRoom()
            if held is not None and held.state != HandOutState.GONE:
                return Claimed(visit, held.room_id, is_new=False)
            if why := self._why_not(db, door, visit, now):
                return why
            change = {**_held_by(door, visit), "state": HandOutState.CLAIMED}
            taken = self._take(db, pool_of(db, door), 1, change)
            if not taken:
                return NoRoom()
            self._give(db, door, found, taken[0])
            self._record(db, seen_through(door), taken, history.AT_DOOR, door=door.settings.name)
            return Claimed(visit_of(self._row(db, visit.id)), taken[0].room_id, is_new=True)

    def follow(self, door: Door, looked: HandOut) -> Visit | None:
        """Writes down what has become of a visitor by what Aseed says of their room; None where no visitor has it."""
        with self._database.writing() as db:
            its = and_(door_visits.c.door_id == door.id, door_visits.c.room_id == looked.room_id)
            found = db.execute(select(door_visits).where(its, door_visits.c.state.in_(HAS_ROOM)).with_for_update())
            row = found.first()
            if row is None:
                return None
            change = change_after(row, looked, door.settings)
            if change:
                change |= {"changed_at": self._database.now}
                db.execute(update(door_visits).where(door_visits.c.id == row.id).values(change))
            return visit_of(self._row(db, row.id))

    def take_back(self, door: Door) -> int:
        """Returns rooms whose interviews have not begun in time, or that staff called back; gives how many.

        They go to the end of the pool, as the visitors may have their links still.
        """
        late = self._database.now - 60.0 * door.settings.minutes_to_start
        ours = and_(door_visits.c.room_id == hand_outs.c.room_id, door_visits.c.key == hand_outs.c.station_key)
        on_show = and_(hand_outs.c.state == HandOutState.SHOWN, door_visits.c.claimed_at < late)
        to_return = (
            select(door_visits, (hand_outs.c.state == HandOutState.RECALLED).label("is_called_back"))
            .join(hand_outs, ours)
            .where(door_visits.c.door_id == door.id, door_visits.c.state == VisitState.CLAIMED)
            .where(hand_outs.c.status == PENDING, or_(on_show, hand_outs.c.state == HandOutState.RECALLED))
        )
        with self._database.reading() as db:
            if not db.execute(to_return.limit(1)).first():
                return 0
        with self._database.writing() as db:
            rows = db.execute(to_return.order_by(door_visits.c.id).with_for_update()).all()
            for row in rows:
                self._return(db, door, row)
            return len(rows)

    # Watching

    def watched(self, door: Door) -> list[Visit]:
        """The visitors whose rooms are to be watched."""
        its = and_(door_visits.c.door_id == door.id, door_visits.c.state.in_(HAS_ROOM))
        with self._database.reading() as db:
            return [visit_of(row) for row in db.execute(select(door_visits).where(its).order_by(door_visits.c.id))]

    def turn_to_look(self, every: float) -> list[Door]:
        """The doors with visitors to be watched that no process has looked at for so many seconds.

        The caller is to look: no other process gets them meanwhile.
        """
        waiting = select(door_visits.c.door_id).where(door_visits.c.state.in_(HAS_ROOM))
        due = and_(doors.c.looked_at < self._database.now - every, doors.c.id.in_(waiting))
        with self._database.reading() as db:
            if not db.execute(select(doors.c.id).where(due).limit(1)).first():
                return []
        with self._database.writing() as db:
            looking = update(doors).where(due).values(looked_at=self._database.now).returning(*doors.c)
            return [door_of(row) for row in db.execute(looking)]

    def forget_waiting(self, door: Door, seconds: float) -> None:
        """Takes address and id out of visits that have waited for a room for so long."""
        old = and_(door_visits.c.door_id == door.id, door_visits.c.changed_at < self._database.now - seconds)
        named = or_(door_visits.c.email != "", door_visits.c.panel_id != "")
        with self._database.writing() as db:
            db.execute(update(door_visits).where(old, named).values(email="", panel_id=""))

    def all(self, door: Door) -> list[Visit]:
        """All visits of a door, in the order in which they began."""
        found = select(door_visits).where(door_visits.c.door_id == door.id).order_by(door_visits.c.id)
        with self._database.reading() as db:
            return [visit_of(row) for row in db.execute(found)]

    @needs(Right.HAND_OUT)
    def allow(self, visibility: Visibility, door_id: int, visit_id: int) -> bool:
        """Lets a visitor whose interview was cut off have one more room; False where there is no such visitor."""
        with self._database.writing() as db:
            found = db.execute(select(doors).where(doors.c.id == door_id, visible(visibility, doors))).first()
            its = and_(door_visits.c.door_id == door_id, door_visits.c.id == visit_id)
            more = update(door_visits).where(its).values(allowed=door_visits.c.allowed + 1)
            if found is None or not db.execute(more).rowcount:
                return False
            note_deed(db, self._database, Deed.DOOR, kind=DoorDeed.ALLOWED, project=found.project_id, door=found.code)
            return True

    # Inside

    def _known(self, db: Connection, door: Door, new: NewVisit) -> Visit | None:
        """The visit of the same device, or of the same person of a panel, who may come from another device."""
        ours = door_visits.c.door_id == door.id
        its = db.execute(select(door_visits).where(ours, door_visits.c.device == new.device)).first()
        if its is not None or not new.person:
            return visit_of(its) if its is not None else None
        theirs = db.execute(select(door_visits).where(ours, door_visits.c.person == new.person)).first()
        if theirs is None:
            return None
        if not new.panel_id:
            raise PersonTaken
        moved = update(door_visits).where(door_visits.c.id == theirs.id).values(device=new.device)
        return visit_of(db.execute(moved.returning(*door_visits.c)).one())

    def _held(self, db: Connection, door: Door, visit: Visit) -> HandOut | None:
        """The line of the room that the visitor has, if they have it still."""
        if visit.room_id is None or visit.state not in HAS_ROOM:
            return None
        its = (hand_outs.c.service == door.service, hand_outs.c.room_id == visit.room_id)
        row = db.execute(self._all.where(*its, hand_outs.c.station_key == visit.key).with_for_update()).first()
        return hand_out_of(row) if row else None

    def _why_not(self, db: Connection, door: Door, visit: Visit, now: float) -> NoRoom | None:
        # The room of a visitor who was let in already may turn out to be of no use.
        was_let_in = visit.state in HAS_ROOM
        if not was_let_in and not visit.may_claim(door.settings):
            return NoRoom(visit.state)
        counts = visit.state in COUNTED
        state = self._state(db, door, visit, now, counts=counts)
        if state != DoorState.OPEN:
            return NoRoom(state)
        asks = bool(door.settings.questions) and not counts
        if asks and is_full(door.settings, answers_of(db, visit.id), answered(db, door.id)):
            change = {"state": VisitState.QUOTA_FULL, "changed_at": self._database.now, "email": "", "panel_id": ""}
            db.execute(update(door_visits).where(door_visits.c.id == visit.id).values(change))
            return NoRoom(VisitState.QUOTA_FULL)
        return None

    def _state(self, db: Connection, door: Door, visit: Visit, now: float, *, counts: bool) -> DoorState:
        """What the door is for a visitor. counts: whether they count towards its limits already."""
        got_room, today = 0, 0
        if door.settings.most is not None or door.settings.most_a_day is not None:
            got_room, today = got_room_of(db, door, now)
        began = day_began(door.settings, moment(now))
        counts_today = counts and visit.claimed is not None and visit.claimed >= began
        return state_of(door, moment(now), got_room - counts, today - counts_today)

    def _give(self, db: Connection, door: Door, visit: AnyRow, room: AnyRow) -> None:
        """Writes down that the visitor has the room, and who they are, where it is looked for from now on."""
        person = Participant(email=visit.email, external_id=visit.panel_id)
        if visit.room_id is not None:
            person = self._whom(db, door, visit.room_id) or person
        if visit.state in HAS_ROOM:
            # It is of no use, and was never theirs.
            db.execute(delete(people).where(*_its_people(door, visit.room_id)))
        change = {
            "state": VisitState.CLAIMED,
            "room_id": room.room_id,
            "claimed_at": self._database.now,
            "changed_at": self._database.now,
            "started_at": None,
            "ended_at": None,
            "email": "",
            "panel_id": "",
        }
        db.execute(update(door_visits).where(door_visits.c.id == visit.id).values(change))
        if person.known_as:
            note_people(db, seen_through(door), door.project_id, {room.room_id: person})

    def _whom(self, db: Connection, door: Door, room_id: str) -> Participant | None:
        row = db.execute(select(people).where(*_its_people(door, room_id))).first()
        return participant_of(row) if row else None

    def _return(self, db: Connection, door: Door, row: AnyRow) -> None:
        its = (hand_outs.c.service == door.service, hand_outs.c.room_id == row.room_id)
        db.execute(update(hand_outs).where(*its).values(at_the_end(seen_through(door))))
        person = self._whom(db, door, row.room_id)
        db.execute(delete(people).where(*_its_people(door, row.room_id)))
        change: dict[str, Any] = {"state": VisitState.RETURNED, "room_id": None, "changed_at": self._database.now}
        if person is not None:
            change |= {"email": person.email, "panel_id": person.external_id}
        db.execute(update(door_visits).where(door_visits.c.id == row.id).values(change))
        words = (history.CALLED_BACK_FROM_DOOR if row.is_called_back else history.BACK_FROM_DOOR)(
            door=door.settings.name
        )
        note_rooms(db, self._database, seen_through(door), door.project_id, [(row.room_id, words)])
        events.tell("handout", what=history.EVENTS[history.BACK_FROM_DOOR], project=door.project_id, rooms=1)

    def _row(self, db: Connection, visit_id: int) -> AnyRow:
        return db.execute(select(door_visits).where(door_visits.c.id == visit_id)).one()


def _held_by(door: Door, visit: Visit) -> dict[str, Any]:
    """What a line says of the visitor who has the room. The name of the door stands where a station's does."""
    return {"station_key": visit.key, "station": door.settings.name, "operator": "", "how": How.DOOR}


def _its_people(door: Door, room_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return people.c.service == door.service, people.c.room_id == room_id
