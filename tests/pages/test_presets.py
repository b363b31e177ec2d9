"""Presets: the form's settings under a name, chosen, replaced, deleted, and one to begin with."""

import pytest
from streamlit.testing.v1 import AppTest

from components.state import process
from services.journal.records import Preset
from services.sandbox.store import Store
from tests.pages.conftest import mine, said


@pytest.fixture
def filled(app: AppTest, store: Store) -> AppTest:
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.selectbox("language").set_value("Russian")
    app.text_area("topics_for_respondent").set_value("Mornings")
    app.number_input("max_duration_minutes").set_value(45).run()
    return app


def save(app: AppTest, name: str) -> None:
    app.text_input("preset_name").set_value(name)
    app.button("save_preset").click().run()
    assert not app.exception


def known() -> list[Preset]:
    return process.journal().presets.all(mine())


def test_saved_settings_come_back_at_one_click(filled: AppTest) -> None:
    save(filled, "Weekly, in Russian")
    filled.selectbox("language").set_value("English")
    filled.number_input("max_duration_minutes").set_value(15)
    filled.text_area("topics_for_respondent").set_value("").run()
    (preset,) = known()
    filled.button(f"preset_{preset.id}").click().run()
    assert filled.selectbox("language").value == "Russian"
    assert filled.number_input("max_duration_minutes").value == 45
    assert filled.text_area("topics_for_respondent").value == "Mornings"


def test_known_name_is_replaced_and_empty_refused(filled: AppTest) -> None:
    save(filled, "Weekly")
    filled.number_input("max_duration_minutes").set_value(60).run()
    save(filled, " Weekly ")
    save(filled, "  ")
    (preset,) = known()
    assert preset.settings["max_duration_minutes"] == 60


def test_new_session_begins_with_the_default(filled: AppTest) -> None:
    save(filled, "Weekly")
    filled.button(f"default_{known()[0].id}").click().run()
    assert known()[0].is_default
    fresh = AppTest.from_file(filled._script_path, default_timeout=30).run()
    assert fresh.number_input("max_duration_minutes").value == 45
    assert fresh.selectbox("language").value == "Russian"
    filled.button(f"default_{known()[0].id}").click().run()
    assert not known()[0].is_default


def test_a_deleted_preset_is_gone(filled: AppTest) -> None:
    save(filled, "Weekly")
    filled.button(f"forget_{known()[0].id}").click().run()
    assert known() == []


def test_preset_without_project_is_not_saved(app: AppTest) -> None:
    app.run()
    assert "Choose a project first" in said(app)
