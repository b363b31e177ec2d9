"""Forgetting on both databases: everything that is visible, and nothing else."""

import pytest

from services.journal.journal import Journal
from services.journal.run import Lapsed
from tests.services.journal.presses import LOST, MINE, OTHER_PROJECT, PEOPLE, PROJECT, claimed, press, rooms, started


def test_forgetting_keeps_what_is_not_visible(journal: Journal) -> None:
    batch, run = started(journal, press(people=PEOPLE))
    call = claimed(run)
    run.record_answer(call, rooms("ab"), LOST)
    journal.presets.save(MINE, str(PROJECT), "mine", {})
    theirs, their_run = started(journal, press("theirs", account="another", project=OTHER_PROJECT))
    their_run.record_answer(claimed(their_run), rooms("xyz"))
    journal.forget(MINE)
    assert journal.batches.newest(MINE, 1) == [] and journal.presets.all(MINE) == []
    assert (
        journal.batches.rooms(batch.id) == []
        and journal.batches.events(batch.id) == []
        and journal.batches.calls(batch.id) == []
    )
    assert journal.batches.links(theirs.id) == [each.url for each in rooms("xyz")]
    with pytest.raises(Lapsed):
        run.claim()
    run.record_answer(call, rooms("c"))
    assert journal.batches.rooms(batch.id) == []
    assert journal.batches.start(press(), "runner")[1] is not None
