"""What a journal that comes from a backup does not know: the calls that were sent since."""

import json

from sqlalchemy import Connection, case, select, update

from services.aseed.errors import OutcomeUnknown
from services.journal.batch_writes import note
from services.journal.database import Database
from services.journal.records import CallState, State
from services.journal.rows import problem_text
from services.journal.tables import batches, calls
from services.texts.speech import N_


def mark_restored(database: Database) -> int:
    """Counts every call of a batch that is not over as lost, so that its rooms are looked for before any is created.

    A call that was planned when the backup was made may have been sent since, as well as one that was being sent.
    Returns how many batches are not over. Raises JournalError.
    """
    with database.writing() as db:
        is_open = batches.c.ended_at.is_(None)
        found = list(db.execute(select(batches.c.id).where(is_open).order_by(batches.c.id)).scalars())
        db.execute(update(batches).where(is_open).values(runner=None, runner_seen_at=None, wait_until=None))
        since = N_("The journal was restored from a backup, and Aseed may have answered since.")
        why = problem_text(OutcomeUnknown(since))
        unsure = calls.c.state.in_((CallState.PLANNED, CallState.SENDING))
        # Sent once at least, as far as we know: places that are found filled must not be asked for again.
        attempts = case((calls.c.attempts == 0, 1), else_=calls.c.attempts)
        lost = update(calls).where(calls.c.batch_id.in_(found), unsure)
        db.execute(lost.values(state=CallState.LOST, problem=why, attempts=attempts))
        _ask_without_baseline(db, found)
        for batch_id in found:
            note(db, batch_id, N_("the journal was restored from a backup"), database)
        return len(found)


def _ask_without_baseline(db: Connection, found: list[int]) -> None:
    """A person decides about batches of which it is not known what their project held before."""
    begun = batches.c.id.in_(found) & batches.c.baseline.is_(None)
    why = problem_text(OutcomeUnknown(N_("The journal was restored from a backup of the moment in which this began.")))
    # Nothing is known to have been there before, so every room like these is shown.
    asking = {"state": State.ASKING, "problem": why, "baseline": json.dumps([])}
    db.execute(update(batches).where(begun).values(asking))
