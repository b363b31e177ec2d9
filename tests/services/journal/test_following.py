"""What the journal knows of single rooms, on both databases: whom they are for, what was done, what replaces what."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest

from services.aseed.errors import NotReached, OutcomeUnknown, TokenRefused
from services.aseed.models import PENDING, InterviewRoomResponse, RoomSettings, UpdateRoomRequest
from services.batches.plan import plan
from services.journal.batches import Busy
from services.journal.database import Clash
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch, State
from services.journal.replacements import AlreadyReplaced
from services.journal.run import Run
from services.journal.visibility import Visibility
from services.participants import Participant

SERVICE, ACCOUNT = "https://aseed.example/custdev", "account"
PROJECT, OTHER_PROJECT = str(UUID(int=1)), str(UUID(int=2))
MINE = Visibility(SERVICE, ACCOUNT)
COLLEAGUE = Visibility(SERVICE, "another", frozenset({PROJECT}))
STRANGER = Visibility(SERVICE, "another", frozenset({OTHER_PROJECT}))
ANNA = Participant(label="Anna", email="anna@example.com", external_id="A-1")
BEN = Participant(label="Ben", email="ben@example.com", external_id="B-2")
THREADS = 16


@pytest.fixture
def journal(database: str) -> Iterator[Journal]:
    with closing(Journal(database)) as opened:
        yield opened


def press(
    nonce: str = "nonce",
    count: int = 2,
    people: Sequence[Participant] = (),
    replaces: Sequence[str] = (),
    overrides: Sequence[UpdateRoomRequest | None] = (),
    account: str = ACCOUNT,
    project: str = PROJECT,
) -> NewBatch:
    form = RoomSettings()
    planned = plan([form] * (len(people) or count))
    return NewBatch(nonce, account, SERVICE, project, "Coffee", form, planned, people, replaces, overrides)


def room(name: str, label: str | None = None) -> InterviewRoomResponse:
    made = datetime(2026, 3, 1, tzinfo=UTC)
    return InterviewRoomResponse(
        id=name,
        project_id=PROJECT,
        access_token=f"token-of-{name}",
        url=f"https://aseed.example/interview/token-of-{name}",
        room_name=f"interview-{name}",
        max_duration_minutes=30,
        status=PENDING,
        created_at=made,
        expires_at=made + timedelta(days=7),
        created_by="researcher",
        display_name=label,
    )


def started(journal: Journal, new: NewBatch, runner: str = "runner") -> tuple[Batch, Run]:
    batch, run = journal.batches.start(new, runner)
    assert run is not None
    run.keep_baseline(())
    return batch, run


def filled(journal: Journal, new: NewBatch, *names: str, is_over: bool = True) -> tuple[Batch, Run]:
    """A batch whose rooms have come."""
    batch, run = started(journal, new)
    call = run.claim()
    assert call is not None
    run.record_answer(call, [room(name) for name in names])
    if is_over:
        run.end()
    return batch, run


def told(journal: Journal, room_id: str, visibility: Visibility = MINE) -> list[str]:
    return [event.what for event in journal.rooms.history(visibility, room_id)]


# Whom rooms are for


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


# What was done to a room


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


# What is fine, and what is aimed at


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


# Replacements


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
    assert journal.batches.count(COLLEAGUE) == 1 and journal.batches.replacement(SERVICE, "old") == ("new", 0)
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
    assert len(created) == 1 and journal.batches.count(COLLEAGUE) == 1
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
    assert not clashes and journal.batches.count(MINE) == 1
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
    run.ask(OutcomeUnknown("Nobody can know."))
    run.release()
    assert journal.batches.cancel(batch.id) is False
    taken = journal.batches.take(batch.id, "another runner")
    assert taken is not None and taken.lost_calls() == [] and taken.claim() is None
    taken.record_retired([(its, True, "cancelled") for its in taken.unretired()])
    taken.end()
    over = journal.batches.find(batch.id, MINE)
    assert over is not None and over.state == State.CANCELLED and over.rooms == 1
    assert told(journal, "old")[-1] == "cancelled" and told(journal, "older") == []


# Speed


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


def test_replacement_needs_no_participant(journal: Journal) -> None:
    filled(journal, press(count=1, replaces=["old"]), "new")
    assert journal.batches.replacement(SERVICE, "old") == ("new", 0)


def test_forgetting_forgets_overrides(journal: Journal) -> None:
    own = UpdateRoomRequest(research_goals_override="To know why.")
    filled(journal, press(overrides=[own, own]), "a", "b")
    journal.forget(MINE)
    assert journal.batches.count(MINE) == 0
