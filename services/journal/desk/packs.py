"""Packs: files that stand for a desk where there is no network, and what was ticked in them afterwards."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, func, select, update

from services.journal.desk import history
from services.journal.desk.conflicts import Conflict
from services.journal.desk.lines import WITHOUT_STATION, Lines, held_by, its, within
from services.journal.desk.records import HandOut, HandOutState, How, Station, Tick, signature
from services.journal.rows import hand_out_of
from services.journal.tables import hand_outs
from services.journal.visibility import Visibility
from services.people.acting import needs
from services.people.roles import Right


class Packs(Lines):
    """The journal's verbs for packs, which are stations of a kind; each is one transaction.

    Every verb may raise services.journal.database.JournalError.
    """

    @needs(Right.LINKS)
    def pack(self, visibility: Visibility, pack: Station, most: int) -> None:
        """Reserves rooms whose turn it is for a file, at most so many; no station gives them meanwhile."""
        with self._database.writing() as db:
            wanted = within(visibility, pack.project_id, pack.batch_id)
            taken = self._take(db, wanted, most, {**held_by(pack), "state": HandOutState.PACKED})
            self._note(db, visibility, taken, history.PACKED, pack=pack.name)

    def packed(self, visibility: Visibility, pack: Station) -> tuple[list[HandOut], int]:
        """Returns the rooms of a file that have not been given yet, and how many of it have been."""
        ours = hand_outs.c.station_key == pack.key
        waiting = and_(ours, hand_outs.c.state == HandOutState.PACKED)
        given = select(func.count()).where(*within(visibility, pack.project_id), ours, hand_outs.c.how == How.PACK)
        order = (hand_outs.c.turn, hand_outs.c.room_id)
        with self._database.reading() as db:
            count = db.execute(given).scalar_one()
            return self._select(db, visibility, pack.project_id, None, waiting, *order), count

    @needs(Right.LINKS)
    def enter(self, visibility: Visibility, pack: Station, ticks: Iterable[Tick]) -> tuple[int, list[Conflict]]:
        """Enters what was ticked in a file: how many are new, and which ticks do not fit. Entering twice is once."""
        entered, conflicts = [], []
        with self._database.writing() as db:
            for tick in ticks:
                row = db.execute(self._all.where(*its(visibility, tick.room_id)).with_for_update()).first()
                found = hand_out_of(row) if row else None
                conflict = Conflict(tick, pack, found)
                if conflict.words:
                    conflicts.append(conflict)
                if row is None or found is None or not _is_to_enter(found, pack):
                    continue
                by, when = signature(pack.name, tick.by), f"{tick.given:%Y-%m-%d %H:%M} UTC"
                given = _given(pack, tick, is_withdrawn=found.is_withdrawn)
                db.execute(update(hand_outs).where(*its(visibility, tick.room_id)).values(given))
                self._record(db, visibility, [row], history.GIVEN_OFFLINE, desk=by, moment=when)
                entered.append(row)
            self._audit(db, entered, history.GIVEN_OFFLINE)
        return len(entered), conflicts

    @needs(Right.LINKS)
    def unpack(self, visibility: Visibility, pack: Station) -> int:
        """Returns the rooms of a file that were not given to the pool; gives how many these were."""
        ours = (*within(visibility, pack.project_id), hand_outs.c.station_key == pack.key)
        waiting = (*ours, hand_outs.c.state == HandOutState.PACKED)
        with self._database.writing() as db:
            found = db.execute(self._all.where(*waiting).with_for_update()).all()
            db.execute(update(hand_outs).where(*waiting).values({**WITHOUT_STATION, "state": HandOutState.FREE}))
            self._note(db, visibility, found, history.UNPACKED, pack=pack.name)
        return len(found)


def _given(pack: Station, tick: Tick, *, is_withdrawn: bool) -> dict[str, Any]:
    given = {
        **held_by(pack),
        "operator": tick.by,
        "state": HandOutState.GIVEN,
        "how": How.PACK,
        "given_at": tick.given.timestamp(),
    }
    if is_withdrawn:
        return given
    if tick.label:
        given |= {"label": tick.label}
    whom = tick.whom or tick.label
    return given | ({"whom": whom, "is_named": True} if whom else {})


def _is_to_enter(found: HandOut, pack: Station) -> bool:
    """Whether a tick takes the room out: a person has its link, even where it was returned to the pool too early."""
    return found.state == HandOutState.FREE or (found.state == HandOutState.PACKED and found.station_key == pack.key)
