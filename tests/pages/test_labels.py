"""Each way in which a label is given: an address in it reaches neither Aseed nor the person before the desk."""

from uuid import UUID

from streamlit.testing.v1 import AppTest

from components.desk.setup import BY_NAME
from components.state import process
from components.state.desk import DeskState
from components.state.dialogs import Dialogs, Wanted
from services.aseed.models import UpdateRoomRequest
from services.journal.desk.records import Kind, Station
from services.labels import HAS_ADDRESS
from services.sandbox.store import Store
from tests.pages.conftest import go, mine, said, state
from tests.pages.test_desk import opened, project, start
from tests.pages.test_failed_desk_writes import OFFLINE, anna, press, show_tab

__all__ = ["project"]

TYPED = "Olga <olga@example.org>"


def labels_at_aseed(store: Store, project: str) -> set[str | None]:
    return {room["display_name"] for room in store.rooms(store.account("sandbox"), UUID(project), "pending")}


def open_room(app: AppTest, room_id: str) -> AppTest:
    """Draws Links with the dialog of a room open, as each press inside it does."""
    state(app, Dialogs).wanted = Wanted("manage", room_id)
    return app.run()


def test_address_typed_into_room_dialog_is_refused(app: AppTest, project: str, store: Store) -> None:
    app.run()
    app.session_state["project"] = project
    go(app, "links")
    room_id = anna(store, project)
    open_room(app, room_id).text_input(f"label_{room_id}").input(TYPED)
    app.button(f"save_{room_id}").click()
    open_room(app, room_id)
    assert HAS_ADDRESS in said(app) and app.text_input(f"label_{room_id}").value == TYPED
    assert labels_at_aseed(store, project) == {"Anna", None}


def test_old_label_with_address_keeps_other_changes(app: AppTest, project: str, store: Store) -> None:
    rooms = store.rooms(store.account("sandbox"), UUID(project), "pending")
    anna_id = str(next(room["id"] for room in rooms if room["display_name"]))
    store.update_room(store.account("sandbox"), UUID(anna_id), UpdateRoomRequest(display_name="anna@example.org"))
    app.run()
    app.session_state["project"] = project
    go(app, "links")
    open_room(app, anna_id).number_input(f"minutes_{anna_id}").set_value(45)
    app.button(f"save_{anna_id}").click()
    open_room(app, anna_id)
    after = store.rooms(store.account("sandbox"), UUID(project), "pending")
    assert {room["max_duration_minutes"] for room in after if room["id"] == anna_id} == {45}


def test_address_typed_at_desk_is_refused(app: AppTest, project: str, store: Store) -> None:
    start(opened(app, project), "Desk A")
    screen = state(app, DeskState).screen
    assert screen is not None and screen.shown
    (station,) = process.journal().stations.all(mine(), project)
    AppTest.from_function(press, default_timeout=30, args=(station, screen, "name", TYPED)).run()
    assert screen.said == HAS_ADDRESS and not screen.shown.label
    assert labels_at_aseed(store, project) == {"Anna", None}


def test_address_of_unlisted_person_takes_no_link(app: AppTest, project: str, store: Store) -> None:
    start(opened(app, project), "Desk A", BY_NAME)
    # Typed just before the press, when the button could still be pressed.
    app.text_input("desk_whom").input(TYPED)
    app.button("desk_show_free").click().run()
    assert HAS_ADDRESS in said(app) and app.text_input("desk_whom").value == TYPED
    assert app.button("desk_show_free").disabled
    assert process.journal().hand_outs.left(mine(), project).free == 3
    assert labels_at_aseed(store, project) == {"Anna", None}


def test_address_in_ticks_is_for_staff_alone(app: AppTest, project: str) -> None:
    opened(app, project)
    pack = Station("a-pack-of-ours", Kind.PACK, project, "Clinic")
    process.journal().stations.open(mine(), pack)
    process.journal().packs.pack(mine(), pack, 1)
    ((one,), _) = process.journal().packs.packed(mine(), pack)
    show_tab(app, OFFLINE)
    rows = f"pack,room_id,whom,handed_out_at\n{pack.key},{one.room_id},{TYPED},2026-11-24T14:05:00Z\n"
    app.file_uploader(f"pack_ticks_{pack.key.encode().hex()}").upload("ticks.csv", rows.encode(), "text/csv").run()
    assert "is kept for staff alone" in said(app)
    given = process.journal().hand_outs.find(mine(), one.room_id)
    assert given is not None and (given.label, given.known_as) == ("Olga", TYPED)
