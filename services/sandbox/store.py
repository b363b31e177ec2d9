"""What the sandbox knows, in one SQLite file: accounts with their tokens, projects, rooms, and the rules between them.

A row is a plain dict with the names of the published models. Times are ISO 8601 text in UTC, which sorts as time.
"""

import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PENDING,
    CreateProjectRequest,
    CreateRoomsRequest,
    InterviewConfigResponse,
    InterviewRoomResponse,
    UpdateProjectRequest,
    UpdateRoomRequest,
)
from services.sandbox.demo import PROJECTS, DemoProject, DemoRoom

Row = dict[str, Any]

PRICE = InterviewConfigResponse(tokens_per_30_min=30)
"""What an interview costs here."""

OPENING_BALANCE = 1_000_000
"""The tokens of a new account: enough for ten thousand rooms of an hour, and then it is short."""

SCHEMA = """
CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    balance INTEGER NOT NULL CHECK (balance >= 0)
) WITHOUT ROWID;
CREATE TABLE projects (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    description TEXT,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    research_goals TEXT,
    interview_guide TEXT
);
CREATE INDEX projects_of_account ON projects (account);
CREATE TABLE rooms (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
    record_id TEXT,
    access_token TEXT NOT NULL UNIQUE,
    room_name TEXT NOT NULL,
    respondent_email TEXT,
    max_duration_minutes INTEGER NOT NULL,
    research_goals_override TEXT,
    interview_guide_override TEXT,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT,
    expires_at TEXT,
    voice TEXT,
    realtime_provider TEXT,
    language TEXT,
    topics_for_respondent TEXT,
    display_name TEXT,
    tokens INTEGER NOT NULL,
    ends_at TEXT
);
CREATE INDEX rooms_of_account ON rooms (account, seq);
CREATE INDEX rooms_of_project ON rooms (project_id, seq);
CREATE INDEX rooms_to_expire ON rooms (expires_at) WHERE status = 'pending';
CREATE INDEX rooms_to_end ON rooms (ends_at) WHERE status = 'active';
CREATE INDEX records_of_project ON rooms (project_id) WHERE status = 'completed';
"""

_PROJECT = """
SELECT id, name, description, status, created_at, research_goals, interview_guide, NULL AS owner_email,
       (SELECT count(*) FROM rooms WHERE project_id = projects.id AND status = 'completed') AS records_count,
       0 AS total_reports_count
FROM projects
"""

_ROOM = """
SELECT id, project_id, record_id, access_token, room_name, respondent_email, max_duration_minutes,
       research_goals_override, interview_guide_override, status, created_at, started_at, finished_at, expires_at,
       account AS created_by, voice, realtime_provider, language, topics_for_respondent, display_name
FROM rooms
"""

_OVERRIDABLE = (
    "research_goals_override",
    "interview_guide_override",
    "topics_for_respondent",
    "display_name",
)


class Refusal(Exception):
    """What the sandbox refuses, with the HTTP status and the plain words that the service would answer."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class Store:
    """The sandbox's state in one SQLite file, safe to use from many threads and processes.

    balance: the tokens that a new account opens with. now: the clock, in UTC.
    """

    def __init__(
        self,
        path: Path,
        *,
        balance: int = OPENING_BALANCE,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._path = path
        self._balance = balance
        self._now = now
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with closing(self._connect()) as db, _transaction(db):
            if db.execute("PRAGMA user_version").fetchone()["user_version"] == 0:
                for statement in SCHEMA.split(";"):
                    db.execute(statement)
                db.execute("PRAGMA user_version = 1")

    def account(self, token: str) -> str:
        """The account behind a bearer token, with the demonstration data if it is new."""
        account = sha256(token.encode()).hexdigest()[:32]
        with self._reading() as db:
            known = db.execute("SELECT 1 FROM accounts WHERE id = ?", (account,)).fetchone()
        if not known:
            self._open_account(account)
        return account

    def reset(self, token: str) -> None:
        """Forget everything of an account; its next use starts with the demonstration data again."""
        with self._writing() as db:
            db.execute("DELETE FROM accounts WHERE id = ?", (sha256(token.encode()).hexdigest()[:32],))

    def balance(self, account: str) -> int:
        """The tokens that are neither spent nor reserved."""
        with self._reading() as db:
            return int(db.execute("SELECT balance FROM accounts WHERE id = ?", (account,)).fetchone()["balance"])

    # Projects

    def projects(self, account: str) -> list[Row]:
        with self._reading() as db:
            return db.execute(f"{_PROJECT} WHERE account = ? ORDER BY seq", (account,)).fetchall()

    def project(self, account: str, project_id: UUID) -> Row:
        with self._reading() as db:
            return _project(db, account, project_id)

    def create_project(self, account: str, wanted: CreateProjectRequest) -> Row:
        project_id = _time_ordered_id()
        with self._writing() as db:
            _insert(
                db,
                "projects",
                {
                    "id": project_id,
                    "account": account,
                    "status": "New",
                    "created_at": _text(self._now()),
                    **wanted.model_dump(),
                },
            )
            return _project(db, account, UUID(project_id))

    def update_project(self, account: str, project_id: UUID, change: UpdateProjectRequest) -> Row:
        with self._writing() as db:
            _project(db, account, project_id)
            _update(db, "projects", str(project_id), change.model_dump(exclude_none=True))
            return _project(db, account, project_id)

    # Rooms, as their owner sees them

    def create_rooms(self, account: str, wanted: CreateRoomsRequest) -> list[Row]:
        """Reserve the tokens and create every room, or nothing."""
        now = self._now()
        price = PRICE.tokens_for(wanted.max_duration_minutes)
        with self._writing() as db:
            project = _project(db, account, wanted.project_id)
            _refuse_unready(project["research_goals"], project["interview_guide"])
            _charge(db, account, price * wanted.count)
            common = {
                "account": account,
                "project_id": project["id"],
                "status": PENDING,
                "created_at": _text(now),
                "expires_at": _text(now + timedelta(days=wanted.expires_in_days)),
                "tokens": price,
                **wanted.model_dump(exclude={"count", "expires_in_days", "project_id"}),
            }
            rooms = [{**_new_keys(), **common} for _ in range(wanted.count)]
            _insert(db, "rooms", *rooms)
            first = rooms[0]["id"]
            return db.execute(
                f"{_ROOM} WHERE account = ? AND seq >= (SELECT seq FROM rooms WHERE id = ?) ORDER BY seq",
                (account, first),
            ).fetchall()

    def rooms(self, account: str, project_id: UUID | None = None, status: str | None = None) -> list[Row]:
        """The account's rooms, newest first."""
        listed, values = _listed(account, project_id, status)
        with self._reading() as db:
            return db.execute(listed, values).fetchall()

    def rooms_json(
        self, account: str, link_base: str, project_id: UUID | None = None, status: str | None = None
    ) -> str:
        """The same list as JSON, each room with its `url`; SQLite writes it, five times as fast as Python.

        link_base: what stands before the access token in a link.
        """
        listed, values = _listed(account, project_id, status)
        fields = ", ".join(f"'{name}', {name}" for name in InterviewRoomResponse.model_fields if name != "url")
        room = f"json_object({fields}, 'url', :link_base || access_token)"
        with self._reading() as db:
            (row,) = db.execute(
                f"SELECT json_group_array({room}) AS rooms FROM ({listed})", {**values, "link_base": link_base}
            )
            return str(row["rooms"])

    def room(self, account: str, room_id: UUID) -> Row:
        with self._reading() as db:
            return _room(db, account, room_id)

    def update_room(self, account: str, room_id: UUID, change: UpdateRoomRequest) -> Row:
        """Change a pending room: what is set replaces, what is null stays, what has its `clear_` flag goes."""
        with self._writing() as db:
            room = _room(db, account, room_id)
            if room["status"] != PENDING:
                raise Refusal(409, f"Only pending rooms can be updated; this one is {room['status']}.")
            values: Row = {
                name: None if getattr(change, f"clear_{name}") else getattr(change, name)
                for name in _OVERRIDABLE
                if getattr(change, f"clear_{name}") or getattr(change, name) is not None
            }
            if change.expires_at is not None:
                values["expires_at"] = _text(change.expires_at)
            if change.max_duration_minutes is not None:
                price = PRICE.tokens_for(change.max_duration_minutes)
                _charge(db, account, price - PRICE.tokens_for(room["max_duration_minutes"]))
                values |= {"max_duration_minutes": change.max_duration_minutes, "tokens": price}
            _update(db, "rooms", str(room_id), values)
            _let_time_pass(db, _text(self._now()))
            return _room(db, account, room_id)

    def cancel_room(self, account: str, room_id: UUID) -> None:
        """Cancel a room that is not over, and release its tokens. A cancelled one stays so."""
        with self._writing() as db:
            room = _room(db, account, room_id)
            if room["status"] in (COMPLETED, EXPIRED):
                raise Refusal(409, f"This room is {room['status']} and can no longer be cancelled.")
            if room["status"] != CANCELLED:
                _release(db, "id = ?", (str(room_id),))
                _update(db, "rooms", str(room_id), {"status": CANCELLED, "finished_at": _text(self._now())})

    # Rooms, as their respondent sees them

    def invitation(self, access_token: str) -> Row:
        """What whoever has the link may know about the room before joining, and `started_at` and `ends_at`."""
        with self._reading() as db:
            return _invitation(db, access_token)

    def join(self, access_token: str, email: str) -> Row:
        """Let one respondent in: the room becomes active; the same email may come again while it is."""
        now = self._now()
        with self._writing() as db:
            room = _invitation(db, access_token)
            if room["status"] == ACTIVE:
                if room["respondent_email"].casefold() != email.casefold():
                    raise Refusal(409, "Another respondent has already joined this interview.")
                return room
            if room["status"] != PENDING:
                raise Refusal(409, f"This interview is {room['status']}.")
            _refuse_unready(room["goals"], room["guide"])
            started = {
                "status": ACTIVE,
                "respondent_email": email,
                "started_at": _text(now),
                "ends_at": _text(now + timedelta(minutes=room["max_duration_minutes"])),
            }
            _update(db, "rooms", room["id"], started)
            return _invitation(db, access_token)

    def leave(self, access_token: str) -> None:
        """End the interview: the room is completed, and its tokens are spent. A finished one stays as it is."""
        with self._writing() as db:
            room = _invitation(db, access_token)
            if room["status"] == PENDING:
                raise Refusal(409, "This interview has not started.")
            if room["status"] == ACTIVE:
                _update(
                    db,
                    "rooms",
                    room["id"],
                    {
                        "status": COMPLETED,
                        "finished_at": _text(self._now()),
                        "record_id": _time_ordered_id(),
                    },
                )

    # Inside

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        db.row_factory = lambda cursor, row: {
            column[0]: value for column, value in zip(cursor.description, row, strict=True)
        }
        db.execute("PRAGMA foreign_keys = ON")
        # Survives every crash of ours; a power cut may cost the last rehearsal, which nobody paid for.
        db.execute("PRAGMA synchronous = NORMAL")
        return db

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as db:
            now = _text(self._now())
            if _is_time_due(db, now):
                with _transaction(db):
                    _let_time_pass(db, now)
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as db, _transaction(db):
            _let_time_pass(db, _text(self._now()))
            yield db

    def _open_account(self, account: str) -> None:
        with self._writing() as db:
            opened = db.execute("INSERT OR IGNORE INTO accounts VALUES (?, ?)", (account, self._balance))
            if opened.rowcount:
                self._demonstrate(db, account)

    def _demonstrate(self, db: sqlite3.Connection, account: str) -> None:
        """Give a new account the demonstration data, in the order in which it would have come about."""
        rooms: list[tuple[str, DemoRoom]] = []
        for project in PROJECTS:
            row = self._demo_project(project)
            _insert(db, "projects", {"account": account, **row})
            rooms += [(row["id"], room) for room in project.rooms]
        for project_id, demo in sorted(rooms, key=lambda entry: entry[1].age_days, reverse=True):
            room = self._demo_room(demo)
            _insert(db, "rooms", {"account": account, "project_id": project_id, **room})
            if demo.status == PENDING:
                _charge(db, account, room["tokens"])

    def _demo_project(self, project: DemoProject) -> Row:
        return {
            "id": _time_ordered_id(),
            "name": project.name,
            "description": project.description,
            "status": project.status,
            "created_at": _text(self._now() - timedelta(days=project.age_days)),
            "research_goals": project.research_goals,
            "interview_guide": project.interview_guide,
        }

    def _demo_room(self, room: DemoRoom) -> Row:
        created = self._now() - timedelta(days=room.age_days)
        started = created + timedelta(hours=3) if room.status == COMPLETED else None
        finished = started + timedelta(minutes=room.minutes_used) if started else None
        return {
            **_new_keys(),
            "status": room.status,
            "created_at": _text(created),
            "expires_at": _text(created + timedelta(days=7)),
            "started_at": started and _text(started),
            "finished_at": finished and _text(finished),
            "record_id": _time_ordered_id() if started else None,
            "respondent_email": room.respondent_email,
            "max_duration_minutes": room.max_duration_minutes,
            "voice": room.voice,
            "realtime_provider": room.realtime_provider,
            "language": room.language,
            "display_name": room.display_name,
            "tokens": PRICE.tokens_for(room.max_duration_minutes),
        }


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, with the write lock from the start: a lock taken late would fail under load."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _is_time_due(db: sqlite3.Connection, now: str) -> bool:
    due = "SELECT 1 FROM rooms WHERE status = 'pending' AND expires_at <= :now"
    over = "SELECT 1 FROM rooms WHERE status = 'active' AND ends_at <= :now"
    return db.execute(f"{due} UNION ALL {over} LIMIT 1", {"now": now}).fetchone() is not None


def _let_time_pass(db: sqlite3.Connection, now: str) -> None:
    """Expire the pending rooms whose time is over, and complete the active ones whose timer ran out."""
    _release(db, "status = 'pending' AND expires_at <= ?", (now,))
    db.execute("UPDATE rooms SET status = 'expired' WHERE status = 'pending' AND expires_at <= ?", (now,))
    over = db.execute("SELECT id, ends_at FROM rooms WHERE status = 'active' AND ends_at <= ?", (now,))
    for room in over.fetchall():
        ended = {"status": COMPLETED, "finished_at": room["ends_at"], "record_id": _time_ordered_id()}
        _update(db, "rooms", room["id"], ended)


def _listed(account: str, project_id: UUID | None, status: str | None) -> tuple[str, Row]:
    """The query for a list of rooms, newest first, and its values."""
    conditions = {"account": account, "project_id": project_id and str(project_id), "status": status}
    wanted = {name: value for name, value in conditions.items() if value is not None}
    return f"{_ROOM} WHERE {' AND '.join(f'{name} = :{name}' for name in wanted)} ORDER BY seq DESC", wanted


def _project(db: sqlite3.Connection, account: str, project_id: UUID) -> Row:
    found: Row | None = db.execute(f"{_PROJECT} WHERE account = ? AND id = ?", (account, str(project_id))).fetchone()
    if found is None:
        raise Refusal(404, "Project not found")
    return found


def _room(db: sqlite3.Connection, account: str, room_id: UUID) -> Row:
    found: Row | None = db.execute(f"{_ROOM} WHERE account = ? AND id = ?", (account, str(room_id))).fetchone()
    if found is None:
        raise Refusal(404, "Interview room not found")
    return found


def _invitation(db: sqlite3.Connection, access_token: str) -> Row:
    found: Row | None = db.execute(
        """
        SELECT rooms.id, room_name, max_duration_minutes, rooms.status, projects.name AS project_name, expires_at,
               language, topics_for_respondent, respondent_email, started_at, ends_at,
               coalesce(research_goals_override, research_goals) AS goals,
               coalesce(interview_guide_override, interview_guide) AS guide
        FROM rooms JOIN projects ON projects.id = project_id WHERE access_token = ?
        """,
        (access_token,),
    ).fetchone()
    if found is None:
        raise Refusal(404, "Interview room not found")
    return found


def _refuse_unready(goals: str | None, guide: str | None) -> None:
    missing = [
        name for name, text in (("research goals", goals), ("an interview guide", guide)) if not (text or "").strip()
    ]
    if missing:
        raise Refusal(409, f"The project needs {' and '.join(missing)} before its interviews can be used.")


def _charge(db: sqlite3.Connection, account: str, tokens: int) -> None:
    """Reserve tokens of the account; fewer than none gives some back."""
    left = db.execute("SELECT balance FROM accounts WHERE id = ?", (account,)).fetchone()["balance"]
    if left < tokens:
        raise Refusal(402, f"Not enough tokens: {tokens} needed, {left} left.")
    db.execute("UPDATE accounts SET balance = balance - ? WHERE id = ?", (tokens, account))


def _release(db: sqlite3.Connection, which: str, values: tuple[str, ...]) -> None:
    owed = db.execute(f"SELECT account, sum(tokens) AS tokens FROM rooms WHERE {which} GROUP BY account", values)
    for debt in owed.fetchall():
        _charge(db, debt["account"], -debt["tokens"])


def _insert(db: sqlite3.Connection, table: str, *rows: Row) -> None:
    """Insert rows that all have the fields of the first."""
    columns, places = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
    db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def _update(db: sqlite3.Connection, table: str, row_id: str, values: Row) -> None:
    if values:
        changes = ", ".join(f"{name} = :{name}" for name in values)
        db.execute(f"UPDATE {table} SET {changes} WHERE id = :id", {**values, "id": row_id})


def _new_keys() -> Row:
    """What tells a new room from every other; its access token has 192 bits."""
    return {
        "id": _time_ordered_id(),
        "access_token": secrets.token_urlsafe(24),
        "room_name": f"interview-{secrets.token_hex(6)}",
    }


def _text(moment: datetime) -> str:
    """A moment as text that sorts as time: always UTC, always microseconds, always four digits of the year."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _time_ordered_id() -> str:
    """A UUID, version 7 (RFC 9562, with 12 bits of the millisecond's fraction): indexes on it grow at their end."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    head = milliseconds << 16 | 7 << 12 | rest * 4096 // 1_000_000
    return str(UUID(int=head << 64 | 2 << 62 | secrets.randbits(62)))
