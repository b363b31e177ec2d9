"""The rules between rows of the sandbox: what is refused, how tokens are reserved and released, what time does."""

import sqlite3

from services.aseed.models import COMPLETED, InterviewConfigResponse
from services.sandbox.database import time_ordered_id, update

PRICE = InterviewConfigResponse(tokens_per_30_min=30)
"""What an interview costs here."""


class Refusal(Exception):
    """What the sandbox refuses, with the HTTP status and the plain words that the service would answer."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def refuse_unready(goals: str | None, guide: str | None, status: int) -> None:
    """Raises Refusal, with the status, where a project has no research goals or no interview guide."""
    missing = [
        name for name, text in (("research goals", goals), ("an interview guide", guide)) if not (text or "").strip()
    ]
    if missing:
        raise Refusal(status, f"The project needs {' and '.join(missing)} before its interviews can be used.")


def charge(db: sqlite3.Connection, account: str, tokens: int) -> None:
    """Reserves tokens of the account; a negative number gives some back. Raises Refusal where they are short."""
    left = db.execute("SELECT balance FROM accounts WHERE id = ?", (account,)).fetchone()["balance"]
    if left < tokens:
        raise Refusal(402, f"Not enough tokens: {tokens} needed, {left} left.")
    db.execute("UPDATE accounts SET balance = balance - ? WHERE id = ?", (tokens, account))


def release(db: sqlite3.Connection, which: str, values: tuple[str, ...]) -> None:
    """Gives the tokens of rooms back to their accounts. which: the SQL condition that finds the rooms."""
    owed = db.execute(f"SELECT account, sum(tokens) AS tokens FROM rooms WHERE {which} GROUP BY account", values)
    for debt in owed.fetchall():
        charge(db, debt["account"], -debt["tokens"])


def is_room_due(db: sqlite3.Connection, now: str) -> bool:
    """Whether any room has to expire or to end."""
    due = "SELECT 1 FROM rooms WHERE status = 'pending' AND expires_at <= :now"
    over = "SELECT 1 FROM rooms WHERE status = 'active' AND ends_at <= :now"
    return db.execute(f"{due} UNION ALL {over} LIMIT 1", {"now": now}).fetchone() is not None


def end_due_rooms(db: sqlite3.Connection, now: str) -> None:
    """Expires the pending rooms whose time is over, and completes the active rooms whose timer ran out."""
    release(db, "status = 'pending' AND expires_at <= ?", (now,))
    db.execute("UPDATE rooms SET status = 'expired' WHERE status = 'pending' AND expires_at <= ?", (now,))
    over = db.execute("SELECT id, ends_at FROM rooms WHERE status = 'active' AND ends_at <= ?", (now,))
    for room in over.fetchall():
        complete(db, room["id"], room["ends_at"])


def complete(db: sqlite3.Connection, room_id: str, moment: str) -> None:
    """Completes an active room: its tokens are spent, and it has a record."""
    update(db, "rooms", room_id, {"status": COMPLETED, "finished_at": moment, "record_id": time_ordered_id()})
