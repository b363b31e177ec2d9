"""Reads of batches, with everything that is counted about them, and of their rooms."""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Integer, Select, and_, bindparam, case, func, select

from services.journal.batch_search import BatchView, interrupted, listed, order, stage
from services.journal.database import Database
from services.journal.people_tables import withdrawn_rooms
from services.journal.records import Batch, CallState, Event, KeptRoom, LabelState, Stage, moment
from services.journal.rows import batch_of, kept_room_of
from services.journal.shared import is_of_batch, is_shared, own_link
from services.journal.tables import batches, calls, events, overrides, participants, people, rooms, shared_links
from services.journal.visibility import VISIBLE_BATCHES, Visibility, as_parameters, visible
from services.journal.withdrawn import is_withdrawn
from services.participants import WITHDRAWN
from services.texts.kept import said
from services.texts.speech import _

_ALL = 2**31 - 1
"""More rooms than any batch has."""


class BatchReads:
    """The reads among the journal's verbs for batches; each is one transaction, and may raise JournalError.

    lease: seconds without a sign of life after which a batch counts as interrupted.
    """

    def __init__(self, database: Database, lease: float) -> None:
        self._database = database
        self._lease = lease

    def find(self, batch_id: int, visibility: Visibility) -> Batch | None:
        """Returns the batch with this id, if it is visible."""
        with self._database.reading() as db:
            return self._first(db, batches.c.id, batch_id, visibility)

    def pressed(self, nonce: str, visibility: Visibility) -> Batch | None:
        """Returns the batch of a press, if it is visible."""
        with self._database.reading() as db:
            return self._first(db, batches.c.nonce, nonce, visibility)

    def was_pressed(self, nonce: str) -> bool:
        """Whether there is a batch of this press, in any account; which one is not told."""
        with self._database.reading() as db:
            return db.execute(select(batches.c.id).where(batches.c.nonce == nonce)).first() is not None

    def unresolved(self, service: str, project_id: str, visibility: Visibility) -> Batch | None:
        """Returns the batch that keeps others of its project waiting, if there is one and it is visible."""
        # Mostly there is none, and counting takes longer than looking.
        with self._database.reading() as db:
            found = db.execute(_unresolved(), {"service": service, "project_id": project_id}).scalar()
            return None if found is None else self._first(db, batches.c.id, found, visibility)

    def newest(self, visibility: Visibility, count: int) -> list[Batch]:
        """Returns visible batches, newest first."""
        with self._database.reading() as db:
            found = self._select.where(visible(visibility)).order_by(batches.c.id.desc()).limit(count)
            return [batch_of(row) for row in db.execute(found)]

    def has_any(self, visibility: Visibility) -> bool:
        """Whether any batch is visible."""
        with self._database.reading() as db:
            return db.execute(select(batches.c.id).where(visible(visibility)).limit(1)).first() is not None

    def ids(self, visibility: Visibility, view: BatchView, count: int, skip: int = 0) -> list[int]:
        """Returns the numbers of the visible batches of a view: what needs a person first, then what is at work."""
        found = select(batches.c.id).where(visible(visibility), listed(view, self._stage))
        with self._database.reading() as db:
            return list(db.execute(found.order_by(*order(self._stage)).limit(count).offset(skip)).scalars())

    def these(self, visibility: Visibility, ids: Sequence[int]) -> list[Batch]:
        """Returns those of some batches that are visible, in the order given."""
        with self._database.reading() as db:
            found = db.execute(self._select.where(visible(visibility), batches.c.id.in_(ids)))
            by_id = {row.id: batch_of(row) for row in found}
        return [by_id[batch_id] for batch_id in ids if batch_id in by_id]

    def stages(self, visibility: Visibility, view: BatchView) -> dict[Stage, int]:
        """How many visible batches of a view are in each stage; a stage without batches is left out."""
        its = select(self._stage.label("stage")).where(visible(visibility), listed(view, self._stage)).subquery()
        with self._database.reading() as db:
            counted = db.execute(select(its.c.stage, func.count()).group_by(its.c.stage))
            return {Stage(name): count for name, count in counted}

    def open_states(self) -> dict[str, tuple[int, int]]:
        """How many batches of all accounts have not ended, and how many of their calls are lost, by state.

        Those that should be running and that no engine runs are `interrupted`.
        """
        state = case((interrupted(self._database.now, self._lease), "interrupted"), else_=batches.c.state)
        its = (state.label("state"), _count(calls, calls.c.state == CallState.LOST).label("lost"))
        each = select(*its).where(batches.c.ended_at.is_(None)).subquery()
        counted = select(each.c.state, func.count(), func.sum(each.c.lost)).group_by(each.c.state)
        with self._database.reading(in_turn=False) as db:
            return {name: (count, lost) for name, count, lost in db.execute(counted)}

    def rooms(self, batch_id: int, count: int | None = None, skip: int = 0) -> list[KeptRoom]:
        """Returns the rooms of a batch with the people whom they are for, in the order of their places."""
        with self._database.reading() as db:
            parameters = {"of": batch_id, "count": _ALL if count is None else count, "skip": skip}
            return [kept_room_of(row) for row in db.execute(_page_of_rooms(), parameters)]

    def links(self, batch_id: int) -> list[str]:
        """Returns the links of a batch as the service gave them, in the order of the places.

        Those that another room has too are left out, and those of people whose data was taken out.
        """
        with self._database.reading() as db:
            found = select(func.coalesce(own_link(rooms), rooms.c.link)).where(
                rooms.c.batch_id == batch_id, ~is_shared(rooms), ~is_withdrawn(rooms)
            )
            return list(db.execute(found.order_by(rooms.c.place)).scalars())

    def withdrawn(self, batch_id: int) -> frozenset[str]:
        """Returns the ids of the rooms of a batch that were for people whose data was taken out."""
        with self._database.reading() as db:
            found = select(rooms.c.room_id).where(rooms.c.batch_id == batch_id, is_withdrawn(rooms))
            return frozenset(db.execute(found).scalars())

    def events(self, batch_id: int) -> list[Event]:
        """Returns the audit trail of a batch, oldest first, in the language that is spoken."""
        with self._database.reading() as db:
            found = select(events.c.at, events.c.what).where(events.c.batch_id == batch_id).order_by(events.c.id)
            return [Event(moment(at), said(what)) for at, what in db.execute(found)]

    def without_room(self, batch_id: int) -> list[tuple[int, str]]:
        """Returns the places of people who have no room, and how these people are known."""
        taken = select(rooms.c.place).where(rooms.c.batch_id == batch_id)
        found = (
            select(participants)
            .where(participants.c.batch_id == batch_id, participants.c.place.not_in(taken))
            .order_by(participants.c.place)
        )
        with self._database.reading() as db:
            return [(row.place, _known_as(row)) for row in db.execute(found)]

    def _first(self, db: Connection, column: Column[Any], value: object, visibility: Visibility) -> Batch | None:
        """The newest visible batch with a value; it is counted once it is found, as counting takes longer."""
        found = db.execute(_newest_with(column), {"value": value, **as_parameters(visibility)}).scalar()
        return None if found is None else self._one(db, found)

    def _one(self, db: Connection, batch_id: int) -> Batch:
        return batch_of(db.execute(self._select_one, {"wanted": batch_id}).one())

    @cached_property
    def _select_one(self) -> Select[Any]:
        return self._select.where(batches.c.id == bindparam("wanted"))

    @cached_property
    def _stage(self) -> ColumnElement[str]:
        return stage(self._database.now, self._lease)

    @cached_property
    def _select(self) -> Select[Any]:
        """Batches with everything that is counted about them; built once, which takes longer than the database does."""
        now = self._database.now
        ended = func.coalesce(batches.c.ended_at, now)
        columns = [column for column in batches.c if column.name != "baseline"]
        return select(
            *columns,
            (ended - batches.c.made_at).label("work_seconds"),
            (batches.c.wait_until - now).label("wait_seconds"),
            func.coalesce(batches.c.look_again_at <= now, False).label("is_to_look_again"),
            interrupted(now, self._lease).label("interrupted"),
            _count(rooms).label("rooms"),
            _count(calls).label("calls"),
            *(
                _count(calls, calls.c.state == state).label(f"calls_{state}")
                for state in (CallState.DONE, CallState.PLANNED, CallState.LOST, CallState.REFUSED)
            ),
            _count(rooms, rooms.c.label_state.is_not(None)).label("labels"),
            _count(rooms, rooms.c.label_state == LabelState.SET).label("labels_set"),
            (
                _count(rooms, rooms.c.label_state == LabelState.FAILED)
                + _count(rooms, rooms.c.label_state == LabelState.WANTED, batches.c.ended_at.is_not(None))
            ).label("labels_failed"),
            select(func.count(shared_links.c.room_id.distinct()))
            .where(shared_links.c.is_over.is_(False), is_of_batch(shared_links, batches.c.id))
            .correlate(batches)
            .scalar_subquery()
            .label("shared"),
            select(participants.c.place).where(participants.c.batch_id == batches.c.id).exists().label("has_people"),
            select(func.max(events.c.id)).where(events.c.batch_id == batches.c.id).scalar_subquery().label("turn"),
        )


def _known_as(row: Any) -> str:  # noqa: ANN401 - a row of participants
    """How a person is known; in the place of a room that is replaced there may be none."""
    return row.label or row.external_id or row.email or ("" if row.replaces else _(WITHDRAWN))


@cache
def _unresolved() -> Select[Any]:
    """The batch of a project that has not ended. Built once, like the others: building takes longer than running."""
    its = and_(batches.c.service == bindparam("service"), batches.c.project_id == bindparam("project_id"))
    return select(batches.c.id).where(its, batches.c.ended_at.is_(None))


@cache
def _newest_with(column: Column[Any]) -> Select[Any]:
    """The newest visible batch with the parameter `value` in a column."""
    its = and_(column == bindparam("value"), VISIBLE_BATCHES)
    return select(batches.c.id).where(its).order_by(batches.c.id.desc()).limit(1)


@cache
def _page_of_rooms() -> Select[Any]:
    """Rooms as `kept_rooms` has them, `count` of them after `skip`."""
    return kept_rooms().limit(bindparam("count", type_=Integer)).offset(bindparam("skip", type_=Integer))


@cache
def kept_rooms() -> Select[Any]:
    """The rooms of a batch in the order of their places, with the people whom they are for and their overrides.

    Those people are the batch's own, or those that were told later. The batch is the parameter `of`, so that the
    statement is built once, which takes longer than reading a page of rooms.
    """
    project = select(batches.c.project_id).where(batches.c.id == bindparam("of")).scalar_subquery()
    its_place = and_(participants.c.batch_id == rooms.c.batch_id, participants.c.place == rooms.c.place)
    its_id = and_(
        people.c.service == rooms.c.service, people.c.room_id == rooms.c.room_id, people.c.project_id == project
    )
    is_marked = and_(withdrawn_rooms.c.service == rooms.c.service, withdrawn_rooms.c.room_id == rooms.c.room_id)
    its_change = and_(overrides.c.batch_id == rooms.c.batch_id, overrides.c.place == rooms.c.place)
    now = (
        func.coalesce(people.c[name], participants.c[name]).label(name) for name in ("label", "email", "external_id")
    )
    return (
        select(
            rooms,
            *now,
            overrides.c.change.label("overrides"),
            own_link(rooms).label("own_link"),
            is_shared(rooms).label("shares_link"),
            withdrawn_rooms.c.was_theirs,
        )
        .join(participants, its_place, isouter=True)
        .join(people, its_id, isouter=True)
        .join(overrides, its_change, isouter=True)
        .join(withdrawn_rooms, is_marked, isouter=True)
        .where(rooms.c.batch_id == bindparam("of"))
        .order_by(rooms.c.place)
    )


def _count(table: Any, *conditions: ColumnElement[bool]) -> ColumnElement[int]:  # noqa: ANN401 - rooms or calls
    of_batch = select(func.count()).select_from(table).where(table.c.batch_id == batches.c.id, *conditions)
    return of_batch.correlate(batches).scalar_subquery().cast(Integer)
