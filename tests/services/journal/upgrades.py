"""Journals as earlier dashboards left them: rows for every table, put into a database that stands at any revision.

A row has all columns that its table has ever had; what a revision does not know yet, or no more, is left out. A
revision that adds a table or a column needs rows here, and `fill` says so. What is written here was written by
dashboards that people have: it stays as it is, even where the code writes it otherwise today.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData, Table, insert, select

from tests.services.journal.presses import ACCOUNT, SERVICE

Row = Mapping[str, Any]

PROJECT = str(UUID(int=1))
COLLEAGUE = "colleague"
_MINE = {"service": SERVICE, "account": ACCOUNT, "project_id": PROJECT}


def link(token: str) -> str:
    return f"https://aseed.example/interview/{token}"


def room(name: str, token: str) -> str:
    """A room in the service's own words, as the journal keeps them."""
    told = {
        "id": name,
        "project_id": PROJECT,
        "access_token": token,
        "url": link(token),
        "room_name": name,
        "max_duration_minutes": 30,
        "status": "pending",
        "created_at": "2026-03-01T12:00:00Z",
        "created_by": "researcher@example.com",
    }
    return json.dumps(told)


def _settings(minutes: int = 30) -> str:
    # With a project, as the first dashboards kept it.
    return json.dumps({"project_id": PROJECT, "max_duration_minutes": minutes, "voice": None})


def _problem(kind: str, text: str, **more: object) -> str:
    return json.dumps({"kind": kind, "text": text, **more})


def _batch(number: int, state: str, **more: object) -> Row:
    """A batch. Those that have not ended are in a project each."""
    its = {"nonce": f"press-{number}", "project_name": "Study", "wanted": 3, "settings": _settings()}
    project = PROJECT if "ended_at" in more else str(UUID(int=number))
    return {**_MINE, **its, "project_id": project, "state": state, "made_at": float(number), **more}


def _call(batch: int, state: str, places: str, **more: object) -> Row:
    return {"batch_id": batch, "settings": _settings(45), "places": places, "state": state, **more}


def _room(batch: int, call: int, place: int, name: str, token: str, label_state: str | None = None) -> Row:
    its = {"batch_id": batch, "call_id": call, "place": place, "service": SERVICE, "room_id": name}
    return {**its, "link": link(token), "room": room(name, token), "label_state": label_state}


def _person(batch: int, place: int, label: str, email: str, external_id: str, **more: object) -> Row:
    return {"batch_id": batch, "place": place, "label": label, "email": email, "external_id": external_id, **more}


def _station(key: str, name: str, **more: object) -> Row:
    return {**_MINE, "key": key, "kind": "desk", "name": name, "operator": "", "opened_at": 1.0, "seen_at": 2.0, **more}


def _hand_out(number: int, state: str, **more: object) -> Row:
    name, token = f"out-{number}", f"token-out-{number}"
    its = {"room_id": name, "turn": number, "number": number, "label": "", "whom": "", "is_named": False}
    told = {"link": link(token), "room": room(name, token), "status": "pending", "looked_at": 3.0}
    return {**_MINE, **its, **told, "state": state, **more}


def _door(code: str, **more: object) -> Row:
    told = '{"texts": {"en": {"name": "City fair"}}, "most": 9}'
    return {**_MINE, "code": code, "secret": "secret", "settings": told, "version": 1, "made_at": 5.0, **more}


def _visit(number: int, state: str, **more: object) -> Row:
    its = {"door_id": 1, "key": f"visit-{number}", "device": f"device-{number}", "language": "en", "version": 1}
    return {**its, "entered_at": 7.0, "state": state, "changed_at": 8.0, "code": f"CODE{number}", **more}


def _digest(text: str) -> int:
    """As the sixth revision numbers rooms and links."""
    return int.from_bytes(sha256(f"{SERVICE}\n{text}".encode()).digest()[:8], "big", signed=True)


def _key(token: str, name: str) -> Row:
    return {"key": _digest(f"token {token}"), "room": _digest(name)}


GOALS = '{"research_goals_override": "To know why."}'

HASHES = (
    "",
    "c2ecf1afa811b15d9a8d8f3a5a4416cd3c313be9a23495b13c5dcb6a3ba96317",
    "98742f20b65abf17076be49a6f20fc32b808e41478e2fe167cad20c334607080",
    "83a7cb0fe4a7c0a5b29aa5abe79d037a00806db7fd42a544a6f17b23b6ccf17e",
)
"""Of the lines of the audit: each has the one before."""


def _line(number: int, deed: str, details: str = "{}", who: str = "person-1") -> Row:
    its = {"id": number, "at": 1_772_366_340.0 + 60 * number, "deed": deed, "details": details, "role": "admin"}
    by = {"person": who, "email": who and "anna@example.org", "came_from": who and "192.0.2.7"}
    return {**its, **by, "previous": HASHES[number - 1], "hash": HASHES[number]}


ROWS: Mapping[str, Sequence[Row]] = {
    "batches": (
        _batch(1, "done", name="Über 50", wanted=4, created_by="researcher@example.com", ended_at=9.0, baseline="[]"),
        _batch(
            2,
            "short",
            ended_at=9.0,
            problem=_problem("Invalid", "Aseed refused the request (422): no", status=422, detail="no", fields={}),
            baseline='["old"]',
            look_again_at=10.0,
            late_rooms=2,
            left_alone=1,
            has_gaps=True,
        ),
        # The nonce of another account's press.
        _batch(3, "cancelled", nonce="press-1", account=COLLEAGUE, ended_at=9.0, cancelling=True),
        _batch(4, "creating", runner="runner-4", runner_seen_at=4.5, baseline='["old"]'),
        _batch(5, "waiting", wait_until=6.0),
        _batch(6, "labelling"),
        _batch(7, "parked", problem=_problem("TokenRefused", "Aseed refused the request (401)", status=401, detail="")),
        _batch(8, "asking", problem=_problem("OutcomeUnknown", "Aseed did not answer in time.")),
    ),
    "calls": (
        _call(1, "done", "[1, 2, 3, 4]", attempts=1, claimed_at=1.5, sent_at=1.6),
        _call(2, "done", "[1]", attempts=2),
        _call(2, "refused", "[2]", problem=_problem("TokensShort", "Aseed refused (402)", status=402, detail="")),
        _call(3, "left", "[1, 2, 3]"),
        _call(4, "sending", "[1, 2]", attempts=1, claimed_at=4.2, sent_at=4.3),
        _call(4, "planned", "[3]"),
        _call(5, "lost", "[1, 2, 3]", problem=_problem("OutcomeUnknown", "The dashboard stopped.")),
        _call(6, "done", "[1, 2, 3]"),
        _call(7, "planned", "[1, 2, 3]"),
        _call(8, "lost", "[1, 2, 3]"),
    ),
    "rooms": (
        _room(1, 1, 1, "room-a", "token-a1", "set"),
        _room(1, 1, 2, "room-b", "token-b2", "failed"),
        # One link in two rooms.
        _room(1, 1, 3, "room-c", "token-c3"),
        _room(1, 1, 4, "room-d", "token-c3"),
        _room(2, 2, 1, "room-e", "token-e5"),
        _room(6, 8, 1, "room-f", "token-f6", "wanted"),
    ),
    "participants": (
        _person(1, 1, "Anna", "anna@example.com", "A-1"),
        _person(1, 2, "", "ben@example.com", "", replaces="room-e", retired=True, overrides=GOALS),
        _person(6, 1, "Цветан", "", "C-3", replaces="old"),
        _person(6, 2, "Without a room", "", ""),
    ),
    "overrides": ({"batch_id": 1, "place": 2, "change": GOALS},),
    "events": (
        {"batch_id": 1, "at": 1.0, "what": "Create was pressed: 4 rooms"},
        {"batch_id": 1, "at": 9.0, "what": "a line of an early dashboard"},
        {"batch_id": 8, "at": 9.0, "what": "Create was pressed: 3 rooms"},
    ),
    "presets": (
        {**_MINE, "name": "Short", "settings": '{"count": 3}', "is_default": True},
        {**_MINE, "project_id": str(UUID(int=2)), "name": "Ёлка", "settings": "{}"},
    ),
    "room_events": ({**_MINE, "room_id": "room-a", "at": 5.0, "what": "extended"},),
    "people": ({**_MINE, "room_id": "room-b", "label": "Bella", "email": "", "external_id": "B-2"},),
    "settled_flags": ({**_MINE, "room_id": "room-a", "flag": "other_person"},),
    "targets": ({**_MINE, "completes": 40},),
    "link_keys": (
        _key("token-a1", "room-a"),
        _key("token-b2", "room-b"),
        _key("token-c3", "room-c"),
        _key("token-e5", "room-e"),
        _key("token-f6", "room-f"),
        _key("token-l7", "listed"),
    ),
    "listed_rooms": ({**_MINE, "room_id": "listed"},),
    "shared_links": (
        {**_MINE, "room_id": "room-c", "key": _digest("token token-c3")},
        {**_MINE, "room_id": "room-d", "key": _digest("token token-c3"), "is_over": True},
    ),
    "own_links": ({**_MINE, "room_id": "room-e", "link": link("token-own-5")},),
    "stations": (
        _station("key-1", "Desk A", operator="Maria", batch_id=1, by_name=True, moves_on=True, holder="window"),
        _station("key-2", "Desk B", about="How you travel"),
        _station("key-3", "Desk C", closed_at=8.0),
        _station("key-4", "Floor 2", kind="pack"),
    ),
    "hand_outs": (
        _hand_out(1, "free", batch_id=1, label="Anna", whom="anna@example.com", is_named=True, expires_at=4e9),
        _hand_out(2, "free"),
        _hand_out(3, "claimed", station_key="key-1", station="Desk A", operator="Maria", claimed_at=4.0),
        _hand_out(4, "shown", station_key="key-2", station="Desk B", claimed_at=4.0),
        _hand_out(5, "recalled", station_key="key-3", station="Desk C", claimed_at=4.0),
        _hand_out(6, "given", how="screen", station_key="key-1", station="Desk A", claimed_at=4.0, given_at=5.0),
        _hand_out(7, "given", how="paper", station_key="key-1", station="Desk A", claimed_at=4.0, given_at=6.0),
        _hand_out(8, "given", how="pack", station_key="key-4", station="Floor 2", claimed_at=4.0, given_at=7.0),
        _hand_out(11, "given", how="door", station_key="visit-3", station="City fair", claimed_at=4.0, given_at=4.5),
        _hand_out(9, "packed", station_key="key-4", station="Floor 2", claimed_at=4.0),
        _hand_out(10, "gone", status="cancelled"),
        _hand_out(12, "ending", claimed_at=4.0),
    ),
    "batch_texts": tuple(
        {"batch_id": number, "folded": "uber 50\nstudy" if number == 1 else "\nstudy"} for number in range(1, 9)
    ),
    "sign_ins": (
        {"key": "sign-in-1", "begun_at": 4e9},
        {"key": "sign-in-2", "begun_at": 4e9, "ended_at": 4e9},
    ),
    "person_tokens": ({"person": "person-1", "service": SERVICE, "sealed": "sealed-token"},),
    "audit": (
        _line(1, "sign_in"),
        _line(2, "create", f'{{"batch":1,"count":4,"project":"{PROJECT}"}}'),
        _line(3, "a_deed_of_then", '{"count":1,"rooms":["room-a"]}', who=""),
    ),
    "doors": (
        _door("open", looked_at=9.0, fills=2, made_by="anna@example.org"),
        _door("shut", is_paused=True),
        _door("over", closed_at=9.0),
    ),
    "door_texts": ({"door_id": 1, "version": 1, "at": 5.0, "texts": '{"en": {"name": "City fair"}}'},),
    "door_fills": (
        {"door_id": 1, "number": 1, "at": 6.0, "rooms": 3, "tokens": 30, "batch_id": 1},
        {"door_id": 1, "number": 2, "at": 7.0, "rooms": 3, "tokens": 30},
    ),
    "door_visits": (
        _visit(
            1, "entered", person="digest-1", email="ben@example.com", panel_id="P-1", parameters='{"STUDY_ID": "S"}'
        ),
        _visit(2, "claimed", room_id="out-2", claimed_at=8.0),
        _visit(3, "cut_off", room_id="out-11", claimed_at=8.0, started_at=8.5, ended_at=8.6, cut_offs=1, allowed=1),
    ),
    "door_answers": ({"visit_id": 1, "question": 0, "answer": 2},),
    "withdrawn_rooms": ({**_MINE, "room_id": "room-z", "at": 9.0, "was_theirs": True},),
}
"""What each table holds. Ids that a database gives are left to it: 1, 2, 3, … in this order."""


class NoRows(AssertionError):
    """A revision has a table or a column for which no rows are written here."""


def fill(db: Connection, revision: str) -> None:
    """Puts the rows of every table into a database that stands at a revision. Raises NoRows."""
    for table in tables_of(db):
        _know(table, revision)
        for row in ROWS[table.name]:
            db.execute(insert(table).values({name: row[name] for name in table.columns.keys() & row.keys()}))


def _know(table: Table, revision: str) -> None:
    """Raises NoRows where not every column of a table has a value, and optional ones are never left out."""
    rows = ROWS.get(table.name)
    if not rows:
        raise NoRows(f"revision {revision} has a table {table.name}: write its rows in {__file__}")
    for column in table.columns:
        if column.name == "id" and "id" not in rows[0]:
            continue
        told = {row.get(column.name) for row in rows}
        is_optional = column.nullable or column.server_default is not None
        if told == {None} or (is_optional and len(told) == 1):
            where = f"{table.name}.{column.name}"
            raise NoRows(f"revision {revision} has a column {where}: write rows with and without it in {__file__}")


def tables_of(db: Connection) -> list[Table]:
    """The tables that a database has now, those first that others refer to."""
    found = MetaData()
    found.reflect(db)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def content(db: Connection) -> dict[str, dict[tuple[Any, ...], dict[str, Any]]]:
    """Everything that a database holds: the rows of each table by their keys."""
    return {
        table.name: {
            tuple(row[column] for column in table.primary_key.columns.keys()): dict(row)  # noqa: SIM118 - of columns
            for row in db.execute(select(table)).mappings()
        }
        for table in tables_of(db)
    }
