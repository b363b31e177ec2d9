"""Files to take away: what a press gives, and that no file stays in the session's memory."""

import gc
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import openpyxl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from components.elements.download import KINDS, made
from components.elements.exported import Exported
from components.elements.take_away.dialog import NAME
from components.state import downloads, language, process, session, visibility
from components.state.dialogs import Dialogs, Wanted
from components.state.downloads import Downloads
from components.state.kept_file import KeptFile
from components.state.take_away import TakeAwayState
from services.aseed.models import UpdateRoomRequest
from services.journal.database import JournalError
from services.journal.deeds import Export
from services.journal.desk.records import Kind, Station
from services.sandbox.store import Store
from tests.conftest import Clock
from tests.pages.conftest import go, mine, said, state
from tests.pages.test_desk import opened, project
from tests.pages.test_failed_desk_writes import OFFLINE, show_tab

__all__ = ["project"]

SIZE = 2_000_000


pytestmark = pytest.mark.usefixtures("answered")


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """An Aseed that has just answered for the token: without it, no file is made."""
    monkeypatch.setattr(visibility, "links_problem", lambda *_: None)


@pytest.fixture
def button(app: AppTest) -> Iterator[AppTest]:
    """A page with one button for a large file; its browser is what a test puts into `told`."""
    assert app is not None, "the file is noted in a journal of its own"
    st.cache_resource.clear()

    def script() -> None:
        import json

        import streamlit as st

        from components.elements.download import download
        from components.elements.exported import Exported
        from services.journal.deeds import Export

        download("Codes", lambda: Exported(Export.CODES, b"c" * 2_000_000), "Coffee", "zip", "codes")
        st.text(json.dumps(dict(st.session_state["download_codes"])))

    yield AppTest.from_function(script, default_timeout=30)
    st.cache_resource.clear()


def tell(app: AppTest, **told: str) -> AppTest:
    """Draw the page with what the browser tells of the button."""
    app.session_state["download_codes"] = told
    app.run()
    assert not app.exception
    return app


def given(app: AppTest) -> int:
    """How many characters of a file the page sends with a drawing."""
    return len(app.get("bidi_component")[0].proto.json)


def held(value: object, seen: set[int] | None = None) -> int:
    """How many bytes of text and content are within reach of an object."""
    seen = set() if seen is None else seen
    if id(value) in seen or isinstance(value, type):
        return 0
    seen.add(id(value))
    if isinstance(value, (str, bytes, bytearray)):
        return len(value)
    parts: list[Any] = [*value.keys(), *value.values()] if isinstance(value, dict) else []
    parts += list(value) if isinstance(value, (list, tuple, set, frozenset)) else []
    parts += [vars(value)] if hasattr(value, "__dict__") else []
    return sum(held(part, seen) for part in parts)


def in_memory(app: AppTest) -> int:
    """How many bytes the session keeps."""
    return sum(held(app.session_state[key]) for key in app.session_state)


@pytest.fixture
def clock() -> Clock:
    """The sandbox' clock shows the true time: only pending rooms are printed."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def cards(app: AppTest) -> AppTest:
    """The page Links with the dialog open at the printed cards."""
    go(app.run(), "links")
    return draw(app)


def draw(app: AppTest, choice: str = "cards") -> AppTest:
    """Draw the page with the dialog open at one choice, as AppTest itself keeps no dialog open."""
    state(app, Dialogs).wanted = Wanted(NAME)
    app.session_state["take_away_choice"] = choice
    return app.run()


def in_dialog(app: AppTest) -> list[str]:
    """The kinds of what the open dialog shows, in order."""
    return [element.type for element in app._tree[2]]


def rename_one(store: Store, label: str) -> None:
    """Gives that label to a room for which a card is printed."""
    account = store.account("sandbox")
    room = next(room for room in store.rooms(account) if room["status"] == "pending")
    store.update_room(account, UUID(str(room["id"])), UpdateRoomRequest(display_name=label))


def test_made_cards_stay_in_their_place(cards: AppTest) -> None:
    cards.button("make_cards_links").click()
    draw(cards)
    made = in_dialog(cards)
    draw(cards)
    # Streamlit knows an element by its place: what moves is there twice until the page is drawn.
    assert "image" in made and in_dialog(cards) == made


def test_made_cards_stay_out_of_memory(cards: AppTest) -> None:
    before = in_memory(cards)
    cards.button("make_cards_links").click()
    draw(cards)
    assert "Print at 100 %" in "\n".join(str(each.value) for each in cards.success)
    pdf = state(cards, TakeAwayState).cards["links"].pdf
    assert pdf.size > 10_000 and pdf.read().startswith(b"%PDF")
    assert in_memory(cards) < before + pdf.size


@pytest.mark.parametrize(
    ("tab", "reasons"),
    [
        ("Completed", ("its link has been used.",)),
        ("Archived", ("its link has run out (", "it was cancelled (")),
    ],
)
def test_rooms_without_a_message_are_counted(app: AppTest, tab: str, reasons: tuple[str, ...]) -> None:
    go(app.run(), "links")
    app.segmented_control("tab").set_value(tab).run()
    draw(app, "messages")
    (warning,) = [each.value for each in app.warning if "No message for" in each.value]
    assert all(reason in warning.replace("\\", "") for reason in reasons), warning
    assert "No one here can be invited." in "".join(each.value for each in app.info)


@pytest.mark.parametrize(("tab", "left_out"), [("Archived", True), ("Active", False)])
def test_rooms_left_out_of_mail_merge_are_counted(app: AppTest, tab: str, left_out: bool) -> None:
    go(app.run(), "links")
    app.segmented_control("tab").set_value(tab).run()
    draw(app, "files")
    assert ("The mail merge leaves out" in said(app)) == left_out


def test_room_ids_are_written_on_request_only(app: AppTest, store: Store) -> None:
    go(app.run(), "links")
    draw(app, "files")
    files = []
    for wanted in (False, True):
        app.checkbox("room_ids_links").set_value(wanted)
        app.session_state["download_file_CSV_links"] = {"wanted": f"{wanted}"}
        draw(app, "files")
        content = state(app, Downloads).waiting["download_file_CSV_links"].made.content
        assert content
        files.append(content.read().decode())
    ids = [str(room["id"]) for room in store.rooms(store.account("sandbox"))]
    assert not [each for each in ids if each in files[0]] and [each for each in ids if each in files[1]]


def test_excel_file_explains_itself_in_the_pages_language(app: AppTest) -> None:
    go(app.run(), "links")
    sheets = {}
    for spoken, explained in (("en", "Columns explained"), ("ru", "Что значат столбцы")):
        app.session_state[language.KEY] = spoken
        draw(app, "files")
        app.session_state["download_file_Excel_links"] = {"wanted": spoken}
        draw(app, "files")
        content = state(app, Downloads).waiting["download_file_Excel_links"].made.content
        assert content
        book = openpyxl.load_workbook(io.BytesIO(content.read()))
        assert book.sheetnames == ["Links", explained]
        sheets[spoken] = list(book["Links"].iter_rows(values_only=True))
    assert sheets["en"] == sheets["ru"]


def test_pack_speaks_the_pages_language(app: AppTest, project: str) -> None:
    app.session_state[language.KEY] = "ru"
    opened(app, project)
    pack = Station("a-pack-of-ours", Kind.PACK, project, "Clinic")
    process.journal().stations.open(mine(), pack)
    process.journal().packs.pack(mine(), pack, 1)
    key = f"download_pack_file_{pack.key.encode().hex()}"
    app.session_state[key] = {"wanted": "first"}
    show_tab(app, OFFLINE)
    content = state(app, Downloads).waiting[key].made.content
    assert content and '<html lang="ru">' in content.read().decode()


def test_many_rooms_are_not_read_to_be_counted(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("components.elements.take_away.files.COUNTED_AT_MOST", 0)
    monkeypatch.delattr("components.elements.take_away.files.invitable")
    go(app.run(), "links")
    draw(app, "files")
    assert "The mail merge leaves out rooms whose link cannot be used." in said(app)


def test_boxes_are_told_before_printing(app: AppTest, store: Store) -> None:
    rename_one(store, "Li ܫܠ")
    go(app.run(), "links")
    told = "\n".join(str(each.value) for each in draw(app).warning)
    assert "The names of 1 room have characters that cards cannot show" in told
    assert "Li ܫܠ: ܫ (U+072B, Syriac letter shin), ܠ (U+0720, Syriac letter lamadh)" in told


def test_cards_of_every_script_need_no_warning(app: AppTest, store: Store) -> None:
    rename_one(store, "王小明")
    go(app.run(), "links")
    assert "cards cannot show" not in "\n".join(str(each.value) for each in draw(app).warning)


def test_cards_cannot_start_beyond_the_sheet(cards: AppTest) -> None:
    start = next(field for field in cards.number_input if field.label == "Start at card")
    start.set_value(1000)
    draw(cards)
    assert "Enter a number from 1 to " in said(cards)
    assert cards.button("make_cards_links").disabled


@pytest.mark.usefixtures("app")
def test_file_has_its_content_and_a_safe_name() -> None:
    content = "label\r\nАнна\r\n".encode()
    answer = made(lambda: Exported(Export.CSV, content), "Coffee / tea", "csv")
    assert answer.content is not None and answer.content.read() == content
    assert answer.name.startswith("Coffee-tea_") and answer.name.endswith(".csv")
    assert answer.kind == KINDS["csv"]


def test_file_that_cannot_be_made_says_why() -> None:
    def make() -> Exported:
        raise JournalError("The journal cannot be read just now.")

    assert made(make, "Coffee", "csv").problem == "The journal cannot be read just now."


def test_file_is_sent_until_it_is_taken(button: AppTest) -> None:
    assert given(button.run()) < 1000
    assert given(tell(button, wanted="first")) > SIZE
    assert given(tell(button, wanted="first")) > SIZE
    assert given(tell(button, wanted="first", taken="first")) < 1000
    assert given(tell(button, wanted="second", taken="first")) > SIZE


def test_session_holds_no_file_in_memory(button: AppTest) -> None:
    tell(button, wanted="first")
    assert in_memory(button) < 1000
    tell(button, wanted="first", taken="first")
    assert in_memory(button) < 1000


def test_file_whose_taking_is_not_told_is_dropped(button: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(button, wanted="first")
    late = time.monotonic() + downloads.KEPT_SECONDS + 1
    monkeypatch.setattr("components.state.downloads.time.monotonic", lambda: late)
    assert given(tell(button, wanted="first")) < 1000
    assert not button.session_state[session.key(Downloads)].waiting


def test_taken_file_leaves_no_temporary_file(button: AppTest) -> None:
    tell(button, wanted="first")
    file = button.session_state[session.key(Downloads)].waiting["download_codes"].made.content._file
    tell(button, wanted="first", taken="first")
    gc.collect()
    assert file.closed


def test_file_of_a_session_that_ended_is_closed() -> None:
    kept = KeptFile(b"links")
    file = kept._file
    assert kept.read() == kept.read() == b"links"
    del kept
    gc.collect()
    assert file.closed
