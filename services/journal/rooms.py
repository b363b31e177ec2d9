"""Rooms after their creation: whom they are for now, what was done to them, which flags are settled."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, true
from sqlalchemy.dialects import postgresql, sqlite

from services.aseed.errors import without_secrets
from services.journal.audit import note_deed
from services.journal.database import Database
from services.journal.deeds import Deed
from services.journal.desk.records import signature
from services.journal.parts import in_parts
from services.journal.people_tables import withdrawn_rooms
from services.journal.records import Event, LabelState, RoomRecord, moment
from services.journal.rows import AnyRow, participant_columns, participant_of, room_record_of
from services.journal.shared import in_conflict, links_of_own
from services.journal.tables import batches, hand_outs, participants, people, room_events, rooms, settled_flags, targets
from services.journal.visibility import Visibility, visible
from services.journal.withdrawn import all_withdrawn, withdrawn_among
from services.participants import Participant
from services.people.acting import needs
from services.people.roles import Right
from services.texts.kept import kept, said

CREATED = kept("created as room {place} of batch {batch}")
LABELLED = kept("created as room {place} of batch {batch} and labelled")

ROWS_PER_STATEMENT = 500
"""How many rows are written by one statement."""


class RoomRecords:
    """The journal's verbs for single rooms and for the target of a project; each is one transaction.

    What another account wrote is visible, and can be replaced, only in projects that the visibility names.
    Every verb may raise services.journal.database.JournalError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    # Whom rooms are for

    def known(self, visibility: Visibility, project_id: str | None = None) -> dict[str, RoomRecord]:
        """What the journal knows of each room, by the room's id. project_id: None for every project that is visible."""
        with self._database.reading() as db:
            created = _created(db, visibility, project_id)
            told = _told(db, visibility, project_id)
            given = _given(db, visibility, project_id)
            shared = in_conflict(db, visibility.service)
            own = links_of_own(db, visibility.service)
            withdrawn = all_withdrawn(db, visibility.service)
        # In the order of their creation: where a person decided to keep two replacements, the newer one counts.
        replaced_by = {row.replaces: row.room_id for row in created if row.replaces}
        known = {row.room_id: room_record_of(row) for row in created}
        for room_id in told.keys() | replaced_by.keys() | given.keys():
            its = known.get(room_id) or RoomRecord(room_id)
            at, by = given.get(room_id, (None, ""))
            known[room_id] = replace(
                its,
                participant=told.get(room_id) or its.participant,
                replaced_by=replaced_by.get(room_id, ""),
                handed_out=at,
                handed_out_by=by,
            )
        for room_id in shared | own.keys():
            its = known.get(room_id) or RoomRecord(room_id)
            link, has_own = own.get(room_id, its.link), room_id in own
            known[room_id] = replace(its, link=link, shares_link=room_id in shared, has_own_link=has_own)
        for room_id, was_theirs in withdrawn.items():
            its = known.get(room_id) or RoomRecord(room_id)
            known[room_id] = replace(its, is_withdrawn=was_theirs, hides_names=True)
        return known

    def relabel(self, visibility: Visibility, project_id: str, whom: Mapping[str, Participant]) -> None:
        """Writes whom rooms are for, by their ids: label, email and external id; it wins over their batches' lists.

        Rooms of people whose data was taken out stay as they are: an older list would bring it back.
        """
        if whom:
            with self._database.writing() as db:
                note_people(db, visibility, project_id, whom)

    # What was done to a room

    def note_rooms(self, visibility: Visibility, project_id: str, lines: Iterable[tuple[str, str]]) -> None:
        """Writes into the histories of rooms: each line a room's id, and what was done, without links and emails."""
        with self._database.writing() as db:
            note_rooms(db, self._database, visibility, project_id, lines)

    def history(self, visibility: Visibility, room_id: str) -> list[Event]:
        """What was done to a room, oldest first, beginning with its creation where that was here.

        In the language that is spoken.
        """
        its = (room_events.c.service == visibility.service) & (room_events.c.room_id == room_id)
        lines = select(room_events.c.at, room_events.c.what).where(its, visible(visibility, room_events))
        with self._database.reading() as db:
            found = [*_creation(db, visibility, room_id), *db.execute(lines.order_by(room_events.c.id)).all()]
        return [Event(moment(at), said(what)) for at, what in found]

    # What is fine, and what is aimed at

    @needs(Right.CHANGE)
    def settle_flag(self, visibility: Visibility, project_id: str, room_id: str, flag: str) -> None:
        """Notes that a flag of a room is fine. flag: services.rooms.flags.Flag; twice is once."""
        with self._database.writing() as db:
            if _write(db, settled_flags, visibility, project_id, [{"room_id": room_id, "flag": str(flag)}]):
                note_deed(db, self._database, Deed.SETTLE_FLAG, kind=flag, project=project_id, rooms=[room_id])

    def settled_flags(self, visibility: Visibility, project_id: str | None = None) -> set[tuple[str, str]]:
        """The rooms and flags that were settled, of one project or of all that are visible."""
        found = select(settled_flags.c.room_id, settled_flags.c.flag).where(
            *_within(visibility, project_id, settled_flags)
        )
        with self._database.reading() as db:
            return {(room_id, flag) for room_id, flag in db.execute(found)}

    def target(self, visibility: Visibility, project_id: str) -> int | None:
        """How many completed interviews a project is to have; None where it has no target."""
        with self._database.reading() as db:
            return db.execute(select(targets.c.completes).where(*_within(visibility, project_id, targets))).scalar()

    @needs(Right.CHANGE)
    def set_target(self, visibility: Visibility, project_id: str, completes: int | None) -> None:
        """Says how many completed interviews a project is to have; None takes it back."""
        with self._database.writing() as db:
            if completes is None:
                gone = delete(targets).where(*_within(visibility, project_id, targets))
                is_new = db.execute(gone).rowcount > 0
            else:
                is_new = _write(db, targets, visibility, project_id, [{"completes": completes}]) > 0
            if is_new:
                note_deed(db, self._database, Deed.TARGET, project=project_id, target=completes or 0)


def _write(
    db: Connection, table: Table, visibility: Visibility, project_id: str, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Writes rows, each in place of the one with the same key, unless that one is not visible; gives how many it wrote.

    rows: one at least.
    The account and project of a row stay as they were: it stays visible to the account that wrote it first.
    """
    whose = {"service": visibility.service, "account": visibility.account, "project_id": project_id}
    made = (postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert)(table)
    keys = list(table.primary_key.columns)
    changed = {name: made.excluded[name] for name in rows[0] if not table.c[name].primary_key}
    statement = (
        made.on_conflict_do_update(index_elements=keys, set_=changed, where=visible(visibility, table))
        if changed
        else made.on_conflict_do_nothing(index_elements=keys)
    )
    written = 0
    for some in in_parts([{**whose, **row} for row in rows], ROWS_PER_STATEMENT):
        written += db.execute(statement.values(some), execution_options={"preserve_rowcount": True}).rowcount
    return written


def note_people(db: Connection, visibility: Visibility, project_id: str, whom: Mapping[str, Participant]) -> None:
    """Writes whom rooms are for, as `RoomRecords.relabel` does, as part of a larger transaction."""
    # In the transaction that writes: a name must not come back that is taken out between the two.
    withdrawn = withdrawn_among(db, visibility.service, whom)
    rows = [
        {"room_id": room_id, **participant_columns(person)}
        # In one order, so that two who write at once do not wait for each other.
        for room_id, person in sorted(whom.items(), key=lambda item: item[0])
        if not withdrawn.get(room_id)
    ]
    if rows:
        _write(db, people, visibility, project_id, rows)


def note_rooms(
    db: Connection, database: Database, whose: Visibility, project_id: str, lines: Iterable[tuple[str, str]]
) -> None:
    """Adds lines to the histories of rooms, as part of a larger transaction."""
    rows = [{"room_id": room_id, "what": _tellable(what)} for room_id, what in lines]
    if rows:
        same = {"service": whose.service, "account": whose.account, "project_id": project_id, "at": database.now}
        db.execute(insert(room_events).values(same), rows)


def forget_rooms(db: Connection, visibility: Visibility) -> None:
    """Deletes everything of this kind that is visible."""
    for table in (people, room_events, settled_flags, targets, withdrawn_rooms):
        db.execute(delete(table).where(visible(visibility, table)))


def _created(db: Connection, visibility: Visibility, project_id: str | None) -> Sequence[AnyRow]:
    """The rooms that were created here, oldest first, with whom they were for then, and which ones they replace."""
    found = (
        select(
            rooms.c.room_id,
            rooms.c.batch_id,
            batches.c.name,
            rooms.c.place,
            rooms.c.link,
            participants.c.label,
            participants.c.email,
            participants.c.external_id,
            participants.c.replaces,
        )
        .join(batches, batches.c.id == rooms.c.batch_id)
        .join(
            participants,
            (participants.c.batch_id == rooms.c.batch_id) & (participants.c.place == rooms.c.place),
            isouter=True,
        )
        .where(*_within(visibility, project_id, batches))
        .order_by(rooms.c.id)
    )
    return db.execute(found).all()


def _told(db: Connection, visibility: Visibility, project_id: str | None) -> dict[str, Participant]:
    """Whom rooms are for, as it was said later."""
    said = select(people.c.room_id, people.c.label, people.c.email, people.c.external_id)
    found = db.execute(said.where(*_within(visibility, project_id, people)))
    return {row.room_id: person for row in found if (person := participant_of(row))}


def _given(db: Connection, visibility: Visibility, project_id: str | None) -> dict[str, tuple[datetime, str]]:
    """When rooms were given in person, and who signed for it."""
    said = select(hand_outs.c.room_id, hand_outs.c.given_at, hand_outs.c.station, hand_outs.c.operator)
    given = and_(*_within(visibility, project_id, hand_outs), hand_outs.c.given_at.is_not(None))
    return {
        room_id: (moment(given_at), signature(station, operator))
        for room_id, given_at, station, operator in db.execute(said.where(given))
    }


def _creation(db: Connection, visibility: Visibility, room_id: str) -> list[tuple[float, str]]:
    found = (
        select(batches.c.made_at, batches.c.id, rooms.c.place, rooms.c.label_state)
        .join(batches, batches.c.id == rooms.c.batch_id)
        .where(rooms.c.service == visibility.service, rooms.c.room_id == room_id, visible(visibility, batches))
    )
    return [
        (made, (LABELLED if label == LabelState.SET else CREATED)(place=place, batch=batch_id))
        for made, batch_id, place, label in db.execute(found)
    ]


def _within(visibility: Visibility, project_id: str | None, table: Table) -> tuple[Any, Any]:
    return visible(visibility, table), true() if project_id is None else table.c.project_id == project_id


def _tellable(what: str) -> str:
    """A line as a history may hold it, without links and emails: more people may read it than may have these."""
    return re.sub(r"\S+@\S+", "(email)", without_secrets(what.replace("\0", ""), None))
