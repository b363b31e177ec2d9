"""The token of a session: typed, refused, used, and sent twice."""

import secrets
from typing import Any

import pytest
import streamlit as st
from starlette.responses import Response
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.testing.v1 import AppTest

from components.state.connection import Pasted
from tests.memory import holders
from tests.pages.conftest import LIST_PROJECTS, LIST_ROOMS, Aseed, go, said, state


@pytest.fixture
def settings(app: AppTest) -> AppTest:
    return go(app.run(), "settings")


def press_twice(app: AppTest, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press a button again while the run of the first press goes on, as a double click does."""
    app.button(key).click()
    pressed = app._tree.get_widget_states()
    logo: Any = st.logo
    runs = iter([True])

    def broken_off(*args: str, **options: str) -> None:
        if next(runs, False):
            now = get_script_run_ctx()
            assert now is not None
            raise RerunException(
                RerunData(now.query_string, widget_states=pressed, page_script_hash=now.page_script_hash)
            )
        logo(*args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(st, "logo", broken_off)
        app.run()
    assert next(runs, None) is None, "the first run was not broken off"


def test_token_sent_twice_is_used(settings: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.text_input("token_0").set_value("sandbox")
    press_twice(settings, "use_token", monkeypatch)
    assert "With the API token that you pasted" in said(settings)
    token = state(settings, Pasted).token
    assert token and token.get_secret_value() == "sandbox"


def test_text_that_is_no_token_is_said(settings: AppTest) -> None:
    settings.text_input("token_0").set_value("two words")
    settings.button("use_token").click().run()
    assert "That is no API token" in said(settings)
    assert state(settings, Pasted).token is None
    settings.run()
    assert "That is no API token" not in said(settings)


def test_new_token_is_tried_at_once(settings: AppTest) -> None:
    settings.text_input("token_0").set_value("sandbox")
    settings.button("use_token").click().run()
    assert any("It works" in box.value for box in settings.success)
    settings.button("disconnect").click().run()
    assert settings.text_input("token_1").value == ""


@pytest.mark.parametrize("status", [None, 503], ids=["answered", "failed"])
def test_disconnect_leaves_no_copy_of_the_token(settings: AppTest, aseed: Aseed, status: int | None) -> None:
    token = f"sandbox-{secrets.token_hex(8)}"
    if status:
        for call in (LIST_PROJECTS, LIST_ROOMS):
            aseed.answers[call] = lambda: Response(status_code=status)
    settings.text_input("token_0").set_value(token)
    settings.button("use_token").click().run()
    for page in ("create", "links", "batches", "settings"):
        go(settings, page)
    assert holders(token), "it is found where it is"
    settings.button("disconnect").click().run()
    assert holders(token) == []
