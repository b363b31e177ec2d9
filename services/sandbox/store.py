"""The sandbox's state: accounts behind their tokens, with projects and rooms, in one SQLite file."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PENDING,
    CreateProjectRequest,
    CreateRoomsRequest,
    UpdateProjectRequest,
    UpdateRoomRequest,
)
from services.sandbox import database, demo, queries, rules
from services.sandbox.database import Row, as_text, insert, update
from services.sandbox.rules import PRICE, Refusal

OPENING_BALANCE = 1_000_000
"""The tokens of a new account: enough for ten thousand rooms of an hour, and then it is short."""

_CLEARABLE = (
    "research_goals_override",
    "interview_guide_override",
    "topics_for_respondent",
    "display_name",
)
"""The texts of a room that a change can set, or clear by a `clear_` flag."""


class Store:
    """The sandbox's state in one SQLite file, safe to use from many threads and processes.

    balance: the tokens that a new account opens with.
    now: the clock, in UTC.

    What the service would refuse raises Refusal.
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
        database.create(path)

    def account(self, token: str) -> str:
        """The account behind a bearer token, with the demonstration data if it is new."""
        account = _account(token)
        with self._reading() as db:
            known = db.execute("SELECT 1 FROM accounts WHERE id = ?", (account,)).fetchone()
        if not known:
            self._open_account(account)
        return account

    def reset(self, token: str) -> None:
        """Deletes everything of an account; its next use starts with the demonstration data again."""
        with self._writing() as db:
            db.execute("DELETE FROM accounts WHERE id = ?", (_account(token),))

    def balance(self, account: str) -> int:
        """The tokens that are neither spent nor reserved."""
        with self._reading() as db:
            return int(db.execute("SELECT balance FROM accounts WHERE id = ?", (account,)).fetchone()["balance"])

    # Projects

    def projects(self, account: str) -> list[Row]:
        with self._reading() as db:
            return queries.projects(db, account)

    def project(self, account: str, project_id: UUID) -> Row:
        with self._reading() as db:
            return queries.project(db, account, project_id)

    def create_project(self, account: str, wanted: CreateProjectRequest) -> Row:
        project_id = database.time_ordered_id()
        created = {"id": project_id, "account": account, "status": "New", "created_at": as_text(self._now())}
        with self._writing() as db:
            insert(db, "projects", {**created, **wanted.model_dump()})
            return queries.project(db, account, UUID(project_id))

    def update_project(self, account: str, project_id: UUID, change: UpdateProjectRequest) -> Row:
        with self._writing() as db:
            queries.project(db, account, project_id)
            update(db, "projects", str(project_id), change.model_dump(exclude_none=True))
            return queries.project(db, account, project_id)

    # Rooms, as their owner sees them

    def create_rooms(self, account: str, wanted: CreateRoomsRequest) -> list[Row]:
        """Reserves the tokens and creates every room, or changes nothing."""
        now = self._now()
        price = PRICE.tokens_for(wanted.max_duration_minutes)
        with self._writing() as db:
            project = queries.project(db, account, wanted.project_id)
            rules.refuse_unready(project["research_goals"], project["interview_guide"], 400)
            rules.charge(db, account, price * wanted.count)
            common = {
                "account": account,
                "project_id": project["id"],
                "status": PENDING,
                "created_at": as_text(now),
                "expires_at": as_text(now + timedelta(days=wanted.expires_in_days)),
                "tokens": price,
                **wanted.model_dump(exclude={"count", "expires_in_days", "project_id"}),
            }
            rooms = [{**database.new_room_keys(), **common} for _ in range(wanted.count)]
            insert(db, "rooms", *rooms)
            return queries.rooms_since(db, account, rooms[0]["id"])

    def rooms(self, account: str, project_id: UUID | None = None, status: str | None = None) -> list[Row]:
        """The account's rooms, newest first. project_id, status: None for all."""
        with self._reading() as db:
            return queries.rooms(db, account, project_id, status)

    def rooms_as_json(
        self, account: str, link_base: str, project_id: UUID | None = None, status: str | None = None
    ) -> bytes:
        """The same list as JSON in UTF-8, each room with its `url`.

        link_base: what comes before the access token in a link.
        """
        with self._reading() as db:
            return queries.rooms_as_json(db, account, link_base, project_id, status)

    def room(self, account: str, room_id: UUID) -> Row:
        with self._reading() as db:
            return queries.room(db, account, room_id)

    def update_room(self, account: str, room_id: UUID, change: UpdateRoomRequest) -> Row:
        """Changes a pending room: what is set replaces, what is null stays, what has its `clear_` flag is cleared."""
        with self._writing() as db:
            room = queries.room(db, account, room_id)
            if room["status"] != PENDING:
                raise Refusal(409, f"Only pending rooms can be updated; this one is {room['status']}.")
            values = _texts(change)
            if change.expires_at is not None:
                values["expires_at"] = as_text(change.expires_at)
            if change.max_duration_minutes is not None:
                price = PRICE.tokens_for(change.max_duration_minutes)
                rules.charge(db, account, price - PRICE.tokens_for(room["max_duration_minutes"]))
                values |= {"max_duration_minutes": change.max_duration_minutes, "tokens": price}
            update(db, "rooms", str(room_id), values)
            rules.end_due_rooms(db, as_text(self._now()))
            return queries.room(db, account, room_id)

    def cancel_room(self, account: str, room_id: UUID) -> None:
        """Cancels a room that is not over, and releases its tokens. A cancelled room stays cancelled."""
        with self._writing() as db:
            room = queries.room(db, account, room_id)
            if room["status"] in (COMPLETED, EXPIRED):
                raise Refusal(409, f"This room is {room['status']} and can no longer be cancelled.")
            if room["status"] != CANCELLED:
                rules.release(db, "id = ?", (str(room_id),))
                update(db, "rooms", str(room_id), {"status": CANCELLED, "finished_at": as_text(self._now())})

    # Rooms, as their respondent sees them

    def invitation(self, access_token: str) -> Row:
        """What a person who has the link may know about the room before joining, and `started_at` and `ends_at`."""
        with self._reading() as db:
            return queries.invitation(db, access_token)

    def join(self, access_token: str, email: str) -> Row:
        """Lets one respondent in: the room becomes active; the same email may come again while it is."""
        now = self._now()
        with self._writing() as db:
            room = queries.invitation(db, access_token)
            if room["status"] == ACTIVE:
                if room["respondent_email"].casefold() != email.casefold():
                    raise Refusal(409, "Another respondent has already joined this interview.")
                return room
            if room["status"] != PENDING:
                raise Refusal(409, f"This interview is {room['status']}.")
            rules.refuse_unready(room["goals"], room["guide"], 409)
            started = {
                "status": ACTIVE,
                "respondent_email": email,
                "started_at": as_text(now),
                "ends_at": as_text(now + timedelta(minutes=room["max_duration_minutes"])),
            }
            update(db, "rooms", room["id"], started)
            return queries.invitation(db, access_token)

    def leave(self, access_token: str) -> None:
        """Ends the interview: the room is completed, and its tokens are spent. A finished room stays as it is."""
        with self._writing() as db:
            room = queries.invitation(db, access_token)
            if room["status"] == PENDING:
                raise Refusal(409, "This interview has not started.")
            if room["status"] == ACTIVE:
                rules.complete(db, room["id"], as_text(self._now()))

    # Inside

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection on which every room that is due has ended."""
        with closing(database.connect(self._path)) as db:
            now = as_text(self._now())
            if rules.is_room_due(db, now):
                with database.transaction(db):
                    rules.end_due_rooms(db, now)
            yield db

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The same, in one transaction."""
        with closing(database.connect(self._path)) as db, database.transaction(db):
            rules.end_due_rooms(db, as_text(self._now()))
            yield db

    def _open_account(self, account: str) -> None:
        """Adds an account with the demonstration data, unless it is there already."""
        with self._writing() as db:
            opened = db.execute("INSERT OR IGNORE INTO accounts VALUES (?, ?)", (account, self._balance))
            if not opened.rowcount:
                return
            projects, rooms = demo.rows(self._now())
            insert(db, "projects", *({"account": account, **project} for project in projects))
            insert(db, "rooms", *({"account": account, **room} for room in rooms))
            rules.charge(db, account, sum(room["tokens"] for room in rooms if room["status"] == PENDING))


def _account(token: str) -> str:
    return sha256(token.encode()).hexdigest()[:32]


def _texts(change: UpdateRoomRequest) -> Row:
    """The texts that a change sets or clears."""
    return {
        name: None if getattr(change, f"clear_{name}") else getattr(change, name)
        for name in _CLEARABLE
        if getattr(change, f"clear_{name}") or getattr(change, name) is not None
    }
