"""Which batches are listed, and in which order: by a search, by project, by what they mean to a person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, or_, select

from services.folding import folded, wanted
from services.journal.records import Stage, State
from services.journal.tables import batch_texts, batches, rooms, shared_links

AT_WORK = batches.c.state.in_((State.CREATING, State.WAITING, State.LABELLING))

_LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class BatchView:
    """Which batches are listed. None or an empty text stands for all.

    text: words, each of which the name of a batch or of its project contains, or is its number; how they are spelt:
    services.folding.
    """

    text: str = ""
    project_id: str | None = None
    stage: Stage | None = None


def searched(name: str, project_name: str) -> str:
    """The texts of a batch in the form in which they are searched, a line each: no word is found across the two."""
    return f"{folded(name)}\n{folded(project_name)}"


def interrupted(now: ColumnElement[float], lease: float) -> ColumnElement[bool]:
    """The condition that a batch should be running, and no engine runs it.

    now, lease: the database's clock, and the seconds without a sign of life after which no engine runs it.
    """
    stale = or_(batches.c.runner.is_(None), batches.c.runner_seen_at < now - lease)
    return and_(AT_WORK, stale)


def stage(now: ColumnElement[float], lease: float) -> ColumnElement[str]:
    """What a batch means to a person; `Batch.stage` tells it of one by the same rule."""
    # Looked up once for all batches, as few have such rooms.
    late = select(batches.c.id).where(batches.c.late_rooms > 0)
    its_room = and_(rooms.c.service == shared_links.c.service, rooms.c.room_id == shared_links.c.room_id)
    shared = select(rooms.c.batch_id).join(shared_links, its_room).where(shared_links.c.is_over.is_(False))
    needs_you = or_(
        batches.c.state.in_((State.PARKED, State.ASKING)),
        interrupted(now, lease),
        batches.c.id.in_(late.correlate(None)),
        and_(batches.c.ended_at.is_not(None), batches.c.id.in_(shared.correlate(None))),
    )
    return case(
        (needs_you, Stage.NEEDS_YOU),
        (AT_WORK, Stage.AT_WORK),
        (batches.c.state == State.DONE, Stage.FINISHED),
        else_=Stage.STOPPED,
    )


def listed(view: BatchView, its_stage: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a batch is listed."""
    conditions = [_has(word) for word in wanted(view.text)]
    if view.project_id is not None:
        conditions.append(batches.c.project_id == view.project_id)
    if view.stage is not None:
        conditions.append(its_stage == view.stage)
    return and_(*conditions) if conditions else ~false()


def order(its_stage: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
    """What needs a person first, then what is at work, then the rest; the newest of each first."""
    turn = case((its_stage == Stage.NEEDS_YOU, 0), (its_stage == Stage.AT_WORK, 1), else_=2)
    return turn, batches.c.id.desc()


def _has(word: str) -> ColumnElement[bool]:
    found = select(batch_texts.c.batch_id).where(batch_texts.c.folded.contains(word, autoescape=True))
    is_number = word.isdecimal() and word.isascii() and len(word) < 11 and int(word) <= _LARGEST_ID
    return or_(batches.c.id.in_(found), batches.c.id == int(word)) if is_number else batches.c.id.in_(found)
