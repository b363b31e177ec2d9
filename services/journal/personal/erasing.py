"""Taking people out of the journal: their values, their own texts, their names in texts of the batch.

What stays of a room: its number in its batch, its id, link and status, when it was made and handed out, and where.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.aseed.models import PENDING, InterviewRoomResponse
from services.email_address import folded_address
from services.journal.database import Database
from services.journal.desk.records import HandOutState
from services.journal.parts import in_parts
from services.journal.people_tables import withdrawn_rooms
from services.journal.personal.at_doors import forget_at_doors
from services.journal.personal.records import Kind, Source, Spot, Trace, name_key
from services.journal.personal.wording import Wording
from services.journal.rows import AnyRow
from services.journal.tables import hand_outs, overrides, participants, people, rooms
from services.journal.withdrawn import OWN_TEXTS

ROWS_PER_STATEMENT = 500
"""How many rows are written by one statement."""

_BLANK = {"label": "", "email": "", "external_id": ""}


@dataclass
class Erasing:
    """One person, or all of a batch, being taken out in one transaction.

    now: by the database's clock. traces: what goes. others: what other people have in the same rooms, which stays.
    """

    db: Connection
    database: Database
    now: datetime
    traces: Sequence[Trace]
    others: Sequence[Trace] = ()
    erased: Counter[str] = field(default_factory=Counter)
    labelled: set[str] = field(default_factory=set)
    over: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.spots = sorted({trace.spot for trace in self.traces}, key=_order)
        going = {(trace.spot, trace.source) for trace in self.traces}
        staying = {(trace.spot, trace.source) for trace in self.others}
        self.theirs = {spot for spot in self.spots if _was_for(spot, going, staying)}
        names: dict[Spot, set[str]] = {}
        for trace in self.traces:
            found = names.setdefault(trace.spot, set())
            found |= trace.names | ({folded_address(trace.email)} if trace.email else set())
        self._names = names

    def run(self) -> None:
        """Takes all of it out, and marks the rooms."""
        self._count()
        wording = Wording(self.db, self.traces, self.theirs)
        self._descriptions(wording)
        self._desks()
        self._rows()
        self._own_texts()
        forget_at_doors(self.db, self.traces, {spot.room_id for spot in self.theirs if spot.room_id})
        wording.run()
        self.erased[Kind.TEXTS] += wording.changed
        self._mark()

    def _count(self) -> None:
        for trace in self.traces:
            for kind, text in ((Kind.LABELS, trace.label), (Kind.EMAILS, trace.email), (Kind.CODES, trace.code)):
                self.erased[kind] += bool(text)

    def _rows(self) -> None:
        """The lists of batches, and what was said later."""
        its_place = and_(participants.c.batch_id == bindparam("one"), participants.c.place == bindparam("other"))
        its_id = and_(people.c.service == bindparam("one"), people.c.room_id == bindparam("other"))
        listed = [(each.spot.batch_id, each.spot.place) for each in self.traces if each.source == Source.LIST]
        told = [(each.spot.service, each.spot.room_id) for each in self.traces if each.source == Source.SAID]
        for table, its, keys in ((participants, its_place, listed), (people, its_id, told)):
            if keys:
                rows = [{"one": one, "other": other} for one, other in keys]
                self.db.execute(update(table).where(its).values(_BLANK), rows)

    def _descriptions(self, wording: Wording) -> None:
        """Aseed's words about rooms, as the batch has them."""
        news, theirs = [], []
        for spot, row in self._found(rooms):
            room = InterviewRoomResponse.model_validate_json(row.room)
            bare = self._bare(spot, room)
            self._see(room)
            if spot in self.theirs:
                bare = bare.model_copy(update={"topics_for_respondent": wording.topics_of(row.call_id, room)})
                theirs.append(row.id)
            if room.display_name and not bare.display_name:
                self.labelled.add(row.room_id)
            news.append({"its": row.id, "told": bare.model_dump_json()})
        if news:
            statement = update(rooms).where(rooms.c.id == bindparam("its")).values(room=bindparam("told"))
            self.db.execute(statement, news)
        for some in in_parts(theirs, ROWS_PER_STATEMENT):
            # Else the label would be set at Aseed once more.
            self.db.execute(update(rooms).where(rooms.c.id.in_(some)).values(label_state=None))

    def _desks(self) -> None:
        for spot, row in self._found(hand_outs):
            room = InterviewRoomResponse.model_validate_json(row.room)
            bare = self._bare(spot, room)
            self._see(room)
            if room.display_name and not bare.display_name:
                self.labelled.add(room.id)
            change: dict[str, Any] = {}
            if spot in self.theirs:
                bare = bare.model_copy(update=dict.fromkeys(OWN_TEXTS))
                change = {"label": "", "whom": "", "is_named": False}
                if row.state in (HandOutState.FREE, HandOutState.PACKED):
                    change["state"] = HandOutState.GONE
            else:
                change = {name: "" for name in ("label", "whom") if self._is_named(spot, getattr(row, name))}
            its = and_(hand_outs.c.service == row.service, hand_outs.c.room_id == row.room_id)
            self.db.execute(update(hand_outs).where(its).values(room=bare.model_dump_json(), **change))

    def _bare(self, spot: Spot, room: InterviewRoomResponse) -> InterviewRoomResponse:
        """Aseed's words without this person; where the room was for them, also without all that may be about them."""
        bare = room.without_person()
        if spot in self.theirs:
            gone = dict.fromkeys(name for name in OWN_TEXTS if name != "topics_for_respondent")
            self.erased[Kind.TEXTS] += sum(bool(getattr(bare, name)) for name in gone)
            return bare.model_copy(update=gone)
        stay = {"display_name": room.display_name, "respondent_email": room.respondent_email}
        return bare.model_copy(
            update={name: text for name, text in stay.items() if text and not self._is_named(spot, text)}
        )

    def _see(self, room: InterviewRoomResponse) -> None:
        """Notes whether no one can join a room any more, as far as it is known here."""
        if room.status != PENDING or (room.expires_at and room.expires_at <= self.now):
            self.over.add(room.id)

    def _is_named(self, spot: Spot, text: str) -> bool:
        return bool({name_key(text), folded_address(text)} & self._names[spot])

    def _own_texts(self) -> None:
        """Goals and a guide that a room was to get for this person."""
        for spot in self.theirs:
            if spot.batch_id is not None:
                its = and_(overrides.c.batch_id == spot.batch_id, overrides.c.place == spot.place)
                self.erased[Kind.TEXTS] += self.db.execute(delete(overrides).where(its)).rowcount

    def _mark(self) -> None:
        whose = {trace.spot: trace for trace in self.traces}
        rows = [
            {
                "service": spot.service,
                "room_id": spot.room_id,
                "project_id": whose[spot].project_id,
                "account": whose[spot].account,
                "was_theirs": spot in self.theirs,
            }
            for spot in self.spots
            if spot.room_id
        ]
        if rows:
            made = (postgresql.insert if self.db.dialect.name == "postgresql" else sqlite.insert)(withdrawn_rooms)
            both = or_(withdrawn_rooms.c.was_theirs, made.excluded.was_theirs)
            statement = made.values(at=self.database.now).on_conflict_do_update(
                index_elements=["service", "room_id"], set_={"was_theirs": both}
            )
            self.db.execute(statement, rows)

    def _found(self, table: Any) -> list[tuple[Spot, AnyRow]]:  # noqa: ANN401 - rooms or hand_outs
        """The rows of these rooms, each with its spot, in a fixed order."""
        by_id = {(spot.service, spot.room_id): spot for spot in self.spots if spot.room_id}
        found = []
        for some in in_parts(sorted({room_id for _, room_id in by_id}), ROWS_PER_STATEMENT):
            statement = select(table).where(table.c.room_id.in_(some)).order_by(table.c.room_id)
            found += [(row.service, row.room_id, row) for row in self.db.execute(statement)]
        return [(by_id[service, room_id], row) for service, room_id, row in found if (service, room_id) in by_id]


def _was_for(spot: Spot, going: set[tuple[Spot, Source]], staying: set[tuple[Spot, Source]]) -> bool:
    """Whether a room is for the person who goes: what was said last counts, and what was listed before that."""
    for source in (Source.SAID, Source.LIST):
        if (spot, source) in going:
            return True
        if (spot, source) in staying:
            return False
    return True


def _order(spot: Spot) -> tuple[str, str, int, int]:
    return spot.service, spot.room_id, spot.batch_id or 0, spot.place or 0
