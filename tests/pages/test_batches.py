"""Batches: every press of Create stays visible, with its links, and can be resumed, cancelled, renamed, repeated."""

import json
from math import inf
from uuid import UUID

import pytest
import streamlit as st
from pydantic import SecretStr
from starlette.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from components.state import process, viewer
from components.state.batches import BatchesState
from components.state.connection import Pasted
from components.state.downloads import Downloads
from components.state.visibility import Seen, VisibilityState
from services.aseed.models import CreateRoomsRequest
from services.export.delimited import Delimiter, delimiter_of
from services.journal.batches import LEFT_ALONE, Batches
from services.journal.database import JournalError
from services.journal.records import Batch, State
from services.sandbox.store import Store
from tests.pages.conftest import (
    CREATE,
    LIST_PROJECTS,
    Aseed,
    after,
    fill_account,
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


def test_list_shows_size_settings_and_state(created: AppTest) -> None:
    open_batches(created)
    assert "**Morning coffee routines** · 2 rooms · :green[Complete]" in said(created)
    assert "45 min each · 7 days · Russian" in said(created)


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
    assert downloads(created) == ["Download CSV", "CSV with semicolons"]
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({"detail": "Signature has expired"}, 401)
    state(created, VisibilityState).seen = Seen()
    st.cache_data.clear()
    created.run()
    assert "**The links are not shown:** Aseed does not accept this API token." in said(created)
    assert not downloads(created)
    del aseed.answers[LIST_PROJECTS]
    created.button("try_token").click().run()
    assert downloads(created) == ["Download CSV", "CSV with semicolons"]


@pytest.mark.parametrize(("locale", "delimiter", "other"), [("en-GB", ",", "semicolons"), ("ru-RU", ";", "commas")])
def test_csv_has_the_form_of_the_viewer(
    created: AppTest, monkeypatch: pytest.MonkeyPatch, locale: str, delimiter: str, other: str
) -> None:
    monkeypatch.setattr(viewer, "delimiter", lambda: delimiter_of(locale))
    open_only(created)
    assert downloads(created) == ["Download CSV", f"CSV with {other}"]
    for key, expected in (("csv", Delimiter(delimiter)), ("csv_other", Delimiter(delimiter).other)):
        created.session_state[f"download_{key}"] = {"wanted": f"press of {key}"}
        created.run()
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
    created.number_input("count").set_value(9)
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
    assert app.button("create").disabled
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
    assert not app.button("create").disabled


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
