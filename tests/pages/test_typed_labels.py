"""Labels that a person types: none reaches Aseed with an email address in it, and what was typed stays."""

from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.desk import DeskState
from components.state.dialogs import Dialogs, Wanted
from services.aseed.models import UpdateRoomRequest
from services.sandbox.store import Store
from tests.pages.conftest import go, mine, said, state
from tests.pages.test_desk import opened, project, start
from tests.pages.test_failed_desk_writes import press

__all__ = ["project"]

REFUSED = "Aseed gets this name, and no email addresses."
ADDRESSES = ["anna@example.org", "Olga <olga@example.org>", "Olga, olga@почта.рф", "Olga olga＠example.org"]


def labels(store: Store, project: str) -> set[str | None]:
    return {room["display_name"] for room in store.rooms(store.account("sandbox"), UUID(project), "pending")}


@pytest.mark.parametrize("typed", ADDRESSES)
def test_address_at_desk_takes_no_link(app: AppTest, project: str, store: Store, typed: str) -> None:
    start(opened(app, project), "Desk A", "By name")
    app.text_input("desk_whom").input(typed)
    app.button("desk_show_free").click().run()
    assert REFUSED in said(app) and app.text_input("desk_whom").value == typed
    assert process.journal().hand_outs.left(mine(), project).free == 3
    app.text_input("desk_whom").input("Olga")
    app.button("desk_show_free").click().run()
    assert labels(store, project) == {"Anna", "Olga", None}


def test_address_on_screen_is_refused(app: AppTest, project: str, store: Store) -> None:
    start(opened(app, project), "Desk A")
    screen = state(app, DeskState).screen
    assert screen is not None and screen.shown
    (station,) = process.journal().stations.all(mine(), project)
    AppTest.from_function(press, default_timeout=30, args=(station, screen, "name", "olga@example.org")).run()
    assert REFUSED in screen.said
    AppTest.from_function(press, default_timeout=30, args=(station, screen, "name", "Olga")).run()
    assert "This link is for Olga." in screen.said and "Olga" in labels(store, project)


def opened_room(app: AppTest, project: str, store: Store) -> tuple[AppTest, str]:
    """Links with the dialog of Anna's room open."""
    rooms = store.rooms(store.account("sandbox"), UUID(project), "pending")
    room_id = str(next(room["id"] for room in rooms if room["display_name"]))
    app.run()
    app.session_state["project"] = project
    go(app, "links")
    state(app, Dialogs).wanted = Wanted("manage", room_id)
    return app.run(), room_id


def saved(app: AppTest, room_id: str) -> AppTest:
    state(app, Dialogs).wanted = Wanted("manage", room_id)
    return next(button for button in app.button if button.label == "Save").click().run()


@pytest.mark.parametrize("typed", ADDRESSES)
def test_address_in_room_dialog_is_refused(app: AppTest, project: str, store: Store, typed: str) -> None:
    _, room_id = opened_room(app, project, store)
    app.text_input(f"label_{room_id}").input(typed)
    saved(app, room_id)
    assert REFUSED in said(app) and app.text_input(f"label_{room_id}").value == typed
    assert labels(store, project) == {"Anna", None}
    app.text_input(f"label_{room_id}").input("Olga")
    saved(app, room_id)
    assert labels(store, project) == {"Olga", None}


def test_old_label_with_address_keeps_other_changes(app: AppTest, project: str, store: Store) -> None:
    rooms = store.rooms(store.account("sandbox"), UUID(project), "pending")
    anna = next(room["id"] for room in rooms if room["display_name"])
    store.update_room(store.account("sandbox"), UUID(anna), UpdateRoomRequest(display_name="anna@example.org"))
    _, room_id = opened_room(app, project, store)
    app.number_input(f"minutes_{room_id}").set_value(45)
    saved(app, room_id)
    after = store.rooms(store.account("sandbox"), UUID(project), "pending")
    assert {room["max_duration_minutes"] for room in after if room["id"] == room_id} == {45}
