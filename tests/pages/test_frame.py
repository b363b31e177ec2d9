"""The frame of every page: the project that all of them share, and which Aseed it is."""

from pathlib import Path
from uuid import UUID

import pytest
import streamlit as st
from pydantic import SecretStr
from starlette.responses import JSONResponse, PlainTextResponse
from streamlit.testing.v1 import AppTest

from components.state import language, process
from components.state.connection import Pasted
from services.aseed.models import CLOSED, CreateProjectRequest, UpdateProjectRequest
from services.sandbox.store import Store
from services.settings import ROOT
from services.texts import speech
from tests.pages.conftest import LIST_PROJECTS, Aseed, go, press_create, said, state

PAGES = ("create", "links", "desk", "doors", "batches")


@pytest.fixture
def projects(store: Store) -> list[str]:
    return [project["id"] for project in store.projects(store.account("sandbox"))]


def reloaded(app: AppTest, page: str = "create", **address: str) -> AppTest:
    """A page of its own, opened at an address."""
    fresh = AppTest.from_file(app._script_path, default_timeout=30)
    fresh.query_params |= address
    fresh.switch_page(str(ROOT / "pages" / f"{page}.py"))
    return fresh.run()


def test_project_is_chosen_once_for_all_pages(app: AppTest, projects: list[str]) -> None:
    app.run()
    app.selectbox("project").set_value(projects[1]).run()
    for page in (*PAGES, "settings", "create"):
        go(app, page)
        assert not app.exception
        assert app.query_params["study"] == projects[1]
        if page != "settings":
            assert app.selectbox("project").value == projects[1]


@pytest.mark.parametrize("page", PAGES)
def test_address_brings_its_project_to_every_page(app: AppTest, projects: list[str], page: str) -> None:
    opened = reloaded(app, page, study=projects[0])
    assert opened.selectbox("project").value == projects[0]


@pytest.mark.parametrize("text", ["nowhere", "../..", "7603dcf5-3a6d-4098-be0d-3dadb8d99d58"])
def test_project_that_is_not_visible_is_not_chosen(app: AppTest, text: str) -> None:
    opened = reloaded(app, study=text)
    assert opened.selectbox("project").value is None
    assert "study" not in opened.run().query_params


def test_typed_secret_stays_out_of_the_address(app: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({"detail": "no"}, 403)
    app.run()
    app.text_input("project").input("https://aseed.example/interview/secret").run()
    assert "study" not in app.query_params
    assert "This is no project ID." in said(app)


def test_only_ready_project_is_chosen_at_once(app: AppTest, store: Store) -> None:
    account = store.account("sandbox-of-a-person-with-one-study")
    for project in store.projects(account):
        store.update_project(account, UUID(project["id"]), UpdateProjectRequest(status=CLOSED))
    made = store.create_project(
        account, CreateProjectRequest(name="My study", research_goals="Goals", interview_guide="Guide")
    )
    state(app, Pasted).token = SecretStr("sandbox-of-a-person-with-one-study")
    app.run()
    assert app.selectbox("project").value == made["id"]
    # A person who gives it up does not get it again.
    app.selectbox("project").set_value(None).run()
    assert go(app, "links").selectbox("project").value is None


def test_page_without_project_offers_ready_ones_first(app: AppTest, projects: list[str]) -> None:
    app.run()
    offered = [button.label for button in app.button if str(button.key).startswith("choose_")]
    assert offered == ["Morning coffee routines", "Выбор мобильного оператора", "Clinic waiting rooms"]
    app.button(f"choose_{projects[0]}").click().run()
    assert app.selectbox("project").value == projects[0]
    assert "Which project is it for?" not in said(app)


def test_chosen_project_outlives_a_service_that_fails(app: AppTest, aseed: Aseed, projects: list[str]) -> None:
    app.run()
    app.selectbox("project").set_value(projects[0]).run()
    aseed.answers[LIST_PROJECTS] = lambda: PlainTextResponse("boom", 500)
    st.cache_data.clear()
    app.run()
    assert app.selectbox("project").value == projects[0]
    aseed.answers.clear()
    assert go(app, "links").selectbox("project").value == projects[0]


def test_first_visit_is_explained_until_first_room(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASEED_BASE_URL", "")
    monkeypatch.setenv("ASEED_API_TOKEN", "")
    process.deployment.cache_clear()
    app.run()
    assert "1 · Choose a project" in said(app) and "3 · Hand the links over" in said(app)
    assert app.button("try_sandbox").label == "Try it in the sandbox"


def test_first_visit_is_over_with_first_room(app: AppTest, projects: list[str]) -> None:
    app.run()
    assert "1 · Choose a project" in said(app)
    app.button(f"choose_{projects[0]}").click().run()
    press_create(app)
    assert "1 · Choose a project" not in said(app)
    assert "1 · Choose a project" not in said(reloaded(app))


def test_sandbox_and_missing_token_are_unmistakable(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    assert "Aseed at 127" in said(app)
    monkeypatch.setenv("ASEED_API_TOKEN", "")
    process.deployment.cache_clear()
    app.run()
    assert "no API token" in said(app)
    monkeypatch.setenv("ASEED_BASE_URL", "")
    process.deployment.cache_clear()
    app.run()
    assert "Links lead nowhere real." in said(app)


def test_third_language_needs_one_file(app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text('msgid "Links"\nmsgstr "Verweise"\n\nmsgid "Language"\nmsgstr "Sprache"\n')
    monkeypatch.setenv("LANGUAGES_FOLDER", str(tmp_path))
    process.deployment.cache_clear()
    app.session_state["page_language"] = "de"
    app.run()
    assert app.selectbox("page_language").label == "Sprache"
    assert app.selectbox("page_language").options == ["English", "Русский", "Deutsch"]


@pytest.mark.parametrize(
    ("asked", "found"), [("pt-BR", "pt_BR"), ("pt", ""), ("ru-RU", "ru"), ("ru", "ru"), ("en-GB", "en"), ("", "")]
)
def test_browsers_language_is_found_by_its_code(asked: str, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "known", lambda: dict.fromkeys(("en", "ru", "pt_BR")))
    assert language._known(asked) == found
