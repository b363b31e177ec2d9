"""Hand-outs: which rooms may be given in person, and which station or person has each one.

A room has one line, and a claim is one statement that moves it from the pool to a station. So two stations never have
the same room: SQLite's writers come one after the other, and on PostgreSQL each skips what another is just taking.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, false, func, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from services.aseed.models import ACTIVE, COMPLETED, PENDING, InterviewRoomResponse
from services.journal.database import Clash
from services.journal.desk import history
from services.journal.desk.lines import WITHOUT_STATION, Lines, at_the_end, held_by, its, may_be_given, within
from services.journal.desk.records import IN_HAND, HandOut, HandOutState, How, Offer, PoolCounts, Station, signature
from services.journal.links import note_links, noted
from services.journal.parts import in_parts
from services.journal.rows import expiry_seconds, hand_out_of, offer_columns
from services.journal.tables import hand_outs, stations
from services.journal.visibility import Visibility, visible
from services.journal.withdrawn import is_withdrawn, kept_words, withdrawn_among
from services.people.acting import needs
from services.people.roles import Right
from services.texts.kept import Kept

ROWS_PER_STATEMENT = 500
"""How many rows are written by one statement."""

LOOK_KEPT_SECONDS = 5.0
"""For how many seconds an answer of the service is not written down again, where it says nothing new."""

ENDING_SECONDS = 600.0
"""For how long a room that is about to be cancelled is not offered again; that of many rooms takes its time."""

NEWEST = 500
"""How many hand-outs `out` returns at most."""


class HandOuts(Lines):
    """The journal's verbs for handing rooms out; each is one transaction.

    Every verb may raise services.journal.database.JournalError.
    """

    # The pool

    def offer(self, visibility: Visibility, project_id: str, offers: Sequence[Offer]) -> None:
        """Writes down which rooms of a project can be given, in this order; other rooms leave the pool.

        Rooms that a person or a station has already, or that are in a pack, stay where they are.
        """
        whose = {"service": visibility.service, "account": visibility.account, "project_id": project_id}
        with self._database.writing() as db:
            project = and_(hand_outs.c.service == visibility.service, hand_outs.c.project_id == project_id)
            turn = db.execute(select(func.coalesce(func.max(hand_outs.c.turn), 0)).where(project)).scalar_one()
            free = select(hand_outs.c.room_id, *_TOLD).where(project, hand_outs.c.state == HandOutState.FREE)
            known = {room_id: tuple(told) for room_id, *told in db.execute(free)}
            # A pool may hold 10,000 rooms, of which few are news.
            news = [offer for offer in offers if known.get(offer.room.id) != tuple(offer_columns(offer).values())]
            # A list may be from before a person's data was taken out.
            withdrawn = withdrawn_among(db, visibility.service, [offer.room.id for offer in news])
            news = [offer for offer in news if not withdrawn.get(offer.room.id)]
            rows = [{**whose, "turn": turn + place, **_as_row(offer)} for place, offer in enumerate(news, start=1)]
            if rows:
                db.execute(self._upsert(db, visibility, project_id), rows)
            left = sorted(known.keys() - {offer.room.id for offer in offers})
            for part in in_parts(left, ROWS_PER_STATEMENT):
                gone = and_(project, visible(visibility, hand_outs), hand_outs.c.state == HandOutState.FREE)
                some = hand_outs.c.room_id.in_(part)
                db.execute(update(hand_outs).where(gone, some).values(state=HandOutState.GONE))

    def left(
        self, visibility: Visibility, project_id: str, batch_id: int | None = None, ending: float | None = None
    ) -> PoolCounts:
        """What is in the pool of a project, or of one batch. ending: as PoolCounts has it, in seconds since 1970."""
        free = may_be_given()
        ends = false() if ending is None else _ending(ending)
        given = hand_outs.c.state == HandOutState.GIVEN
        which = (free, free & hand_outs.c.is_named.is_(False), ends, given)
        counted = [func.count(case((each, 1))) for each in which]
        with self._database.reading() as db:
            numbers = db.execute(select(*counted).where(*within(visibility, project_id, batch_id))).one()
        return PoolCounts(*map(int, numbers))

    def people(self, visibility: Visibility, project_id: str, batch_id: int | None = None) -> list[HandOut]:
        """Returns the rooms that are for a certain person, given or not, by name."""
        whose = and_(hand_outs.c.is_named, hand_outs.c.state != HandOutState.GONE)
        return self._list(visibility, project_id, batch_id, whose, hand_outs.c.whom, hand_outs.c.number)

    def in_use(self, visibility: Visibility, project_id: str) -> set[str]:
        """Returns the ids of rooms that are not in the pool any more: a person, a desk, a pack or a door has them."""
        ids = select(hand_outs.c.room_id).where(*within(visibility, project_id), hand_outs.c.state != HandOutState.FREE)
        with self._database.reading() as db:
            return set(db.execute(ids).scalars())

    def ending(self, visibility: Visibility, project_id: str, batch_id: int | None, before: float) -> list[HandOut]:
        """Returns the rooms that no person has joined and that expire before a moment, in seconds since 1970."""
        return self._list(visibility, project_id, batch_id, _ending(before), hand_outs.c.turn)

    # Giving

    @needs(Right.HAND_OUT)
    def claim(self, visibility: Visibility, station: Station, room_id: str | None = None) -> HandOut | None:
        """Takes the next room of the station's pool, or a certain one; None where there is none to take.

        A station that has one in hand gets that one again: it has one at a time, however often it asks.
        """
        try:
            with self._database.writing() as db:
                held = db.execute(self._all.where(*_in_hand(station.key))).first()
                if held:
                    return hand_out_of(held)
                certain = true() if room_id is None else hand_outs.c.room_id == room_id
                fitting = hand_outs.c.is_named.is_(False) if station.by_name and room_id is None else true()
                wanted = (*within(visibility, station.project_id, station.batch_id), certain, fitting)
                taken = self._take(db, wanted, 1, {**held_by(station), "state": HandOutState.CLAIMED})
                self._note(db, visibility, taken, history.SHOWN, desk=station.by)
                return hand_out_of(taken[0]) if taken else None
        except Clash:
            # The same station in another window was faster.
            return self.in_hand(station.key)

    def in_hand(self, station_key: str) -> HandOut | None:
        """What a station has in hand."""
        with self._database.reading() as db:
            row = db.execute(self._all.where(*_in_hand(station_key))).first()
        return hand_out_of(row) if row else None

    def find(self, visibility: Visibility, room_id: str) -> HandOut | None:
        """The room, if it is or was to be handed out."""
        with self._database.reading() as db:
            row = db.execute(self._all.where(*its(visibility, room_id))).first()
        return hand_out_of(row) if row else None

    def record_status(self, visibility: Visibility, room_id: str, room: InterviewRoomResponse | None) -> HandOut | None:
        """Writes down what the service says of a room, and the state that follows. room: None where it has none.

        A room that is shown becomes given once its interview has begun. A room that was used before it was shown,
        was cancelled or expired, cannot be given any more. An answer that was just written down is not written again.
        """
        known = self.find(visibility, room_id)
        if known is None or (room is not None and _is_old_news(known, room)):
            return known
        with self._database.writing() as db:
            row = db.execute(self._all.where(*its(visibility, room_id)).with_for_update()).first()
            if row is None:
                return None
            status = room.status if room else "unknown"
            state = _after(HandOutState(row.state), status)
            change: dict[str, Any] = {"status": status, "looked_at": self._database.now, "state": state}
            if room:
                room = kept_words(db, visibility.service, room)
                change |= {"room": room.model_dump_json(), "expires_at": expiry_seconds(room)}
                if room.model_dump_json() != row.room:
                    note_links(db, visibility, {room_id: noted(room, row.link)})
            is_given = state == HandOutState.GIVEN and row.state != state
            if is_given:
                change |= {"how": row.how or How.SCREEN, "given_at": self._database.now}
            changed = db.execute(self._taking.where(*its(visibility, room_id)).values(change)).one()
            if is_given:
                self._note(db, visibility, [row], history.GIVEN, desk=signature(row.station, row.operator))
            return hand_out_of(changed)

    @needs(Right.HAND_OUT)
    def give_on_paper(self, visibility: Visibility, room_id: str, station_key: str) -> bool:
        """Gives the link that a station shows on paper; False where the station does not show it."""
        given = {"state": HandOutState.GIVEN, "how": How.PAPER, "given_at": self._database.now}
        return self._move(visibility, room_id, (HandOutState.SHOWN,), given, history.GIVEN_ON_PAPER, _at(station_key))

    @needs(Right.HAND_OUT)
    def give_back(self, visibility: Visibility, room_id: str, station_key: str) -> bool:
        """Returns what a station has in hand to the end of the pool; False where it does not have it."""
        return self._return(visibility, room_id, IN_HAND, history.GIVEN_BACK, _at(station_key))

    @needs(Right.CHANGE)
    def recall(self, visibility: Visibility, room_id: str) -> bool:
        """Asks a station to take a link off its screen; the link returns to the pool once that is done."""
        change = {"state": HandOutState.RECALLED}
        on_show = (HandOutState.CLAIMED, HandOutState.SHOWN)
        return self._move(visibility, room_id, on_show, change, history.CALLED_BACK)

    @needs(Right.CHANGE)
    def return_recalled(self, visibility: Visibility, room_id: str) -> bool:
        """Returns a desk's link that was called back to the pool: a person has seen that no screen shows it."""
        return self._return(visibility, room_id, [HandOutState.RECALLED], history.RETURNED, hand_outs.c.how != How.DOOR)

    @needs(Right.CHANGE)
    def return_given(self, visibility: Visibility, room_id: str) -> bool:
        """Returns a link that was given to the pool, where no person has joined by it."""
        not_joined = hand_outs.c.status == PENDING
        return self._return(visibility, room_id, (HandOutState.GIVEN,), history.HANDED_BACK, not_joined)

    @needs(Right.HAND_OUT)
    def name(self, visibility: Visibility, room_id: str, label: str) -> None:
        """Writes down whom a room is for, as its label."""
        with self._database.writing() as db:
            named = {"label": label, "whom": label, "is_named": bool(label)}
            db.execute(update(hand_outs).where(*its(visibility, room_id), ~is_withdrawn(hand_outs)).values(named))

    @needs(Right.CHANGE)
    def take_out(self, visibility: Visibility, project_id: str, room_ids: Sequence[str]) -> list[str]:
        """Takes rooms out of the pool that are to be cancelled; gives those of them that no one has taken meanwhile."""
        taken: list[str] = []
        with self._database.writing() as db:
            for some in in_parts(sorted(room_ids), ROWS_PER_STATEMENT):
                its = (*within(visibility, project_id), hand_outs.c.room_id.in_(some))
                out = update(hand_outs).where(*its, hand_outs.c.state == HandOutState.FREE)
                change = {"state": HandOutState.ENDING, "claimed_at": self._database.now}
                taken += db.execute(out.values(change).returning(hand_outs.c.room_id)).scalars()
        return taken

    # Following

    def out(self, visibility: Visibility, project_id: str, batch_id: int | None = None) -> list[HandOut]:
        """Returns what stations have in hand, and what was given, newest first; at most NEWEST."""
        places = hand_outs.c.state.in_((*IN_HAND, HandOutState.GIVEN))
        # The clock may show one moment for two of them: those of a pool are claimed in the order of turn and id.
        newest = (func.coalesce(hand_outs.c.given_at, hand_outs.c.claimed_at), hand_outs.c.turn, hand_outs.c.room_id)
        return self._list(visibility, project_id, batch_id, places, *(column.desc() for column in newest), most=NEWEST)

    def due(self, visibility: Visibility, project_id: str, age: float, most: int) -> list[str]:
        """Returns the ids of rooms about which the service is to be asked again, the oldest answer first.

        They are rooms that a person or a station has and that are not over. The caller is to ask about them: no
        other caller gets them meanwhile.

        age: seconds since the service was last asked.
        """
        which = and_(
            *within(visibility, project_id, None),
            hand_outs.c.state.in_((*IN_HAND, HandOutState.GIVEN)),
            hand_outs.c.status.in_((PENDING, ACTIVE)),
            hand_outs.c.looked_at < self._database.now - age,
        )
        found = select(hand_outs.c.room_id).where(which).order_by(hand_outs.c.looked_at).limit(most)
        with self._database.reading() as db:
            if not db.execute(found.limit(1)).first():
                return []
        with self._database.writing() as db:
            ids = list(db.execute(found.with_for_update(skip_locked=True)).scalars())
            its = and_(hand_outs.c.service == visibility.service, hand_outs.c.room_id.in_(ids))
            db.execute(update(hand_outs).where(its).values(looked_at=self._database.now))
        return ids

    # Inside

    def _return(
        self,
        visibility: Visibility,
        room_id: str,
        before: Iterable[HandOutState],
        words: Kept,
        *also: ColumnElement[bool],
    ) -> bool:
        return self._move(visibility, room_id, before, at_the_end(visibility), words, *also)

    def _move(
        self,
        visibility: Visibility,
        room_id: str,
        before: Iterable[HandOutState],
        change: dict[str, Any],
        words: Kept,
        *also: ColumnElement[bool],
    ) -> bool:
        """Changes a room that is in one of these places, where that is so too, and notes it: False where it is not."""
        which = (*its(visibility, room_id), hand_outs.c.state.in_(tuple(before)), *also)
        with self._database.writing() as db:
            row = db.execute(self._all.where(*which).with_for_update()).first()
            if row is None:
                return False
            db.execute(update(hand_outs).where(*which).values(change))
            self._note(db, visibility, [row], words, desk=signature(row.station, row.operator))
            return True

    def _upsert(self, db: Connection, visibility: Visibility, project_id: str) -> Any:  # noqa: ANN401 - of two dialects
        made = (postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert)(hand_outs)
        changed = {column.name: made.excluded[column.name] for column in (*_TOLD, hand_outs.c.room)}
        was_kept = hand_outs.c.claimed_at < self._database.now - ENDING_SECONDS
        idle = or_(
            hand_outs.c.state == HandOutState.FREE,
            hand_outs.c.state == HandOutState.GONE,
            and_(hand_outs.c.state == HandOutState.ENDING, was_kept),
        )
        # As `visible` has it, in words that may be said once for many rows.
        theirs = project_id in visibility.project_ids
        ours = hand_outs.c.project_id == project_id if theirs else hand_outs.c.account == visibility.account
        return made.values(looked_at=self._database.now).on_conflict_do_update(
            index_elements=[hand_outs.c.service, hand_outs.c.room_id],
            set_={**changed, **WITHOUT_STATION, "state": HandOutState.FREE},
            where=and_(ours, idle),
        )


def forget_hand_outs(db: Connection, visibility: Visibility) -> None:
    """Deletes everything of this kind that is visible."""
    for table in (hand_outs, stations):
        db.execute(delete(table).where(visible(visibility, table)))


def _at(station_key: str) -> ColumnElement[bool]:
    return hand_outs.c.station_key == station_key


def _in_hand(station_key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _at(station_key), hand_outs.c.state.in_(IN_HAND)


def _ending(before: float) -> ColumnElement[bool]:
    """Rooms that no person has joined, also in packs, and that expire before a moment."""
    around = hand_outs.c.state.in_((HandOutState.FREE, *IN_HAND, HandOutState.GIVEN, HandOutState.PACKED))
    return and_(around, hand_outs.c.status == PENDING, hand_outs.c.expires_at < before)


def _is_old_news(known: HandOut, room: InterviewRoomResponse) -> bool:
    is_same = known.status == room.status and known.room == room and _after(known.state, room.status) == known.state
    return is_same and known.seconds_since_look < LOOK_KEPT_SECONDS


def _after(state: HandOutState, status: str) -> HandOutState:
    """Where a room is once the service has said its status."""
    if status == PENDING:
        return HandOutState.SHOWN if state == HandOutState.CLAIMED else state
    if state in (HandOutState.SHOWN, HandOutState.RECALLED) and status in (ACTIVE, COMPLETED):
        return HandOutState.GIVEN
    return HandOutState.GONE if state in (HandOutState.FREE, HandOutState.ENDING, *IN_HAND) else state


_TOLD = (
    hand_outs.c.batch_id,
    hand_outs.c.number,
    hand_outs.c.label,
    hand_outs.c.whom,
    hand_outs.c.is_named,
    hand_outs.c.link,
    hand_outs.c.status,
    hand_outs.c.expires_at,
)
"""What an offer tells of a room besides the service's own words, which are read again before the room is shown."""


def _as_row(offer: Offer) -> dict[str, Any]:
    return {
        **offer_columns(offer),
        "room_id": offer.room.id,
        "room": offer.room.model_dump_json(),
        "state": HandOutState.FREE,
    }
