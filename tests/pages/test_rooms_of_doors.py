"""Rooms that a door gave, where they are seen besides: on the desk's overview, on Links and in files."""

import csv
import io
import json

import pytest
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.dialogs import Dialogs, Wanted
from components.state.downloads import Downloads
from services.journal.desk.records import HandOutState
from services.journal.door.records import Claimed, Door, Visit
from tests.pages.conftest import go, mine, said, state
from tests.pages.doors import desk, opened, project, shown, visitor
from tests.services.journal.door.visitors import settings

__all__ = ["project"]

PROLIFIC_ID = "5f3e00aa11bb22cc33dd44ee"


@pytest.fixture
def door(app: AppTest, project: str) -> Door:
    opened(app, project)
    return process.journal().doors.make(mine(), project, settings(panel={"kind": "prolific", "done_code": "C1"}))


def with_room(door: Door, **who: object) -> Visit:
    """A visitor with a room, of which Aseed says that its interview has not begun."""
    visit = visitor(door, **who)
    claimed = process.journal().visits.claim(door, visit.key)
    assert isinstance(claimed, Claimed)
    looked = desk().look(claimed.room_id)
    assert looked is not None and looked.state == HandOutState.SHOWN
    return claimed.visit


def overview(app: AppTest) -> AppTest:
    go(app, "desk")
    app.session_state["desk_tabs"] = ":material/groups: All desks"
    return app.run()


def test_overview_tells_doors_from_desks(app: AppTest, door: Door) -> None:
    with_room(door)
    told = json.loads(shown(overview(app), "hand_outs"))["hand_outs"]
    assert [(row["by"], row["how_far"], row["late"]) for row in told] == [("City fair (door)", "Not started", "")]
    # No desk is missed, and no screen shows a code.
    assert "not connected" not in said(app)
    parts = {part["name"]: part["count"] for part in json.loads(shown(app, "desk_figures"))["parts"]}
    assert (parts["on show"], parts["Not started"]) == (0, 1)


def test_room_called_back_from_a_door_returns(app: AppTest, door: Door) -> None:
    visit = with_room(door)
    overview(app)
    for press in (None, "hand_out_recall"):
        state(app, Dialogs).wanted = Wanted("hand_out", str(visit.room_id))
        (app.button(press).click() if press else app).run()
        assert not app.exception
    assert process.journal().visits.take_back(door) == 1
    assert process.journal().hand_outs.left(mine(), door.project_id).free == 3
    assert isinstance(process.journal().visits.claim(door, visit.key), Claimed)


def test_dialog_of_its_room_speaks_of_visitor(app: AppTest, door: Door) -> None:
    visit = with_room(door)
    overview(app)
    state(app, Dialogs).wanted = Wanted("hand_out", str(visit.room_id))
    told = said(app.run())
    assert "A visitor of the door City fair has it, and has not begun." in told and "screen" not in told
    assert "hand_out_replace" not in {each.key for each in app.button}
    assert process.journal().hand_outs.recall(mine(), str(visit.room_id))
    state(app, Dialogs).wanted = Wanted("hand_out", str(visit.room_id))
    assert "It goes back to the pool in a moment." in said(app.run())
    assert "hand_out_return" not in {each.key for each in app.button}


def test_person_is_on_links_and_in_files(app: AppTest, door: Door) -> None:
    visit = with_room(door, panel_id=PROLIFIC_ID, email="vera@guests.example")
    go(app, "links")
    rows = json.loads(shown(app, "study_table"))["rooms"]
    assert [row["about"] for row in rows if row["label"] == PROLIFIC_ID] == ["vera@guests.example"]
    app.session_state["download_file_CSV_links"] = {"wanted": "once"}
    state(app, Dialogs).wanted = Wanted("take_away")
    app.run()
    made = state(app, Downloads).waiting["download_file_CSV_links"].made
    assert made.content, made.problem
    lines = list(csv.DictReader(io.StringIO(made.content.read().decode("utf-8-sig"))))
    (its,) = [line for line in lines if line["external_id"] == PROLIFIC_ID]
    assert (its["status"], its["email"]) == ("pending", "vera@guests.example")
    assert str(visit.room_id) not in json.dumps(lines)
