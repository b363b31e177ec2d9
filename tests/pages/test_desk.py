"""The desk before it goes to work, by name, and as the person who looks after it sees it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from starlette.responses import Response
from streamlit.testing.v1 import AppTest

from components.desk.overview import how_far
from components.desk.setup import BY_NAME, IN_ORDER
from components.state import process
from services.aseed.models import CreateRoomsRequest, UpdateRoomRequest
from services.journal.database import JournalError
from services.journal.desk.records import HandOut, HandOutState, How, Kind, Station
from services.sandbox.store import Store
from tests.browser.steps import READY
from tests.entries import entry
from tests.pages.conftest import Aseed, go, mine, said


@pytest.fixture
def project(store: Store) -> str:
    """A project whose only pending rooms are three, the first of them Anna's."""
    account = store.account("sandbox")
    found = str(next(each["id"] for each in store.projects(account) if each["name"] == READY))
    for room in store.rooms(account, UUID(found), "pending"):
        store.cancel_room(account, UUID(room["id"]))
    made = store.create_rooms(account, CreateRoomsRequest(project_id=UUID(found), count=3))
    store.update_room(account, UUID(made[0]["id"]), UpdateRoomRequest(display_name="Anna"))
    return found


def opened(app: AppTest, project: str) -> AppTest:
    go(app.run(), "desk")
    app.selectbox("project").select(project).run()
    return app


def start(app: AppTest, name: str, how: str = IN_ORDER) -> AppTest:
    app.text_input("desk_name").input(name)
    app.segmented_control[0].set_value(how)
    return app.button("desk_start").click().run()


def open_by_another(project: str) -> Station:
    other = Station("another-device-of-ours", Kind.DESK, project, "Desk A")
    process.journal().stations.open(mine(), other)
    return other


def test_size_of_pool_is_shown_before_start(app: AppTest, project: str) -> None:
    assert "3 links are ready. 1 is for a certain person." in said(opened(app, project)).replace("*", "")


def speak_russian(app: AppTest) -> AppTest:
    app.session_state["page_language"] = "ru"
    return app.run()


def test_pool_is_counted_in_russian(app: AppTest, project: str) -> None:
    speak_russian(opened(app, project))
    assert "Готовы 3 ссылки. Из них именных: 1." in said(app).replace("*", "")
    assert "Назовите стойку" in said(start(app, "  "))


def test_open_tab_stays_open_in_another_language(app: AppTest, project: str) -> None:
    opened(app, project)
    app.session_state["desk_tabs"] = ":material/wifi_off: Without a network"
    speak_russian(app.run())
    assert "Используйте каждый набор только на одном устройстве." in said(app)


def test_way_of_giving_stays_in_another_language(app: AppTest, project: str) -> None:
    opened(app, project)
    app.text_input("desk_name").input("Стойка А")
    app.segmented_control[0].set_value(BY_NAME).run()
    speak_russian(app)
    app.button("desk_start").click().run()
    assert app.title[0].value == "Кто следующий?"
    assert [each.by_name for each in process.journal().stations.all(mine(), project)] == [True]


def test_desk_without_name_is_refused(app: AppTest, project: str) -> None:
    opened(app, project)
    assert "Give this desk a name" in said(start(app, "  "))
    assert process.journal().stations.all(mine(), project) == []


@pytest.mark.parametrize(("typed", "kept"), [(None, READY), (" your  mornings", "your mornings"), ("", "")])
def test_visitors_read_what_staff_leave(app: AppTest, project: str, typed: str | None, kept: str) -> None:
    opened(app, project)
    if typed is not None:
        app.text_input(f"desk_about_{project}_None").input(typed)
    start(app, "Desk A")
    assert not app.exception
    assert [each.about for each in process.journal().stations.all(mine(), project)] == [kept]


def test_desk_at_work_elsewhere_can_be_taken_over(app: AppTest, project: str) -> None:
    opened(app, project)
    other = open_by_another(project)
    assert "Desk A is at work on another device." in said(start(app, "Desk A"))
    app.button("desk_take_over").click().run()
    assert not app.exception
    found = process.journal().stations.find(mine(), other.key)
    assert found is not None and found.holder
    held = process.journal().hand_outs.in_hand(other.key)
    assert held is not None and held.state == HandOutState.SHOWN


def test_redrawn_desk_keeps_one_link_in_hand(app: AppTest, project: str) -> None:
    start(opened(app, project), "Desk A")
    for _ in range(3):
        app.run()
    assert not app.exception
    assert process.journal().hand_outs.left(mine(), project).free == 2
    assert not app.title


def test_empty_pool_is_said_and_looks_again(app: AppTest, project: str, store: Store) -> None:
    account = store.account("sandbox")
    for room in store.rooms(account, UUID(project), "pending"):
        store.cancel_room(account, UUID(room["id"]))
    assert "No link is left to hand out here." in said(opened(app, project))
    store.create_rooms(account, CreateRoomsRequest(project_id=UUID(project), count=2))
    app.button("desk_look").click().run()
    assert "2 links are ready." in said(app).replace("*", "")


def test_person_with_cancelled_link_gets_no_other(app: AppTest, project: str, store: Store) -> None:
    start(opened(app, project), "Desk A", BY_NAME)
    assert app.title[0].value == "Who is next?"
    account = store.account("sandbox")
    anna = next(room for room in store.rooms(account, UUID(project), "pending") if room["display_name"] == "Anna")
    store.cancel_room(account, UUID(anna["id"]))
    app.selectbox("desk_person").select(anna["id"]).run()
    app.button("desk_show").click().run()
    assert "not available any more" in said(app)
    assert process.journal().hand_outs.left(mine(), project).free == 2


def test_person_keeps_link_while_aseed_is_down(app: AppTest, project: str, store: Store, aseed: Aseed) -> None:
    start(opened(app, project), "Desk A", BY_NAME)
    account = store.account("sandbox")
    anna = next(room for room in store.rooms(account, UUID(project), "pending") if room["display_name"] == "Anna")
    path = f"GET /custdev/api/interviews/rooms/{anna['id']}"
    aseed.answers[path] = lambda: Response(status_code=503)
    app.selectbox("desk_person").select(anna["id"]).run()
    app.button("desk_show").click().run()
    held = process.journal().hand_outs.find(mine(), anna["id"])
    assert held is not None and held.state == HandOutState.CLAIMED
    del aseed.answers[path]
    store.cancel_room(account, UUID(anna["id"]))
    app.run()
    assert app.title[0].value == "Who is next?"
    assert "not free any more: Cancelled." in said(app)


def test_second_of_two_annas_gets_her_own_link(app: AppTest, project: str, store: Store) -> None:
    account = store.account("sandbox")
    rooms = sorted(store.rooms(account, UUID(project), "pending"), key=lambda room: str(room["display_name"]))
    for room, label in zip(rooms, ("Anna", "Anna", "Anna (2)"), strict=True):
        store.update_room(account, UUID(room["id"]), UpdateRoomRequest(display_name=label))
    start(opened(app, project), "Desk A", BY_NAME)
    options = app.selectbox("desk_person").options
    assert len(set(options)) == 3
    second = rooms[1]["id"]
    app.selectbox("desk_person").select(second).run()
    app.button("desk_show").click().run()
    held = process.journal().hand_outs.in_hand(process.journal().stations.all(mine(), project)[0].key)
    assert held is not None and held.room_id == second


def test_pack_of_too_many_links_cannot_be_made(app: AppTest, project: str) -> None:
    opened(app, project)
    app.session_state["desk_tabs"] = ":material/wifi_off: Without a network"
    app.run()
    app.number_input("pack_count_3").set_value(4).run()
    assert "Enter a number from 1 to 3." in said(app)
    assert app.button("pack_make").disabled
    app.number_input("pack_count_3").set_value(3).run()
    assert not app.button("pack_make").disabled


@pytest.mark.parametrize("key", ["_a__b-_", "__", "plain"])
def test_pack_of_any_key_is_shown(app: AppTest, project: str, key: str) -> None:
    opened(app, project)
    pack = Station(key, Kind.PACK, project, "Clinic")
    process.journal().stations.open(mine(), pack)
    process.journal().packs.pack(mine(), pack, 3)
    app.session_state["desk_tabs"] = ":material/wifi_off: Without a network"
    app.run()
    assert not app.exception
    assert "**Clinic** · 3 links · 0 handed out" in said(app)
    assert app.button(f"pack_end_{key.encode().hex()}")


def test_resume_that_cannot_be_written_is_said(app: AppTest, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(app, project)
    open_by_another(project)
    start(app, "Desk A")

    def fail(*_: object) -> None:
        raise JournalError("The journal's database does not work.")

    monkeypatch.setattr(type(process.journal().stations), "hold", fail)
    app.button("desk_take_over").click().run()
    assert not app.exception
    assert "This device could not go on with the desk." in app.toast[0].value


NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def given(minutes_ago: int, status: str = "pending", started_at: datetime | None = None) -> HandOut:
    of = entry(status=status, started_at=started_at).room
    at = NOW - timedelta(minutes=minutes_ago)
    return HandOut(
        of.id, 1, "", "", False, of.url, of, of.status, HandOutState.GIVEN, How.SCREEN, "key", "Desk A", "", at, at, 0.0
    )


@pytest.mark.parametrize(
    ("hand_out", "words", "late"),
    [
        (given(3), "Not started", ""),
        (given(12), "Not started", "not started for 12 min"),
        (given(20, status="active", started_at=NOW - timedelta(minutes=18)), "In interview, 12 min left", ""),
        (given(60, status="active", started_at=NOW - timedelta(minutes=50)), "In interview, 0 min left", ""),
        (given(60, status="completed"), "Done", ""),
        (given(60, status="expired"), "Ran out", ""),
    ],
)
def test_progress_of_hand_out_is_said(hand_out: HandOut, words: str, late: str) -> None:
    _, said_words, said_late = how_far(hand_out, NOW)
    assert (said_words, said_late) == (words, late)
