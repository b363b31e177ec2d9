"""Doors: set up, changed, paused and closed by those who may; what visitors do is seen without names."""

from uuid import UUID

import pytest
from pydantic import SecretStr
from streamlit.testing.v1 import AppTest

from components.state import connection, person, process
from components.state.connection import Pasted
from components.state.jobs import JobsState
from services.aseed.models import CANCELLED, PENDING
from services.journal.desk.records import Kind, Station
from services.journal.door.records import Claimed, Panel, PanelKind
from services.journal.door.visits import NoRoom
from services.people.acting import EVERYONE, Person
from services.people.roles import Role
from services.sandbox.store import Store
from services.settings import ROOT
from tests.pages.conftest import LIST_ROOMS, Aseed, go, mine, press_create, refused_writes, said, state
from tests.pages.doors import (
    ACCOUNT,
    broken_off,
    doors,
    made,
    new_form,
    opened,
    press,
    project,
    save,
    shown,
    visitor,
)
from tests.servers import eventually

__all__ = ["project"]


def test_page_without_door_says_what_one_is(app: AppTest, project: str) -> None:
    assert "each visitor who opens it gets an interview room of their own" in said(opened(app, project))
    assert app.button("open_door").label == "Open a door"


def test_name_alone_opens_a_door(app: AppTest, project: str) -> None:
    door = made(app, project)
    assert door.settings.name == "City library" and door.settings.languages == ("en",)
    assert "City library" in [each.value for each in app.subheader]
    assert app.text[0].value.endswith(f"/door/{door.code}")
    # Anna's room is never among them.
    assert '"name": "free rooms", "value": "2"' in shown(app, f"doors_funnel_{door.id}")
    assert "Open now" in said(app)


def test_wrong_form_is_told_and_kept(app: AppTest, project: str) -> None:
    new_form(app, project)
    app.text_input("door_name").input(" ")
    app.number_input("door_most").set_value(0)
    app.number_input("door_minutes_to_start").set_value(9999)
    told = said(save(app))
    assert "Give the door a name" in told and "Enter 1 or more." in told and "Enter 1,440 or less." in told
    assert "the first fields, If an interview does not begin, or breaks off" in told
    assert doors(project) == [] and app.number_input("door_minutes_to_start").value == 9999
    app.text_input("door_name").input("City library")
    app.number_input("door_most").set_value(10)
    app.number_input("door_minutes_to_start").set_value(9)
    save(app)
    assert [(each.settings.most, each.settings.minutes_to_start) for each in doors(project)] == [(10, 9)]


def test_failed_write_keeps_the_form(app: AppTest, project: str) -> None:
    new_form(app, project)
    with refused_writes():
        save(app)
    assert app.text_input("door_name").value == "City library" and doors(project) == []


def test_form_offers_questions_and_languages(app: AppTest, project: str) -> None:
    new_form(app, project)
    app.multiselect("door_languages").set_value(["en", "ru"]).run()
    app.text_input("door_name_ru").input("Библиотека")
    app.button("add_question").click().run()
    app.text_input("door_q0_en").input("How old are you?")
    app.text_input("door_q0_a0_en").input("Under 18")
    app.checkbox("door_q0_a0_in").uncheck().run()
    assert "door_q0_a0_quota" not in {each.key for each in app.number_input}
    app.text_input("door_q0_a1_en").input("18 or more")
    app.number_input("door_q0_a1_quota").set_value(5)
    app.button("add_answer_0").click().run()
    app.text_input("door_q0_a3_en").input("I do not say")
    save(app)
    (door,) = doors(project)
    assert door.settings.texts["ru"].name == "Библиотека"
    answers = door.settings.questions[0].answers
    assert [(each.texts["ru"], each.lets_in, each.quota) for each in answers] == [
        ("Under 18", False, None),
        ("18 or more", True, 5),
        ("I do not say", True, None),
    ]
    visit = visitor(door, answers=(1,))
    assert isinstance(process.journal().visits.claim(door, visit.key), Claimed)
    assert "How old are you? 18 or more: 1 of 5" in said(app.run())


def test_editing_begins_with_what_is_set(app: AppTest, project: str) -> None:
    door = made(app, project)
    app.button(f"doors_edit_{door.id}").click().run()
    assert app.text_input("door_name").value == "City library"
    app.toggle("door_asks_email").set_value(True).run()
    assert "forbid asking for personal data" in said(app) and "PID@email.prolific.com" in said(app)
    app.toggle("door_asks_pin").set_value(True)
    save(app)
    (changed,) = doors(project)
    assert changed.id == door.id and changed.settings.asks_email and "PIN of today:" in said(app)


def test_door_left_unsaved_stays_as_it_is(app: AppTest, project: str) -> None:
    door = made(app, project)
    app.button(f"doors_edit_{door.id}").click().run()
    app.text_input("door_name").input("Another")
    app.button("leave_door").click().run()
    assert doors(project) == [door]
    # The next form has none of it.
    app.button("open_door").click().run()
    assert app.text_input("door_name").value == ""


def test_filling_is_told_to_cost_tokens(app: AppTest, project: str) -> None:
    app.run()
    app.selectbox("project").set_value(project)
    app.number_input("count").set_value(2).run()
    press_create(app)
    (batch,) = process.journal().batches.newest(mine(), 1)
    new_form(app, project)
    app.toggle("door_fills").set_value(True).run()
    assert "This costs tokens, also while no one looks." in said(app)
    save(app)
    assert doors(project) == []
    app.number_input("door_most_tokens").set_value(1000).run()
    assert "So it creates" in said(app)
    save(app)
    (door,) = doors(project)
    assert door.settings.filling is not None and door.settings.filling.like_batch == batch.id
    assert '"0 / 1,000"' in shown(app, f"doors_funnel_{door.id}")


def test_door_is_paused_at_one_press(app: AppTest, project: str) -> None:
    door = made(app, project)
    app.button(f"doors_pause_{door.id}").click().run()
    assert doors(project)[0].is_paused and "Paused" in said(app)
    app.button(f"doors_pause_{door.id}").click().run()
    assert not doors(project)[0].is_paused


def test_desks_overview_pauses_doors_too(app: AppTest, project: str) -> None:
    door = made(app, project)
    go(app, "desk")
    app.session_state["desk_tabs"] = ":material/groups: All desks"
    app.run()
    assert "City library" in said(app)
    app.button(f"desk_pause_{door.id}").click().run()
    assert not app.exception and doors(project)[0].is_paused


def test_closing_asks_first_and_can_be_undone(app: AppTest, project: str) -> None:
    door = made(app, project)
    app.button(f"doors_close_{door.id}").click().run()
    assert "Close this door?" in said(app) and not doors(project)[0].is_closed
    app.button("doors_close_now").click().run()
    assert doors(project)[0].is_closed and f"doors_pause_{door.id}" not in press(app)
    app.button(f"doors_again_{door.id}").click().run()
    assert not doors(project)[0].is_closed


def test_few_free_rooms_are_told_with_advice(app: AppTest, project: str) -> None:
    made(app, project)
    assert "Few free rooms are left. Create more" in said(app).replace("*", "")


def test_visitor_who_broke_off_gets_more(app: AppTest, project: str, store: Store) -> None:
    new_form(app, project)
    app.number_input("door_replacements").set_value(0)
    save(app)
    (door,) = doors(project)
    visit = broken_off(door, store)
    app.session_state[f"doors_cut_off_{door.id}"] = True
    app.run()
    told = said(app) + str(app.main)
    assert "Allow one more room" in told and "vera" not in told
    app.button(f"doors_allow_{visit.id}").click().run()
    assert [each.allowed for each in process.journal().visits.all(door)] == [1]
    assert "may come in again" in said(app)


def test_wallboard_shows_door_and_nothing_else(app: AppTest, project: str, store: Store) -> None:
    door = made(app, project)
    broken_off(door, store)
    app.button(f"doors_wall_{door.id}").click().run()
    wall = shown(app, "wall")
    assert f"/door/{door.code}" in wall and "City library" in wall and "vera" not in wall
    # What the frame has is hidden by a style.
    assert "leave_wall" in press(app) and f"doors_edit_{door.id}" not in press(app) and not app.title
    app.button("leave_wall").click().run()
    assert [each.value for each in app.title] == ["Doors"]


def test_wallboard_of_a_paused_door_has_no_code(app: AppTest, project: str) -> None:
    door = made(app, project)
    process.journal().doors.pause(mine(), door.id, paused=True)
    app.button(f"doors_wall_{door.id}").click().run()
    assert door.code not in shown(app, "wall") and "Paused" in shown(app, "wall")


def test_code_that_is_unknown_shows_the_page(app: AppTest, project: str) -> None:
    app.query_params["wall"] = "nothing"
    assert [each.value for each in opened(app, project).title] == ["Doors"]


def test_pasted_token_opens_no_door(app: AppTest, project: str) -> None:
    state(app, Pasted).token = SecretStr("sandbox-of-anna")
    go(app.run(), "doors")
    app.button(next(key for key in press(app) if key.startswith("choose_"))).click().run()
    assert "it cannot use the API token that you pasted" in said(app) and "open_door" not in press(app)
    # The deployment's own, pasted once more, is as good as the deployment's.
    state(app, Pasted).token = SecretStr("sandbox")
    assert "open_door" in press(opened(app, project))


def test_desk_sees_and_pauses_and_changes_nothing(app: AppTest, project: str, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [EVERYONE]
    monkeypatch.setattr(person, "_current", lambda: people[-1])
    door = made(app, project)
    people.append(Person("1", "anna@example.org", Role.DESK))
    seen = AppTest.from_file(str(ROOT / "components" / "shell.py"), default_timeout=30).run()
    opened(seen, project)
    assert press(seen) & {f"doors_edit_{door.id}", f"doors_close_{door.id}", "open_door"} == set()
    seen.button(f"doors_pause_{door.id}").click().run()
    assert not seen.exception and doors(project)[0].is_paused


def test_rooms_left_are_cancelled_once_target_is_reached(app: AppTest, project: str, store: Store) -> None:
    account = store.account(ACCOUNT)
    opened(app, project)
    assert "doors_cancel" not in press(app)
    anna, one, other = sorted(store.rooms(account, UUID(project), PENDING), key=lambda room: not room["display_name"])
    process.journal().rooms.set_target(mine(), project, 1)
    station = process.journal().stations.open(mine(), Station("a-desk-of-ours-here", Kind.DESK, project, "Desk A"))
    assert process.journal().hand_outs.claim(mine(), station, one["id"])
    app.run()
    assert "1 room that no one has is left." in said(app)
    assert app.button("doors_cancel").label.startswith("Cancel 1 room that is left: about ")
    app.button("doors_cancel").click().run()
    assert "This cannot be undone." in said(app)
    app.button("doors_cancel_now").click().run()
    job_id = (state(app, JobsState).job or ("", ""))[0]
    eventually(lambda: (job := process.changes().job(job_id)) is not None and job.over)
    states = {room["id"]: room["status"] for room in store.rooms(account, UUID(project))}
    assert states[other["id"]] == CANCELLED
    assert states[anna["id"]] == PENDING and states[one["id"]] == PENDING


def test_room_to_be_cancelled_reaches_no_visitor(app: AppTest, project: str, aseed: Aseed) -> None:
    door = made(app, project)
    process.journal().rooms.set_target(mine(), project, 1)
    app.run().button("doors_cancel").click().run()
    visit, got = visitor(door), []
    taken = process.journal().visits.claim(door, visitor(door).key)
    assert isinstance(taken, Claimed)

    def ask() -> None:
        """A visitor asks in the moment in which Aseed is told to cancel."""
        got.append(process.journal().visits.claim(door, visit.key))

    for room in connection.client().rooms(project, PENDING):
        aseed.answers[LIST_ROOMS.replace("GET", "DELETE") + f"/{room.id}"] = ask
    app.button("doors_cancel_now").click().run()
    job_id = (state(app, JobsState).job or ("", ""))[0]
    eventually(lambda: (job := process.changes().job(job_id)) is not None and job.over)
    assert got == [NoRoom()]
    assert connection.client().room(taken.room_id).status == PENDING


def test_poster_and_texts_are_a_press_away(app: AppTest, project: str) -> None:
    door = made(app, project)
    app.button(f"doors_files_{door.id}").click().run()
    assert not app.exception
    assert {tab.label for tab in app.tabs} == {"Poster", "What visitors agree to", "Visitors"}
    assert app.selectbox(f"poster_form_{door.code}").value == "a4"
    app.button("doors_back").click().run()
    assert f"doors_pause_{door.id}" in press(app)


def test_door_of_a_panel_compares_its_list(app: AppTest, project: str) -> None:
    door = made(app, project)
    settings = door.settings.model_copy(update={"panel": Panel(kind=PanelKind.PROLIFIC)})
    process.journal().doors.change(mine(), door.id, settings)
    app.button(f"doors_files_{door.id}").click().run()
    assert "Compare with the panel" in {tab.label for tab in app.tabs}


def test_audit_tells_doors_by_name(app: AppTest, project: str) -> None:
    door = made(app, project)
    app.button(f"doors_pause_{door.id}").click().run()
    told = shown(go(app, "audit"), "audit_lines")
    assert "Set up and hold doors: door set up" in told and "Set up and hold doors: door paused" in told
    assert "City library" in told
