"""Batches are found among all that are visible, and come in the order in which a person needs them."""

from hashlib import sha256
from itertools import count
from json import dumps
from uuid import UUID

import pytest

from services.aseed.errors import TokensShort
from services.folding import rule
from services.journal.batch_search import BatchView
from services.journal.journal import Journal
from services.journal.records import Batch, Stage, State
from services.journal.run import Run
from services.journal.visibility import Visibility
from tests.services.journal.created import room
from tests.services.journal.presses import ACCOUNT, LOST, MINE, PEOPLE, SERVICE, claimed, press, started

STRANGER = Visibility(SERVICE, "another")

_projects = count(1)


def new(journal: Journal, name: str = "", account: str = ACCOUNT, project: int | None = None) -> tuple[Batch, Run]:
    """A batch of one room that has just begun, in a project of its own."""
    number = next(_projects)
    batch, run = started(journal, press(f"{number}", (1,), account=account, project=UUID(int=project or number)))
    if name:
        journal.batches.rename(batch.id, name)
    return batch, run


def done(journal: Journal, name: str = "", account: str = ACCOUNT, link: str = "", project: int | None = None) -> Batch:
    batch, run = new(journal, name, account, project)
    made = room(f"room of {batch.id}")
    run.record_answer(claimed(run), [made.model_copy(update={"url": link}) if link else made])
    run.end()
    return batch


def at_work(journal: Journal) -> Batch:
    return new(journal)[0]


def waiting(journal: Journal) -> Batch:
    batch, run = new(journal)
    run.step(State.WAITING, 60)
    return batch


def interrupted(journal: Journal) -> Batch:
    batch, run = new(journal)
    run.release()
    return batch


def parked(journal: Journal) -> Batch:
    batch, run = new(journal)
    claimed(run)
    run.park(TokensShort(402, "too few"))
    return batch


def asking(journal: Journal) -> Batch:
    batch, run = new(journal)
    claimed(run)
    run.ask(LOST)
    return batch


def short(journal: Journal) -> Batch:
    batch, run = new(journal)
    run.record_refusal(claimed(run), TokensShort(402, "too few"))
    run.end()
    return batch


def cancelled(journal: Journal) -> Batch:
    batch, run = new(journal)
    run.release()
    journal.batches.cancel(batch.id)
    return batch


def late(journal: Journal) -> Batch:
    batch = done(journal)
    journal.batches.record_late_rooms(batch.id, 2)
    return batch


def shared(journal: Journal) -> Batch:
    link = f"https://aseed.example/interview/the-same-{next(_projects)}"
    done(journal, link=link)
    return done(journal, link=link)


KINDS = {
    at_work: Stage.AT_WORK,
    waiting: Stage.AT_WORK,
    interrupted: Stage.NEEDS_YOU,
    parked: Stage.NEEDS_YOU,
    asking: Stage.NEEDS_YOU,
    late: Stage.NEEDS_YOU,
    shared: Stage.NEEDS_YOU,
    done: Stage.FINISHED,
    short: Stage.STOPPED,
    cancelled: Stage.STOPPED,
}


def ids(journal: Journal, text: str = "", visibility: Visibility = MINE, **filters: object) -> list[int]:
    return journal.batches.ids(visibility, BatchView(text, **filters), 100)  # type: ignore[arg-type]  # its fields


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_each_batch_is_in_its_stage(journal: Journal, make: object) -> None:
    batch = make(journal)  # type: ignore[operator]  # one of KINDS
    (seen,) = journal.batches.these(MINE, [batch.id])
    assert seen.stage == KINDS[make]  # type: ignore[index]  # as above
    assert [stage for stage in Stage if batch.id in ids(journal, stage=stage)] == [seen.stage]
    assert sum(journal.batches.stages(MINE, BatchView()).values()) == len(journal.batches.newest(MINE, 100))


def test_what_needs_a_person_comes_first(journal: Journal) -> None:
    made = [make(journal).id for make in (parked, done, at_work, short, late, at_work, done)]
    first, second, third, fourth, fifth, sixth, last = made
    assert ids(journal) == [fifth, first, sixth, third, last, fourth, second]
    assert journal.batches.stages(MINE, BatchView()) == {
        Stage.NEEDS_YOU: 2,
        Stage.AT_WORK: 2,
        Stage.FINISHED: 2,
        Stage.STOPPED: 1,
    }


def test_pages_hold_every_batch_once(journal: Journal) -> None:
    made = [make(journal).id for make in (done, parked, short, done, at_work, late, done)]
    pages = [journal.batches.ids(MINE, BatchView(), 2, skip) for skip in (0, 2, 4, 6, 8)]
    assert [number for page in pages for number in page] == ids(journal)
    assert sorted(ids(journal)) == made and pages[-1] == []


@pytest.mark.parametrize("text", ["José", "jose", "WAVE josé", "coffee jo-se", "jose 3", " ", "·", "morning"])
def test_name_and_project_are_found_by_words(journal: Journal, text: str) -> None:
    batch = done(journal, "Wave 3 [José]")
    assert ids(journal, text) == [batch.id]


@pytest.mark.parametrize("text", ["wave jose tea", "%", "w%e", "\\", "3m", "ave3josem", "josecoffee"])
def test_other_words_find_nothing(journal: Journal, text: str) -> None:
    done(journal, "Wave 3 José")
    assert ids(journal, text) == []


def test_russian_name_is_found_in_any_case(journal: Journal) -> None:
    batch, _ = done(journal, "Утренний приём"), done(journal, "Другая")
    assert ids(journal, "УТРЕННИЙ прием") == [batch.id]


def test_batch_is_found_by_its_number(journal: Journal) -> None:
    batches = [done(journal) for _ in range(3)]
    assert ids(journal, str(batches[1].id)) == [batches[1].id]
    assert ids(journal, "9" * 30) == ids(journal, "2147483648") == []


def test_new_name_replaces_the_old_one(journal: Journal) -> None:
    batch = done(journal, "Pilot")
    journal.batches.rename(batch.id, "Main wave")
    assert ids(journal, "main") == [batch.id] and ids(journal, "pilot") == []


def test_filters_narrow_the_search_together(journal: Journal) -> None:
    here, _, _ = (done(journal, "Pilot", project=number) for number in (901, 902, 901))
    journal.batches.record_late_rooms(here.id, 1)
    project = str(UUID(int=901))
    assert len(ids(journal, "pilot", project_id=project)) == 2
    assert ids(journal, "pilot", project_id=project, stage=Stage.NEEDS_YOU) == [here.id]
    assert journal.batches.stages(MINE, BatchView("pilot", project)) == {Stage.NEEDS_YOU: 1, Stage.FINISHED: 1}
    assert ids(journal, project_id="") == []


@pytest.mark.parametrize("view", [BatchView(), BatchView("pilot"), BatchView("", str(UUID(int=77))), BatchView("1")])
def test_search_shows_no_batch_of_another_account(journal: Journal, view: BatchView) -> None:
    theirs = done(journal, "Pilot", account="another", project=77)
    assert journal.batches.ids(MINE, view, 10) == [] and journal.batches.stages(MINE, view) == {}
    assert journal.batches.these(MINE, [theirs.id]) == []
    reader = Visibility(SERVICE, ACCOUNT, frozenset({theirs.project_id}))
    found = [journal.batches.ids(each, BatchView("pilot"), 10) for each in (STRANGER, reader)]
    assert found == [[theirs.id]] * 2
    elsewhere = Visibility("https://other.example", "another", frozenset({theirs.project_id}))
    assert journal.batches.ids(elsewhere, view, 10) == []


def test_people_of_batches_are_not_searched(journal: Journal) -> None:
    # They are found on the page Links; here a colleague's screen would tell of them.
    started(journal, press("people", (len(PEOPLE),), people=PEOPLE))
    assert ids(journal, "anna") == []


def test_forgotten_batches_leave_no_text(journal: Journal) -> None:
    done(journal, "Pilot")
    kept = done(journal, "Pilot", account="another")
    journal.forget(MINE)
    assert ids(journal, "pilot") == [] and ids(journal, "pilot", STRANGER) == [kept.id]


def test_rule_of_search_is_the_stored_one() -> None:
    """The journal keeps texts by this rule: where it changes, a migration has to write batch_texts again."""
    # Sorted, as a set of letters has no order of its own.
    digest = sha256(dumps(rule(), sort_keys=True).encode()).hexdigest()
    assert digest[:12] == "33ed76a3e2d8"
