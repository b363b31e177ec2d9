"""What is held on a person is found by their own name alone, and goes from every place when they withdraw."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Text, text

from services.aseed.models import COMPLETED
from services.export.person import FROM
from services.folding import folded
from services.journal.audit import Which
from services.journal.batch_search import BatchView
from services.journal.database import Database
from services.journal.deeds import Deed, Export
from services.journal.desk.records import Kind, Tick
from services.journal.journal import Journal
from services.journal.personal import traces
from services.journal.personal.records import Held, Key, Receipt, StillNeeded
from services.journal.tables import metadata
from services.participants import Participant
from tests.services.journal.created import MINE, PROJECT, room, started, told
from tests.services.journal.desks import offer, station
from tests.services.journal.personal.respondents import (
    ANNA,
    BEN,
    NAMES,
    columns_with,
    everywhere,
    made,
    pressed,
)

NAMING = [
    "batch_texts.folded", "batches.name", "batches.problem", "calls.problem", "calls.settings", "door_visits.email",
    "door_visits.panel_id", "door_visits.parameters", "events.what", "hand_outs.label", "hand_outs.operator",
    "hand_outs.room", "hand_outs.whom", "overrides.change", "participants.email", "participants.external_id",
    "participants.label", "people.email", "people.external_id", "people.label", "room_events.what", "rooms.room",
    "stations.about", "stations.name", "stations.operator",
]  # fmt: skip
"""The columns that may name a respondent."""

STAFF_WRITE = {"presets.name", "presets.settings"}
"""Columns in which an address of a respondent is looked for, as staff may have typed one."""

NAMES_NO_ONE = {
    "audit": "ids and the team",
    "door_answers": "numbers",
    "door_fills": "numbers",
    "door_texts": "what all visitors of a door read",
    "doors": "what all visitors of a door read, and the team",
    "person_tokens": "the team",
    "sign_ins": "the team",
    "link_keys": "digests",
    "listed_rooms": "ids",
    "own_links": "ids and links",
    "settled_flags": "ids and words of ours",
    "shared_links": "ids",
    "targets": "ids",
    "withdrawn_rooms": "ids",
}
"""Tables that cannot, and what their texts are."""

IDS_AND_WORDS = {
    "account", "baseline", "code", "created_by", "device", "how", "key", "holder", "kind", "label_state", "language",
    "link", "nonce", "person", "places", "project_id", "project_name", "replaces", "room_id", "runner", "service",
    "state", "station", "station_key", "status",
}  # fmt: skip
"""Columns of other tables that hold ids, links, words of ours, or what Aseed calls a project and who created a room."""


def test_every_column_of_text_is_thought_of() -> None:
    # A new one goes into one of these lists, and into services/journal/personal where it may name a person.
    columns = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        if table.name not in NAMES_NO_ONE
        for column in table.columns
        if isinstance(column.type, Text) and column.name not in IDS_AND_WORDS
    }
    assert columns == {*NAMING, *STAFF_WRITE, "batches.settings"}


def only(journal: Journal, text: str) -> Held:
    (found,) = journal.personal.find(text)
    return found


def withdrawn(journal: Journal, text: str = ANNA.email) -> Receipt:
    receipt = journal.personal.withdraw(only(journal, text).key)
    assert receipt is not None
    return receipt


@pytest.mark.parametrize("text", ["anna.petrova@EXAMPLE.org", " Ánna  petrova", "qx0417"])
def test_person_is_found_however_spelled(journal: Journal, text: str) -> None:
    everywhere(journal)
    found = only(journal, text)
    assert set(found.room_ids) == {"a", "elsewhere"} and len(found.batch_ids) == 2
    assert {trace.source.value for trace in found.traces} == {"participants", "people", "rooms", "hand_outs"}


@pytest.mark.parametrize("text", ["Anna", "petrova@example.org", "example.org", "QX", "041", "%", " ", "@"])
def test_part_of_a_name_finds_no_one(journal: Journal, text: str) -> None:
    everywhere(journal)
    assert journal.personal.find(text) == []


def test_people_of_one_name_are_told_apart(journal: Journal) -> None:
    namesakes = [
        Participant(label="Ivan Li", email="ivan@example.org"),
        Participant(label="Ivan Li", email="other@example.org"),
        Participant(label="Ivan Li", external_id="7"),
        Participant(label="Iván Li", external_id="8"),
    ]
    made(journal, pressed("namesakes", namesakes), "abcd")
    found = journal.personal.find("ivan li")
    assert sorted(held.room_ids for held in found) == [("a",), ("b",), ("c",), ("d",)]
    withdrawn(journal, "other@example.org")
    assert sorted(held.room_ids for held in journal.personal.find("ivan li")) == [("a",), ("c",), ("d",)]


def test_withdrawal_leaves_no_name_anywhere(journal: Journal, tables: Database) -> None:
    batch = everywhere(journal)
    before = columns_with(tables, *NAMES, folded(ANNA.label))
    assert before == NAMING
    receipt = withdrawn(journal)
    assert columns_with(tables, *NAMES, folded(ANNA.label)) == []
    assert receipt.room_ids == ("a", "elsewhere") and receipt.places == 1
    assert set(receipt.erased) == {"labels", "emails", "codes", "texts"}
    assert [(one.room_id, one.is_open, one.is_labelled) for one in receipt.rooms] == [
        ("a", False, True), ("elsewhere", True, False),
    ]  # fmt: skip
    # The neighbour and what the study is about are as they were.
    assert set(only(journal, BEN.email).room_ids) == {"b"} and columns_with(tables, BEN.label, "coffee")
    assert [each.id for each in journal.batches.these(MINE, journal.batches.ids(MINE, BatchView("calls"), 9))] == [
        batch.id
    ]
    assert journal.personal.find(ANNA.label) == []
    assert journal.personal.withdraw(Key(email="anna.petrova@example.org")) is None


def test_withdrawn_room_stays_for_bookkeeping(journal: Journal) -> None:
    batch = everywhere(journal)
    withdrawn(journal)
    found = journal.batches.find(batch.id, MINE)
    assert found is not None and (found.rooms, found.wanted, found.labels_failed) == (2, 2, 0)
    first, second = journal.batches.rooms(batch.id)
    assert first.is_withdrawn and first.participant == Participant() and first.room.id == "a" and first.link
    assert not second.is_withdrawn and second.participant == BEN
    assert told(journal, "a")[-1] == "the person's data was withdrawn"
    assert journal.rooms.known(MINE)["a"].handed_out is not None
    assert journal.batches.withdrawn(batch.id) == {"a"}


def test_withdrawn_link_goes_to_no_one(journal: Journal) -> None:
    batch = made(journal, pressed("nonce", [ANNA, BEN]), "ab")
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", ANNA.label, batch.id), offer("b", BEN.label, batch.id)])
    withdrawn(journal)
    assert journal.batches.links(batch.id) == [room("b").url]
    # Also where a page still has a list from before.
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", ANNA.label, batch.id), offer("b", BEN.label, batch.id)])
    assert [each.room_id for each in journal.hand_outs.people(MINE, PROJECT)] == ["b"]
    desk = journal.stations.open(MINE, station())
    assert journal.hand_outs.claim(MINE, desk, "a") is None
    claimed = journal.hand_outs.claim(MINE, desk)
    assert claimed is not None and claimed.room_id == "b"


def test_given_link_is_not_given_again(journal: Journal) -> None:
    made(journal, pressed("nonce", [ANNA]), "a")
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", ANNA.label)])
    desk = journal.stations.open(MINE, station())
    assert journal.hand_outs.claim(MINE, desk) is not None
    journal.hand_outs.record_status(MINE, "a", room("a"))
    assert journal.hand_outs.give_on_paper(MINE, "a", desk.key)
    withdrawn(journal)
    assert journal.hand_outs.return_given(MINE, "a")
    assert journal.hand_outs.claim(MINE, desk) is None and journal.hand_outs.left(MINE, PROJECT).free == 0


def test_nothing_brings_the_name_back(journal: Journal, tables: Database) -> None:
    batch = everywhere(journal)
    (kept, _) = journal.batches.rooms(batch.id)
    withdrawn(journal)
    answer = room("a", ANNA.label).model_copy(
        update={"respondent_email": ANNA.email, "topics_for_respondent": ANNA.topics_for_respondent, "more": ANNA.email}
    )
    journal.rooms.relabel(MINE, PROJECT, {"a": ANNA, "b": BEN})
    journal.batches.record_labels([(kept, answer)])
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", ANNA.label)])
    journal.hand_outs.record_status(MINE, "a", answer)
    journal.hand_outs.name(MINE, "a", ANNA.label)
    pack = journal.stations.open(MINE, station("Pack", kind=Kind.PACK))
    found = journal.hand_outs.find(MINE, "a")
    assert found is not None
    journal.packs.enter(MINE, pack, [Tick("a", given=found.given or datetime.now(UTC), label=ANNA.label)])
    assert columns_with(tables, *NAMES) == []


def test_withdrawn_people_are_called_so(journal: Journal) -> None:
    everywhere(journal)
    (short,) = (batch.id for batch in journal.batches.newest(MINE, 9) if not batch.rooms)
    assert journal.batches.without_room(short) == [(1, ANNA.label)]
    withdrawn(journal)
    assert journal.batches.without_room(short) == [(1, "Withdrawn")]
    assert [each.name for each in journal.hand_outs.out(MINE, PROJECT)] == ["Withdrawn"]


def test_batch_at_work_is_refused_plainly(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, pressed("nonce", [ANNA]))
    with pytest.raises(StillNeeded) as refused:
        journal.personal.withdraw(only(journal, ANNA.email).key)
    assert refused.value.batches == (batch.id,) and columns_with(tables, ANNA.email)
    run.end()
    assert withdrawn(journal).places == 1


def test_link_on_show_is_refused_plainly(journal: Journal) -> None:
    made(journal, pressed("nonce", [ANNA]), "a")
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", ANNA.label)])
    desk = journal.stations.open(MINE, station("Desk A"))
    assert journal.hand_outs.claim(MINE, desk) is not None
    with pytest.raises(StillNeeded) as refused:
        journal.personal.withdraw(only(journal, ANNA.email).key)
    assert refused.value.desks == ("Desk A",)


def test_room_that_is_now_for_another_stays_theirs(journal: Journal, tables: Database) -> None:
    batch = made(journal, pressed("nonce", [ANNA]), "a")
    journal.rooms.relabel(MINE, PROJECT, {"a": BEN})
    withdrawn(journal)
    assert columns_with(tables, *NAMES) == []
    (kept,) = journal.batches.rooms(batch.id)
    assert kept.participant == BEN and not kept.is_withdrawn and kept.hides_names
    assert journal.batches.links(batch.id) == [room("a").url]


def test_who_joined_for_another_goes_alone(journal: Journal, tables: Database) -> None:
    batch = made(journal, pressed("nonce", [BEN]), "b")
    (kept,) = journal.batches.rooms(batch.id)
    joined = room("b", BEN.label).model_copy(update={"respondent_email": ANNA.email})
    journal.batches.record_labels([(kept, joined)])
    withdrawn(journal)
    (kept,) = journal.batches.rooms(batch.id)
    assert kept.participant == BEN and kept.room.display_name == BEN.label and kept.room.respondent_email is None
    assert columns_with(tables, *NAMES) == []


def test_audit_tells_rooms_and_no_name(journal: Journal) -> None:
    everywhere(journal)
    journal.audit.note(Deed.EXPORT, kind=Export.EXCEL, rooms=["a", "b"])
    journal.audit.note(Deed.EXPORT, kind=Export.LINKS, rooms=["a"])
    journal.audit.note(Deed.EXPORT, kind=Export.CSV, rooms=["b"])
    receipt = withdrawn(journal)
    assert [(file.kind, file.rooms) for file in receipt.files] == [("excel", 1)]
    newest = journal.audit.lines(Which(), 1)[0]
    assert newest.deed == Deed.WITHDRAW and newest.told["rooms"] == ["a", "elsewhere"]
    assert newest.told["kind"] == "by_wish" and journal.audit.verify().is_whole


def test_texts_of_the_study_stay(journal: Journal) -> None:
    short = Participant(label="7", email="coffee@example.org", external_id="Al")
    batch = made(journal, pressed("nonce", [short, BEN]), "ab")
    journal.batches.rename(batch.id, "Al has 7 coffees")
    withdrawn(journal, short.email)
    found = journal.batches.find(batch.id, MINE)
    assert found is not None and found.name == "Al has 7 coffees"
    assert found.settings.topics_for_respondent == "Coffee"


def test_items_have_all_but_the_keys(journal: Journal) -> None:
    everywhere(journal)
    held, items = journal.personal.held(only(journal, ANNA.email).key)
    assert held is not None and {item["table"] for item in items} == {
        "participants", "people", "rooms", "hand_outs", "overrides", "calls", "room_events", "settled_flags", "batches",
        "events", "stations",
    }  # fmt: skip
    assert {item["table"] for item in items} <= set(FROM)
    whole = str(items)
    assert ANNA.email in whole and "token-of-" not in whole and BEN.label not in whole and BEN.email not in whole


def test_room_of_no_batch_is_held_too(journal: Journal) -> None:
    journal.rooms.relabel(MINE, PROJECT, {"elsewhere": ANNA})
    _, items = journal.personal.held(only(journal, ANNA.email).key)
    assert {item["table"] for item in items} == {"people"}


def aged(tables: Database, days: float) -> None:
    with tables.writing() as db:
        for column in ("batches SET ended_at = ended_at", "hand_outs SET given_at = given_at"):
            db.execute(text(f"UPDATE {column} - {days * 86_400}"))
        db.execute(text(f"UPDATE hand_outs SET claimed_at = claimed_at - {days * 86_400}"))
        db.execute(text(f"UPDATE room_events SET at = at - {days * 86_400}"))


def test_old_data_goes_once_and_alone(journal: Journal, tables: Database) -> None:
    everywhere(journal)
    assert journal.personal.forget_older(30) == 0
    aged(tables, 31)
    journal.rooms.relabel(MINE, PROJECT, {"elsewhere too": ANNA})
    fresh = replace(BEN, email="fresh@example.org", label="Fresh One", external_id="F-1001")
    made(journal, pressed("fresh", [fresh]), "f")
    assert journal.personal.forget_older(30) == 3
    # Of a room that was not created here and of which nothing else is known, no one can tell how old it is.
    assert only(journal, ANNA.email).room_ids == ("elsewhere too",)
    assert columns_with(tables, BEN.label, BEN.email, BEN.external_id) == []
    assert only(journal, fresh.email).room_ids == ("f",)
    newest = journal.audit.lines(Which(), 9)
    assert {(line.told["kind"], line.person, line.role) for line in newest if line.deed == Deed.WITHDRAW} == {
        ("by_age", "", "")
    }
    assert journal.personal.forget_older(30) == 0


def test_old_address_of_a_visitor_goes(journal: Journal, tables: Database) -> None:
    journal.hand_outs.offer(MINE, PROJECT, [offer("walk-in")])
    desk = journal.stations.open(MINE, station())
    assert journal.hand_outs.claim(MINE, desk) is not None
    journal.hand_outs.record_status(MINE, "walk-in", room("walk-in"))
    joined = room("walk-in").model_copy(update={"status": COMPLETED, "respondent_email": ANNA.email})
    journal.hand_outs.record_status(MINE, "walk-in", joined)
    assert journal.personal.forget_older(30) == 0 and columns_with(tables, ANNA.email) == ["hand_outs.room"]
    aged(tables, 31)
    assert journal.personal.forget_older(30) == 1 and columns_with(tables, ANNA.email) == []


def test_four_processes_take_each_out_once(journal: Journal, tables: Database) -> None:
    everywhere(journal)
    aged(tables, 31)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(journal.personal.forget_older, [30] * 4))
    lines = [line for line in journal.audit.every(Which()) if line.deed == Deed.WITHDRAW]
    assert sum(counts) == 3 and sorted(one for line in lines for one in line.told.get("rooms", [])) == [
        "a", "b", "elsewhere",
    ]  # fmt: skip
    assert journal.audit.verify().is_whole


def test_old_batch_waits_for_its_last_hand_out(journal: Journal, tables: Database) -> None:
    everywhere(journal)
    with tables.writing() as db:
        db.execute(text("UPDATE batches SET ended_at = ended_at - 31 * 86400"))
    journal.personal.forget_older(30)
    assert set(only(journal, ANNA.email).room_ids) == {"a", "elsewhere"}


def test_old_batch_at_work_is_left_alone(journal: Journal, tables: Database) -> None:
    batch, _run = started(journal, pressed("nonce", [ANNA]))
    with tables.writing() as db:
        db.execute(text("UPDATE batches SET made_at = made_at - 31 * 86400"))
    assert journal.personal.forget_older(30) == 0 and only(journal, ANNA.email).batch_ids == (batch.id,)


def test_sandbox_reset_forgets_withdrawn_rooms(journal: Journal) -> None:
    everywhere(journal)
    withdrawn(journal)
    journal.forget(MINE)
    assert journal.rooms.known(MINE) == {}


def test_topics_of_two_go_with_the_second(journal: Journal, tables: Database) -> None:
    own = "Night shifts in ward seven"
    pair = [replace(person, topics_for_respondent=own) for person in (ANNA, BEN)]
    batch = made(journal, pressed("nonce", pair), "ab")
    kept = journal.batches.rooms(batch.id)
    journal.batches.record_labels([(one, one.room.model_copy(update={"topics_for_respondent": own})) for one in kept])
    withdrawn(journal)
    assert columns_with(tables, own) == ["calls.settings", "rooms.room"]
    withdrawn(journal, BEN.email)
    assert columns_with(tables, own) == []


def test_everyone_is_found_in_a_large_journal(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "ROWS_AT_ONCE", 2)
    everywhere(journal)
    found = only(journal, ANNA.email)
    assert set(found.room_ids) == {"a", "elsewhere"} and len(found.traces) == 8
    assert only(journal, BEN.external_id).room_ids == ("b",)
