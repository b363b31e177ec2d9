"""A door's poster on a page: it is seen before it is taken, needs no right to links, and the audit is told."""

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.downloads import Downloads
from services.export.poster.forms import FORMS
from services.journal.audit import Which
from services.journal.deeds import Deed, Export
from services.journal.door.records import Door
from services.people.acting import Person
from services.people.roles import Role
from tests.pages.conftest import mine, said, state
from tests.services.journal.desks import PROJECT
from tests.services.journal.door.visitors import settings
from tests.services.people.conftest import at_work

__all__ = ["at_work"]

ADDRESS = "https://interviews.example/door/abcdefghjk"


@pytest.fixture
def door(app: AppTest) -> Iterator[Door]:
    app.run()
    texts = {"en": {"name": "City fair"}, "ru": {"name": "Ярмарка ܫ"}}
    yield process.journal().doors.make(mine(), PROJECT, settings(texts=texts))
    st.cache_resource.clear()


def page(door: Door, address: str = ADDRESS) -> AppTest:
    def script(code: str, address: str) -> None:
        from components.elements.take_away.poster import poster_download
        from components.state import process

        found = process.journal().doors.find(code)
        assert found
        poster_download(found, address, 20)

    return AppTest.from_function(script, default_timeout=30, args=(door.code, address))


def taken(shown: AppTest, key: str) -> tuple[str, str, bytes]:
    """The name, the kind and the content of the file that a press gives."""
    shown.session_state[f"download_{key}"] = {"wanted": "once"}
    shown.run()
    made = state(shown, Downloads).waiting[f"download_{key}"].made
    assert made.content, made.problem
    return made.name, made.kind, made.content.read()


def test_poster_is_seen_with_its_distance(door: Door) -> None:
    shown = page(door).run()
    assert not shown.exception and "The code is read from up to 1.3 m away." in said(shown)
    assert "characters that posters cannot show" in said(shown) and "Syriac letter shin" in said(shown)
    shown.selectbox(f"poster_form_{door.code}").set_value("stickers").run()
    assert "up to 20 cm away" in said(shown)
    shown.selectbox(f"poster_form_{door.code}").set_value("tent").run()
    assert "Fold it along the dashed line" in said(shown)


@pytest.mark.parametrize("role", [Role.DESK, Role.RESEARCHER])
def test_files_are_taken_and_told(door: Door, at_work: list[Person], role: Role) -> None:
    at_work.append(Person("1", "anna@example.org", role))
    shown = page(door).run()
    files = {ending: taken(shown, f"{name}_{ending}_{door.code}") for name, ending in NAMES}
    assert files["pdf"][2].startswith(b"%PDF") and b"anna@example.org" in files["pdf"][2]
    assert files["svg"][2].startswith(b"<svg") and files["png"][2].startswith(b"\x89PNG")
    assert [kind for _, kind, _ in files.values()] == ["application/pdf", "image/svg+xml", "image/png"]
    assert files["pdf"][0].startswith("City-fair-poster_") and files["svg"][0].startswith("City-fair-code_")
    at_work.pop()
    lines = [line for line in process.journal().audit.every(Which()) if line.deed == Deed.EXPORT]
    assert [(line.told["kind"], line.told["project"]) for line in lines] == [(Export.POSTER, PROJECT)] * 3


NAMES = (("poster", "pdf"), ("code", "svg"), ("code", "png"))


def test_door_without_an_address_says_so(door: Door) -> None:
    shown = page(door, "nowhere").run()
    assert not shown.exception and "no address that a code can hold" in said(shown)


def test_forms_are_named_in_words(door: Door) -> None:
    box = page(door).run().selectbox(f"poster_form_{door.code}")
    assert list(box.options) == [form.words for form in FORMS.values()]
