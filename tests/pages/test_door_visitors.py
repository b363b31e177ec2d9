"""The list of a door's visitors on a page: made at the press, told to the audit, and known when a person withdraws."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.elements.file_kinds import FILE_KINDS
from components.state import process
from components.state.downloads import Downloads
from services.aseed.models import COMPLETED
from services.journal.audit import Which
from services.journal.deeds import Deed, Export
from services.journal.door.records import Door
from services.people.acting import Person
from services.people.roles import Role
from tests.pages.conftest import mine, state
from tests.services.journal.desks import PROJECT, offer, room
from tests.services.journal.door.visitors import settings, visitor
from tests.services.people.conftest import at_work

__all__ = ["at_work"]

QUESTION = {"texts": {"en": "Do you drive?"}, "answers": [{"texts": {"en": "Yes"}}, {"texts": {"en": "No"}}]}


@pytest.fixture
def door(app: AppTest) -> Iterator[Door]:
    """A door before one room, which a visitor of a panel has; another visitor waits."""
    app.run()
    journal = process.journal()
    journal.hand_outs.offer(mine(), PROJECT, [offer("a")])
    made = journal.doors.make(mine(), PROJECT, settings(panel={"kind": "prolific"}, questions=[QUESTION]))
    first = visitor(journal, made, person="d", panel_id="P-1", answers=(1,))
    journal.visits.claim(made, first.key)
    journal.hand_outs.record_status(mine(), "a", room("a"))
    visitor(journal, made, person="e", panel_id="P-2", answers=(0,))
    yield made
    st.cache_resource.clear()


def page(door: Door) -> AppTest:
    def script(code: str) -> None:
        from components.elements.door_visitors import visitors_download
        from components.state import process

        found = process.journal().doors.find(code)
        assert found
        visitors_download(found)

    shown = AppTest.from_function(script, default_timeout=30, args=(door.code,)).run()
    assert not shown.exception
    return shown


def taken(shown: AppTest, door: Door) -> str:
    key = f"download_visitors_{door.code}"
    shown.session_state[key] = {"wanted": "once"}
    shown.run()
    made = state(shown, Downloads).waiting[key].made
    assert made.content and made.name.startswith("City-fair-visitors_") and made.name.endswith(".csv")
    return made.content.read().decode("utf-8-sig")


def test_file_of_visitors_is_made_and_told(door: Door) -> None:
    shown = page(door)
    _, first, second = taken(shown, door).splitlines()
    assert "claimed" in first and "P-1" in first and first.endswith("Do you drive?,No,")
    assert second.split(",")[1] == "entered" and "P-2" not in second
    (line,) = [line for line in process.journal().audit.every(Which()) if line.deed == Deed.EXPORT]
    assert (line.told["kind"], line.told["rooms"], line.told["project"]) == (Export.VISITORS, ["a"], PROJECT)
    assert FILE_KINDS[Export.VISITORS] == "Visitors of a door"


def test_room_ids_are_a_choice(door: Door) -> None:
    shown = page(door)
    assert "room_id" not in taken(shown, door)
    other = page(door)
    other.checkbox(f"room_ids_visitors_{door.code}").check().run()
    assert ",a,P-1," in taken(other, door)


def test_withdrawal_knows_the_file(door: Door) -> None:
    taken(page(door), door)
    journal = process.journal()
    # While the room is in a visitor's hands, no data is taken out.
    journal.hand_outs.record_status(mine(), "a", room("a", COMPLETED))
    (found,) = journal.personal.find("P-1")
    receipt = journal.personal.withdraw(found.key)
    assert receipt and [(file.kind, file.rooms) for file in receipt.files] == [(Export.VISITORS, 1)]
    assert "P-1" not in taken(page(door), door)


def test_desk_takes_no_visitors_away(door: Door, at_work: list[Person]) -> None:
    at_work.append(Person("1", "anna@example.org", Role.DESK))
    assert not page(door).checkbox
