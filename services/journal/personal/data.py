"""The journal's verbs for respondents' data: what is held on a person, taken out at their wish or once it is old."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select, text

from services.journal.audit import note_deed
from services.journal.database import Database
from services.journal.deeds import Deed, Withdrawal
from services.journal.desk.records import IN_HAND
from services.journal.parts import in_parts
from services.journal.personal.apart import found_by, held_under, spots_under
from services.journal.personal.erasing import Erasing
from services.journal.personal.files import files_made
from services.journal.personal.items import Item, items_of
from services.journal.personal.records import Held, Key, Receipt, RoomLeft, Spot, StillNeeded, Trace
from services.journal.personal.traces import batch_names_people, is_at_desk, is_said, spots_of, traces_in
from services.journal.records import moment
from services.journal.rooms import note_rooms
from services.journal.tables import batches, hand_outs, people, room_events, rooms
from services.journal.visibility import Visibility
from services.people.acting import UNKNOWN, current, needs
from services.people.roles import Right
from services.texts.speech import N_

WITHDRAWN = N_("the person's data was withdrawn")
TOO_OLD = N_("the person's data was taken out because of its age")

_DAY_SECONDS = 86_400.0

ROOMS_AT_ONCE = 500
"""How many rooms lose their old data in one transaction."""

_LOCK = 7_215_036_421
"""A number of our own for PostgreSQL's advisory lock."""


class PersonalData:
    """The verbs; each is one transaction, and may raise JournalError. They reach all of the journal.

    Not what one token may see alone: a person who withdraws means all that is kept here.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @needs(Right.PEOPLE)
    def find(self, text: str) -> list[Held]:
        """Returns everyone whose email, label or code this is; a part of it finds no one."""
        return found_by(self._database, text)

    @needs(Right.PEOPLE)
    def held(self, key: Key) -> tuple[Held | None, list[Item]]:
        """Returns what is held on one person, item by item, as the tables have it."""
        spots = spots_under(self._database, {key})
        with self._database.reading() as db:
            found = next(iter(held_under(db, {key}, spots)), None)
            return found, items_of(db, found) if found else []

    @needs(Right.PEOPLE)
    def withdraw(self, key: Key) -> Receipt | None:
        """Takes a person out of the journal, in one transaction; None where no trace of them is left.

        Raises StillNeeded while a batch is at work with them, or a desk shows their link.
        """
        # Outside of the transaction, which other writers wait for: it reads all of the journal.
        spots = spots_under(self._database, {key})
        with self._database.writing() as db:
            _lock(db)
            held = next(iter(held_under(db, {key}, spots)), None)
            if held is None:
                return None
            self._refuse_if_needed(db, held)
            return self._take_out(db, held.traces, held.others)

    def forget_older(self, days: int) -> int:
        """Takes out everyone of batches that ended so many days ago; gives how many rooms were theirs.

        A batch waits until its last hand-out is as old. Rooms of no batch go by what was last done to them here; where
        that is not known, they stay. Whichever process comes first does it: the next one finds nothing left.
        """
        count, last = 0, 0
        while (found := self._old_batch(days, last)) is not None:
            last, spots = found
            count += self._forget(spots)
        with self._database.reading() as db:
            strays = db.execute(_old_strays(self._database.now - days * _DAY_SECONDS)).all()
        return count + self._forget([Spot(service, room_id) for service, room_id in strays])

    def _old_batch(self, days: int, last: int) -> tuple[int, list[Spot]] | None:
        """The next batch that is old enough, with its rooms and places that name people."""
        before = self._database.now - days * _DAY_SECONDS
        its_room = and_(rooms.c.batch_id == batches.c.id, rooms.c.service == hand_outs.c.service)
        given = exists().where(its_room, rooms.c.room_id == hand_outs.c.room_id, _is_recent(before))
        old = select(batches.c.id).where(batches.c.id > last, batches.c.ended_at < before, ~given)
        with self._database.reading() as db:
            batch_id = db.execute(old.where(batch_names_people()).order_by(batches.c.id).limit(1)).scalar()
            return None if batch_id is None else (batch_id, spots_of(db, batch_id))

    def _forget(self, spots: Sequence[Spot]) -> int:
        """Takes everyone out of these rooms, some at a time, as other writers wait meanwhile."""
        count = 0
        for some in in_parts(spots, ROOMS_AT_ONCE):
            with self._database.writing() as db:
                _lock(db)
                if found := traces_in(db, some):
                    count += len(self._take_out(db, found, (), by_age=True).rooms)
        return count

    def _refuse_if_needed(self, db: Connection, held: Held) -> None:
        at_work = select(batches.c.id).where(batches.c.id.in_(held.batch_ids), batches.c.ended_at.is_(None))
        on_show = select(hand_outs.c.station).where(
            hand_outs.c.room_id.in_(held.room_ids), hand_outs.c.state.in_(IN_HAND)
        )
        found = list(db.execute(at_work.order_by(batches.c.id)).scalars())
        desks = sorted(set(db.execute(on_show).scalars()))
        if found or desks:
            raise StillNeeded(found, desks)

    def _take_out(
        self, db: Connection, going: Sequence[Trace], staying: Sequence[Trace], *, by_age: bool = False
    ) -> Receipt:
        now = moment(float(db.execute(select(self._database.now)).scalar_one()))
        erasing = Erasing(db, self._database, now, going, staying)
        erasing.run()
        receipt = _receipt(now, erasing)
        receipt = receipt if by_age else replace(receipt, files=files_made(db, receipt.room_ids))
        self._note(db, erasing, receipt, by_age=by_age)
        return receipt

    def _note(self, db: Connection, erasing: Erasing, receipt: Receipt, *, by_age: bool) -> None:
        """Tells the histories of rooms and then the audit: ids and numbers, and no name."""
        whose = {trace.spot: (trace.project_id, trace.account) for trace in erasing.traces}
        line = TOO_OLD if by_age else WITHDRAWN
        of_projects: defaultdict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
        for spot in erasing.spots:
            if spot.room_id:
                of_projects[spot.service, *whose[spot]].append((spot.room_id, line))
        for (service, project_id, account), lines in of_projects.items():
            note_rooms(db, self._database, Visibility(service, account), project_id, lines)
        person = UNKNOWN if by_age else None
        projects = sorted({project_id for project_id, _ in whose.values()})
        ids, why = list(receipt.room_ids), Withdrawal.BY_AGE if by_age else Withdrawal.BY_WISH
        count = len(erasing.spots)
        note_deed(db, self._database, Deed.WITHDRAW, person, kind=why, projects=projects, rooms=ids, count=count)


def _lock(db: Connection) -> None:
    """One process at a time takes people out, so that the next one finds what is left; on SQLite it is so anyway."""
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def _receipt(now: datetime, erasing: Erasing) -> Receipt:
    whose = {trace.spot: trace.project_id for trace in erasing.traces}
    left = [
        RoomLeft(
            spot.service,
            whose[spot],
            spot.room_id,
            is_open=spot in erasing.theirs and spot.room_id not in erasing.over,
            is_labelled=spot.room_id in erasing.labelled,
        )
        for spot in erasing.spots
        if spot.room_id
    ]
    return Receipt(
        at=now,
        by=current().email,
        batch_ids=tuple(sorted({spot.batch_id for spot in erasing.spots if spot.batch_id is not None})),
        rooms=tuple(left),
        places=sum(not spot.room_id for spot in erasing.spots),
        erased={kind: count for kind, count in erasing.erased.items() if count},
    )


def _is_recent(before: Any) -> Any:  # noqa: ANN401 - expressions of the database
    """Whether a link was given after a moment, or is in a desk's hands now."""
    last = func.coalesce(hand_outs.c.given_at, hand_outs.c.claimed_at, 0.0)
    return or_(last >= before, hand_outs.c.state.in_(IN_HAND))


def _old_strays(before: Any) -> Any:  # noqa: ANN401 - expressions of the database
    """The rooms of no batch with people of whom nothing was heard since a moment."""
    told = select(people.c.service, people.c.room_id).where(is_said)
    desks = select(hand_outs.c.service, hand_outs.c.room_id).where(is_at_desk)
    both = told.union(desks).subquery()
    in_a_batch = exists().where(rooms.c.service == both.c.service, rooms.c.room_id == both.c.room_id)
    done = (
        select(func.max(room_events.c.at))
        .where(room_events.c.service == both.c.service, room_events.c.room_id == both.c.room_id)
        .correlate(both)
        .scalar_subquery()
    )
    desk = and_(hand_outs.c.service == both.c.service, hand_outs.c.room_id == both.c.room_id)
    looked = select(hand_outs.c.looked_at).where(desk).correlate(both).scalar_subquery()
    last = func.coalesce(done, looked)
    given = exists().where(desk, _is_recent(before)).correlate(both)
    return (
        select(both.c.service, both.c.room_id)
        .where(~in_a_batch, last < before, ~given)
        .order_by(both.c.service, both.c.room_id)
    )
