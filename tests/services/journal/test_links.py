"""One link in two rooms is noticed wherever the second one comes from, and settled by the rooms' own answers alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

import pytest

from services.aseed.models import CANCELLED, InterviewRoomResponse
from services.journal.database import JournalError
from services.journal.journal import Journal
from services.journal.links import Twin
from services.journal.records import Batch
from services.journal.visibility import Visibility
from tests.services.journal.created import (
    ACCOUNT,
    ANNA,
    COLLEAGUE,
    MINE,
    OTHER_PROJECT,
    PROJECT,
    SERVICE,
    STRANGER,
    press,
    room,
    started,
    told,
)

OTHERS = Visibility(SERVICE, "another", frozenset({OTHER_PROJECT}))


def like(name: str, other: str, **changes: str) -> InterviewRoomResponse:
    """A room with the link of another one."""
    twin = room(other)
    return room(name).model_copy(update={"url": twin.url, "access_token": twin.access_token, **changes})


def created(journal: Journal, nonce: str, answer: Sequence[InterviewRoomResponse], account: str = ACCOUNT) -> Batch:
    batch, run = started(journal, press(nonce, len(answer), account=account, project=answer[0].project_id))
    call = run.claim()
    assert call is not None
    run.record_answer(call, answer)
    run.end()
    found = journal.batches.find(batch.id, Visibility(SERVICE, account))
    assert found is not None
    return found


def in_conflict(journal: Journal) -> set[str]:
    known = journal.rooms.known(MINE)
    return {room_id for room_id, record in known.items() if record.shares_link}


def test_two_rooms_of_one_answer_are_in_conflict(journal: Journal) -> None:
    batch = created(journal, "one", [room("a"), like("b", "a"), room("c")])
    assert in_conflict(journal) == {"a", "b"} and batch.shared == 2
    assert {kept.room.id: kept.shares_link for kept in journal.batches.rooms(batch.id)} == {
        "a": True,
        "b": True,
        "c": False,
    }
    assert journal.batches.links(batch.id) == [room("c").url]
    assert journal.links.shared(batch.id) == {"a", "b"}
    assert journal.links.conflicts(MINE) == [[Twin("a", batch.id, 1), Twin("b", batch.id, 2)]]


def test_room_of_an_earlier_batch_is_in_conflict(journal: Journal) -> None:
    first = created(journal, "one", [room("a"), room("x")])
    assert first.shared == 0
    second = created(journal, "two", [like("b", "a")])
    found = journal.batches.find(first.id, MINE)
    assert found is not None and (found.shared, second.shared) == (1, 1)
    assert journal.batches.links(first.id) == [room("x").url] and journal.batches.links(second.id) == []
    assert journal.links.conflicts(MINE, first.id) == [[Twin("a", first.id, 1), Twin("b", second.id, 1)]]


def test_twin_in_another_account_is_not_named(journal: Journal) -> None:
    mine = created(journal, "one", [room("a")])
    created(journal, "two", [like("b", "a", project_id=OTHER_PROJECT)], account="another")
    assert journal.links.conflicts(MINE) == [[Twin(""), Twin("a", mine.id, 1)]]
    assert journal.links.conflicts(STRANGER)[0][-1].room_id == "b"
    assert journal.links.count(MINE, PROJECT) == journal.links.count(COLLEAGUE, PROJECT) == 1


def test_answer_to_a_label_may_bring_the_conflict(journal: Journal) -> None:
    batch, run = started(journal, press("one", people=(ANNA, ANNA)))
    call = run.claim()
    assert call is not None
    run.record_answer(call, [room("a"), room("b")])
    kept = run.unlabelled(10)
    run.record_labels([(kept[0], room("a", "Anna")), (kept[1], like("b", "a"))])
    assert in_conflict(journal) == {"a", "b"}
    # What it told at first is still its link, and no other room may have that one either.
    created_later = created_in_other_project(journal, like("c", "b"))
    assert created_later.shared == 1 and in_conflict(journal) >= {"b"}
    assert batch.id != created_later.id


def created_in_other_project(journal: Journal, one: InterviewRoomResponse) -> Batch:
    return created(journal, "elsewhere", [one.model_copy(update={"project_id": OTHER_PROJECT})])


def test_listed_room_may_have_link_of_ours(journal: Journal) -> None:
    batch = created(journal, "one", [room("a")])
    journal.links.note_listed(MINE, [room("a"), room("x"), room("a")])
    assert in_conflict(journal) == set()
    journal.links.note_listed(MINE, [like("stranger", "a"), room("x")])
    assert in_conflict(journal) == {"a", "stranger"}
    assert journal.links.conflicts(MINE, batch.id) == [[Twin("stranger"), Twin("a", batch.id, 1)]]


def test_two_listed_rooms_are_in_conflict(journal: Journal) -> None:
    journal.links.note_listed(MINE, [room("x"), like("y", "x"), room("z")])
    assert in_conflict(journal) == {"x", "y"}
    assert journal.links.conflicts(MINE) == [[Twin("x"), Twin("y")]]
    assert journal.links.conflicts(STRANGER) == []


def test_new_room_with_link_of_a_listed_one(journal: Journal) -> None:
    journal.links.note_listed(MINE, [room("older")])
    assert created(journal, "one", [like("a", "older")]).shared == 1


def test_two_links_by_own_answers_settle_it(journal: Journal) -> None:
    batch = created(journal, "one", [room("a"), like("b", "a")])
    assert journal.links.together(SERVICE, ["b"]) == [["a", "b"]]
    assert journal.links.settle(MINE, [room("a"), room("b")]) == 2
    assert in_conflict(journal) == set() and journal.links.conflicts(MINE) == []
    assert journal.batches.links(batch.id) == [room("a").url, room("b").url]
    assert journal.rooms.known(MINE)["b"].link == room("b").url
    assert "it has one of its own" in told(journal, "b")[-1]
    # A list that still tells the old one changes nothing; a new room with the new link does.
    journal.links.note_listed(MINE, [room("a"), like("b", "a")])
    assert in_conflict(journal) == set()
    assert created_in_other_project(journal, like("c", "b")).shared == 1
    assert in_conflict(journal) == {"b", "c"}


def test_one_link_by_own_answers_stays_a_conflict(journal: Journal) -> None:
    created(journal, "one", [room("a"), like("b", "a"), like("c", "a")])
    assert journal.links.settle(MINE, [room("a"), like("b", "a"), room("c")]) == 1
    assert in_conflict(journal) == {"a", "b"}
    assert journal.links.settle(MINE, [room("a"), like("b", "a")]) == 0
    assert journal.links.settle(MINE, [room("a"), room("b")]) == 2


def test_answers_of_a_part_settle_nothing(journal: Journal) -> None:
    batch = created(journal, "one", [room("a"), like("b", "a")])
    assert journal.links.settle(MINE, [room("b")]) == 0
    assert in_conflict(journal) == {"a", "b"} and journal.batches.links(batch.id) == []
    assert journal.links.settle(MINE, [room("x")]) == 0


def test_own_link_may_be_a_third_rooms(journal: Journal) -> None:
    created(journal, "one", [room("a"), like("b", "a"), room("c")])
    assert journal.links.settle(MINE, [room("a"), like("b", "c")]) == 1
    assert in_conflict(journal) == {"b", "c"}


def test_end_of_a_room_settles_nothing(journal: Journal) -> None:
    batch = created(journal, "one", [room("a"), like("b", "a")])
    journal.links.note_listed(MINE, [room("a").model_copy(update={"status": CANCELLED}), like("b", "a")])
    assert in_conflict(journal) == {"a", "b"} and journal.batches.links(batch.id) == []
    # But a room that is over needs no person.
    found = journal.batches.find(batch.id, MINE)
    assert found is not None and found.shared == journal.links.count(MINE, PROJECT) == 1


def test_reset_forgets_links(journal: Journal) -> None:
    created(journal, "one", [room("a")])
    theirs = created(journal, "two", [like("b", "a", project_id=OTHER_PROJECT)], account="another")
    assert theirs.shared == 1
    journal.forget(MINE)
    found = journal.batches.find(theirs.id, OTHERS)
    assert found is not None and found.shared == 0 and journal.batches.links(theirs.id) == [room("a").url]
    assert created(journal, "three", [room("x")]).shared == 0


def test_link_written_twice_at_once_is_noticed(database: str, journal: Journal) -> None:
    gate = Barrier(2)

    def listing(name: str) -> None:
        with closing(Journal(database)) as another:
            gate.wait()
            another.links.note_listed(MINE, [like(name, "a")])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(listing, ("b", "c")))
    assert in_conflict(journal) == {"b", "c"}


def test_unwritable_journal_hides_no_conflict(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    created(journal, "one", [room("a")])

    def refuse(*_: object) -> None:
        raise JournalError("The journal's database does not work.")

    monkeypatch.setattr("services.journal.links.note_links", refuse)
    journal.links.note_listed(MINE, [room("new")])
    with pytest.raises(JournalError):
        journal.links.note_listed(MINE, [like("b", "a")])
