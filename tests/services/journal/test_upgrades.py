"""A journal of any earlier revision loses nothing when a newer dashboard opens it, is read, and goes on."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from services.aseed.errors import Invalid, TokenRefused
from services.aseed.models import UpdateRoomRequest
from services.journal import database as journal_database
from services.journal.audit import Which
from services.journal.batch_search import BatchView
from services.journal.database import NEWEST, Database
from services.journal.desk.records import HandOutState, How, Kind
from services.journal.door.records import VisitState
from services.journal.journal import Journal
from services.journal.records import CallState, LabelState, Stage, State
from services.participants import Participant
from services.people.acting import Person
from services.people.roles import Role
from services.rooms.flags import Flag
from tests.services.journal.desks import offer, shown, station
from tests.services.journal.presses import MINE, claimed, now, press, rooms, started
from tests.services.journal.test_migrations import scripts
from tests.services.journal.upgrades import PROJECT, ROWS, NoRows, content, fill, link

REVISIONS = [script.revision for script in reversed(list(scripts().walk_revisions()))]

MOVED = {("participants", "overrides"): ("overrides", "change")}
"""Where a column went that is no more in its table, under the same key; what was empty has no row there."""

ANNA = Person("person-1", "anna@example.org", Role.ADMIN)

Content = Mapping[str, Mapping[tuple[Any, ...], Mapping[str, Any]]]


@contextmanager
def standing_at(revision: str, url: str) -> Iterator[Connection]:
    """A transaction on the database, which is brought to an earlier revision."""
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(journal_database, "NEWEST", revision)
        with closing(Database(url)) as opened, opened.writing() as db:
            yield db


@pytest.fixture(params=REVISIONS)
def before(request: pytest.FixtureRequest, bare_database: str) -> Content:
    """What a dashboard of a revision has left in the database."""
    with standing_at(request.param, bare_database) as db:
        fill(db, request.param)
        return content(db)


def now_in(url: str) -> Content:
    with closing(Database(url)) as opened, opened.reading() as db:
        return content(db)


def assert_kept(before: Content, after: Content) -> None:
    """Whether each row is there with each value, and no row has come."""
    for table, rows_ in before.items():
        assert after[table].keys() == rows_.keys(), table
        for key, row in rows_.items():
            for column, value in row.items():
                its, name = MOVED.get((table, column), (table, column))
                assert after[its].get(key, {}).get(name, "") == value, (table, key, column)


def test_nothing_is_lost(before: Content, bare_database: str) -> None:
    Database(bare_database).close()
    assert_kept(before, now_in(bare_database))
    with closing(Database(bare_database)) as opened, opened.reading() as db:
        assert db.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [NEWEST]
        if db.dialect.name == "sqlite":
            assert db.execute(text("PRAGMA foreign_key_check")).all() == []
            assert db.execute(text("PRAGMA integrity_check")).scalars().all() == ["ok"]


def test_every_verb_reads_it(before: Content, bare_database: str) -> None:
    with closing(Journal(bare_database)) as journal:
        batches_are_read(journal)
        rooms_are_read(journal, before)
        links_are_read(journal, before)
        if "hand_outs" in before:
            desks_are_read(journal)
        if "doors" in before:
            doors_are_read(journal)
        if "audit" in before:
            people_are_read(journal)


def batches_are_read(journal: Journal) -> None:
    made = {batch.id: batch for batch in journal.batches.newest(MINE, 100)}
    # The third one is another account's, and in a project that this account's token is not known to read.
    assert sorted(made) == [1, 2, 4, 5, 6, 7, 8]
    assert [made[number].state for number in made] == [
        *(State.ASKING, State.PARKED, State.LABELLING, State.WAITING, State.CREATING, State.SHORT, State.DONE)
    ]
    assert (made[1].name, made[1].who, made[1].wanted, made[1].rooms) == ("Über 50", "researcher@example.com", 4, 4)
    assert made[1].over and made[1].settings.max_duration_minutes == 30
    assert isinstance(made[2].problem, Invalid) and (made[2].late, made[2].is_to_look_again) == (2, True)
    assert isinstance(made[7].problem, TokenRefused)
    assert {number for number, batch in made.items() if batch.interrupted} == {4, 5, 6}
    assert {number: batch.lost for number, batch in made.items() if batch.lost} == {5: 1, 8: 1}
    assert journal.batches.existing_before(2) == {"old"}
    assert [call.places for call in journal.batches.calls(2)] == [(), (2,)]
    assert [event.what for event in journal.batches.events(1)] == [
        *("Create was pressed: 4 rooms", "a line of an early dashboard")
    ]
    assert journal.batches.without_room(6) == [(2, "Without a room")]
    for words, found in (("uber", [1]), ("study über", [1]), ("study", [2, 4, 5, 6, 7, 8, 1]), ("50 study x", [])):
        assert sorted(journal.batches.ids(MINE, BatchView(words), 10)) == sorted(found)
    assert journal.batches.ids(MINE, BatchView(stage=Stage.NEEDS_YOU), 10)[-1] in (1, 2)
    assert journal.batches.find(1, MINE) == made[1] and journal.batches.was_pressed("press-8")
    assert [(preset.name, preset.is_default) for preset in journal.presets.all(MINE)] == [
        *(("Short", True), ("Ёлка", False))
    ]


def rooms_are_read(journal: Journal, before: Content) -> None:
    first, second, *_ = kept = journal.batches.rooms(1)
    assert [each.room.id for each in kept] == ["room-a", "room-b", "room-c", "room-d"]
    assert [each.label_state for each in kept] == [LabelState.SET, LabelState.FAILED, None, None]
    assert first.participant == Participant(label="Anna", email="anna@example.com", external_id="A-1")
    known = journal.rooms.known(MINE)
    assert (known["room-a"].batch_name, known["room-f"].participant) == (
        *("Über 50", Participant(label="Цветан", external_id="C-3")),
    )
    if "people" not in before:
        assert second.participant == Participant(email="ben@example.com") and second.overrides is None
        assert len(journal.rooms.history(MINE, "room-a")) == 1
        return
    assert second.participant == known["room-b"].participant == Participant(label="Bella", external_id="B-2")
    assert second.overrides == UpdateRoomRequest(research_goals_override="To know why.")
    assert (known["room-b"].replaces, known["room-e"].replaced_by) == ("room-e", "room-b")
    assert [each.old_id for each in journal.batches.unretired(6)] == ["old"] and journal.batches.unretired(1) == []
    assert [event.what for event in journal.rooms.history(MINE, "room-a")][1:] == ["extended"]
    assert journal.rooms.settled_flags(MINE) == {("room-a", Flag.OTHER_PERSON)}
    assert journal.rooms.target(MINE, PROJECT) == 40


def links_are_read(journal: Journal, before: Content) -> None:
    assert journal.links.shared(1) == journal.links.in_conflict(MINE.service) == {"room-c", "room-d"}
    assert journal.batches.links(1) == [link("token-a1"), link("token-b2")]
    own = "own_links" in before
    assert journal.batches.links(2) == [link("token-own-5" if own else "token-e5")]
    assert journal.links.count(MINE, PROJECT) == (1 if own else 2)


def desks_are_read(journal: Journal) -> None:
    desks = journal.stations.all(MINE, PROJECT)
    assert [(desk.name, desk.is_closed) for desk in desks] == [("Desk A", True), ("Desk B", True), ("Desk C", True)]
    assert (desks[0].operator, desks[0].batch_id, desks[0].by_name, desks[0].holder) == ("Maria", 1, True, "window")
    held = {key: journal.hand_outs.in_hand(key) for key in ("key-1", "key-2", "key-3", "key-4")}
    assert [each and each.state for each in held.values()] == [
        *(HandOutState.CLAIMED, HandOutState.SHOWN, HandOutState.RECALLED, None)
    ]
    (pack,) = journal.stations.all(MINE, PROJECT, Kind.PACK)
    packed, given = journal.packs.packed(MINE, pack)
    assert ([each.room_id for each in packed], given) == (["out-9"], 1)
    assert [each.how for each in journal.hand_outs.out(MINE, PROJECT)][:3] == [How.PACK, How.PAPER, How.SCREEN]
    left = journal.hand_outs.left(MINE, PROJECT)
    assert (left.free, left.unnamed, left.given) == (2, 1, 4)
    assert [each.known_as for each in journal.hand_outs.people(MINE, PROJECT)] == ["anna@example.com"]
    assert journal.rooms.known(MINE)["out-6"].handed_out_by == "Desk A"


def doors_are_read(journal: Journal) -> None:
    doors = {door.code: door for door in journal.doors.all(MINE, PROJECT)}
    assert [*doors] == ["shut", "open", "over"] and journal.doors.find("open") == doors["open"]
    assert (doors["shut"].is_paused, doors["over"].is_closed, doors["open"].settings.most) == (True, True, 9)
    assert [(fill.number, fill.batch_id) for fill in journal.fills.all(doors["open"])] == [(2, None), (1, 1)]
    visits = journal.visits.all(doors["open"])
    assert [(visit.state, visit.room_id) for visit in visits] == [
        *((VisitState.ENTERED, None), (VisitState.CLAIMED, "out-2"), (VisitState.CUT_OFF, "out-11"))
    ]
    _, figures = journal.doors.now_and_figures(doors["open"])
    assert (figures.came, figures.got_room, figures.spent) == (3, 2, 60)


def people_are_read(journal: Journal) -> None:
    verdict = journal.audit.verify()
    assert verdict.is_whole and verdict.lines == len(ROWS["audit"])
    assert [line.deed for line in journal.audit.lines(Which(about="room-a"), 10)] == ["a_deed_of_then", "create"]
    assert journal.audit.people() == {"": "", "person-1": "anna@example.org"}
    assert [journal.sign_ins.is_ended(f"sign-in-{number}") for number in (1, 2, 3)] == [False, True, False]
    assert journal.person_tokens.find("person-1", MINE.service) == "sealed-token"


def test_work_goes_on_after_it(before: Content, bare_database: str) -> None:
    with closing(Journal(bare_database)) as journal:
        batches_go_on(journal)
        desks_go_on(journal)
        notes_go_on(journal)
        verdict = journal.audit.verify()
        assert verdict.is_whole and verdict.lines > len(before.get("audit", ()))
    after = now_in(bare_database)
    for table in ("batches", "calls", "rooms", "events", "presets", "room_events", "audit"):
        # No number was given twice, and none left out.
        assert sorted(after[table]) == [(number,) for number in range(1, len(after[table]) + 1)], table
        assert len(after[table]) > len(before.get(table, ())), table


def batches_go_on(journal: Journal) -> None:
    new, run = started(journal, press("press-9", project=UUID(int=99), people=[Participant(label="Dora")] * 3))
    assert new.id == 9
    run.record_answer(claimed(run), rooms("xyz"))
    run.end()
    assert next(event.what for event in journal.batches.events(9)) == "Create was pressed: 3 rooms"
    # What was at work when the old dashboard stopped is taken up, and its call counts as lost.
    taken = journal.batches.take(4, "runner-of-now", going_on=True)
    assert taken is not None and claimed(taken).places == (3,)
    with closing(journal._database._engine.connect()) as db:
        states = db.execute(text("SELECT state FROM calls WHERE batch_id = 4 ORDER BY id")).scalars().all()
    assert states == [CallState.LOST, CallState.SENDING]
    journal.batches.rename(2, "Волна")
    assert journal.batches.ids(MINE, BatchView("волна"), 10) == [2] and now(journal, new).state == State.DONE
    journal.presets.save(MINE, PROJECT, "Long", {"count": 9})


def desks_go_on(journal: Journal) -> None:
    at = journal.stations.open(MINE, station("Desk D", about="Why you came"))
    journal.hand_outs.offer(MINE, PROJECT, [offer("new")])
    given = shown(journal, at)
    assert journal.hand_outs.give_on_paper(MINE, given.room_id, at.key)
    found = journal.stations.find(MINE, at.key)
    assert found is not None and found.about == "Why you came"


def notes_go_on(journal: Journal) -> None:
    journal.rooms.relabel(MINE, PROJECT, {"room-a": Participant(label="Ada")})
    journal.rooms.note_rooms(MINE, PROJECT, [("room-a", "extended once more")])
    journal.rooms.settle_flag(MINE, PROJECT, "room-b", Flag.DROPPED)
    journal.rooms.set_target(MINE, PROJECT, 41)
    assert journal.rooms.known(MINE)["room-a"].participant == Participant(label="Ada")
    assert journal.rooms.target(MINE, PROJECT) == 41
    journal.sign_ins.end("sign-in-9", ANNA)
    assert journal.sign_ins.is_ended("sign-in-9")
    journal.person_tokens.keep("person-1", MINE.service, "sealed-again")
    assert journal.person_tokens.find("person-1", MINE.service) == "sealed-again"


def test_every_kind_of_value_is_there() -> None:
    """The rows have each state that the journal can hold."""

    def told(table: str, column: str) -> set[Any]:
        return {row.get(column) for row in ROWS[table]}

    assert told("batches", "state") == set(State) and told("calls", "state") == set(CallState)
    assert told("rooms", "label_state") == {None, *LabelState} and told("stations", "kind") == set(Kind)
    assert told("hand_outs", "state") == set(HandOutState) and told("hand_outs", "how") == {None, *How}


def test_revision_without_rows_is_named(bare_database: str) -> None:
    with closing(Database(bare_database)) as opened, opened.writing() as db:
        db.execute(text("CREATE TABLE news (id INTEGER PRIMARY KEY, told TEXT)"))
        with pytest.raises(NoRows, match="revision 9999 has a table news"):
            fill(db, "9999")
        db.execute(text("DROP TABLE news"))
        db.execute(text("ALTER TABLE targets ADD COLUMN why TEXT"))
        for table in reversed(list(ROWS)):
            db.execute(text(f"DELETE FROM {table}"))
        with pytest.raises(NoRows, match=r"revision 9999 has a column targets\.why"):
            fill(db, "9999")
