"""No page gives a link that is in two rooms: each says so, and what to do, until the rooms' own answers differ."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from components.desk.setup import IN_ORDER
from components.state import process
from components.state.dialogs import Dialogs, Wanted
from services.sandbox.store import Store
from tests.browser.steps import READY
from tests.pages.conftest import CREATE, Aseed, go, mine, press_create, said, state
from tests.servers import eventually

LIST = "GET /custdev/api/interviews/rooms"


@pytest.fixture
def rooms(store: Store, aseed: Aseed) -> list[dict[str, Any]]:
    """Three pending rooms as Aseed tells them in every list and answer: the first two with one link."""
    project = next(each["id"] for each in store.projects(store.account("sandbox")) if each["name"] == READY)
    row = {**store.rooms(store.account("sandbox"))[0], "project_id": project, "status": "pending", "display_name": None}
    made = [room(row, aseed, place) for place in range(3)]
    made[1] |= {"url": f"{made[0]['url']}/?again", "access_token": made[0]["access_token"]}
    for each in made:
        aseed.answers[own(each)] = lambda each=each: JSONResponse(each)  # type: ignore[misc] # bound to each room
    return made


def room(row: dict[str, Any], aseed: Aseed, place: int) -> dict[str, Any]:
    token = f"SECRET{place}-0123456789"
    return {**row, "id": f"r{place}", "access_token": token, "url": f"{aseed.address}/interview/{token}"}


def own(room: dict[str, Any]) -> str:
    return f"GET /custdev/api/interviews/rooms/{room['id']}"


@pytest.fixture
def created(app: AppTest, aseed: Aseed, rooms: list[dict[str, Any]]) -> AppTest:
    """The rooms just created, and listed."""
    aseed.answers[CREATE] = lambda: JSONResponse({"rooms": rooms})
    app.run()
    app.selectbox("project").set_value(rooms[0]["project_id"])
    app.number_input("count").set_value(3).run()
    press_create(app)
    # Not before: rooms that were listed already are not new ones.
    aseed.answers[LIST] = lambda: JSONResponse(rooms)
    return app


def given(app: AppTest) -> str:
    """Everything that the page gives to its components, texts and files to copy."""
    texts = [json.dumps(json.loads(found.proto.json or "null")) for found in app.get("bidi_component")]
    return "\n".join([*texts, *(text.value for text in app.text), said(app)])


def links(app: AppTest) -> Iterator[str]:
    for found in app.get("bidi_component"):
        data = json.loads(found.proto.json or "null")
        if isinstance(data, dict) and "rooms" in data:
            yield from (row["link"] for row in data["rooms"] if "link" in row)


def coded(app: AppTest) -> Iterator[str]:
    """The links that have a code."""
    for found in app.get("bidi_component"):
        data = json.loads(found.proto.json or "null")
        if isinstance(data, dict) and "rooms" in data:
            yield from (row["link"] for row in data["rooms"] if row.get("code"))


def heal(aseed: Aseed, rooms: list[dict[str, Any]]) -> dict[str, Any]:
    """Lets the second room's own answer show a link of its own."""
    true = room(rooms[1], aseed, 1)
    aseed.answers[own(true)] = lambda: JSONResponse(true)
    return true


def test_result_tells_of_two_rooms_with_one_link(created: AppTest, rooms: list[dict[str, Any]]) -> None:
    assert "2 rooms have links that other rooms have, too." in said(created)
    assert "room 1 and room 2" in said(created)
    assert "not a proper link" not in said(created)
    assert rooms[0]["access_token"] not in given(created) and rooms[2]["url"] in given(created)
    assert list(coded(created)) == [rooms[2]["url"]]


def test_press_asks_again_and_settles(created: AppTest, aseed: Aseed, rooms: list[dict[str, Any]]) -> None:
    aseed.calls.clear()
    created.button("ask_links").click().run()
    assert created.toast[0].value == "Aseed says again that 2 rooms share a link."
    assert sorted(call for call in aseed.calls if call in map(own, rooms)) == [own(rooms[0]), own(rooms[1])]
    true = heal(aseed, rooms)
    created.button("ask_links").click().run()
    assert created.toast[0].value == "2 rooms have their own links now."
    assert sorted(links(created)) == sorted([rooms[0]["url"], true["url"], rooms[2]["url"]])
    assert "other rooms have" not in said(created)


def test_silent_room_leaves_it_open(created: AppTest, aseed: Aseed, rooms: list[dict[str, Any]]) -> None:
    aseed.answers[own(rooms[1])] = lambda: JSONResponse({"detail": "Not found"}, 404)
    created.button("ask_links").click().run()
    assert "nothing certain about 2 rooms" in created.toast[0].value
    assert rooms[0]["access_token"] not in given(created)


def test_list_of_batches_says_it_needs_you(created: AppTest) -> None:
    go(created, "batches")
    assert "2 rooms with the link of another room: needs you" in said(created)


def test_links_page_flags_both_and_gives_neither(created: AppTest, rooms: list[dict[str, Any]]) -> None:
    go(created, "links")
    shown = said(created)
    assert "Same link as another room · 2 rooms" in shown.replace("*", "")
    assert "it has the link of Room 2" in shown and "it has the link of Room 1" in shown
    assert rooms[0]["access_token"] not in given(created) and rooms[2]["url"] in given(created)
    assert not [button for button in created.button if str(button.key).startswith("settle_same_link")]
    state(created, Dialogs).wanted = Wanted("manage", "r1")
    created.run()
    assert "Another room has the same link" in said(created) and rooms[0]["access_token"] not in given(created)


def test_list_of_links_settles_it_by_itself(app: AppTest, aseed: Aseed, rooms: list[dict[str, Any]]) -> None:
    # Not created here: they come by the list alone.
    aseed.answers[LIST] = lambda: JSONResponse(rooms)
    true = heal(aseed, rooms)
    app.run()
    app.session_state["project"] = rooms[0]["project_id"]
    go(app, "links")
    assert rooms[0]["access_token"] not in given(app)
    service = mine().service
    eventually(lambda: not process.journal().links.in_conflict(service))
    app.button("look_now").click().run()
    assert sorted(links(app)) == sorted([rooms[0]["url"], true["url"], rooms[2]["url"]])


def test_room_listed_elsewhere_takes_the_link_back(created: AppTest, aseed: Aseed, rooms: list[dict[str, Any]]) -> None:
    # A room that another dashboard made has the link of our third one.
    stranger = {**rooms[2], "id": "stranger"}
    aseed.answers[LIST] = lambda: JSONResponse([*rooms, stranger])
    assert rooms[2]["url"] in given(created)
    created.button("refresh").click().run()
    created.run()
    assert rooms[2]["url"] not in given(created)
    assert "room 3 and a room that was not created here" in said(created)


def open_desk(app: AppTest, rooms: list[dict[str, Any]]) -> None:
    go(app, "desk")
    app.selectbox("project").select(rooms[0]["project_id"]).run()


def start_desk(app: AppTest) -> None:
    app.text_input("desk_name").input("Desk A")
    app.segmented_control[0].set_value(IN_ORDER)
    app.button("desk_start").click().run()


def test_desk_gives_no_link_of_two_rooms(created: AppTest, rooms: list[dict[str, Any]]) -> None:
    open_desk(created, rooms)
    assert "2 rooms have links that other rooms have, too" in said(created)
    assert "1 link is ready." in said(created).replace("*", "")
    start_desk(created)
    assert rooms[2]["url"] in given(created) and rooms[0]["access_token"] not in given(created)


def test_code_on_show_is_taken_off(created: AppTest, aseed: Aseed, rooms: list[dict[str, Any]]) -> None:
    open_desk(created, rooms)
    start_desk(created)
    assert rooms[2]["url"] in given(created)
    # Its own answer tells another room's link all of a sudden.
    told = {**rooms[2], "url": rooms[0]["url"], "access_token": rooms[0]["access_token"]}
    aseed.answers[own(told)] = lambda: JSONResponse(told)
    created.run()
    created.run()
    assert "SECRET" not in given(created)
    held = process.journal().hand_outs.find(mine(), "r2")
    assert held is not None and held.shares_link and not held.station
