"""Single rooms on both databases: whom they are for, their histories, flags and targets."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from threading import Barrier

from services.aseed.models import UpdateRoomRequest
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from services.participants import Participant
from tests.services.journal.created import (
    ACCOUNT,
    ANNA,
    BEN,
    COLLEAGUE,
    MINE,
    OTHER_PROJECT,
    PROJECT,
    SERVICE,
    STRANGER,
    filled,
    press,
    room,
    started,
    told,
)


def test_batch_and_person_of_each_room_are_known(journal: Journal) -> None:
    batch, _ = filled(journal, press(people=[ANNA, BEN]), "a", "b")
    filled(journal, press("links", 1), "c")
    journal.batches.rename(batch.id, "Wave 1")
    known = journal.rooms.known(MINE, PROJECT)
    assert {name: (its.batch_name, its.place, its.participant) for name, its in known.items()} == {
        "a": ("Wave 1", 1, ANNA),
        "b": ("Wave 1", 2, BEN),
        "c": ("", 1, None),
    }
    assert known["a"].batch_id == batch.id and known["a"].link == room("a").url
    assert "token-of" not in repr(known) and "anna@" not in repr(known)


def test_rooms_are_known_by_project(journal: Journal) -> None:
    filled(journal, press(), "a", "b")
    filled(journal, press("other", project=OTHER_PROJECT), "x", "y")
    assert journal.rooms.known(MINE).keys() == {"a", "b", "x", "y"}
    assert journal.rooms.known(MINE, OTHER_PROJECT).keys() == {"x", "y"}


def test_relabelled_room_has_its_newest_participant(journal: Journal) -> None:
    batch, _ = filled(journal, press(people=[ANNA, BEN]), "a", "b")
    journal.rooms.relabel(MINE, PROJECT, {"b": ANNA, "not created here": BEN})
    journal.rooms.relabel(COLLEAGUE, PROJECT, {"b": Participant(label="Cleo")})
    known = journal.rooms.known(MINE, PROJECT)
    assert known["a"].participant == ANNA and known["b"].participant == Participant(label="Cleo")
    assert known["not created here"].participant == BEN and known["not created here"].batch_id is None
    # The batch's own page and files say the same.
    assert [kept.participant for kept in journal.batches.rooms(batch.id)] == [ANNA, Participant(label="Cleo")]


def test_label_still_to_set_is_the_newest(journal: Journal) -> None:
    _, run = filled(journal, press(people=[ANNA]), "a", is_over=False)
    journal.rooms.relabel(MINE, PROJECT, {"a": BEN})
    (kept,) = run.unlabelled(10)
    assert kept.participant == BEN


def test_stranger_neither_sees_nor_changes_room_records(journal: Journal) -> None:
    filled(journal, press(people=[ANNA]), "a")
    journal.rooms.relabel(MINE, PROJECT, {"a": ANNA, "elsewhere": BEN})
    journal.rooms.note_rooms(MINE, PROJECT, [("a", "extended")])
    journal.rooms.settle_flag(MINE, PROJECT, "a", "same_email")
    journal.rooms.set_target(MINE, PROJECT, 12)
    records = journal.rooms
    assert records.known(STRANGER) == {} and told(journal, "a", STRANGER) == []
    assert records.settled_flags(STRANGER) == set() and records.target(STRANGER, PROJECT) is None
    records.relabel(STRANGER, OTHER_PROJECT, {"a": BEN})
    records.set_target(STRANGER, PROJECT, 1)
    records.set_target(STRANGER, PROJECT, None)
    assert records.known(MINE)["a"].participant == ANNA and records.target(MINE, PROJECT) == 12
    assert records.known(COLLEAGUE) == records.known(MINE)
    assert told(journal, "a", COLLEAGUE) == told(journal, "a") and records.target(COLLEAGUE, PROJECT) == 12
    assert records.settled_flags(COLLEAGUE, PROJECT) == {("a", "same_email")}


def test_four_threads_relabel_thousands_of_rooms(journal: Journal) -> None:
    names = [f"room {number}" for number in range(2100)]
    gate = Barrier(4)

    def relabel(number: int) -> None:
        gate.wait()
        some = names if number % 2 else reversed(names)
        journal.rooms.relabel(MINE, PROJECT, {name: Participant(label=f"{name} by {number}") for name in some})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(relabel, range(4)))
    known = journal.rooms.known(MINE, PROJECT)
    # Of each writing, all or nothing.
    by = {its.participant.label.rsplit(" by ")[1] for its in known.values() if its.participant}
    assert known.keys() == set(names) and len(by) == 1


def test_history_begins_with_creation_in_order(journal: Journal) -> None:
    batch, run = filled(journal, press(people=[ANNA, BEN]), "a", "b", is_over=False)
    kept = run.unlabelled(10)
    run.record_labels([(kept[0], room("a", "Anna")), (kept[1], None)])
    journal.rooms.note_rooms(MINE, PROJECT, [("a", "extended to 30 Nov 2026"), ("b", "cancelled")])
    journal.rooms.note_rooms(COLLEAGUE, PROJECT, [("a", "cancelled"), ("elsewhere", "extended")])
    team = Visibility(SERVICE, ACCOUNT, frozenset({PROJECT}))
    assert told(journal, "a", team) == [
        f"created as room 1 of batch {batch.id} and labelled",
        "extended to 30 Nov 2026",
        "cancelled",
    ]
    assert told(journal, "b") == [f"created as room 2 of batch {batch.id}", "cancelled"]
    # What another account did in a project is its readers' to see.
    assert told(journal, "elsewhere", team) == ["extended"] and told(journal, "elsewhere") == []
    at = [event.at for event in journal.rooms.history(team, "a")]
    assert at == sorted(at) and all(moment.tzinfo is UTC for moment in at)


def test_a_history_holds_no_link_and_no_email(journal: Journal) -> None:
    line = "for anna@example.com: https://aseed.example/interview/token-of-a\0, labelled"
    journal.rooms.note_rooms(MINE, PROJECT, [("a", line)])
    (what,) = told(journal, "a")
    assert "anna@" not in what and "token-of" not in what and what.endswith("labelled")


def test_flag_settled_twice_is_settled_once(journal: Journal) -> None:
    for _ in range(2):
        journal.rooms.settle_flag(MINE, PROJECT, "a", "expiring")
    journal.rooms.settle_flag(COLLEAGUE, PROJECT, "a", "expiring")
    journal.rooms.settle_flag(MINE, OTHER_PROJECT, "x", "dropped")
    assert journal.rooms.settled_flags(MINE, PROJECT) == {("a", "expiring")}
    assert journal.rooms.settled_flags(COLLEAGUE) == {("a", "expiring")}


def test_target_can_be_set_changed_removed(journal: Journal) -> None:
    assert journal.rooms.target(MINE, PROJECT) is None
    for completes in (12, 20):
        journal.rooms.set_target(MINE, PROJECT, completes)
        assert journal.rooms.target(MINE, PROJECT) == completes
    journal.rooms.set_target(MINE, PROJECT, None)
    assert journal.rooms.target(MINE, PROJECT) is None


def test_forgetting_room_records_keeps_those_of_others(journal: Journal) -> None:
    records = journal.rooms
    theirs = Visibility(SERVICE, "another")
    for visibility, project, name in ((MINE, PROJECT, "a"), (theirs, OTHER_PROJECT, "x")):
        records.relabel(visibility, project, {name: ANNA})
        records.note_rooms(visibility, project, [(name, "extended")])
        records.settle_flag(visibility, project, name, "expiring")
        records.set_target(visibility, project, 5)
    journal.forget(MINE)
    assert records.known(MINE) == {} and told(journal, "a") == []
    assert records.settled_flags(MINE) == set() and records.target(MINE, PROJECT) is None
    assert records.known(theirs).keys() == {"x"} and told(journal, "x", theirs) == ["extended"]
    assert records.settled_flags(theirs) == {("x", "expiring")} and records.target(theirs, OTHER_PROJECT) == 5


def test_ten_thousand_rooms_are_known_at_once(journal: Journal) -> None:
    people = [
        Participant(label=f"Person {number}", email=f"{number}@example.com", external_id=str(number))
        for number in range(10_000)
    ]
    _, run = started(journal, press(people=people))
    while call := run.claim():
        run.record_answer(call, [room(f"room {place}") for place in call.places])
    run.end()
    journal.rooms.relabel(MINE, PROJECT, {f"room {place}": ANNA for place in range(1, 501)})
    took = []
    for _ in range(3):
        # What other processes take of the machine does not count.
        start = time.process_time()
        known = journal.rooms.known(MINE, PROJECT)
        took.append(time.process_time() - start)
    assert len(known) == 10_000 and known["room 7"].participant == ANNA
    # Measured: 60 ms on SQLite, 70 on PostgreSQL; the rest is for slow and busy machines.
    assert min(took) < 1


def test_overrides_need_no_participants(journal: Journal) -> None:
    own = UpdateRoomRequest(research_goals_override="To know why.")
    batch, run = filled(journal, press(overrides=[None, own]), "a", "b", is_over=False)
    assert [(kept.overrides, kept.participant) for kept in journal.batches.rooms(batch.id)] == [
        (None, None),
        (own, None),
    ]
    (kept,) = run.unlabelled(10)
    assert (kept.room.id, kept.place, kept.overrides) == ("b", 2, own)
    run.record_labels([(kept, room("b"))])
    assert run.unlabelled(10) == []
    found = journal.batches.find(batch.id, MINE)
    assert found is not None and (found.labels, found.labels_set, found.has_people) == (1, 1, False)


def test_forgetting_forgets_overrides(journal: Journal) -> None:
    own = UpdateRoomRequest(research_goals_override="To know why.")
    filled(journal, press(overrides=[own, own]), "a", "b")
    journal.forget(MINE)
    assert journal.batches.newest(MINE, 1) == []
