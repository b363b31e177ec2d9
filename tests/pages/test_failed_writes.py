"""Every button that writes into the journal, while the journal's database refuses to be written: the page says so."""

from collections.abc import Callable
from uuid import UUID

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.connection import Pasted
from components.state.dialogs import Dialogs, Wanted
from services.aseed.models import CreateRoomsRequest
from services.journal.records import Batch, State
from services.sandbox.store import Store
from tests.pages.conftest import CREATE, Aseed, after, fill_account, go, mine, press_create, refused_writes, said, state
from tests.servers import eventually

REASON = "cannot be read and written by the account of the dashboard."


@pytest.fixture
def app(app: AppTest, store: Store) -> AppTest:
    """Create, with a project chosen."""
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"]).run()
    return app


def only_batch() -> Batch:
    (batch,) = process.journal().batches.newest(mine(), 10)
    return batch


def fails(app: AppTest, press: Callable[[], AppTest], failure: str) -> None:
    """Whether a press says what failed and why, and leaves a page that works."""
    with refused_writes():
        press()
    assert not app.exception
    shown = [toast.value for toast in app.toast] + [said(app)]
    assert any(failure in text and REASON in text for text in shown), shown


def pause(app: AppTest, aseed: Aseed, store: Store, status: int) -> None:
    """Has a batch pause after 100 of its 101 rooms, because Aseed refuses the rest."""
    fill_account(store)
    after(aseed, 1, JSONResponse({"detail": "no"}, status))
    app.number_input("count").set_value(101).run()
    press_create(app)
    assert only_batch().state == State.PARKED


def clicked(app: AppTest, key: str) -> Callable[[], AppTest]:
    return lambda: app.button(key).click().run()


def test_failed_press_of_create_creates_nothing(app: AppTest, aseed: Aseed) -> None:
    fails(app, clicked(app, "create"), "Nothing was created.")
    assert CREATE not in aseed.calls
    press_create(app)
    assert only_batch().rooms == 1


def test_failed_writes_of_presets_are_said(app: AppTest) -> None:
    app.text_input("preset_name").set_value("Weekly")
    fails(app, clicked(app, "save_preset"), "The preset could not be saved.")
    assert app.text_input("preset_name").value == "Weekly"
    app.button("save_preset").click().run()
    (preset,) = process.journal().presets.all(mine())
    fails(app, clicked(app, f"default_{preset.id}"), "The default was not changed.")
    fails(app, clicked(app, f"forget_{preset.id}"), "The preset was not deleted.")
    assert process.journal().presets.all(mine()) == [preset]


def test_failed_stop_is_said(app: AppTest, aseed: Aseed) -> None:
    aseed.answers[CREATE] = lambda: JSONResponse({}, 429, {"Retry-After": "60"})
    app.button("create").click().run()
    eventually(lambda: (only_batch().wait_seconds or 0) > 0)
    app.run()
    fails(app, clicked(app, f"stop_{only_batch().id}"), "The batch could not be stopped.")
    assert not only_batch().cancelling


@pytest.mark.parametrize("key", ["resume", "cancel_batch"])
def test_failed_decision_on_paused_batch_is_said(app: AppTest, aseed: Aseed, store: Store, key: str) -> None:
    pause(app, aseed, store, 402)
    fails(app, clicked(app, key), "Nothing was done.")
    assert not only_batch().over


@pytest.mark.parametrize("key", ["adopt", "leave", "cancel_rooms", "create_missing", "cancel_batch"])
def test_failed_answer_to_question_is_said(app: AppTest, aseed: Aseed, store: Store, key: str) -> None:
    project = app.selectbox("project").value

    def lose_while_a_colleague_creates() -> Response:
        del aseed.answers[CREATE]
        order = CreateRoomsRequest(project_id=UUID(project), count=1)
        store.create_rooms(store.account("sandbox"), order)
        store.create_rooms(store.account("sandbox"), order)
        return PlainTextResponse("boom", 500)

    aseed.answers[CREATE] = lose_while_a_colleague_creates
    press_create(app)
    asked = only_batch()
    if key == "cancel_rooms":
        app.multiselect(f"chosen_{asked.id}_{asked.turn}").select(store.rooms(store.account("sandbox"))[0]["id"]).run()
    fails(app, clicked(app, key), "Nothing was done.")
    assert only_batch().turn == asked.turn


def test_failed_rename_is_said(app: AppTest) -> None:
    press_create(app)
    go(app, "batches").button(f"open_{only_batch().id}").click().run()
    typed = app.text_input(f"name_{only_batch().id}").set_value("Week 3")
    fails(app, typed.run, "The name could not be saved.")
    assert not only_batch().name


def test_failed_reset_of_sandbox_keeps_everything(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASEED_BASE_URL", "")
    process.deployment.cache_clear()
    kept = Store(process.deployment().sandbox_file)
    before = kept.projects(kept.account("sandbox"))
    go(app, "settings").button("reset").click().run()
    fails(app, clicked(app, "confirm_reset"), "The sandbox was not reset.")
    assert kept.projects(kept.account("sandbox")) == before


def test_token_that_cannot_be_noted_is_not_used(app: AppTest, aseed: Aseed, store: Store) -> None:
    pause(app, aseed, store, 401)
    go(app, "settings").text_input("token_0").set_value("sandbox")
    fails(app, clicked(app, "use_token"), "The token is not used.")
    assert state(app, Pasted).token is None and only_batch().state == State.PARKED


def test_failed_note_on_forgotten_token_is_said(app: AppTest) -> None:
    go(app, "settings").text_input("token_0").set_value("sandbox")
    app.button("use_token").click().run()
    fails(app, clicked(app, "disconnect"), "The token is forgotten. That was not noted.")
    assert state(app, Pasted).token is None


def room_of(store: Store, label: str) -> str:
    return next(str(room["id"]) for room in store.rooms(store.account("sandbox")) if room["display_name"] == label)


def test_failed_note_on_flag_is_said(app: AppTest, store: Store) -> None:
    flag = f"dropped_{room_of(store, 'Ben, pilot')}"
    fails(go(app, "links"), clicked(app, f"settle_{flag}"), "That could not be written down.")
    app.button(f"settle_{flag}").click().run()
    assert f"settle_{flag}" not in [button.key for button in app.button]


def test_failed_target_is_said(app: AppTest) -> None:
    project = str(go(app, "links").selectbox("project").value)
    app.session_state["more_figures"] = True
    typed = app.run().number_input(f"target_{project}").set_value(40)
    fails(app, typed.run, "The target could not be saved.")
    assert process.journal().rooms.target(mine(), project) is None


def test_failed_replacement_creates_nothing(app: AppTest, aseed: Aseed, store: Store) -> None:
    room_id = room_of(store, "Ben, pilot")
    fails(go(app, "links"), clicked(app, f"act_dropped_{room_id}"), "Nothing was created.")
    assert CREATE not in aseed.calls


def test_failed_replacement_in_dialog_creates_nothing(app: AppTest, aseed: Aseed, store: Store) -> None:
    room_id = room_of(store, "Ben, pilot")
    go(app, "links")
    state(app, Dialogs).wanted = Wanted("manage", room_id)
    pressed = app.run().button(f"replace_{room_id}").click()
    state(app, Dialogs).wanted = Wanted("manage", room_id)
    fails(app, pressed.run, "Nothing was created.")
    assert CREATE not in aseed.calls
