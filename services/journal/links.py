"""Links that the journal has seen, and which of them are in more than one room.

A link seats one respondent, once: where two rooms have one, both are in conflict until their own answers show two
links. Nothing else settles it, not even the end of one of them, because the person who was given its link could still
open the other. Links are kept by the digest of what tells them apart (services.same_link), not as text.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, Executable, Table, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.aseed.models import CANCELLED, COMPLETED, EXPIRED, InterviewRoomResponse
from services.journal.database import Database, JournalError
from services.journal.parts import in_parts
from services.journal.rooms import note_rooms
from services.journal.rows import room_columns
from services.journal.shared import in_conflict, is_of_batch, links_of_own
from services.journal.tables import batches, hand_outs, link_keys, listed_rooms, own_links, rooms, shared_links
from services.journal.visibility import Visibility, visible
from services.same_link import keys_of_room
from services.texts.speech import N_

log = logging.getLogger(__name__)

KEYS_PER_STATEMENT = 5_000
"""How many keys one statement names: a project may hold 10,000 rooms, and both databases allow 30,000."""

SETTLED = N_("Aseed was asked about its link, which another room had too: it has one of its own")
STANDS = N_("Aseed was asked about its link: another room has the same one")
"""What the history of a room says once its own answer is there."""


@dataclass(frozen=True)
class Twin:
    """A room in conflict, as it may be named to a person.

    room_id: empty for a room that the person may not see.
    batch_id, place: None and 0 for a room that was not created here.
    """

    room_id: str
    batch_id: int | None = None
    place: int = 0


class Links:
    """The journal's verbs for links in more than one room; each is one transaction, and may raise JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note_listed(self, visibility: Visibility, listed: Iterable[InterviewRoomResponse]) -> None:
        """Writes down the links of rooms that the service listed; those that are in two rooms are in conflict."""
        rooms_by_id = {room.id: room for room in listed}
        links = {room_id: noted(room) for room_id, room in rooms_by_id.items()}
        with self._database.reading() as db:
            shared = in_conflict(db, visibility.service)
            news, clash = _news(db, visibility.service, links)
            gone = _ended(db, visibility.service, [rooms_by_id[room_id] for room_id in shared & rooms_by_id.keys()])
        if not (news or gone):
            return
        try:
            with self._database.writing() as db:
                _name(db, visibility, news)
                note_links(db, visibility, news)
                its = (shared_links.c.service == visibility.service, shared_links.c.room_id.in_(gone))
                db.execute(update(shared_links).where(*its).values(is_over=True))
        except JournalError as error:
            # A journal that cannot be written keeps no page from its rooms, as long as it hides no conflict.
            if clash:
                raise
            log.error("The links of a list could not be written down: %s", error.kept)

    def conflicts(self, visibility: Visibility, batch_id: int | None = None) -> list[list[Twin]]:
        """The rooms in conflict, those with one link together; only where the reader may see one of them.

        batch_id: only those of this batch, with the others that have their links.
        """
        with self._database.reading() as db:
            groups = _groups(db, visibility.service)
            twins = _twins(db, visibility, [room_id for group in groups for room_id in group])
        found = [[twins.get(room_id, Twin("")) for room_id in group] for group in groups]
        return [
            sorted(group, key=lambda twin: (twin.batch_id or 0, twin.place, twin.room_id))
            for group in found
            if any(twin.room_id and batch_id in (None, twin.batch_id) for twin in group)
        ]

    def together(self, service: str, room_ids: Iterable[str]) -> list[list[str]]:
        """The groups of rooms in conflict that have one of these rooms: the ids of all that have one link."""
        wanted = set(room_ids)
        with self._database.reading() as db:
            return [group for group in _groups(db, service) if not wanted.isdisjoint(group)]

    def count(self, visibility: Visibility, project_id: str) -> int:
        """How many rooms of a project are in conflict, of those that are not over."""
        its = (visible(visibility, shared_links), shared_links.c.project_id == project_id)
        found = select(func.count(shared_links.c.room_id.distinct())).where(*its, shared_links.c.is_over.is_(False))
        with self._database.reading() as db:
            return db.execute(found).scalar_one()

    def in_conflict(self, service: str) -> frozenset[str]:
        """The ids of all rooms that are in conflict."""
        with self._database.reading() as db:
            return in_conflict(db, service)

    def shared(self, batch_id: int) -> frozenset[str]:
        """The ids of the rooms of a batch that are in conflict."""
        with self._database.reading() as db:
            found = select(shared_links.c.room_id).where(is_of_batch(shared_links, batch_id))
            return frozenset(db.execute(found).scalars())

    def settle(self, visibility: Visibility, answers: Sequence[InterviewRoomResponse]) -> int:
        """Takes the links that rooms in conflict have by their own answers; returns how many are settled by that.

        answers: those of all rooms that have one link; of a part of them nothing is believed.
        """
        ids = {room.id for room in answers}
        with self._database.writing() as db:
            before = _related(db, visibility.service, ids)
            if not before or before - ids:
                return 0
            for table in (shared_links, own_links):
                db.execute(delete(table).where(table.c.service == visibility.service, table.c.room_id.in_(sorted(ids))))
            gone = [digest_of(visibility.service, room_id) for room_id in sorted(ids)]
            db.execute(delete(link_keys).where(link_keys.c.room.in_(gone)))
            whose = {"service": visibility.service, "account": visibility.account}
            for room in answers:
                own = {"project_id": room.project_id, "room_id": room.id, "link": room_columns(room)["link"]}
                _insert(db, own_links, [{**whose, **own}])
            _keep(db, visibility, {room.id: noted(room) for room in answers})
            still = in_conflict(db, visibility.service)
            for room in answers:
                line = STANDS if room.id in still else SETTLED
                note_rooms(db, self._database, visibility, room.project_id, [(room.id, line)])
            return len(before - still)


_NAMED = (shared_links, listed_rooms, hand_outs)
"""The tables that may have the id of a room that was not created here."""

Noted = Mapping[str, tuple[str, Iterable[str]]]
"""Rooms by their ids: the project of each, and what its link is told by (services.same_link)."""


def noted(room: InterviewRoomResponse, kept: str = "") -> tuple[str, frozenset[str]]:
    """A room as `note_links` takes it. kept: its link as the journal has it."""
    return room.project_id, keys_of_room(room, kept)


def note_links(db: Connection, whose: Visibility, links: Noted) -> None:
    """Writes down the links of rooms, as part of a larger transaction; those that are in two rooms are in conflict.

    A room whose own answer was asked for keeps the link of that answer, whatever is told of it later.
    """
    settled = links_of_own(db, whose.service)
    _keep(db, whose, {room_id: its for room_id, its in links.items() if room_id not in settled})


def forget_links(db: Connection, visibility: Visibility) -> None:
    """Deletes everything of this kind that is visible; what shared a link with it alone is in no conflict any more.

    Call it before the rooms are deleted.
    """
    created = select(rooms.c.room_id).join(batches, batches.c.id == rooms.c.batch_id).where(visible(visibility))
    listed = select(listed_rooms.c.room_id).where(visible(visibility, listed_rooms))
    gone = [digest_of(visibility.service, room_id) for room_id in db.execute(created.union(listed)).scalars()]
    for some in in_parts(gone, KEYS_PER_STATEMENT):
        db.execute(delete(link_keys).where(link_keys.c.room.in_(some)))
    for table in (shared_links, listed_rooms, own_links):
        db.execute(delete(table).where(visible(visibility, table)))
    alone = select(shared_links.c.key).where(shared_links.c.service == visibility.service)
    alone = alone.group_by(shared_links.c.key).having(func.count() == 1)
    db.execute(delete(shared_links).where(shared_links.c.service == visibility.service, shared_links.c.key.in_(alone)))


def digest_of(service: str, text: str) -> int:
    """A number of 64 bits, signed, for a room's id or for what its link is told by: no two are ever the same."""
    digest = sha256(f"{service}\n{text}".encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _keep(db: Connection, whose: Visibility, links: Noted) -> None:
    held = {(digest_of(whose.service, key), room_id) for room_id, (_, its) in links.items() for key in its}
    if not held:
        return
    ids = {room_id: digest_of(whose.service, room_id) for room_id in links}
    # In one order, so that two who write at once do not wait for each other.
    new = [{"key": key, "room": ids[room_id]} for key, room_id in sorted(held)]
    if _insert(db, link_keys, new) == len(new):
        return
    # After the insertion: of two who write one link at once, the later one sees the earlier one's.
    first = _holders(db, {key for key, _ in held})
    twins = {(key, room_id): first[key] for key, room_id in held if first[key] != ids[room_id]}
    others = _resolved(db, whose.service, set(twins.values()))
    clashes = []
    for (key, room_id), other in sorted(twins.items()):
        if other in others:
            same = {"service": whose.service, "key": key}
            mine = {"room_id": room_id, "project_id": links[room_id][0], "account": whose.account}
            clashes += [{**same, **mine}, {**same, **others[other]}]
        else:
            # Nothing is left of that room, as after a reset of the sandbox.
            db.execute(update(link_keys).where(link_keys.c.key == key).values(room=ids[room_id]))
    if clashes:
        _insert(db, shared_links, clashes)


def _name(db: Connection, whose: Visibility, links: Noted) -> None:
    """Keeps the ids of listed rooms, by which one is found whose link comes again."""
    same = {"service": whose.service, "account": whose.account}
    rows = [{**same, "room_id": room_id, "project_id": links[room_id][0]} for room_id in sorted(links)]
    if rows:
        _insert(db, listed_rooms, rows)


def _resolved(db: Connection, service: str, wanted: set[int]) -> dict[int, dict[str, str]]:
    """The rooms with these digests. All are looked through, which is rare; an index would cost every answer more."""
    found: dict[int, dict[str, str]] = {}
    names = ("room_id", "project_id", "account")
    created = select(rooms.c.room_id, batches.c.project_id, batches.c.account)
    for each in (
        *(select(*(table.c[name] for name in names)).where(table.c.service == service) for table in _NAMED),
        created.join(batches, batches.c.id == rooms.c.batch_id).where(rooms.c.service == service),
    ):
        if wanted <= found.keys():
            break
        for row in db.execute(each):
            if (digest := digest_of(service, row.room_id)) in wanted:
                found.setdefault(digest, dict(zip(names, row, strict=True)))
    return found


def _news(db: Connection, service: str, links: Noted) -> tuple[Noted, bool]:
    """Those of the rooms of which something is not written down yet, and whether one is in a conflict that is new."""
    keys = {room_id: [digest_of(service, key) for key in its] for room_id, (_, its) in links.items()}
    first = _holders(db, {key for its in keys.values() for key in its})
    shared = {(room_id, key) for room_id, key in db.execute(_shared(service, shared_links.c.key))}
    settled, news, clash = links_of_own(db, service), {}, False
    for room_id, its in keys.items():
        mine = digest_of(service, room_id)
        unknown = [key for key in its if first.get(key) != mine and (room_id, key) not in shared]
        if unknown and room_id not in settled:
            news[room_id] = links[room_id]
            clash = clash or any(key in first for key in unknown)
    return news, clash


def _ended(db: Connection, service: str, listed: Iterable[InterviewRoomResponse]) -> list[str]:
    """Those of the rooms in conflict that have ended by now, and of which that is not written down yet."""
    ids = [room.id for room in listed if room.status in (COMPLETED, EXPIRED, CANCELLED)]
    if not ids:
        return []
    marked = set(db.execute(_shared(service).where(shared_links.c.is_over)).scalars())
    return sorted(set(ids) - marked)


def _holders(db: Connection, keys: set[int]) -> dict[int, int]:
    """The digest of the room that was first written down with each key."""
    found: dict[int, int] = {}
    for some in in_parts(sorted(keys), KEYS_PER_STATEMENT):
        held = select(link_keys.c.key, link_keys.c.room).where(link_keys.c.key.in_(some))
        found.update({key: room for key, room in db.execute(held)})
    return found


def _groups(db: Connection, service: str) -> list[list[str]]:
    """The rooms in conflict: those with one link together, also where a third room joins the links of two."""
    first: dict[int, str] = {}
    above: dict[str, str] = {}

    def top(room_id: str) -> str:
        while (other := above.setdefault(room_id, room_id)) != room_id:
            above[room_id] = above[other]
            room_id = other
        return room_id

    for room_id, key in db.execute(_shared(service, shared_links.c.key)):
        above[top(room_id)] = top(first.setdefault(key, room_id))
    groups: dict[str, list[str]] = {}
    for room_id in sorted(above):
        groups.setdefault(top(room_id), []).append(room_id)
    return sorted(groups.values())


def _related(db: Connection, service: str, ids: set[str]) -> set[str]:
    """Those of these rooms that are in conflict, and the rooms that have their links."""
    keys = select(shared_links.c.key).where(shared_links.c.service == service, shared_links.c.room_id.in_(sorted(ids)))
    return set(db.execute(_shared(service).where(shared_links.c.key.in_(keys))).scalars())


def _twins(db: Connection, visibility: Visibility, room_ids: list[str]) -> dict[str, Twin]:
    """Those of the rooms that the reader may see."""
    found: dict[str, Twin] = {}
    for some in in_parts(room_ids, KEYS_PER_STATEMENT):
        its = (shared_links.c.service == visibility.service, shared_links.c.room_id.in_(some))
        seen = select(shared_links.c.room_id).where(*its, visible(visibility, shared_links))
        found |= {room_id: Twin(room_id) for room_id in db.execute(seen).scalars()}
        here = (rooms.c.service == visibility.service, rooms.c.room_id.in_(some), visible(visibility))
        placed = select(rooms.c.room_id, rooms.c.batch_id, rooms.c.place).join(
            batches, batches.c.id == rooms.c.batch_id
        )
        found |= {row.room_id: Twin(row.room_id, row.batch_id, row.place) for row in db.execute(placed.where(*here))}
    return found


def _shared(service: str, *more: ColumnElement[Any]) -> Any:  # noqa: ANN401 - a select of one column or two
    return select(shared_links.c.room_id, *more).where(shared_links.c.service == service)


def _insert(db: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """Writes rows, and returns how many: none in place of one that is there."""
    return db.execute(_insertion(table, db.dialect.name), rows).rowcount


@cache
def _insertion(table: Table, dialect: str) -> Executable:
    made = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    return made.on_conflict_do_nothing(index_elements=list(table.primary_key.columns))
