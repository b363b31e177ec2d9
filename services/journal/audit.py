"""The audit: who did what to which rooms when, from where. Lines are added and never changed.

Each holds the hash of the one before (services.journal.chain, which says how to check it without this program). Details
are ids, numbers and words of ours: never a link, a token, a label, a name, or an email of a respondent.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, literal, or_, select, text

from services.journal.chain import Check, Head, Line, Verdict, anchor_of, canonical, hash_of
from services.journal.database import Database
from services.journal.deeds import Deed
from services.journal.people_tables import audit
from services.journal.tables import rooms
from services.people.acting import UNKNOWN, Person, current, needs
from services.people.roles import Right

Detail = str | int | Sequence[str] | None

ROOMS_A_LINE = 1_000
"""How many ids of rooms one line holds at most; more are told in several lines."""

LINES_READ = 2_000
"""How many lines are read at once: a writer of SQLite waits meanwhile."""

_DAY_SECONDS = 86_400.0

_AUDIT_LOCK = 7_215_036_420
"""A number of our own for PostgreSQL's advisory lock: one line is added at a time, by all processes together."""

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
"""What an id looks like. Nothing else that a service calls one gets into a line: a link has a slash, an email an @."""

NOT_AN_ID = "?"

LONGEST_TEXT = 500
"""Characters that are kept of what is told about a person."""


@dataclass(frozen=True)
class Which:
    """Which lines are wanted; None and "" leave nothing out.

    person: the key of one; "" is a person, too: all who reach a dashboard without sign-in.
    about: the id of a project or of a room; the lines of the batch that created a room are about it, too.
    """

    person: str | None = None
    deed: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    about: str = ""


class Audit:
    """The journal's verbs for the audit; each is one transaction, and may raise JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # The head of the newest chain that was whole: if it is gone, the end was cut off.
        self._newest = Head()

    def note(self, deed: Deed, person: Person | None = None, **details: Detail) -> None:
        """Adds what a person did. person: None for the one at work. details: as in `note_deed`."""
        with self._database.writing() as db:
            note_deed(db, self._database, deed, person, **details)

    @needs(Right.PEOPLE)
    def lines(self, which: Which, most: int, start: int = 0) -> list[Line]:
        """Returns some lines, the newest first."""
        with self._database.reading() as db:
            found = select(audit).where(*_wanted(db, which)).order_by(audit.c.id.desc()).limit(most).offset(start)
            return [_line(row) for row in db.execute(found)]

    @needs(Right.PEOPLE)
    def count(self, which: Which) -> int:
        """How many lines these are."""
        with self._database.reading() as db:
            counted = select(func.count()).select_from(audit).where(*_wanted(db, which))
            return int(db.execute(counted).scalar_one())

    @needs(Right.PEOPLE)
    def people(self) -> dict[str, str]:
        """Returns the newest email of each person who did something, by the person's key, in the order of emails."""
        newest = select(func.max(audit.c.id)).group_by(audit.c.person)
        found = select(audit.c.person, audit.c.email).where(audit.c.id.in_(newest)).order_by(audit.c.email)
        with self._database.reading() as db:
            return {key: email for key, email in db.execute(found)}

    @needs(Right.PEOPLE)
    def every(self, which: Which) -> list[Line]:
        """Returns all lines of a filter in their order, as a file has them."""
        with self._database.reading() as db:
            return [_line(row) for row in db.execute(select(audit).where(*_wanted(db, which)).order_by(audit.c.id))]

    @needs(Right.PEOPLE)
    def verify(self, *kept: Head) -> Verdict:
        """Looks along the whole chain for the first line that is missing or is not as it was written.

        kept: heads of earlier verdicts that were kept elsewhere. Without them, an end that was cut off is found where
        this process has seen it in an earlier look (services.journal.chain).
        """
        while True:
            anchor = self._anchor()
            verdict = self._along(Check(anchor, (*kept, self._newest)))
            if verdict.is_whole:
                if verdict.head.id > self._newest.id:
                    self._newest = verdict.head
                return verdict
            # Old lines may have been taken away meanwhile.
            if self._anchor() == anchor:
                return verdict

    def forget_before(self, moment: datetime) -> int:
        """Takes away the lines from before a moment, and adds one that says so; gives how many these were.

        That line has the number and the hash of the last one that was taken away, so that the rest is still a chain.
        """
        with self._database.writing() as db:
            return self._forget(db, moment.timestamp())

    def forget_older(self, days: int) -> int:
        """The same for lines that are older than so many days, at most once a day, whichever process asks first."""
        is_due = self._due(days)
        with self._database.reading(in_turn=False) as db:
            # Mostly there is nothing to do, which needs no turn among the writers.
            if not db.execute(is_due).scalar():
                return 0
        with self._database.writing() as db:
            _lock(db)
            if not db.execute(is_due).scalar():
                return 0
            return self._forget(db, self._now(db) - days * _DAY_SECONDS)

    def _due(self, days: int) -> Any:  # noqa: ANN401 - a select of one truth
        oldest = select(func.min(audit.c.at)).scalar_subquery()
        last = select(func.max(audit.c.at)).where(audit.c.deed == Deed.FORGET).scalar_subquery()
        is_old = oldest < self._database.now - days * _DAY_SECONDS
        return select(and_(is_old, func.coalesce(last, literal(0.0)) < self._database.now - _DAY_SECONDS))

    def _forget(self, db: Connection, before: float) -> int:
        _lock(db)
        # From the beginning up to the first that stays, whatever the clock did: a gap would else be left.
        stays = select(func.min(audit.c.id)).where(audit.c.at >= before)
        first_kept = db.execute(stays).scalar()
        older = audit.c.id < first_kept if first_kept is not None else literal(value=True)
        last = db.execute(select(audit).where(older).order_by(audit.c.id.desc()).limit(1)).first()
        if last is None:
            return 0
        count = int(db.execute(select(func.count()).select_from(audit).where(audit.c.id <= last.id)).scalar_one())
        note_deed(db, self._database, Deed.FORGET, UNKNOWN, count=count, up_to=last.id, hash=last.hash)
        db.execute(delete(audit).where(audit.c.id <= last.id))
        return count

    def _anchor(self) -> Head:
        newest = select(audit).where(audit.c.deed == Deed.FORGET).order_by(audit.c.id.desc()).limit(1)
        with self._database.reading() as db:
            row = db.execute(newest).first()
        return anchor_of(_line(row)) if row else Head()

    def _along(self, check: Check) -> Verdict:
        for some in self._in_order():
            if verdict := check.along(some):
                return verdict
        return check.end()

    def _in_order(self) -> Iterator[list[Line]]:
        last = 0
        while True:
            with self._database.reading() as db:
                found = select(audit).where(audit.c.id > last).order_by(audit.c.id).limit(LINES_READ)
                some = [_line(row) for row in db.execute(found)]
            if not some:
                return
            yield some
            last = some[-1].id

    def _now(self, db: Connection) -> float:
        return float(db.execute(select(self._database.now)).scalar_one())


def note_deed(db: Connection, database: Database, deed: Deed, person: Person | None = None, **details: Detail) -> None:
    """Adds what a person did, as the last thing of a larger transaction: then it is told if, and only if, it is done.

    Last, because it waits for every other transaction that has added one; on PostgreSQL, a row that such a one still
    waits for, and that is locked here before, is never locked here afterwards.

    person: None for the one at work.
    details: ids, numbers and words of ours; what is empty is left out. rooms: many make several lines. projects: one is
        told as `project`.
    """
    who = person or current()
    _lock(db)
    row = db.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    head = Head(row.id, row.hash) if row else Head()
    # Milliseconds, which every reader of the JSON writes alike.
    at_ms = round(float(db.execute(select(database.now)).scalar_one()) * 1000)
    for told in _told(details):
        line = Line(
            id=head.id + 1,
            at_ms=at_ms,
            person=_kept(who.key),
            email=_kept(who.email),
            role=str(who.role or ""),
            came_from=_kept(who.came_from),
            deed=str(deed),
            details=canonical(told),
            previous=head.hash,
            hash="",
        )
        head = Head(line.id, hash_of(line))
        db.execute(insert(audit).values(_columns(line, head.hash)))


def _lock(db: Connection) -> None:
    """Keeps others from adding a line until this transaction is over; on SQLite no other one writes anyway."""
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _AUDIT_LOCK})


def _told(details: dict[str, Detail]) -> Iterator[dict[str, object]]:
    """The details of each line."""
    ids, projects = _texts(details.pop("rooms", None)), _texts(details.get("projects"))
    if len(projects) == 1:
        details = {**details, "project": projects[0], "projects": None}
    same = {name: _safe(value) for name, value in details.items() if value not in (None, "", (), [])}
    if not ids:
        yield same
        return
    parts = -(-len(ids) // ROOMS_A_LINE)
    for part in range(parts):
        some = _safe(ids[part * ROOMS_A_LINE : (part + 1) * ROOMS_A_LINE])
        yield {**same, "count": len(ids), "rooms": some, **({"part": part + 1, "parts": parts} if parts > 1 else {})}


def _texts(value: Detail) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _safe(value: Detail) -> object:
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return str(value) if _ID.fullmatch(value) else NOT_AN_ID
    return [_safe(each) for each in value or ()]


def _kept(told: str) -> str:
    """What both databases can store: no NUL, and no half of a character."""
    return told.replace("\0", "").encode(errors="replace").decode()[:LONGEST_TEXT]


def _wanted(db: Connection, which: Which) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if which.person is not None:
        wanted.append(audit.c.person == which.person)
    if which.deed is not None:
        wanted.append(audit.c.deed == which.deed)
    if which.since is not None:
        wanted.append(audit.c.at >= which.since.timestamp())
    if which.until is not None:
        wanted.append(audit.c.at < which.until.timestamp())
    if about := which.about:
        batches = db.execute(select(rooms.c.batch_id).where(rooms.c.room_id == about)).scalars()
        named = [audit.c.details.contains(f'"{about}"', autoescape=True)]
        # The first of the sorted names.
        named += [audit.c.details.regexp_match(f'^\\{{"batch":{number}[,}}]') for number in batches]
        wanted.append(or_(*named))
    return wanted


def _columns(line: Line, its_hash: str) -> dict[str, Any]:
    return {
        "id": line.id,
        "at": line.at_ms / 1000,
        "person": line.person,
        "email": line.email,
        "role": line.role,
        "came_from": line.came_from,
        "deed": line.deed,
        "details": line.details,
        "previous": line.previous,
        "hash": its_hash,
    }


def _line(row: Row[Any]) -> Line:
    columns = row._asdict()
    return Line(at_ms=round(columns.pop("at") * 1000), **columns)
