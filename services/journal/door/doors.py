"""The journal's verbs for doors: made, changed, paused, closed, and counted."""

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, insert, select, update

from services.journal.audit import note_deed
from services.journal.database import Database
from services.journal.deeds import Deed, DoorDeed
from services.journal.desk.lines import may_be_given
from services.journal.door.opening import day_began
from services.journal.door.records import COUNTED, Door, DoorFigures, DoorSettings, VisitState
from services.journal.door.rows import door_of
from services.journal.door_tables import door_answers, door_fills, door_texts, door_visits, doors
from services.journal.records import moment
from services.journal.tables import hand_outs
from services.journal.visibility import Visibility, visible
from services.people.acting import current, must, needs
from services.people.roles import Right

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What codes are made of: no two of these look alike."""

_CODE_LENGTH = 10


class Doors:
    """The verbs; each is one transaction, and may raise services.journal.database.JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @needs(Right.CHANGE)
    def make(self, visibility: Visibility, project_id: str, settings: DoorSettings) -> Door:
        """Opens a new door. One that creates rooms by itself takes Right.CREATE, too."""
        _may_fill(None, settings)
        with self._database.writing() as db:
            row = {
                "code": "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH)),
                "secret": secrets.token_urlsafe(32),
                "service": visibility.service,
                "account": visibility.account,
                "project_id": project_id,
                "settings": settings.model_dump_json(),
                "version": 1,
                "made_at": self._database.now,
                "made_by": current().email,
            }
            made = db.execute(insert(doors).values(row).returning(*doors.c)).one()
            self._keep_texts(db, made.id, 1, settings)
            self._did(db, DoorDeed.MADE, door_of(made))
            return door_of(made)

    @needs(Right.CHANGE)
    def change(self, visibility: Visibility, door_id: int, settings: DoorSettings) -> Door | None:
        """Sets a door up otherwise; other texts are a new version of them. None where there is no such door.

        What it may create by itself takes Right.CREATE, too.
        """
        with self._database.writing() as db:
            door = self._locked(db, visibility, door_id)
            if door is None:
                return None
            _may_fill(door.settings, settings)
            version = door.version + (settings.texts != door.settings.texts)
            if version != door.version:
                self._keep_texts(db, door_id, version, settings)
            changed = update(doors).where(doors.c.id == door_id).returning(*doors.c)
            row = db.execute(changed.values(settings=settings.model_dump_json(), version=version)).one()
            self._did(db, DoorDeed.CHANGED, door)
            return door_of(row)

    @needs(Right.HAND_OUT)
    def pause(self, visibility: Visibility, door_id: int, *, paused: bool) -> None:
        """Holds a door shut for a while, or opens it again. Visitors who have a room go on with it."""
        with self._database.writing() as db:
            door = self._locked(db, visibility, door_id)
            if door and door.is_paused != paused:
                db.execute(update(doors).where(doors.c.id == door_id).values(is_paused=paused))
                self._did(db, DoorDeed.PAUSED if paused else DoorDeed.OPENED, door)

    @needs(Right.CHANGE)
    def close(self, visibility: Visibility, door_id: int, *, closed: bool = True) -> None:
        """Ends a door, or opens it again."""
        with self._database.writing() as db:
            door = self._locked(db, visibility, door_id)
            if door and door.is_closed != closed:
                ended = self._database.now if closed else None
                db.execute(update(doors).where(doors.c.id == door_id).values(closed_at=ended))
                self._did(db, DoorDeed.CLOSED if closed else DoorDeed.OPENED, door)

    def all(self, visibility: Visibility, project_id: str) -> list[Door]:
        """Returns the doors of a project, the newest first, those that are closed last."""
        found = select(doors).where(visible(visibility, doors), doors.c.project_id == project_id)
        with self._database.reading() as db:
            ordered = found.order_by(case((doors.c.closed_at.is_(None), 0), else_=1), doors.c.id.desc())
            return [door_of(row) for row in db.execute(ordered)]

    def find(self, code: str) -> Door | None:
        """Returns the door with this code, for any visitor."""
        with self._database.reading() as db:
            row = db.execute(select(doors).where(doors.c.code == code)).first()
        return door_of(row) if row else None

    def names(self, visibility: Visibility) -> dict[str, str]:
        """Returns the names of all visible doors by their codes, which stand for them in the audit."""
        found = select(doors).where(visible(visibility, doors))
        with self._database.reading() as db:
            return {row.code: door_of(row).settings.name for row in db.execute(found)}

    def texts(self, door_id: int) -> Mapping[int, Mapping[str, Mapping[str, str]]]:
        """Returns what visitors have read and agreed to: texts by language, by version."""
        found = select(door_texts.c.version, door_texts.c.texts).where(door_texts.c.door_id == door_id)
        with self._database.reading() as db:
            return {version: json.loads(texts) for version, texts in db.execute(found.order_by(door_texts.c.version))}

    def versions(self, door_id: int) -> Mapping[int, datetime]:
        """Returns since when visitors read each version of the texts."""
        found = select(door_texts.c.version, door_texts.c.at).where(door_texts.c.door_id == door_id)
        with self._database.reading() as db:
            return {version: moment(at) for version, at in db.execute(found.order_by(door_texts.c.version))}

    def answers(self, door: Door) -> Mapping[int, Mapping[int, int]]:
        """Returns what each visitor answered, by the visit's id: the place of the answer by that of its question."""
        its = (door_answers.c.visit_id, door_answers.c.question, door_answers.c.answer)
        found = select(*its).join(door_visits, door_visits.c.id == door_answers.c.visit_id)
        answers: defaultdict[int, dict[int, int]] = defaultdict(dict)
        with self._database.reading() as db:
            for visit_id, question, answer in db.execute(found.where(door_visits.c.door_id == door.id)):
                answers[visit_id][question] = answer
        return dict(answers)

    def now_and_figures(self, door: Door) -> tuple[float, DoorFigures]:
        """Returns the moment by the database's clock, in seconds since 1970, and how many visitors the door had."""
        with self._database.reading() as db:
            now = float(db.execute(select(self._database.now)).scalar_one())
            return now, figures_of(db, door, now)

    def quotas(self, door: Door) -> Mapping[tuple[int, int], int]:
        """Returns how many visitors with a room gave each answer, by the places of question and answer."""
        with self._database.reading() as db:
            return answered(db, door.id)

    def _keep_texts(self, db: Connection, door_id: int, version: int, settings: DoorSettings) -> None:
        texts = {language: its.model_dump() for language, its in settings.texts.items()}
        row = {"door_id": door_id, "version": version, "at": self._database.now, "texts": json.dumps(texts)}
        db.execute(insert(door_texts).values(row))

    def _locked(self, db: Connection, visibility: Visibility, door_id: int) -> Door | None:
        its = select(doors).where(doors.c.id == door_id, visible(visibility, doors))
        row = db.execute(its.with_for_update()).first()
        return door_of(row) if row else None

    def _did(self, db: Connection, deed: DoorDeed, door: Door) -> None:
        note_deed(db, self._database, Deed.DOOR, kind=deed, project=door.project_id, door=door.code)


def _may_fill(before: DoorSettings | None, after: DoorSettings) -> None:
    """Raises NotAllowed where a person sets up what a door creates who may not create rooms."""
    if after.filling and (before is None or after.filling != before.filling):
        must(Right.CREATE)


def figures_of(db: Connection, door: Door, now: float) -> DoorFigures:
    """The figures of a door, as part of a larger transaction."""
    by_state = select(door_visits.c.state, func.count()).where(door_visits.c.door_id == door.id)
    states = {VisitState(state): count for state, count in db.execute(by_state.group_by(door_visits.c.state))}
    free = select(func.count()).where(*pool_of(db, door), may_be_given())
    got_room, today = got_room_of(db, door, now)
    return DoorFigures(states, today, got_room, db.execute(free).scalar_one(), spent_of(db, door))


def got_room_of(db: Connection, door: Door, now: float) -> tuple[int, int]:
    """How many visitors got a room, at any time and on this day."""
    began = day_began(door.settings, moment(now)).timestamp()
    today = func.count(case((door_visits.c.claimed_at >= began, 1)))
    its = and_(door_visits.c.door_id == door.id, door_visits.c.state.in_(COUNTED))
    got_room, of_today = db.execute(select(func.count(), today).where(its)).one()
    return got_room, of_today


def spent_of(db: Connection, door: Door) -> int:
    """Tokens of the rooms that a door has created by itself."""
    spent = select(func.coalesce(func.sum(door_fills.c.tokens), 0)).where(door_fills.c.door_id == door.id)
    return int(db.execute(spent).scalar_one())


def pool_of(db: Connection, door: Door) -> Sequence[ColumnElement[bool]]:
    """The condition that a room is in the door's pool: never one that is for a certain person."""
    whose = (hand_outs.c.service == door.service, hand_outs.c.project_id == door.project_id)
    unnamed = hand_outs.c.is_named.is_(False)
    if door.settings.batch_id is None:
        return (*whose, unnamed)
    own = select(door_fills.c.batch_id).where(door_fills.c.door_id == door.id, door_fills.c.batch_id.is_not(None))
    batches = [door.settings.batch_id, *db.execute(own).scalars()]
    return (*whose, unnamed, hand_outs.c.batch_id.in_(batches))


def answered(db: Connection, door_id: int) -> Mapping[tuple[int, int], int]:
    """How many visitors with a room gave each answer, by the places of question and answer."""
    columns = (door_answers.c.question, door_answers.c.answer)
    found = (
        select(*columns, func.count())
        .join(door_visits, door_visits.c.id == door_answers.c.visit_id)
        .where(door_visits.c.door_id == door_id, door_visits.c.state.in_(COUNTED))
        .group_by(*columns)
    )
    return {(question, answer): count for question, answer, count in db.execute(found)}


def forget_doors(db: Connection, visibility: Visibility) -> None:
    """Deletes everything of this kind that is visible."""
    ours = select(doors.c.id).where(visible(visibility, doors))
    visits = select(door_visits.c.id).where(door_visits.c.door_id.in_(ours))
    db.execute(delete(door_answers).where(door_answers.c.visit_id.in_(visits)))
    for table in (door_visits, door_fills, door_texts):
        db.execute(delete(table).where(table.c.door_id.in_(ours)))
    db.execute(delete(doors).where(visible(visibility, doors)))
