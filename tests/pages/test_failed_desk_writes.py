"""Every button of the desk that writes into the journal, while the database refuses to be written: the page says so."""

from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.desk import DeskState
from components.state.dialogs import Dialogs, Wanted
from services.journal.desk.records import HandOutState, Kind
from services.sandbox.store import Store
from tests.pages.conftest import mine, refused_writes, state
from tests.pages.test_desk import open_by_another, opened, project, start
from tests.pages.test_failed_writes import clicked, fails

__all__ = ["project"]

ALL_DESKS, OFFLINE = ":material/groups: All desks", ":material/wifi_off: Without a network"


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
    start(opened(app, project), "Desk A", "By name")
    app.selectbox("desk_person").select(anna(store, project)).run()
    fails(app, clicked(app, key), "The link was not taken.")
    assert app.selectbox("desk_person").value == anna(store, project)
    assert process.journal().hand_outs.left(mine(), project).free == 3


def test_failed_end_is_said(app: AppTest, project: str) -> None:
    start(opened(app, project), "Desk A", "By name")
    fails(app, clicked(app, "desk_end"), "The desk was not ended.")
    assert not process.journal().stations.all(mine(), project)[0].is_closed


@pytest.mark.parametrize(
    ("before", "key", "failure"),
    [
        (HandOutState.SHOWN, "hand_out_recall", "It was not called back."),
        (HandOutState.RECALLED, "hand_out_return", "It was not returned."),
        (HandOutState.GIVEN, "hand_out_back", "It was not handed back."),
        (HandOutState.GIVEN, "hand_out_replace", "Nothing was created."),
    ],
)
def test_failed_decision_on_hand_out_is_said(
    app: AppTest, project: str, store: Store, before: HandOutState, key: str, failure: str
) -> None:
    opened(app, project)
    room_id = give_to_anna(app, store, project)
    hand_outs = process.journal().hand_outs
    if before == HandOutState.RECALLED:
        hand_outs.recall(mine(), room_id)
    if before == HandOutState.GIVEN:
        hand_outs.give_on_paper(mine(), room_id, process.journal().stations.all(mine(), project)[0].key)
    assert state_of(room_id) == before
    open_dialog(app, room_id).button(key).click()
    # The test draws the whole page, which opens a dialog once; a browser draws the dialog alone.
    fails(app, lambda: open_dialog(app, room_id), failure)
    assert state_of(room_id) == before


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
    fails(app, clicked(app, f"pack_end_{pack.key}"), "The pack was not closed.")
    assert not process.journal().stations.all(mine(), project, Kind.PACK)[0].is_closed
