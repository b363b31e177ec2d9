"""A panel's file beside a door's visitors on a page: its columns, what does not agree, and the files."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.downloads import Downloads
from services.door.identity import person_digest
from services.journal.audit import Which
from services.journal.deeds import Deed, Export
from services.journal.door.records import Door
from services.people.acting import Person
from services.people.roles import Role
from tests.pages.conftest import mine, said, state
from tests.prolific import Prolific
from tests.services.journal.desks import PROJECT
from tests.services.journal.door.visitors import settings, visitor
from tests.services.people.conftest import at_work

__all__ = ["at_work"]


@pytest.fixture
def door(app: AppTest) -> Iterator[Door]:
    app.run()
    yield process.journal().doors.make(mine(), PROJECT, settings(panel={"kind": "prolific"}))
    st.cache_resource.clear()


def page(door: Door) -> AppTest:
    def script(code: str) -> None:
        from components.elements.reconciliation import reconcile_panel
        from components.state import process

        journal = process.journal()
        found = journal.doors.find(code)
        assert found
        reconcile_panel(found, journal.visits.all(found))

    return AppTest.from_function(script, default_timeout=30, args=(door.code,)).run()


def upload(shown: AppTest, door: Door, content: bytes, name: str = "export.csv") -> AppTest:
    shown.file_uploader(f"panel_file_{door.code}").upload(name, content, "text/csv").run()
    assert not shown.exception
    return shown


def figures(shown: AppTest) -> list[str]:
    return [each.value for each in shown.metric]


def came(door: Door, *people: str) -> None:
    for person in people:
        visitor(process.journal(), door, None, person=person_digest(door, "panel", person), panel_id=person)


def test_export_of_prolific_is_compared_at_once(door: Door) -> None:
    came(door, "waits")
    panel = Prolific("https://rooms.example/door/abc")
    for person in ("waits", "never <b>came</b>"):
        panel.begin(person)
        panel.complete(person, "GUESSED")
    panel.begin("left").status = "RETURNED"
    shown = upload(page(door), door, panel.export())
    assert figures(shown) == ["0", "2", "0", "0", "1"]
    table = shown.dataframe[0].value
    assert list(table["Person"]) == ["waits", "never <b>came</b>"]
    assert list(table["What became of them"]) == ["Did not begin", "Never came"]


def test_file_of_a_comparison_is_told(door: Door) -> None:
    came(door, "p1")
    shown = upload(page(door), door, b"Participant id,Status\np1,APPROVED\n=1+1,APPROVED\n")
    key = f"download_panel_submissions_{door.code}"
    shown.session_state[key] = {"wanted": "once"}
    shown.run()
    made = state(shown, Downloads).waiting[key].made
    assert made.content and made.name.startswith("City-fair-submissions_") and made.name.endswith(".csv")
    assert b"p1,,APPROVED,not_completed,not_begun" in made.content.read()
    (line,) = [line for line in process.journal().audit.every(Which()) if line.deed == Deed.EXPORT]
    assert (line.told["kind"], line.told["project"]) == (Export.RECONCILIATION, PROJECT)


def test_column_of_another_panel_is_chosen(door: Door) -> None:
    came(door, "p1")
    shown = upload(page(door), door, "Ключ;Состояние\np1;ok\np1;ok\n;ok\n".encode())
    assert "Choose the column that holds the panel's ids" in said(shown) and not shown.metric
    box = next(each for each in shown.selectbox if each.label == "Ids of people")
    assert list(box.options) == ["Ключ", "Состояние"]
    box.set_value(0).run()
    assert figures(shown) == ["0", "1", "0", "0", "0"]
    assert "Rows without an id: 4" in said(shown) and "p1 (2, 3)" in said(shown)
    assert "Without a column of completion codes" in said(shown)


def test_file_of_strangers_is_doubted(door: Door) -> None:
    shown = upload(page(door), door, b"Participant id\nx\n")
    assert "No person of this file has come to this door" in said(shown)


def test_file_that_cannot_be_read_says_why(door: Door) -> None:
    assert "This file cannot be read" in said(upload(page(door), door, b"\x89PNG\r\n\x1a\n0000", "export.png.csv"))


def test_viewer_compares_nothing(door: Door, at_work: list[Person]) -> None:
    at_work.append(Person("1", "anna@example.org", Role.VIEWER))
    shown = page(door)
    assert not shown.file_uploader and "Your role does not compare" in said(shown)
