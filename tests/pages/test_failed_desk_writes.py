"""Every button of the desk that writes into the journal, while the database refuses to be written: the page says so."""

from threading import Event
from uuid import UUID

import pytest
from starlette.responses import Response
from streamlit.testing.v1 import AppTest

from components.desk.setup import BY_NAME
from components.state import process
from components.state.desk import DeskState, Screen
from components.state.dialogs import Dialogs, Wanted
from services.changes import job
from services.journal.desk.records import HandOutState, Kind, Station
from services.sandbox.store import Store
from tests.pages.conftest import Aseed, mine, refused_writes, state
from tests.pages.test_desk import open_by_another, opened, project, start
from tests.pages.test_failed_writes import REASON, clicked, fails
from tests.servers import eventually

__all__ = ["project"]

ALL_DESKS, OFFLINE = ":material/groups: All desks", ":material/wifi_off: Without a network"

PAUSE = Response(status_code=429, headers={"Retry-After": "1"})
"""Aseed asks for a pause of a second."""


def anna(store: Store, project: str) -> str:
    rooms = store.rooms(store.account("sandbox"), UUID(project), "pending")
    return str(next(room["id"] for room in rooms if room["display_name"] == "Anna"))


def show_tab(app: AppTest, tab: str) -> AppTest:
    app.session_state["desk_tabs"] = tab
    return app.run()


def state_of(room_id: str) -> HandOutState:
    found = process.journal().hand_outs.find(mine(), room_id)
    assert found is not None
    return found.state


def give_to_anna(app: AppTest, store: Store, project: str) -> str:
    """Has another desk show Anna's link, and opens the list of all desks here."""
    other, room_id = open_by_another(project), anna(store, project)
    journal = process.journal()
    assert journal.hand_outs.claim(mine(), other, room_id)
    found = journal.hand_outs.find(mine(), room_id)
    assert found is not None
    journal.hand_outs.record_status(mine(), room_id, found.room)
    show_tab(app, ALL_DESKS)
    return room_id


def open_dialog(app: AppTest, room_id: str) -> AppTest:
    state(app, Dialogs).wanted = Wanted("hand_out", room_id)
    return app.run()


def test_failed_filling_of_pool_is_said(app: AppTest, project: str) -> None:
    opened(app, project)
    state(app, DeskState).filled = None
    fails(app, app.run, "The pool was not brought up to date.")
    app.button("desk_look").click().run()
    assert app.button("desk_start")


def test_failed_start_is_said(app: AppTest, project: str) -> None:
    opened(app, project)
    app.text_input("desk_name").input("Desk A")
    fails(app, clicked(app, "desk_start"), "The desk was not started.")
    assert process.journal().stations.all(mine(), project) == []


def test_failed_take_over_is_said(app: AppTest, project: str) -> None:
    opened(app, project)
    open_by_another(project)
    start(app, "Desk A")
    fails(app, clicked(app, "desk_take_over"), "This device could not go on with the desk.")


def test_failed_return_to_desk_is_said(app: AppTest, project: str) -> None:
    start(opened(app, project), "Desk A")
    state(app, DeskState).screen = None
    fails(app, app.run, "This device could not go on with the desk.")
    app.button("desk_try_again").click().run()
    assert not app.exception and state(app, DeskState).screen


def test_screen_outlives_failed_writes(app: AppTest, project: str) -> None:
    start(opened(app, project), "Desk A")
    before = state(app, DeskState).screen
    with refused_writes():
        app.run()
    assert not app.exception
    assert before is not None and before.shown
    assert state(app, DeskState).screen == before


@pytest.mark.parametrize("key", ["desk_show", "desk_show_free"])
def test_failed_taking_of_link_is_said(app: AppTest, project: str, store: Store, key: str) -> None:
    start(opened(app, project), "Desk A", BY_NAME)
    app.selectbox("desk_person").select(anna(store, project)).run()
    fails(app, clicked(app, key), "The link was not taken.")
    assert app.selectbox("desk_person").value == anna(store, project)
    assert process.journal().hand_outs.left(mine(), project).free == 3


def press(station: "Station", screen: "Screen", what: str, text: str = "Olga") -> None:
    """Does what a held button of the screen does, which only a browser draws; for a script of its own."""
    from types import SimpleNamespace

    import streamlit as st

    from components.desk.actions import act

    pressed = {"what": what, "room": screen.shown and screen.shown.room_id, "text": text}
    st.session_state["desk_screen"] = SimpleNamespace(act=pressed)
    act(station, screen)


@pytest.mark.parametrize("what", ["paper", "give_back", "name", "end"])
def test_failed_press_on_screen_is_told_staff(app: AppTest, project: str, what: str) -> None:
    start(opened(app, project), "Desk A")
    screen = state(app, DeskState).screen
    assert screen is not None and screen.shown
    (station,) = process.journal().stations.all(mine(), project)
    script = AppTest.from_function(press, default_timeout=30, args=(station, screen, what))
    with refused_writes():
        script.run()
    assert not script.exception
    assert screen.said.startswith("That was not noted. ") and REASON in screen.said
    assert state_of(screen.shown.room_id) == HandOutState.SHOWN
    assert not process.journal().stations.all(mine(), project)[0].is_closed


def test_failed_end_is_said(app: AppTest, project: str) -> None:
    start(opened(app, project), "Desk A", BY_NAME)
    fails(app, clicked(app, "desk_end"), "The desk was not ended.")
    assert not process.journal().stations.all(mine(), project)[0].is_closed


@pytest.mark.parametrize(
    ("before", "key", "failure"),
    [
        (HandOutState.SHOWN, "hand_out_recall", "It was not called back."),
        (HandOutState.RECALLED, "hand_out_return", "It was not returned."),
        (HandOutState.GIVEN, "hand_out_back", "It was not handed back."),
        (HandOutState.GIVEN, "hand_out_replace", "Nothing was created."),
        (HandOutState.GIVEN, "hand_out_extend", "It was not extended."),
    ],
)
def test_failed_decision_on_hand_out_is_said(
    app: AppTest,
    project: str,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    before: HandOutState,
    key: str,
    failure: str,
) -> None:
    opened(app, project)
    room_id = give_to_anna(app, store, project)
    hand_outs = process.journal().hand_outs
    monkeypatch.setattr(job, "WRITE_TRIES", 1)
    if before == HandOutState.RECALLED:
        hand_outs.recall(mine(), room_id)
    if before == HandOutState.GIVEN:
        hand_outs.give_on_paper(mine(), room_id, process.journal().stations.all(mine(), project)[0].key)
    assert state_of(room_id) == before
    open_dialog(app, room_id).button(key).click()
    # The test draws the whole page, which opens a dialog once; a browser draws the dialog alone.
    fails(app, lambda: open_dialog(app, room_id), failure)
    assert state_of(room_id) == before


def test_extension_that_cannot_be_noted_is_not_made(app: AppTest, project: str, aseed: Aseed) -> None:
    show_tab(opened(app, project), ALL_DESKS)
    fails(app, clicked(app, "desk_extend"), "Nothing was changed.")
    assert not [call for call in aseed.calls if call.startswith("PATCH")]


def test_extension_of_all_outlives_failed_writes(app: AppTest, project: str, store: Store, aseed: Aseed) -> None:
    show_tab(opened(app, project), ALL_DESKS)
    account = store.account("sandbox")
    before = store.room(account, UUID(anna(store, project)))["expires_at"]
    waits = Event()
    # What is begun has been noted; what comes of it cannot be.
    for room in store.rooms(account, UUID(project), "pending"):
        aseed.answers[f"PATCH /custdev/api/interviews/rooms/{room['id']}"] = lambda: None if waits.is_set() else PAUSE
    app.button("desk_extend").click().run()
    with refused_writes():
        waits.set()
        eventually(lambda: store.room(store.account("sandbox"), UUID(anna(store, project)))["expires_at"] > before)
    assert not app.exception
    done = "**Extending: 3 of 3 rooms done.**"
    eventually(lambda: done in [shown.value for shown in app.run().success])


def test_failed_reading_after_changes_is_tried_again(app: AppTest, project: str) -> None:
    show_tab(opened(app, project), ALL_DESKS)
    state(app, DeskState).is_changed = True
    fails(app, app.run, "The pool was not brought up to date.")
    assert state(app, DeskState).is_changed
    app.run()
    assert not app.exception and not state(app, DeskState).is_changed


def test_failed_making_of_pack_is_said(app: AppTest, project: str) -> None:
    show_tab(opened(app, project), OFFLINE)
    app.text_input("pack_place").input("Clinic")
    fails(app, clicked(app, "pack_make"), "The pack was not made.")
    assert app.text_input("pack_place").value == "Clinic"
    assert process.journal().stations.all(mine(), project, Kind.PACK) == []


def test_failed_end_of_pack_is_said(app: AppTest, project: str) -> None:
    show_tab(opened(app, project), OFFLINE)
    app.text_input("pack_place").input("Clinic")
    app.button("pack_make").click().run()
    (pack,) = process.journal().stations.all(mine(), project, Kind.PACK)
    fails(app, clicked(app, f"pack_end_{pack.key.encode().hex()}"), "The pack was not closed.")
    assert not process.journal().stations.all(mine(), project, Kind.PACK)[0].is_closed
