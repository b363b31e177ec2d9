"""Links: every visible room of a study, found, counted, flagged, and acted on."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from time import tzset
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import streamlit as st
from starlette.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from components.state import process, viewer
from components.state.dialogs import Dialogs, Wanted
from components.state.jobs import JobsState
from components.state.links import LinksState, read_study
from components.state.study import Study
from services.aseed.models import CreateProjectRequest, CreateRoomsRequest, UpdateRoomRequest
from services.journal.database import JournalError
from services.journal.rooms import RoomRecords
from services.participants import Participant
from services.rooms.flags import Flag
from services.sandbox.database import Row
from services.sandbox.store import Store
from tests.conftest import Clock
from tests.pages.conftest import CREATE, LIST_PROJECTS, Aseed, go, mine, said, state
from tests.servers import eventually

LIST = "GET /custdev/api/interviews/rooms"


@pytest.fixture
def clock() -> Clock:
    """The sandbox's clock shows the true time, by which links run out soon."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def project(store: Store) -> str:
    return str(store.projects(store.account("sandbox"))[0]["id"])


@pytest.fixture
def links(app: AppTest, project: str) -> Iterator[AppTest]:
    """The page with one project of the demonstration data."""
    app.run()
    app.session_state["project"] = project
    yield go(app, "links")


def rooms(store: Store, project: str) -> list[Row]:
    return store.rooms(store.account("sandbox"), UUID(project))


def table(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the table that is shown."""
    return next((data["rooms"] for data in _component_data(app) if data and "moment" in data and "rooms" in data), [])


def kept(app: AppTest) -> Study:
    """The study that the session keeps."""
    study = state(app, LinksState).study
    assert study is not None
    return study


def labels(app: AppTest) -> list[str]:
    return [row["label"] for row in table(app)]


def _component_data(app: AppTest) -> list[Any]:
    return [json.loads(found.proto.json) for found in app.get("bidi_component") if found.proto.json]


def test_tabs_are_the_vendors_and_are_counted(links: AppTest) -> None:
    assert [option for option in links.segmented_control("tab").options] == [
        "Active (1)", "Completed (2)", "Archived (2)",
    ]  # fmt: skip
    assert labels(links) == ["Dora"]
    links.segmented_control("tab").set_value("Completed").run()
    assert sorted(labels(links)) == ["Anna, pilot", "Ben, pilot"]


def test_tab_that_streamlit_forgets_stays_chosen(links: AppTest) -> None:
    links.segmented_control("tab").set_value("Completed").run()
    links.session_state["tab"] = None
    links.run()
    assert not links.exception
    assert links.session_state["tab"] == "Completed"


def test_address_holds_tab_before_rooms_are_read(links: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reload while the list is read must come back to the tab that was pressed."""
    held: list[list[str]] = []

    def reads(*args: object) -> Study:
        held.append(st.query_params.get_all("tab"))
        return read_study(*args)  # type: ignore[arg-type]  # what it was called with

    monkeypatch.setattr("components.links.page.read_study", reads)
    links.segmented_control("tab").set_value("Completed").run()
    assert not links.exception and held == [["Completed"]]


def test_search_finds_and_stays_in_address(links: AppTest) -> None:
    links.text_input("find").set_value("no such person").run()
    assert "No room here is like that." in said(links)
    links.text_input("find").set_value("dora").run()
    assert labels(links) == ["Dora"]
    assert links.query_params["find"] == "dora"


def test_searched_link_is_found_outside_the_address(links: AppTest) -> None:
    link = table(links)[0]["link"]
    secret = link.rsplit("/", 1)[1]
    for text in (link, secret, secret[:15]):
        links.text_input("find").set_value(text).run()
        assert labels(links) == ["Dora"]
        assert "find" not in links.query_params


def test_tabs_count_what_a_search_finds(links: AppTest) -> None:
    links.text_input("find").set_value("pilot").run()
    assert links.segmented_control("tab").options == ["Active (0)", "Completed (2)", "Archived (1)"]
    assert "There are 2 in Completed, 1 in Archived." in said(links)


def test_searched_email_stays_out_of_address(links: AppTest) -> None:
    links.segmented_control("tab").set_value("Completed").run()
    links.text_input("find").set_value("ben@example.com").run()
    assert labels(links) == ["Ben, pilot"]
    assert "find" not in links.query_params


def test_projects_of_one_name_are_told_apart(app: AppTest, store: Store) -> None:
    account = store.account("sandbox")
    ready = CreateProjectRequest(name="Pilot", research_goals="Goals.", interview_guide="1. Why?")
    first, second = (store.create_project(account, ready)["id"] for _ in range(2))
    store.create_rooms(account, CreateRoomsRequest(project_id=UUID(first), count=1))
    app.run()
    go(app, "links")
    app.selectbox("project").set_value(first).run()
    assert len(table(app)) == 1
    app.selectbox("project").set_value(second).run()
    assert "No rooms in Pilot" in said(app)


def test_failed_project_list_never_widens_the_view(links: AppTest, aseed: Aseed, project: str) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({"detail": "down"}, 503)
    st.cache_data.clear()
    links.run()
    assert links.selectbox("project").value == project
    assert labels(links) == ["Dora"]


def test_ticks_outside_view_choose_no_other_room(links: AppTest, store: Store, project: str) -> None:
    dora = next(room for room in rooms(store, project) if room["display_name"] == "Dora")
    store.create_rooms(store.account("sandbox"), CreateRoomsRequest(project_id=UUID(project), count=3))
    kept(links).chosen.add(dora["id"])
    store.join(dora["access_token"], "dora@example.org")
    store.leave(dora["access_token"])
    kept(links).asked = float("-inf")
    links.run()
    assert len(table(links)) == 3
    assert "**0 rooms** chosen, 1 more outside this view" in said(links)
    links.button("choose_none").click().run()
    assert "**3 rooms** in view" in said(links)


def test_flagged_rooms_show_despite_an_earlier_search(links: AppTest, store: Store, project: str) -> None:
    account = store.account("sandbox")
    for room in store.create_rooms(account, CreateRoomsRequest(project_id=UUID(project), count=5)):
        store.join(room["access_token"], f"{room['id']}@example.org")
        store.leave(room["access_token"])
    links.text_input("find").set_value("dora").run()
    kept(links).asked = float("-inf")
    links.run()
    links.button("show_dropped").click().run()
    links.run()
    assert len(table(links)) == 6
    assert links.text_input("find").value == ""


def test_failed_journal_leaves_the_last_list(links: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise JournalError("The journal's database does not work (OperationalError).")

    monkeypatch.setattr(RoomRecords, "settled_flags", fail)
    links.button("look_now").click().run()
    assert "This is how the rooms were at" in said(links)
    assert labels(links) == ["Dora"]


def test_address_restores_view_without_its_nonsense(app: AppTest, project: str) -> None:
    app.query_params.update(
        {"study": project, "tab": "Archived", "status": "expired,bogus", "within": "x", "every": "7"}
    )
    app.run()
    go(app, "links")
    assert labels(app) == ["Clara, pilot"]
    assert app.segmented_control("every").value == 15


def test_unknown_project_shows_all(app: AppTest) -> None:
    app.query_params["study"] = "nowhere"
    app.run()
    go(app, "links")
    assert app.selectbox("project").value is None
    assert "Мария" not in labels(app) and "Dora" in labels(app)


def test_cut_off_interview_is_flagged_until_replaced(links: AppTest, store: Store, project: str) -> None:
    ben = next(room for room in rooms(store, project) if room["display_name"] == "Ben, pilot")
    assert "Ben, pilot: 4 of 30 minutes." in said(links)
    links.button(f"act_dropped_{ben['id']}").click().run()
    eventually(lambda: process.journal().rooms.known(mine()).get(ben["id"]) is not None)
    eventually(lambda: all(batch.over for batch in process.journal().batches.newest(mine(), 10)))
    kept(links).asked = float("-inf")
    links.run()
    assert "The replacement is there:" in "\n".join(message.value for message in links.success)
    assert sorted(labels(links)) == ["Ben, pilot", "Dora"]
    assert "4 of 30 minutes" not in said(links)


def test_second_press_of_replace_creates_nothing(links: AppTest, aseed: Aseed, store: Store, project: str) -> None:
    before = len(rooms(store, project))
    ben = next(room for room in rooms(store, project) if room["display_name"] == "Ben, pilot")
    links.button(f"act_dropped_{ben['id']}").click().run()
    eventually(lambda: all(batch.over for batch in process.journal().batches.newest(mine(), 10)))
    # As a second tab would, which still shows the button.
    kept(links).flags = {ben["id"]: (Flag.DROPPED,)}
    links.run()
    links.button(f"act_dropped_{ben['id']}").click().run()
    assert "has a replacement already" in links.toast[0].value
    assert len(rooms(store, project)) == before + 1 and aseed.calls.count(CREATE) == 1


def test_settled_flag_does_not_return(links: AppTest, store: Store, project: str) -> None:
    ben = next(room for room in rooms(store, project) if room["display_name"] == "Ben, pilot")
    links.button(f"settle_dropped_{ben['id']}").click().run()
    assert "4 of 30 minutes" not in said(links)
    kept(links).asked = float("-inf")
    links.run()
    assert "4 of 30 minutes" not in said(links)


def test_expiring_links_are_extended_at_one_press(links: AppTest, store: Store, project: str) -> None:
    account = store.account("sandbox")
    soon = datetime.now(UTC) + timedelta(hours=2)
    for room in store.create_rooms(account, CreateRoomsRequest(project_id=UUID(project), count=5)):
        store.update_room(account, UUID(room["id"]), UpdateRoomRequest(expires_at=soon))
    kept(links).asked = float("-inf")
    links.run()
    assert "**Runs out within 24 h** · 5 rooms" in said(links)
    links.button("extend_all").click().run()
    eventually(lambda: job_is_over(links))
    kept(links).asked = float("-inf")
    links.run()
    assert "**Extending: 5 of 5 rooms done.**" in "\n".join(message.value for message in links.success)
    assert "Runs out within 24 h" not in said(links)
    later = datetime.now(UTC) + timedelta(days=6)
    pending = [room for room in rooms(store, project) if room["status"] == "pending" and room["display_name"] is None]
    assert all(datetime.fromisoformat(room["expires_at"]) > later for room in pending)


def job_is_over(app: AppTest) -> bool:
    job = process.changes().job((state(app, JobsState).job or ("", ""))[0])
    return job is not None and job.over


def test_failed_read_keeps_last_list_marked_old(links: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST] = lambda: JSONResponse({"detail": "down"}, 503)
    links.button("look_now").click().run()
    assert "This is how the rooms were at" in said(links)
    assert labels(links) == ["Dora"]
    aseed.answers.clear()
    links.button("look_now").click().run()
    assert "This is how the rooms were at" not in said(links)


def test_page_without_any_answer_says_next_step(app: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST] = lambda: JSONResponse({"detail": "down"}, 503)
    app.run()
    go(app, "links")
    assert app.error and app.button("look_now").label == "Try again"
    aseed.answers.clear()
    app.button("look_now").click().run()
    assert "Dora" in labels(app)


def test_project_without_rooms_leads_to_create(links: AppTest, store: Store) -> None:
    empty = str(store.projects(store.account("sandbox"))[2]["id"])
    links.selectbox("project").set_value(empty).run()
    assert "No rooms in Clinic waiting rooms yet." in said(links)


def test_target_shows_to_all_who_see_project(links: AppTest, project: str) -> None:
    records = process.journal().rooms
    records.set_target(mine(), project, 12)
    links.run()
    figures = next(data["figures"] for data in _component_data(links) if data and "figures" in data)
    assert {"name": "of the target", "value": "2 / 12"} in figures


def test_funnel_counts_every_status(links: AppTest) -> None:
    parts = next(data["parts"] for data in _component_data(links) if data and "parts" in data)
    assert {part["name"]: part["count"] for part in parts} == {
        "Not started": 1, "In interview": 0, "Done": 2, "Ran out": 1, "Cancelled": 1,
    }  # fmt: skip


def open_dialog(app: AppTest, name: str) -> AppTest:
    """Draws the page with a dialog open, as each press inside it does."""
    state(app, Dialogs).wanted = Wanted(name)
    return app.run()


def test_damaged_ids_are_shown_and_stay(links: AppTest, project: str) -> None:
    (dora,) = table(links)
    process.journal().rooms.relabel(mine(), project, {dora["id"]: Participant(label="Dora", external_id="007")})
    kept(links).asked = float("-inf")
    open_dialog(links, "relabel")
    file = f"room_id,label,external_id\n{dora['id']},Dora,7\n".encode()
    links.file_uploader("relabel_file").upload("links.csv", file, "text/csv")
    open_dialog(links, "relabel")
    assert "A spreadsheet seems to have changed 1 value" in "".join(warning.value for warning in links.warning)
    assert ["007", "7"] in [list(row.values())[2:] for row in links.dataframe[0].value.to_dict("records")]
    assert links.button("relabel_now").disabled
    (taken,) = [box for box in links.checkbox if str(box.key).startswith("relabel_damaged")]
    taken.check()
    open_dialog(links, "relabel")
    assert not links.button("relabel_now").disabled and not links.exception


def test_rooms_of_two_projects_are_not_replaced_together(links: AppTest, store: Store, aseed: Aseed) -> None:
    account = store.account("sandbox")
    for project in store.projects(account)[:2]:
        store.create_rooms(account, CreateRoomsRequest(project_id=UUID(project["id"]), count=1))
    links.session_state["project"] = None
    open_dialog(links, "replace")
    assert "These rooms are of several projects." in said(links)
    assert CREATE not in aseed.calls


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2020, 1, 1), "Choose a moment to come."),
        (date(26, 12, 1), "Choose a moment to come."),
        (date(2126, 12, 1), "Choose a moment within the next ten years."),
    ],
)
def test_extend_refuses_a_day_out_of_range(links: AppTest, day: date, told: str) -> None:
    open_dialog(links, "extend")
    assert not links.button("extend_now").disabled
    links.date_input("extend_day").set_value(day)
    open_dialog(links, "extend")
    assert told in said(links)
    assert links.button("extend_now").disabled


def test_extend_takes_the_day_of_the_viewer(links: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    # 26 hours apart: on the server's calendar it is always a later day.
    zone = ZoneInfo("Etc/GMT+12")
    monkeypatch.setattr(viewer, "zone", lambda: zone)
    monkeypatch.setenv("TZ", "Etc/GMT-14")
    tzset()
    try:
        open_dialog(links, "extend")
        today = datetime.now(zone).date()
        links.date_input("extend_day").set_value(today)
        open_dialog(links, "extend")
        assert links.date_input("extend_day").value == today
    finally:
        monkeypatch.undo()
        tzset()


def test_page_speaks_the_chosen_language(app: AppTest, project: str) -> None:
    app.run()
    app.session_state["project"], app.session_state["page_language"] = project, "ru"
    links = go(app, "links")
    assert links.title[0].value == "Ссылки"
    count = len(table(links))
    assert f"В списке: **{count} комн" in said(links)
    assert {row["state"] for row in table(links)} <= {"Не начато", "Идёт интервью"}
