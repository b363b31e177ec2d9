"""People's data on Settings: a respondent is looked up, given out as a file, and withdrawn after a question."""

import json
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from components.state import person, process
from components.state.downloads import Downloads
from components.state.jobs import JobsState
from components.state.people import PeopleState
from services.aseed.models import CANCELLED
from services.journal.audit import Which
from services.journal.deeds import Deed, Export
from services.people.acting import Person
from services.people.roles import Role
from services.sandbox.store import Store
from tests.conftest import Clock
from tests.pages.conftest import go, mine, press_create, refused_writes, said, state
from tests.servers import eventually

LIST = "name\temail\tid\nVera Figner\tvera@guests.example\tP-77\nGleb\tgleb@guests.example\tP-78\n"

NAMESAKES = "name\temail\tid\nGleb\tgleb@guests.example\tP-78\nGleb\tother@guests.example\tP-79\n"


@pytest.fixture
def clock() -> Clock:
    """The sandbox' clock shows the true time: only pending rooms are cancelled."""
    return Clock(datetime.now(UTC))


def create(app: AppTest, text: str = LIST) -> AppTest:
    app.text_area("roster_text").set_value(text).run()
    return press_create(app)


def look_up(app: AppTest, text: str) -> AppTest:
    go(app, "settings")
    app.text_input(f"person_{state(app, PeopleState).turn}").set_value(text)
    app.button("look_up_person").click().run()
    assert not app.exception
    return app


def withdraw(app: AppTest, text: str = "vera@guests.example") -> AppTest:
    look_up(app, text).button("withdraw").click().run()
    app.button("confirm_withdraw").click().run()
    assert not app.exception
    return app


def file_of(app: AppTest, key: str) -> bytes:
    app.session_state[f"download_{key}"] = {"wanted": "first"}
    app.run()
    made = state(app, Downloads).waiting[f"download_{key}"].made
    assert made.content is not None, made.problem
    return made.content.read()


def shown(app: AppTest) -> str:
    """All that the page says and sends, also to its components."""
    data = [element.proto.json for element in app.get("bidi_component")]
    boxes = [str(box.value) for box in (*app.success, *app.text, *app.caption)]
    return "\n".join([said(app), *data, *boxes])


def after_job(app: AppTest) -> None:
    kept = state(app, JobsState).job
    assert kept
    eventually(lambda: (job := process.changes().job(kept[0])) is not None and job.over)
    app.run()


def test_unknown_name_says_what_to_try(for_people: AppTest) -> None:
    create(for_people)
    for text in ("guests.example", "Vera", "P-7"):
        assert "Nothing is held under exactly this." in said(look_up(for_people, text))


def test_file_tells_what_is_held_and_where(for_people: AppTest) -> None:
    create(for_people)
    look_up(for_people, "VERA FIGNER")
    assert "1 room, in 1 batch" in said(for_people)
    told = json.loads(file_of(for_people, "held"))
    assert told["person"] == {
        "labels": ["Vera Figner"], "emails": ["vera@guests.example"], "external_ids": ["P-77"],
    }  # fmt: skip
    assert {item["table"] for item in told["held_here"]} >= {"participants", "rooms", "calls", "batches"}
    assert told["held_by_aseed"]["what"] and "gleb" not in json.dumps(told).lower() and "/interview/" not in str(told)
    newest = process.journal().audit.lines(Which(), 1)[0]
    assert (newest.deed, newest.told["kind"], newest.told["count"]) == (Deed.EXPORT, Export.PERSON, 1)


def test_people_of_one_name_are_chosen_singly(for_people: AppTest) -> None:
    create(for_people, NAMESAKES)
    look_up(for_people, "gleb")
    assert "2 people are found by this." in said(for_people)
    assert not [button for button in for_people.button if button.key == "withdraw"]
    assert [r"P\-78" in option for option in for_people.radio("person_choice").options] == [True, False]
    for_people.radio("person_choice").set_value(1).run()
    for_people.button("withdraw").click().run()
    for_people.button("confirm_withdraw").click().run()
    assert process.journal().personal.find("P-79") == [] and process.journal().personal.find("P-78")


def test_question_can_be_answered_with_no(for_people: AppTest) -> None:
    create(for_people)
    look_up(for_people, "P-77").button("withdraw").click().run()
    assert "This cannot be undone." in said(for_people) and "1 room, in 1 batch" in said(for_people)
    for_people.button("keep_person").click().run()
    assert process.journal().personal.find("P-77")


def test_withdrawn_person_is_on_no_page(for_people: AppTest) -> None:
    create(for_people)
    go(for_people, "links")
    assert "Vera Figner" in shown(for_people)
    withdraw(for_people)
    assert "1 room is called Withdrawn now." in shown(for_people)
    for page in ("settings", "links", "batches", "create", "desk"):
        text = shown(go(for_people, page))
        assert "vera" not in text.lower() and "P-77" not in text
    # Aseed still has the label, and tells it with every list.
    assert "Withdrawn" in shown(go(for_people, "links")) and "Gleb" in shown(for_people)


def test_receipt_says_what_went_and_who_has_files(for_people: AppTest) -> None:
    create(for_people)
    (batch,) = process.journal().batches.newest(mine(), 1)
    ids = [room.room.id for room in process.journal().batches.rooms(batch.id)]
    process.journal().audit.note(Deed.EXPORT, kind=Export.EXCEL, rooms=ids)
    withdraw(for_people)
    assert "1 file was made that may still name the person." in said(for_people)
    receipt = file_of(for_people, "receipt").decode()
    assert ids[0] in receipt and ids[1] not in receipt and "Excel" in receipt and "At Aseed" in receipt
    assert "Vera" not in receipt and "vera@" not in receipt and "P-77" not in receipt


def test_rooms_at_aseed_change_only_by_a_press(for_people: AppTest, store: Store) -> None:
    create(for_people)

    def at_aseed() -> set[tuple[str, str | None]]:
        return {(room["status"], room["display_name"]) for room in store.rooms(store.account("sandbox"))}

    before = at_aseed()
    assert ("pending", "Vera Figner") in before
    withdraw(for_people)
    assert at_aseed() == before
    for_people.button("clear_withdrawn").click().run()
    after_job(for_people)
    assert "Vera Figner" not in {label for _, label in at_aseed()} and ("pending", "Gleb") in at_aseed()
    for_people.button("cancel_withdrawn").click().run()
    after_job(for_people)
    assert (CANCELLED, None) in at_aseed()
    for_people.button("close_receipt").click().run()
    assert not [button for button in for_people.button if button.key == "cancel_withdrawn"]


def test_failed_withdrawal_is_said(for_people: AppTest) -> None:
    create(for_people)
    look_up(for_people, "P-77").button("withdraw").click().run()
    with refused_writes():
        for_people.button("confirm_withdraw").click().run()
        assert "Nothing was taken out." in said(for_people)
    assert process.journal().personal.find("P-77")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.DESK, Role.RESEARCHER])
def test_part_is_for_admins_alone(app: AppTest, monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    monkeypatch.setattr(person, "_current", lambda: Person("key", "boris@team.example", role))
    go(app.run(), "settings")
    assert "People's data" not in said(app)
