"""Audit: what people did in the whole dashboard, as admins read it, and what never gets into it."""

import csv
import io
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from components.elements.take_away.dialog import NAME
from components.state import connection, person, process
from components.state.dialogs import Dialogs, Wanted
from components.state.downloads import Downloads
from components.state.jobs import JobsState
from services.changes.task import Task
from services.desk import Desk
from services.journal.audit import Which
from services.journal.deeds import Deed, Export
from services.journal.desk.records import Kind, Station
from services.people.acting import Person
from services.people.roles import Role
from services.rooms.flags import Flag
from services.sandbox.store import Store
from tests.conftest import Clock
from tests.pages.conftest import go, mine, press_create, refused_writes, said, state
from tests.pages.test_links import open_dialog
from tests.servers import eventually

ANNA = Person("key of anna", "anna@team.example", Role.ADMIN, "192.0.2.7")

LIST = "name\temail\tid\nVera Figner\tvera@guests.example\tP-77\nGleb\tgleb@guests.example\tP-78\n"

FILES = ("CSV", "Excel", "Links only", "Mail merge", "Taskflow")


@pytest.fixture
def clock() -> Clock:
    """The sandbox' clock shows the true time: only pending rooms are given away."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person at work, as signing in would make one."""
    monkeypatch.setattr(person, "_current", lambda: ANNA)


def deeds() -> list[tuple[str, str]]:
    """What was done, and of which kind, in order."""
    return [(line.deed, line.told.get("kind", "")) for line in process.journal().audit.every(Which())]


def rows(app: AppTest) -> list[dict[str, Any]]:
    """The lines that the page shows."""
    found = [json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.json]
    return next((data["lines"] for data in found if "lines" in data), [])


def take(app: AppTest, key: str, choice: str) -> bytes:
    """Presses a button of the dialog that takes links away, and takes its file."""
    key = f"download_{key}"
    app.session_state[key] = {"wanted": "first"}
    draw(app, choice)
    made = state(app, Downloads).waiting[key].made
    assert made.content is not None, made.problem
    return made.content.read()


def draw(app: AppTest, choice: str) -> AppTest:
    state(app, Dialogs).wanted = Wanted(NAME)
    app.session_state["take_away_choice"] = choice
    app.run()
    assert not app.exception
    return app


def after_job(app: AppTest) -> None:
    """Waits until the change of many rooms is over."""
    kept = state(app, JobsState).job
    assert kept
    eventually(lambda: (job := process.changes().job(kept[0])) is not None and job.over)


def do_everything(app: AppTest, store: Store) -> dict[str, bytes]:
    """Creates rooms for people, takes them away in every form, hands out, extends, relabels and cancels."""
    project = str(store.projects(store.account("sandbox"))[0]["id"])
    app.run().selectbox("project").set_value(project)
    app.segmented_control("for_whom").set_value("A list of people").run()
    app.segmented_control("roster_way").set_value("Paste").run()
    app.text_area("roster_text").set_value(LIST).run()
    press_create(app)
    go(app, "links")
    files = {name: take(app, f"file_{name}_links", "files") for name in FILES}
    files |= {name: take(app, f"file_{name}_links", "codes") for name in ("Codes as PNG",)}
    draw(app, "cards").button("make_cards_links").click()
    draw(app, "cards")
    files["cards"] = take(app, "pdf_links", "cards")
    files |= {name: take(app, f"messages_{name}_links", "messages") for name in ("csv", "txt")}
    open_dialog(app, "extend")
    app.button("extend_now").click()
    open_dialog(app, "extend")
    after_job(app)
    (batch,) = process.journal().batches.newest(mine(), 1)
    *_, room = process.journal().batches.rooms(batch.id)
    hand_out(project)
    journal = process.journal()
    journal.batches.rename(batch.id, "For Vera Figner")
    journal.presets.save(mine(), project, "Vera's settings", {"count": 3})
    journal.rooms.settle_flag(mine(), project, room.room.id, Flag.OTHER_PERSON)
    journal.rooms.set_target(mine(), project, 40)
    gone = Task(room.room.id, project, "Gleb", None, "cancelled")
    process.changes().start([gone], connection.client(), mine())
    return files


def hand_out(project: str) -> None:
    """Has a desk show a link, call it back and return it, and a pack take the rest."""
    journal = process.journal()
    desk = Station("a-desk-of-ours", Kind.DESK, project, "Clinic", "Olga Staff")
    pack = Station("a-pack-of-ours", Kind.PACK, project, "Floor 2")
    shown = Desk(connection.client(), journal, mine(), connection.current().check)
    journal.stations.open(mine(), desk)
    shown.fill(project)
    given = shown.next(desk)
    assert given
    assert journal.hand_outs.give_on_paper(mine(), given.room_id, desk.key)
    assert journal.hand_outs.return_given(mine(), given.room_id)
    journal.stations.open(mine(), pack)
    journal.packs.pack(mine(), pack, 1)
    journal.packs.unpack(mine(), pack)


@pytest.mark.usefixtures("signed_in")
def test_everything_is_noted_and_nothing_secret(app: AppTest, store: Store) -> None:
    files = do_everything(app, store)
    found = set(deeds())
    kinds = set(Export) - {Export.PACK, Export.OUTCOMES, Export.AUDIT, Export.PERSON, Export.RECEIPT}
    kinds -= {Export.POSTER, Export.RECONCILIATION, Export.VISITORS}
    assert {("export", str(kind)) for kind in kinds} <= found
    handed = {"shown", "given_on_paper", "handed_back", "packed", "unpacked"}
    assert {("hand_out", kind) for kind in handed} <= found
    assert {("create", ""), ("extend", ""), ("cancel", ""), ("rename", ""), ("preset", "saved")} <= found
    assert {("settle_flag", "other_person"), ("target", ""), ("desk", "opened"), ("desk", "pack_opened")} <= found
    lines = process.journal().audit.every(Which())
    assert {(line.email, line.came_from) for line in lines} == {(ANNA.email, ANNA.came_from)}
    told = "\n".join(json.dumps(vars(line), ensure_ascii=False) for line in lines)
    rooms = store.rooms(store.account("sandbox"))
    of_rooms = [str(room[name]) for room in rooms for name in ("url", "access_token") if name in room]
    secrets = ["http", "sandbox", "vera", "figner", "gleb", "guests.example", "P-77", "olga", "clinic", *of_rooms]
    assert of_rooms and not [secret for secret in secrets if secret.lower() in told.lower()]
    assert process.journal().audit.verify().is_whole
    assert_signed(files)


def assert_signed(files: dict[str, bytes]) -> None:
    """Whether each file says who made it, where there is a place for it."""
    book = openpyxl.load_workbook(io.BytesIO(files["Excel"]))
    assert book.properties.creator == ANNA.email
    told = [str(cell) for row in book.worksheets[1].iter_rows(values_only=True) for cell in row if cell]
    assert told[-1].startswith(f"Made by {ANNA.email} on ")
    assert f"Made by {ANNA.email} on ".encode() in ZipFile(io.BytesIO(files["Codes as PNG"])).comment
    assert ANNA.email.encode() in files["cards"]
    assert ANNA.email.encode() not in files["CSV"] + files["Mail merge"] + files["txt"]


def test_what_cannot_be_noted_is_not_given(app: AppTest, store: Store) -> None:
    go(app.run(), "links")
    with refused_writes():
        app.session_state["download_file_CSV_links"] = {"wanted": "first"}
        draw(app, "files")
        made = state(app, Downloads).waiting["download_file_CSV_links"].made
        assert made.content is None and "cannot be read and written" in made.problem
        open_dialog(app, "cancel")
        app.button("cancel_now").click()
        open_dialog(app, "cancel")
        assert any("Nothing was changed." in toast.value for toast in app.toast)
    assert not {room["status"] for room in store.rooms(store.account("sandbox"))} <= {"cancelled"}
    assert deeds() == []


def test_page_says_what_will_stand_there(app: AppTest) -> None:
    go(app.run(), "audit")
    assert "Nothing is noted yet." in said(app)
    assert "The record" not in "".join(str(each.value) for each in app.success)


@pytest.mark.usefixtures("signed_in")
def test_page_shows_who_did_what(app: AppTest, store: Store) -> None:
    project = store.projects(store.account("sandbox"))[0]
    app.run().selectbox("project").set_value(str(project["id"])).run()
    press_create(app)
    process.journal().audit.note(Deed.EXPORT, kind=Export.EXCEL, rooms=list("abcd"))
    go(app, "audit")
    (newest, oldest) = rows(app)
    assert (newest["what"], newest["ids"]) == ("Take away: Excel", "a, b and 2 more")
    assert (oldest["who"], oldest["role"], oldest["came_from"]) == (ANNA.email, "admin", ANNA.came_from)
    assert oldest["what"] == "Create rooms"
    assert oldest["about"] == f"{project['name']} · batch 1 · 1 room"
    assert "The record is whole: 2 lines." in [each.value for each in app.success]
    app.selectbox("audit_deed").set_value(Deed.CREATE).run()
    assert [row["what"] for row in rows(app)] == ["Create rooms"]
    app.text_input("audit_about").set_value("nothing").run()
    assert "No line is like that." in said(app)


@pytest.mark.usefixtures("signed_in")
def test_page_names_desks_and_targets(app: AppTest, store: Store) -> None:
    project = store.projects(store.account("sandbox"))[0]
    its, name, journal = str(project["id"]), str(project["name"]), process.journal()
    app.run()
    desk = journal.stations.open(mine(), Station("a-desk-of-ours", Kind.DESK, its, "Clinic", holder="one window"))
    journal.stations.hold(mine(), desk.key, "another window")
    journal.stations.close(mine(), desk.key)
    journal.rooms.settle_flag(mine(), its, "room-a", Flag.DROPPED)
    journal.rooms.set_target(mine(), its, 40)
    journal.rooms.set_target(mine(), its, None)
    process.journal().audit.note(Deed.LABEL_AGAIN, batch=7)
    go(app, "audit")
    assert [(row["what"], row["about"]) for row in rows(app)] == [
        ("Set labels again", "batch 7"),
        ("Set a target", f"{name} · no target"),
        ("Set a target", f"{name} · 40 completed interviews"),
        ("Say that a room is fine: Very short interview", f"{name} · 1 room"),
        ("Open and close desks: desk closed", f"{name} · Clinic"),
        ("Open and close desks: desk taken over by another window", f"{name} · Clinic"),
        ("Open and close desks: desk opened", f"{name} · Clinic"),
    ]
    app.selectbox("audit_deed").set_value(Deed.DESK).run()
    assert len(rows(app)) == 3


def test_broken_line_is_named(app: AppTest) -> None:
    app.run()
    for _ in range(4):
        process.journal().audit.note(Deed.SIGN_IN)
    kept = process.journal().audit.verify().head
    with process.journal()._database.writing() as db:
        db.execute(text("DELETE FROM audit WHERE id = 2"))
    go(app, "audit")
    assert "line 2 is missing" in said(app)
    with process.journal()._database.writing() as db:
        db.execute(text("DELETE FROM audit"))
    process.journal().audit.note(Deed.SIGN_IN)
    app.text_input("audit_kept").set_value(f"{kept.id} {kept.hash}").run()
    assert "line 2 is missing" in said(app)
    app.text_input("audit_kept").set_value("no proof").run()
    assert "This is none." in said(app)


@pytest.mark.usefixtures("signed_in")
def test_file_can_be_checked_without_us(app: AppTest) -> None:
    app.run()
    for _ in range(3):
        process.journal().audit.note(Deed.EXPORT, Person("k", "=1+1@x", None), kind=Export.CSV, rooms=["a", "b"])
    app.session_state["download_audit"] = {"wanted": "first"}
    go(app, "audit")
    content = state(app, Downloads).waiting["download_audit"].made.content
    assert content
    found = list(csv.DictReader(io.StringIO(content.read().decode("utf-8-sig"))))
    assert [row["email"] for row in found] == ["'=1+1@x"] * 3
    previous = ""
    for row in found:
        line: dict[str, object] = {name: row[name] for name in ("came_from", "deed", "person", "role")}
        line |= {"email": row["email"].removeprefix("'"), "id": int(row["id"]), "at": int(row["at_ms"])}
        line["details"] = json.loads(row["details"])
        written = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert row["previous"] == previous
        assert sha256(f"{previous}\n{written}".encode()).hexdigest() == row["hash"]
        previous = row["hash"]
    assert deeds()[-1] == ("export", "audit")


def ways_to_audit(app: AppTest) -> int:
    """How many links to the audit Settings has."""
    go(app.run(), "settings")
    return sum(link.proto.label == "Open the audit" for link in app.get("page_link"))


def test_settings_lead_admins_to_the_page(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ways_to_audit(app) == 1
    monkeypatch.setattr(person, "_current", lambda: Person("k", "b@team.example", Role.RESEARCHER))
    assert ways_to_audit(app) == 0
