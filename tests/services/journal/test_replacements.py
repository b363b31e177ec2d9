"""Replacements on both databases: a room is replaced once, and the old one is dealt with."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from services.aseed.errors import NotReached, OutcomeUnknown, TokenRefused
from services.aseed.models import UpdateRoomRequest
from services.journal.batches import Busy
from services.journal.database import Clash
from services.journal.journal import Journal
from services.journal.records import State
from services.journal.replacements import AlreadyReplaced
from services.participants import Participant
from tests.services.journal.created import (
    ANNA,
    BEN,
    COLLEAGUE,
    MINE,
    SERVICE,
    STRANGER,
    filled,
    press,
    room,
    started,
    told,
)

THREADS = 16


def test_room_and_its_replacement_name_each_other(journal: Journal) -> None:
    filled(journal, press(people=[ANNA]), "old")
    filled(journal, press("again", people=[ANNA], replaces=["old"]), "new")
    filled(journal, press("foreign", people=[BEN], replaces=["made elsewhere"]), "newer")
    known = journal.rooms.known(MINE)
    assert known["old"].replaced_by == "new" and known["new"].replaces == "old"
    assert known["made elsewhere"].replaced_by == "newer" and known["made elsewhere"].batch_id is None
    assert told(journal, "old")[1:] == ["replaced by room new"] and told(journal, "new")[1:] == ["replaces room old"]
    assert journal.rooms.known(STRANGER) == {}


def test_room_is_replaced_once_by_any_press(journal: Journal) -> None:
    filled(journal, press("again", people=[ANNA], replaces=["old"]), "new")
    for new in (press("2", people=[ANNA], replaces=["old"]), press("3", people=[ANNA], replaces=["old"], account="b")):
        with pytest.raises(AlreadyReplaced) as refused:
            journal.batches.start(new, "runner")
        assert refused.value.room_id == "new"
    # Nothing of what was refused stays.
    assert len(journal.batches.newest(COLLEAGUE, 100)) == 1 and journal.batches.replacement(SERVICE, "old") == (
        "new",
        0,
    )
    filled(journal, press("next", people=[ANNA], replaces=["new"]), "newest")


def test_sixteen_accounts_replace_one_room_once(journal: Journal) -> None:
    gate = Barrier(THREADS)

    def replace(number: int) -> str:
        gate.wait()
        new = press(f"nonce {number}", people=[ANNA], replaces=["old"], account=f"account {number}")
        while True:
            try:
                filled(journal, new, f"new {number}")
                return f"new {number}"
            except Busy:
                time.sleep(0.001)
            except AlreadyReplaced as refused:
                return refused.room_id

    with ThreadPoolExecutor(THREADS) as pool:
        created = set(pool.map(replace, range(THREADS)))
    assert len(created) == 1 and len(journal.batches.newest(COLLEAGUE, 100)) == 1
    assert journal.rooms.known(COLLEAGUE)["old"].replaced_by in created


def test_clash_with_an_ended_batch_starts_anyway(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    clashes = [Clash("Another one was faster, and is over.")]

    def insert(*arguments: object) -> int:
        if clashes:
            raise clashes.pop()
        return original(*arguments)  # type: ignore[arg-type] # whatever it was called with

    original = journal.batches._insert
    monkeypatch.setattr(journal.batches, "_insert", insert)
    batch, _ = filled(journal, press(people=[ANNA], replaces=["old"]), "new")
    assert not clashes and len(journal.batches.newest(MINE, 100)) == 1
    assert journal.batches.rooms(batch.id)[0].room.id == "new"


def test_failed_replacement_may_be_tried_again(journal: Journal) -> None:
    _, run = started(journal, press("first", people=[ANNA], replaces=["old"]))
    assert journal.batches.replacement(SERVICE, "old") == (None, 0)
    run.park(NotReached("Aseed could not be reached."))
    assert journal.batches.replacement(SERVICE, "old") == (None, 1)
    filled(journal, press("second", people=[ANNA], replaces=["old"]), "new")
    assert journal.batches.replacement(SERVICE, "old") == ("new", 1)


def test_overrides_wait_like_a_label(journal: Journal) -> None:
    own = UpdateRoomRequest(research_goals_override="To know why.")
    _, run = filled(journal, press(people=[Participant()], replaces=["old"], overrides=[own]), "new", is_over=False)
    (kept,) = run.unlabelled(10)
    assert kept.overrides == own and kept.overrides.model_fields_set == {"research_goals_override"}


def test_old_room_is_retired_once_in_both_histories(journal: Journal) -> None:
    batch, run = filled(journal, press(people=[Participant()], replaces=["old"]), "new", is_over=False)
    (waiting,) = run.unretired()
    run.record_retired([(waiting, True, "cancelled")])
    journal.batches.record_retired(batch.id, [(waiting, True, "cancelled")])
    assert run.unretired() == []
    assert told(journal, "old") == ["replaced by room new", "cancelled"]
    assert told(journal, "new")[1:] == ["replaces room old", "room old, in whose place it came: cancelled"]


def test_old_room_stays_until_its_replacement_exists(journal: Journal) -> None:
    _, run = started(journal, press(people=[Participant()], replaces=["old"]))
    call = run.claim()
    assert call is not None and run.unretired() == []
    run.record_answer(call, (), OutcomeUnknown("Aseed did not answer in time."))
    assert run.unretired() == []


def test_cancelled_batch_retires_its_old_rooms_first(journal: Journal) -> None:
    batch, run = filled(journal, press(people=[Participant()], replaces=["old"]), "new", is_over=False)
    run.park(TokenRefused(401))
    run.release()
    assert journal.batches.cancel(batch.id) is False
    taken = journal.batches.take(batch.id, "another runner")
    assert taken is not None
    # It cannot: then the batch ends all the same, and the histories say what may be open.
    taken.park(TokenRefused(401))
    over = journal.batches.find(batch.id, MINE)
    assert over is not None and over.over and over.state == State.DONE
    assert told(journal, "old")[-1] == "may still be open: Aseed refused the request (401)"
    assert len(journal.batches.unretired(batch.id)) == 1


def test_cancelled_question_still_retires_old_rooms(journal: Journal) -> None:
    people = [Participant(), Participant()]
    batch, run = started(journal, press(people=people, replaces=["old", "older"]))
    call = run.claim()
    assert call is not None
    run.record_answer(call, [room("new")], OutcomeUnknown("Aseed did not answer in time."))
    run.ask(OutcomeUnknown("No one can know."))
    run.release()
    assert journal.batches.cancel(batch.id) is False
    taken = journal.batches.take(batch.id, "another runner")
    assert taken is not None and taken.lost_calls() == [] and taken.claim() is None
    taken.record_retired([(its, True, "cancelled") for its in taken.unretired()])
    taken.end()
    over = journal.batches.find(batch.id, MINE)
    assert over is not None and over.state == State.CANCELLED and over.rooms == 1
    assert told(journal, "old")[-1] == "cancelled" and told(journal, "older") == []


def test_replacement_needs_no_participant(journal: Journal) -> None:
    filled(journal, press(count=1, replaces=["old"]), "new")
    assert journal.batches.replacement(SERVICE, "old") == ("new", 0)
