"""Batches: every press of Create stays visible, with its links, and can be resumed, cancelled, renamed, repeated."""

import json
import secrets
from math import inf
from uuid import UUID

import pytest
import streamlit as st
from pydantic import SecretStr
from starlette.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from components.batches.list import BATCHES_A_PAGE
from components.elements.take_away.dialog import NAME
from components.state import process, viewer
from components.state.batches import BatchesState
from components.state.connection import Pasted
from components.state.dialogs import Dialogs, Wanted
from components.state.downloads import Downloads
from components.state.visibility import Seen, VisibilityState
from services.aseed.models import CreateRoomsRequest, RoomSettings
from services.batches.plan import plan
from services.export.delimited import Delimiter, delimiter_of
from services.journal.batches import LEFT_ALONE, Batches
from services.journal.database import JournalError
from services.journal.records import Batch, NewBatch, Stage, State
from services.sandbox.store import Store
from services.settings import ROOT
from tests.pages.conftest import (
    CREATE,
    LIST_PROJECTS,
    Aseed,
    after,
    fill_account,
    form_again,
    go,
    mine,
    press_create,
    said,
    state,
    wait_for_batches,
)
from tests.servers import eventually


@pytest.fixture
def created(app: AppTest, store: Store) -> AppTest:
    """Two rooms of 45 minutes in Russian, just created."""
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.selectbox("language").set_value("Russian")
    app.number_input("max_duration_minutes").set_value(45)
    app.number_input("count").set_value(2).run()
    return press_create(app)


def only_batch() -> Batch:
    (batch,) = process.journal().batches.newest(mine(), 10)
    return batch


def open_batches(app: AppTest) -> AppTest:
    return go(app, "batches")


def open_only(app: AppTest) -> AppTest:
    open_batches(app)
    app.button(f"open_{only_batch().id}").click().run()
    assert not app.exception
    return app


def test_empty_list_says_what_to_do(app: AppTest) -> None:
    open_batches(app.run())
    assert "No batches yet." in said(app)
    assert "Create rooms" in [link.proto.label for link in app.get("page_link")]


def test_list_shows_size_settings_and_state(created: AppTest) -> None:
    open_batches(created)
    assert "**Morning coffee routines**\n" in said(created)
    assert ":green[Complete] · 2 rooms" in said(created)
    assert "45 min each · 7 days · Russian" in said(created)
    assert "**No batch needs you** · 1 batch" in said(created)


def test_opened_it_shows_its_links_and_its_history(created: AppTest) -> None:
    open_only(created)
    assert created.title[0].value == "Morning coffee routines"
    assert any("Create was pressed: 2 rooms" in text.value for text in created.text)
    created.button("close_batch").click().run()
    assert created.title[0].value == "Batches"


def test_new_name_is_shown_literally(created: AppTest) -> None:
    open_only(created)
    created.text_input(f"name_{only_batch().id}").set_value("Week 3 [pilot]").run()
    assert only_batch().name == "Week 3 [pilot]"
    created.run()
    assert "Week 3 [pilot]" in created.title[0].value.replace("\\", "")


def test_unsaved_name_is_said(created: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise JournalError("The journal's database does not work (OperationalError).")

    open_only(created)
    monkeypatch.setattr(Batches, "rename", fail)
    created.text_input(f"name_{only_batch().id}").set_value("Week 3").run()
    assert "The name could not be saved." in created.toast[0].value


def test_address_opens_its_batch_or_the_list(created: AppTest) -> None:
    open_batches(created)
    created.query_params["open"] = str(only_batch().id)
    created.run()
    assert created.title[0].value == "Morning coffee routines"
    state(created, BatchesState).address = (str(only_batch().id), -inf)
    del created.query_params["open"]
    created.run()
    assert created.title[0].value == "Batches"


@pytest.mark.parametrize("address", ["0", "-1", "99999", "1e3", "two", "1" * 30])
def test_address_without_batch_shows_the_list(created: AppTest, address: str) -> None:
    open_batches(created)
    created.query_params["open"] = address
    created.run()
    assert created.title[0].value == "Batches" and not created.exception


def downloads(app: AppTest) -> list[str]:
    """What the buttons say that give files."""
    shown = (json.loads(found.proto.json or "{}") for found in app.get("bidi_component"))
    return [data["label"] for data in shown if "answer" in data]


def test_refused_token_sees_no_links(created: AppTest, aseed: Aseed) -> None:
    open_only(created)
    assert downloads(created) == ["CSV"]
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({"detail": "Signature has expired"}, 401)
    state(created, VisibilityState).seen = Seen()
    st.cache_data.clear()
    created.run()
    assert "**The links are not shown:** Aseed does not accept this API token." in said(created)
    assert not downloads(created)
    del aseed.answers[LIST_PROJECTS]
    created.button("try_token").click().run()
    assert downloads(created) == ["CSV"]


@pytest.mark.parametrize(("locale", "delimiter", "other"), [("en-GB", ",", "semicolons"), ("ru-RU", ";", "commas")])
def test_csv_has_the_form_of_the_viewer(
    created: AppTest, monkeypatch: pytest.MonkeyPatch, locale: str, delimiter: str, other: str
) -> None:
    monkeypatch.setattr(viewer, "delimiter", lambda: delimiter_of(locale))
    open_only(created)
    for key, expected in (("csv", Delimiter(delimiter)), ("file_CSV_batch_other", Delimiter(delimiter).other)):
        state(created, Dialogs).wanted = Wanted(NAME)
        created.session_state[f"download_{key}"] = {"wanted": f"press of {key}"}
        created.run()
        assert f"CSV with {other}" in downloads(created)
        waiting = state(created, Downloads).waiting[f"download_{key}"].made.content
        assert waiting and waiting.read().decode("utf-8-sig").startswith(f"no{expected}label{expected}")


def test_what_was_bought_beside_a_batch_is_told(created: AppTest, store: Store) -> None:
    batch, account = only_batch(), store.account("sandbox")
    more = CreateRoomsRequest(project_id=UUID(batch.project_id), count=3)
    theirs, *ours = [row["id"] for row in store.create_rooms(account, more)]
    journal = process.journal().batches
    journal.set_aside(batch.id, [theirs], LEFT_ALONE)
    journal.record_late_rooms(batch.id, len(ours), has_gaps=True)
    open_batches(created)
    assert "2 rooms in no batch: needs your decision" in said(created)
    created.button(f"open_{batch.id}").click().run()
    assert "2 rooms appeared in this project during or after this batch, and no batch has them." in said(created)
    assert "2 rooms in this project could be this batch's." in said(created)
    assert "Aseed's list of this project leaves out rooms that are there." in said(created)
    assert "1 room of this project was left alone" in said(created)


def test_repeat_fills_the_form_and_creates_nothing(created: AppTest, aseed: Aseed) -> None:
    form_again(created).number_input("count").set_value(9)
    created.selectbox("language").set_value("English").run()
    open_only(created)
    created.button("repeat").click().run()
    assert created.number_input("count").value == 2
    assert created.selectbox("language").value == "Russian"
    assert "**2 rooms** for **Morning coffee routines**, up to **45 min** each" in said(created)
    assert aseed.calls.count(CREATE) == 1


def test_another_account_sees_nothing_of_it(created: AppTest) -> None:
    state(created, Pasted).token = SecretStr("sandbox-of-another-person")
    state(created, VisibilityState).seen = Seen()
    open_batches(created)
    assert "No batches yet." in said(created)
    state(created, BatchesState).opened = 1
    created.run()
    assert "No batches yet." in said(created)


def test_batch_short_of_tokens_can_be_resumed(app: AppTest, aseed: Aseed, store: Store) -> None:
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.number_input("count").set_value(250).run()
    fill_account(store)
    after(aseed, 1, JSONResponse({"detail": "4500 needed, 20 left"}, 402))
    press_create(app)
    assert only_batch().state == State.PARKED
    assert "too few tokens" in said(app) and "No more rooms are created." in said(app)
    assert form_again(app).button("create").disabled
    open_batches(app)
    assert ":orange[Paused: needs you] · 100 of 250 rooms" in said(app)
    assert "Top up the account, then press Resume." in said(app) and "**1 batch needs you**" in said(app)
    assert app.get("progress")[0].proto.value == 40
    open_only(app)
    assert ":orange[Paused: needs you]" in said(app)
    aseed.answers.clear()
    app.button("resume").click().run()
    wait_for_batches(app)
    assert only_batch().state == State.DONE and only_batch().rooms == 250


def test_cancelled_batch_keeps_its_rooms(app: AppTest, aseed: Aseed, store: Store) -> None:
    fill_account(store)
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.number_input("count").set_value(250).run()
    after(aseed, 1, JSONResponse({"detail": "Signature has expired"}, 401))
    press_create(app)
    assert only_batch().rooms == 100
    app.button("cancel_batch").click().run()
    wait_for_batches(app)
    assert only_batch().state == State.CANCELLED
    assert "**You asked for 250, and 100 came.**" in said(app)
    assert not form_again(app).button("create").disabled


def test_new_token_resumes_the_batch(app: AppTest, aseed: Aseed, store: Store) -> None:
    fill_account(store)
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.number_input("count").set_value(250).run()
    after(aseed, 1, JSONResponse({"detail": "Signature has expired"}, 401))
    press_create(app)
    assert "no longer accepts the API token" in said(app)
    aseed.answers.clear()
    go(app, "settings")
    app.text_input("token_0").set_value("sandbox")
    app.button("use_token").click().run()
    eventually(lambda: only_batch().over)
    assert only_batch().state == State.DONE and only_batch().rooms == 250


def test_sandbox_reset_forgets_its_batches(created: AppTest) -> None:
    process.journal().forget(mine())
    open_batches(created)
    assert "No batches yet." in said(created)


def written(name: str, project: str = "p", account: str = "", late: int = 0, *, stays: bool = False) -> int:
    """The number of a batch that was stopped before its one room came.

    late: how many rooms of its project are in no batch. stays: whether it was interrupted, and not stopped.
    """
    ours, form = mine(), RoomSettings()
    whose = account or ours.account
    new = NewBatch(secrets.token_hex(4), whose, ours.service, project, f"Study {project}", form, plan([form]))
    journal = process.journal().batches
    batch, run = journal.start(new, f"runner of {new.nonce}")
    assert run is not None
    run.keep_baseline(())
    run.release()
    journal.rename(batch.id, name)
    if not stays:
        journal.cancel(batch.id)
    if late:
        journal.record_late_rooms(batch.id, late)
    return batch.id


@pytest.fixture
def other_project(store: Store) -> str:
    return str(store.projects(store.account("sandbox"))[1]["id"])


def listed(app: AppTest) -> list[int]:
    """The numbers of the batches on show, from top to bottom."""
    assert not app.exception
    keys = [str(button.key) for button in app.button]
    return [int(key.removeprefix("open_")) for key in keys if key.startswith("open_")]


def test_batches_that_need_you_come_first(app: AppTest) -> None:
    app.run()
    stopped, late, other = written("First"), written("Second", late=2), written("Third")
    interrupted = written("Fourth", "q", stays=True)
    assert listed(open_batches(app)) == [interrupted, late, other, stopped]
    assert "**2 batches need you** · 4 batches" in said(app)
    assert "The dashboard was stopped while this batch was at work." in said(app)
    assert "2 rooms of this project are in no batch, and may be yours." in said(app)
    assert [button.key for button in app.button if button.proto.type == "primary"] == [f"open_{interrupted}"]


def test_search_and_filters_narrow_the_list(app: AppTest, other_project: str) -> None:
    app.run()
    pilot, late = written("Pilot"), written("Pilot", other_project, late=1)
    other = written("Main", other_project)
    open_batches(app)
    app.text_input("batches_find").set_value("PILOT").run()
    assert listed(app) == [late, pilot] and "2 of 3 batches are shown" in said(app)
    app.pills("batches_stage").set_value(Stage.STOPPED).run()
    assert listed(app) == [pilot]
    app.button("show_needing").click().run()
    assert listed(app) == [late] and app.text_input("batches_find").value == ""
    app.pills("batches_stage").set_value(None).run()
    app.selectbox("project").set_value(other_project).run()
    assert listed(app) == [late, other]
    app.text_input("batches_find").set_value("no such thing").run()
    assert listed(app) == [] and "No batch is like that." in said(app)
    app.button("show_all_batches").click().run()
    assert listed(app) == [late, other, pilot]


def test_filters_stay_while_pages_change(app: AppTest, other_project: str) -> None:
    app.run()
    pilot, main = written("Pilot"), written("Main", other_project)
    open_batches(app)
    app.selectbox("project").set_value(other_project).run()
    app.pills("batches_stage").set_value(Stage.STOPPED).run()
    app.button(f"open_{main}").click().run()
    app.button("close_batch").click().run()
    go(app, "settings")
    assert listed(open_batches(app)) == [main] != [pilot]
    assert (app.query_params["study"], app.query_params["state"]) == (other_project, "stopped")


def test_address_sets_the_filters(app: AppTest, other_project: str) -> None:
    app.run()
    written("Pilot")
    late = written("Main", other_project, late=1)
    fresh = AppTest.from_file(app._script_path, default_timeout=30)
    fresh.query_params["study"], fresh.query_params["state"] = other_project, "needs_you"
    fresh.switch_page(str(ROOT / "pages" / "batches.py"))
    assert listed(fresh.run()) == [late]


@pytest.mark.parametrize(("study", "state"), [("another", "7"), ("' OR 1=1", "NEEDS_YOU"), ("p" * 9000, "")])
def test_meaningless_address_leaves_nothing_out(app: AppTest, study: str, state: str) -> None:
    app.run()
    batch = written("Pilot")
    fresh = AppTest.from_file(app._script_path, default_timeout=30)
    fresh.query_params["study"], fresh.query_params["state"] = study, state
    fresh.switch_page(str(ROOT / "pages" / "batches.py"))
    assert listed(fresh.run()) == [batch]


def test_filters_tell_nothing_of_other_accounts(app: AppTest) -> None:
    app.run()
    ours = written("Pilot")
    theirs = written("Pilot of theirs", "theirs", account="another", late=3)
    open_batches(app)
    for text in ("theirs", str(theirs), "pilot"):
        app.text_input("batches_find").set_value(text).run()
        assert listed(app) == ([ours] if text == "pilot" else [])
        assert "of theirs" not in said(app) and "No batch needs you" in said(app)


def test_every_batch_is_on_one_page(app: AppTest) -> None:
    app.run()
    made = [written(f"Wave {number}") for number in range(BATCHES_A_PAGE + 2)]
    first = listed(open_batches(app))
    app.session_state["batches_page"] = 2
    assert sorted(first + listed(app.run())) == made and len(first) == BATCHES_A_PAGE
    # A filter begins on its first page.
    app.text_input("batches_find").set_value("wave").run()
    assert listed(app) == first


def test_resume_in_the_list_keeps_its_place(app: AppTest, store: Store) -> None:
    fill_account(store)
    app.run()
    project = store.projects(store.account("sandbox"))[0]["id"]
    older, stopped, newer = written("First", project, stays=True), written("Second"), written("Third", late=1)
    assert listed(open_batches(app)) == [newer, older, stopped]
    app.button(f"resume_listed_{older}").click().run()
    assert listed(app) == [newer, older, stopped]
    eventually(lambda: all(batch.over for batch in process.journal().batches.newest(mine(), 10)))
    # As the part of the page does that looks again by itself.
    state(app, BatchesState).keeps_order = True
    assert listed(app.run()) == [newer, older, stopped]
    assert ":green[Complete] · 1 room" in said(app)
    # And what a person asks for next is in order again.
    assert listed(app.run()) == [newer, stopped, older]
