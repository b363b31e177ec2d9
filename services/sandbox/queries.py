"""What the sandbox's store reads: projects, rooms and invitations as rows, and a list of rooms as JSON."""

import sqlite3
from uuid import UUID

from services.aseed.models import InterviewRoomResponse
from services.sandbox.database import Row
from services.sandbox.rules import Refusal

_SELECT_PROJECTS = """
SELECT id, name, description, status, created_at, research_goals, interview_guide, NULL AS owner_email,
       (SELECT count(*) FROM rooms WHERE project_id = projects.id AND status = 'completed') AS records_count,
       0 AS total_reports_count
FROM projects
"""

_SELECT_ROOMS = """
SELECT id, project_id, record_id, access_token, room_name, respondent_email, max_duration_minutes,
       research_goals_override, interview_guide_override, status, created_at, started_at, finished_at, expires_at,
       account AS created_by, voice, realtime_provider, language, topics_for_respondent, display_name
FROM rooms
"""

_SELECT_INVITATIONS = """
SELECT rooms.id, room_name, max_duration_minutes, rooms.status, projects.name AS project_name, expires_at,
       language, topics_for_respondent, respondent_email, started_at, ends_at,
       coalesce(research_goals_override, research_goals) AS goals,
       coalesce(interview_guide_override, interview_guide) AS guide
FROM rooms JOIN projects ON projects.id = project_id
"""

_ROOM_FIELDS = ", ".join(f"'{name}', {name}" for name in InterviewRoomResponse.model_fields if name != "url")
_ROOM_AS_JSON = f"json_object({_ROOM_FIELDS}, 'url', :link_base || access_token)"


def projects(db: sqlite3.Connection, account: str) -> list[Row]:
    """The projects of an account, oldest first."""
    return db.execute(f"{_SELECT_PROJECTS} WHERE account = ? ORDER BY seq", (account,)).fetchall()


def project(db: sqlite3.Connection, account: str, project_id: UUID) -> Row:
    """One project. Raises Refusal where the account has no such project."""
    query = f"{_SELECT_PROJECTS} WHERE account = ? AND id = ?"
    return _one(db, query, (account, str(project_id)), "Project not found")


def room(db: sqlite3.Connection, account: str, room_id: UUID) -> Row:
    """One room. Raises Refusal where the account has no such room."""
    query = f"{_SELECT_ROOMS} WHERE account = ? AND id = ?"
    return _one(db, query, (account, str(room_id)), "Interview room not found")


def invitation(db: sqlite3.Connection, access_token: str) -> Row:
    """What an access token leads to. Raises Refusal where it leads to no room."""
    query = f"{_SELECT_INVITATIONS} WHERE access_token = ?"
    return _one(db, query, (access_token,), "Interview room not found")


def rooms_since(db: sqlite3.Connection, account: str, first_id: str) -> list[Row]:
    """The rooms of an account from one on, in the order in which they were created."""
    since = "seq >= (SELECT seq FROM rooms WHERE id = ?)"
    return db.execute(f"{_SELECT_ROOMS} WHERE account = ? AND {since} ORDER BY seq", (account, first_id)).fetchall()


def rooms(db: sqlite3.Connection, account: str, project_id: UUID | None, status: str | None) -> list[Row]:
    """The rooms of an account, newest first. project_id, status: None for all."""
    return db.execute(*_newest_first(account, project_id, status)).fetchall()


def rooms_as_json(
    db: sqlite3.Connection, account: str, link_base: str, project_id: UUID | None, status: str | None
) -> bytes:
    """The same list as JSON in UTF-8, each room with its `url`.

    SQLite writes it, many times as fast as Python; as a blob, so that Python neither decodes nor encodes it.
    link_base: what comes before the access token in a link.
    """
    query, values = _newest_first(account, project_id, status)
    query = f"SELECT CAST(json_group_array({_ROOM_AS_JSON}) AS BLOB) AS rooms FROM ({query})"
    return bytes(db.execute(query, {**values, "link_base": link_base}).fetchone()["rooms"])


def _newest_first(account: str, project_id: UUID | None, status: str | None) -> tuple[str, Row]:
    """The query for a list of rooms, and its values."""
    conditions = {"account": account, "project_id": project_id and str(project_id), "status": status}
    values = {name: value for name, value in conditions.items() if value is not None}
    return f"{_SELECT_ROOMS} WHERE {' AND '.join(f'{name} = :{name}' for name in values)} ORDER BY seq DESC", values


def _one(db: sqlite3.Connection, query: str, values: tuple[str, ...], refusal: str) -> Row:
    found: Row | None = db.execute(query, values).fetchone()
    if found is None:
        raise Refusal(404, refusal)
    return found
