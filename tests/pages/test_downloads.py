"""Files to take away: what becomes of a press, which only a real browser can make."""

import json
from base64 import b64decode
from typing import Any

from streamlit.testing.v1 import AppTest

from components.downloads import KINDS


def page() -> None:
    import streamlit as st

    from components import downloads
    from services.journal.database import JournalError

    def make() -> bytes:
        if st.session_state.get("broken"):
            raise JournalError("The journal cannot be read just now.")
        return "label\r\nАнна\r\n".encode()

    if st.button("press", key="press"):
        downloads._answer("file_links", make, "Coffee / tea", "csv")
    downloads.download("CSV", make, "Coffee / tea", "csv", "links")


def answer(app: AppTest) -> dict[str, Any]:
    (shown,) = app.get("bidi_component")
    told: dict[str, Any] = json.loads(shown.proto.json)["answer"]
    return told


def test_nothing_is_made_before_the_press_and_the_file_stays_until_the_browser_has_it() -> None:
    app = AppTest.from_function(page).run()
    assert answer(app) is None
    first = answer(app.button("press").click().run())
    assert b64decode(first["content"]).decode() == "label\r\nАнна\r\n"
    assert first["name"].startswith("Coffee-tea_") and first["name"].endswith(".csv")
    assert first["kind"] == KINDS["csv"]
    assert answer(app.run()) == first


def test_each_press_gives_a_file_of_its_own() -> None:
    app = AppTest.from_function(page).run()
    nonces = {answer(app.button("press").click().run())["nonce"] for _ in range(3)}
    assert len(nonces) == 3


def test_a_file_that_cannot_be_made_says_why_and_the_next_press_makes_it() -> None:
    app = AppTest.from_function(page)
    app.session_state["broken"] = True
    app.run()
    refused = answer(app.button("press").click().run())
    assert refused["problem"] == "The journal cannot be read just now." and "content" not in refused
    app.session_state["broken"] = False
    assert "content" in answer(app.button("press").click().run())
