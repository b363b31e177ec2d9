"""Hand-outs on both databases: a room is with one person, or on one screen, or in the pool."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import literal, update

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED
from services.journal.database import Database
from services.journal.desk.records import HandOutState, How
from services.journal.journal import Journal
from services.journal.tables import hand_outs
from services.journal.visibility import Visibility
from tests.services.journal.desks import (
    ENDS,
    MINE,
    OTHER_PROJECT,
    PROJECT,
    SERVICE,
    history,
    ids,
    offer,
    opened,
    room,
    shown,
    state,
    station,
)

COLLEAGUE = Visibility(SERVICE, "another", frozenset({PROJECT}))
STRANGER = Visibility(SERVICE, "another", frozenset({OTHER_PROJECT}))


def test_rooms_are_given_in_order_of_offers(journal: Journal) -> None:
    desk = opened(journal, "c", "a", "b")
    given = []
    for _ in range(3):
        one = shown(journal, desk)
        given.append(one.room_id)
        assert journal.hand_outs.give_on_paper(MINE, one.room_id, desk.key)
    assert given == ["c", "a", "b"]
    assert journal.hand_outs.claim(MINE, desk) is None


def test_second_claim_of_a_station_is_the_first(journal: Journal) -> None:
    desk = opened(journal, "a", "b")
    first = shown(journal, desk)
    again = journal.hand_outs.claim(MINE, desk)
    assert again is not None and again.room_id == first.room_id
    certain = journal.hand_outs.claim(MINE, desk, "b")
    assert certain is not None and certain.room_id == first.room_id
    assert state(journal, "b") == HandOutState.FREE


def test_hand_out_names_station_operator_and_moment(journal: Journal) -> None:
    desk = opened(journal, "a")
    one = shown(journal, desk)
    assert (one.station, one.operator, one.by) == ("Desk A", "Maria", "Desk A, Maria")
    assert one.claimed is not None and abs(one.claimed - datetime.now(UTC)) < timedelta(minutes=1)
    begun = journal.hand_outs.record_status(MINE, "a", room("a", ACTIVE))
    assert (
        begun is not None and begun.state == HandOutState.GIVEN and begun.how == How.SCREEN and begun.given is not None
    )
    assert history(journal, "a") == ["on show at Desk A, Maria", "handed out at Desk A, Maria"]
    known = journal.rooms.known(MINE)["a"]
    assert known.handed_out == begun.given and known.handed_out_by == "Desk A, Maria"


@pytest.mark.parametrize("status", [ACTIVE, COMPLETED, EXPIRED, CANCELLED, "a new one"])
def test_room_used_before_it_was_shown_is_gone(journal: Journal, status: str) -> None:
    desk = opened(journal, "a")
    claimed = journal.hand_outs.claim(MINE, desk)
    assert claimed is not None
    looked = journal.hand_outs.record_status(MINE, "a", room("a", status))
    assert looked is not None and looked.state == HandOutState.GONE
    assert journal.hand_outs.claim(MINE, desk) is None
    assert journal.rooms.known(MINE).get("a") is None


@pytest.mark.parametrize("status", [EXPIRED, CANCELLED])
def test_what_ends_on_the_screen_leaves_it(journal: Journal, status: str) -> None:
    desk = opened(journal, "a")
    shown(journal, desk)
    journal.hand_outs.record_status(MINE, "a", room("a", status))
    assert journal.hand_outs.in_hand(desk.key) is None and state(journal, "a") == HandOutState.GONE


def test_room_unknown_to_the_service_is_gone(journal: Journal) -> None:
    desk = opened(journal, "a")
    shown(journal, desk)
    journal.hand_outs.record_status(MINE, "a", None)
    assert journal.hand_outs.in_hand(desk.key) is None and state(journal, "a") == HandOutState.GONE


def test_room_given_back_comes_last_without_station(journal: Journal) -> None:
    desk = opened(journal, "a", "b")
    shown(journal, desk)
    assert journal.hand_outs.give_back(MINE, "a", desk.key)
    assert not journal.hand_outs.give_back(MINE, "a", desk.key)
    back = journal.hand_outs.find(MINE, "a")
    assert back is not None and back.claimed is None and back.by == ""
    assert shown(journal, desk).room_id == "b"
    journal.hand_outs.give_on_paper(MINE, "b", desk.key)
    assert shown(journal, desk).room_id == "a"


def test_only_the_showing_station_moves_its_room(journal: Journal) -> None:
    desk = opened(journal, "a")
    other = journal.stations.open(MINE, station("Desk B"))
    shown(journal, desk)
    assert not journal.hand_outs.give_back(MINE, "a", other.key)
    assert not journal.hand_outs.give_on_paper(MINE, "a", other.key)
    assert state(journal, "a") == HandOutState.SHOWN


def test_recalled_room_is_free_only_when_returned(journal: Journal) -> None:
    desk = opened(journal, "a")
    other = journal.stations.open(MINE, station("Desk B"))
    shown(journal, desk)
    assert journal.hand_outs.recall(MINE, "a") and state(journal, "a") == HandOutState.RECALLED
    assert journal.hand_outs.claim(MINE, other) is None
    journal.hand_outs.record_status(MINE, "a", room("a"))
    assert state(journal, "a") == HandOutState.RECALLED
    assert journal.hand_outs.return_recalled(MINE, "a")
    assert shown(journal, other).room_id == "a"


def test_interview_begun_during_recall_is_given(journal: Journal) -> None:
    desk = opened(journal, "a")
    shown(journal, desk)
    journal.hand_outs.recall(MINE, "a")
    journal.hand_outs.record_status(MINE, "a", room("a", ACTIVE))
    assert state(journal, "a") == HandOutState.GIVEN
    assert not journal.hand_outs.return_recalled(MINE, "a")


def test_paper_link_returns_only_while_pending(journal: Journal) -> None:
    desk = opened(journal, "a", "b")
    for _ in range(2):
        one = shown(journal, desk)
        journal.hand_outs.give_on_paper(MINE, one.room_id, desk.key)
    journal.hand_outs.record_status(MINE, "b", room("b", ACTIVE))
    assert journal.hand_outs.left(MINE, PROJECT).given == 2
    assert journal.hand_outs.return_given(MINE, "a") and state(journal, "a") == HandOutState.FREE
    assert not journal.hand_outs.return_given(MINE, "b") and state(journal, "b") == HandOutState.GIVEN
    assert journal.hand_outs.left(MINE, PROJECT).given == 1


def test_station_by_name_skips_named_rooms(journal: Journal) -> None:
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", "Anna"), offer("b"), offer("c", "Boris")])
    desk = journal.stations.open(MINE, station(by_name=True))
    assert journal.hand_outs.left(MINE, PROJECT).free == 3 and journal.hand_outs.left(MINE, PROJECT).unnamed == 1
    one = shown(journal, desk)
    assert one.room_id == "b"
    journal.hand_outs.give_on_paper(MINE, "b", desk.key)
    assert journal.hand_outs.claim(MINE, desk) is None
    certain = journal.hand_outs.claim(MINE, desk, "c")
    assert certain is not None and certain.known_as == "Boris"
    assert [each.known_as for each in journal.hand_outs.people(MINE, PROJECT)] == ["Anna", "Boris"]


def test_room_that_gets_a_label_is_named(journal: Journal) -> None:
    opened(journal, "a")
    journal.hand_outs.name(MINE, "a", "Анна")
    assert [(each.label, each.is_named) for each in journal.hand_outs.people(MINE, PROJECT)] == [("Анна", True)]


def test_station_of_one_batch_gives_its_rooms(journal: Journal) -> None:
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", batch=1), offer("b", batch=2)])
    desk = journal.stations.open(MINE, station(batch_id=2))
    assert shown(journal, desk).room_id == "b"
    journal.hand_outs.give_on_paper(MINE, "b", desk.key)
    assert journal.hand_outs.claim(MINE, desk) is None
    assert journal.hand_outs.left(MINE, PROJECT, 1).free == 1 and journal.hand_outs.left(MINE, PROJECT, 2).free == 0


def test_new_offer_replaces_only_free_rooms(journal: Journal) -> None:
    desk = opened(journal, "a", "b")
    shown(journal, desk)
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", "Anna"), offer("c")])
    assert [state(journal, name) for name in "abc"] == [HandOutState.SHOWN, HandOutState.GONE, HandOutState.FREE]
    assert journal.hand_outs.left(MINE, PROJECT).free == 1
    journal.hand_outs.offer(MINE, PROJECT, [offer("b"), offer("c")])
    assert state(journal, "b") == HandOutState.FREE
    assert state(journal, "a") == HandOutState.SHOWN


def test_links_that_end_soon_are_counted_listed(journal: Journal) -> None:
    desk = opened(journal, "a", "b", "c")
    shown(journal, desk)
    late, early = (ENDS + timedelta(hours=1)).timestamp(), (ENDS - timedelta(hours=1)).timestamp()
    assert journal.hand_outs.left(MINE, PROJECT, ending=late).ending == 3
    assert ids(journal.hand_outs.ending(MINE, PROJECT, None, late)) == ["a", "b", "c"]
    assert journal.hand_outs.left(MINE, PROJECT, ending=early).ending == 0


def test_room_is_due_for_one_window_only(journal: Journal) -> None:
    desk = opened(journal, "a", "b", "c")
    for _ in range(2):
        one = shown(journal, desk)
        journal.hand_outs.give_on_paper(MINE, one.room_id, desk.key)
    journal.hand_outs.record_status(MINE, "b", room("b", COMPLETED))
    assert journal.hand_outs.due(MINE, PROJECT, -1, 10) == ["a"]
    assert journal.hand_outs.due(MINE, PROJECT, 60, 10) == []


@pytest.mark.parametrize("clock_stands", [False, True])
def test_who_has_what_is_told_newest_first(
    clock_stands: bool, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    if clock_stands:
        monkeypatch.setattr(journal._database, "now", literal(1.0))
    desk = opened(journal, "a", "b", "c")
    for _ in range(2):
        one = shown(journal, desk)
        journal.hand_outs.give_on_paper(MINE, one.room_id, desk.key)
    shown(journal, desk)
    assert ids(journal.hand_outs.out(MINE, PROJECT)) == ["c", "b", "a"]


def test_pool_is_shared_by_project_readers_only(journal: Journal) -> None:
    desk = opened(journal, "a", "b")
    theirs = journal.stations.open(COLLEAGUE, station("Desk B"))
    shown(journal, desk)
    assert shown(journal, theirs, COLLEAGUE).room_id == "b"
    assert journal.hand_outs.claim(STRANGER, station("Desk C")) is None
    assert journal.hand_outs.out(STRANGER, PROJECT) == []
    assert journal.hand_outs.find(STRANGER, "a") is None
    assert not journal.hand_outs.give_back(STRANGER, "a", desk.key)
    assert journal.stations.find(STRANGER, desk.key) is None


def test_forgetting_forgets_hand_outs_and_stations(journal: Journal) -> None:
    desk = opened(journal, "a")
    journal.forget(MINE)
    assert journal.hand_outs.find(MINE, "a") is None and journal.stations.find(MINE, desk.key) is None


def test_link_of_two_rooms_is_not_given(journal: Journal) -> None:
    desk = opened(journal, "a", "b")
    twin = room("b").model_copy(update={"id": "c"})
    journal.links.note_listed(MINE, [room("a"), room("b"), twin])
    assert journal.hand_outs.left(MINE, PROJECT).free == 1
    assert shown(journal, desk).room_id == "a"
    assert journal.hand_outs.claim(MINE, station("Desk B")) is None
    assert journal.hand_outs.claim(MINE, station("Desk C"), "b") is None
    pack = station("Clinic")
    journal.packs.pack(MINE, pack, 10)
    assert journal.packs.packed(MINE, pack) == ([], 0)


def test_own_answer_on_show_may_tell_of_conflict(journal: Journal) -> None:
    desk = opened(journal, "a", "b")
    journal.links.note_listed(MINE, [room("a"), room("b")])
    one = shown(journal, desk)
    assert not one.shares_link
    same = {"url": room("b").url, "access_token": room("b").access_token}
    looked = journal.hand_outs.record_status(MINE, one.room_id, room("a").model_copy(update=same))
    assert looked is not None and looked.shares_link
    assert [each.shares_link for each in journal.hand_outs.out(MINE, PROJECT)] == [True]
    # Once both have been asked for, the screen gets the link of the room's own answer.
    own = room("a").model_copy(update={"url": f"{room('a').url}-own", "access_token": "own"})
    assert journal.links.settle(MINE, [own, room("b")]) == 2
    held = journal.hand_outs.in_hand(desk.key)
    assert held is not None and not held.shares_link and (held.link, held.has_own_link) == (own.url, True)


def test_news_are_written_just_after_a_look(journal: Journal) -> None:
    desk = opened(journal, "a")
    shown(journal, desk)
    same = journal.hand_outs.record_status(MINE, "a", room("a"))
    assert same is not None and same.state == HandOutState.SHOWN
    for status in (ACTIVE, COMPLETED):
        begun = journal.hand_outs.record_status(MINE, "a", room("a", status))
        assert begun is not None and (begun.state, begun.status) == (HandOutState.GIVEN, status)


def test_old_answer_counts_as_new_once_repeated(journal: Journal, tables: Database) -> None:
    desk = opened(journal, "a")
    shown(journal, desk)
    with tables.writing() as db:
        db.execute(update(hand_outs).values(looked_at=tables.now - 60))
    assert journal.hand_outs.due(MINE, PROJECT, 30, 5) == ["a"]
    with tables.writing() as db:
        db.execute(update(hand_outs).values(looked_at=tables.now - 60))
    journal.hand_outs.record_status(MINE, "a", room("a"))
    assert journal.hand_outs.due(MINE, PROJECT, 30, 5) == []


def test_rooms_in_use_are_all_but_the_pool(journal: Journal) -> None:
    at = opened(journal, "a", "b", "c")
    journal.hand_outs.give_on_paper(MINE, shown(journal, at).room_id, at.key)
    shown(journal, at)
    assert journal.hand_outs.in_use(MINE, PROJECT) == {"a", "b"}


def test_room_to_be_cancelled_is_not_offered_again(journal: Journal, tables: Database) -> None:
    desk = opened(journal, "a", "b")
    shown(journal, desk)
    assert journal.hand_outs.take_out(MINE, PROJECT, ["a", "b"]) == ["b"]
    # A list that still has it, read while others are cancelled.
    journal.hand_outs.offer(MINE, PROJECT, [offer("a"), offer("b")])
    assert journal.hand_outs.claim(MINE, journal.stations.open(MINE, station("Desk B"))) is None
    # The process that was to cancel it may have been killed.
    with tables.writing() as db:
        db.execute(update(hand_outs).where(hand_outs.c.room_id == "b").values(claimed_at=tables.now - 700))
    journal.hand_outs.offer(MINE, PROJECT, [offer("a"), offer("b")])
    assert state(journal, "b") == HandOutState.FREE
