"""The page of doors before a project with three free rooms, and visitors, for tests."""

import json
import secrets
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from components.state import connection, process
from services.aseed.models import PENDING, CreateRoomsRequest, UpdateRoomRequest
from services.desk import Desk
from services.journal.door.records import Claimed, Door, NewVisit, Visit, VisitState
from services.sandbox.store import Store
from tests.browser.steps import READY
from tests.pages.conftest import go, mine

ACCOUNT = "sandbox"


@pytest.fixture
def project(store: Store) -> str:
    """A project whose only pending rooms are three, the first of them Anna's."""
    account = store.account(ACCOUNT)
    found = str(next(each["id"] for each in store.projects(account) if each["name"] == READY))
    for room in store.rooms(account, UUID(found), PENDING):
        store.cancel_room(account, UUID(room["id"]))
    made = store.create_rooms(account, CreateRoomsRequest(project_id=UUID(found), count=3))
    store.update_room(account, UUID(made[0]["id"]), UpdateRoomRequest(display_name="Anna"))
    return found


def opened(app: AppTest, project: str) -> AppTest:
    go(app.run(), "doors")
    app.selectbox("project").select(project).run()
    assert not app.exception
    return app


def new_form(app: AppTest, project: str) -> AppTest:
    opened(app, project)
    app.button("open_door").click().run()
    app.text_input("door_name").input("City library")
    return app


def save(app: AppTest) -> AppTest:
    app.button("save_door").click().run()
    assert not app.exception
    return app


def doors(project: str) -> list[Door]:
    return process.journal().doors.all(mine(), project)


def made(app: AppTest, project: str) -> Door:
    """A door with nothing but a name, on its card."""
    save(new_form(app, project))
    (door,) = doors(project)
    return door


def shown(app: AppTest, key: str) -> str:
    """What a component is given, as text."""
    found = next(each for each in app.get("bidi_component") if key in each.proto.id)
    return json.dumps(json.loads(found.proto.json or "null"), ensure_ascii=False)


def press(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


def visitor(door: Door, **who: object) -> Visit:
    new = NewVisit(secrets.token_urlsafe(8), "en", door.version, **who)  # type: ignore[arg-type] # of any field
    return process.journal().visits.enter(door, new)


def desk() -> Desk:
    """What asks Aseed about rooms, as the process that watches visitors does."""
    return Desk(connection.client(), process.journal(), mine(), connection.current().desk_check)


def broken_off(door: Door, store: Store) -> Visit:
    """A visitor whose interview ended at once."""
    journal = process.journal()
    claimed = journal.visits.claim(door, visitor(door, email="vera@guests.example").key)
    assert isinstance(claimed, Claimed)
    room = store.room(store.account(ACCOUNT), UUID(claimed.room_id))
    store.join(room["access_token"], "vera@guests.example")
    store.leave(room["access_token"])
    looked = desk().look(claimed.room_id)
    assert looked is not None
    followed = journal.visits.follow(door, looked)
    assert followed is not None and followed.state == VisitState.CUT_OFF
    return followed
