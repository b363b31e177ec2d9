"""What a researcher is told on Create when something goes wrong, where, and that nothing typed is lost."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import streamlit as st
from pydantic import SecretStr
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.connection import Pasted
from components.state.press import Presses
from services.aseed.models import CreateProjectRequest, CreateRoomsRequest, UpdateProjectRequest
from services.sandbox.store import Store
from tests.pages.conftest import (
    CREATE,
    LIST_PROJECTS,
    Aseed,
    form_again,
    mine,
    press_create,
    said,
    state,
    wait_for_batches,
)


@pytest.fixture
def projects(store: Store) -> list[str]:
    return [row["id"] for row in store.projects(store.account("sandbox"))]


@pytest.fixture
def filled(app: AppTest, projects: list[str]) -> AppTest:
    """The form filled in for a project that is ready: two rooms of 45 minutes with a topic."""
    app.run()
    app.selectbox("project").set_value(projects[0])
    app.number_input("count").set_value(2)
    app.number_input("max_duration_minutes").set_value(45)
    app.text_area("topics_for_respondent").set_value("Mornings")
    app.run()
    assert not app.exception
    return app


def unchanged_numbers(app: AppTest) -> bool:
    return (app.number_input("count").value, app.number_input("max_duration_minutes").value) == (2, 45)


def unchanged(app: AppTest) -> bool:
    """Whether all that `filled` typed still stands, and can be sent again."""
    form_again(app)
    return (
        unchanged_numbers(app)
        and app.text_area("topics_for_respondent").value == "Mornings"
        and not app.exception
        and not app.button("create").disabled
    )


SAME = {"max_duration_minutes": 45, "topics_for_respondent": "Mornings"}
"""The settings of `filled`, as a colleague may use them too."""


def once(aseed: Aseed, answer: Response | Callable[[], Response]) -> Callable[[], Response]:
    """An answer that is given to one creation only; the next one gets through."""

    def give() -> Response:
        del aseed.answers[CREATE]
        return answer if isinstance(answer, Response) else answer()

    return give


def made_by_hand(project: str, aseed: Aseed, store: Store, count: int) -> Response:
    """An answer with that many rooms, however many were asked for."""
    order = CreateRoomsRequest(project_id=UUID(project), count=count, **SAME)
    rows = store.create_rooms(store.account("sandbox"), order)
    return JSONResponse({"rooms": [{**row, "url": f"{aseed.address}/interview/{row['access_token']}"} for row in rows]})


def test_plan_says_result_and_cost(filled: AppTest) -> None:
    assert "**2 rooms** for **Morning coffee routines**, up to **45 min** each" in said(filled)
    assert "About **90 tokens** (estimate)" in said(filled)


def test_press_creates_rooms_and_says_expiry(filled: AppTest, aseed: Aseed) -> None:
    press_create(filled)
    assert "2 rooms for Morning coffee routines" in said(filled)
    assert "The links work until" in said(filled)
    assert aseed.calls.count(CREATE) == 1


EVERY_VALUE = {
    "count": 2,
    "max_duration_minutes": 45,
    "expires_in_days": 3,
    "language": "Russian",
    "voice": "marin",
    "topics_for_respondent": "Mornings",
    "for_whom": "A number of links",
}


def test_form_returns_with_every_value(filled: AppTest) -> None:
    filled.number_input("expires_in_days").set_value(3)
    filled.selectbox("language").set_value("Russian")
    filled.selectbox("voice").set_value("marin")
    project = filled.run().selectbox("project").value
    press_create(filled)
    assert not filled.number_input, "the result has the place of the form"
    # Drawings of the result, as its table asks for them, must not wear the values out.
    filled.run().run()
    form_again(filled)
    assert {key: filled.session_state[key] for key in EVERY_VALUE} == EVERY_VALUE
    assert filled.selectbox("project").value == project
    assert "language **Russian**, voice **marin**" in said(filled)


def test_result_forgets_what_drew_the_progress(filled: AppTest) -> None:
    # The browser may ask for it once more, and would break where it drew into what is not there any more.
    filled.button("create").click().run()
    drawing = set(filled._fragment_storage._fragments)
    wait_for_batches(filled)
    assert "2 rooms for Morning coffee routines" in said(filled)
    assert drawing and not drawing & set(filled._fragment_storage._fragments)


def test_last_result_is_reached_from_the_form(filled: AppTest, aseed: Aseed) -> None:
    press_create(filled)
    form_again(filled)
    assert "Last batch: 2 rooms" in said(filled) and "2 rooms for Morning coffee routines" not in said(filled)
    filled.button("show_last").click().run()
    assert "2 rooms for Morning coffee routines" in said(filled)
    # Nothing is created by showing things, and the next press has its own result.
    assert aseed.calls.count(CREATE) == 1
    form_again(filled).number_input("count").set_value(3).run()
    press_create(filled)
    assert "3 rooms for Morning coffee routines" in said(filled)
    assert aseed.calls.count(CREATE) == 2


def test_progress_stands_in_place_of_form(filled: AppTest, aseed: Aseed) -> None:
    aseed.answers[CREATE] = lambda: JSONResponse({}, 429, {"Retry-After": "60"})
    filled.button("create").click().run()
    assert not filled.number_input and "create" not in [each.key for each in filled.button]
    # The browser has asked since: another project's rooms need not wait for these.
    state(filled, Presses).next = "the next press"
    assert form_again(filled.run()).button("create").disabled
    assert unchanged_numbers(filled)


def test_result_leads_to_a_desk_of_its_own(filled: AppTest) -> None:
    project = filled.selectbox("project").value
    press_create(filled)
    filled.button("to_desk").click().run()
    (batch,) = process.journal().batches.newest(mine(), 1)
    assert filled.selectbox("project").value == project
    assert filled.selectbox("desk_batch").value == batch.id
    assert "**2 links are ready.**" in said(filled)


@pytest.mark.parametrize(
    ("button", "choice"),
    [
        ("take_codes", "codes"),
        ("take_cards", "cards"),
        ("take_messages", "messages"),
    ],
)
def test_action_opens_the_dialog_at_its_choice(filled: AppTest, button: str, choice: str) -> None:
    press_create(filled)
    filled.button(button).click().run()
    assert filled.session_state["take_away_choice"] == choice
    assert "**2 rooms** of **Morning coffee routines**" in said(filled)
    assert not filled.exception


@pytest.mark.parametrize(
    ("answer", "words", "next_step"),
    [
        (JSONResponse({"detail": "x"}, 401), "no longer accepts the API token", "Paste a new one in Settings"),
        (JSONResponse({"detail": "x"}, 403), "not allowed to do that", "Ask the owner"),
        (JSONResponse({"detail": "450 needed, 20 left"}, 402), "too few tokens", "Ask for fewer or shorter"),
        (JSONResponse({"detail": "x"}, 404), "does not know this project", "Choose another one"),
        (JSONResponse({"detail": "closed for repairs"}, 400), "refused this", "closed for repairs"),
        (JSONResponse({}, 429, {"Retry-After": "90000"}), "asked too often", "in a few minutes"),
    ],
)
def test_refusal_says_nothing_was_created(
    filled: AppTest, aseed: Aseed, answer: Response, words: str, next_step: str
) -> None:
    aseed.answers[CREATE] = lambda: answer
    press_create(filled)
    assert words in said(filled)
    assert next_step in said(filled)
    assert unchanged(filled)
    assert aseed.calls.count(CREATE) == 1


def test_refused_field_is_named_beside_its_widget(filled: AppTest, aseed: Aseed) -> None:
    detail = [{"loc": ["body", "voice"], "msg": "unknown voice", "type": "value_error"}]
    aseed.answers[CREATE] = lambda: JSONResponse({"detail": detail}, 422)
    press_create(filled)
    assert "unknown voice" in said(filled)
    assert unchanged(filled)


def test_missing_project_is_said_until_another_is_chosen(filled: AppTest, aseed: Aseed, projects: list[str]) -> None:
    aseed.answers[CREATE] = lambda: JSONResponse({"detail": "x"}, 404)
    press_create(filled)
    beside = "does not know this project any more"
    assert beside in said(filled)
    filled.selectbox("project").set_value(projects[1]).run()
    assert beside not in said(filled)


@pytest.mark.parametrize(
    "answer",
    [
        PlainTextResponse("boom", 500),
        PlainTextResponse("gateway", 504),
        HTMLResponse("<html>Please sign in</html>"),
        RedirectResponse("https://elsewhere.example/login"),
        PlainTextResponse('{"rooms": [', media_type="application/json"),
        JSONResponse({"rooms": []}),
    ],
)
def test_lost_answer_never_creates_rooms_twice(filled: AppTest, aseed: Aseed, store: Store, answer: Response) -> None:
    before = len(store.rooms(store.account("sandbox")))
    aseed.answers[CREATE] = once(aseed, answer)
    press_create(filled)
    assert "2 rooms for Morning coffee routines" in said(filled)
    assert aseed.calls.count(CREATE) == 2
    assert len(store.rooms(store.account("sandbox"))) == before + 2
    assert unchanged(filled)


def test_answers_always_lost_end_the_batch(filled: AppTest, aseed: Aseed) -> None:
    aseed.answers[CREATE] = lambda: PlainTextResponse("boom", 500)
    press_create(filled)
    assert "Aseed failed on the same rooms several times in a row." in said(filled)
    assert unchanged(filled)


def test_rooms_in_question_say_what_differs(filled: AppTest, aseed: Aseed, store: Store) -> None:
    project = filled.selectbox("project").value

    def lose_while_a_colleague_creates() -> Response:
        other = {**SAME, "voice": "a *bold* one", "expires_in_days": 3}
        order = CreateRoomsRequest(project_id=UUID(project), count=3, **other)
        store.create_rooms(store.account("sandbox"), order)
        return PlainTextResponse("boom", 500)

    aseed.answers[CREATE] = once(aseed, lose_while_a_colleague_creates)
    press_create(filled)
    assert "3 new rooms in the project are not as they were asked for" in said(filled)
    assert "No. 1, 2, 3: voice a *bold* one, none was asked for; expiry 3, not 7" in said(filled)


def test_unaccounted_rooms_are_decided_by_a_person(filled: AppTest, aseed: Aseed, store: Store) -> None:
    account, project = store.account("sandbox"), filled.selectbox("project").value

    def lose_while_a_colleague_creates() -> Response:
        order = CreateRoomsRequest(project_id=UUID(project), count=3, **SAME)
        store.create_rooms(account, order)
        return PlainTextResponse("boom", 500)

    before = len(store.rooms(account))
    aseed.answers[CREATE] = once(aseed, lose_while_a_colleague_creates)
    press_create(filled)
    assert "Only you can tell what became of 2 rooms." in said(filled)
    assert "3 rooms in this project could be this batch's." in said(filled)
    assert form_again(filled).button("create").disabled
    assert filled.button("cancel_rooms").disabled, "what cannot be undone needs the rooms to be named"
    filled.button("leave").click().run()
    assert "could be this batch's" not in said(filled)
    filled.button("create_missing").click().run()
    wait_for_batches(filled)
    filled.button("show_last").click().run()
    assert "2 rooms for Morning coffee routines" in said(filled)
    assert len(store.rooms(account)) == before + 3 + 2


def test_fewer_rooms_than_asked_for_are_completed(filled: AppTest, aseed: Aseed, store: Store) -> None:
    project = str(filled.selectbox("project").value)
    aseed.answers[CREATE] = once(aseed, lambda: made_by_hand(project, aseed, store, 1))
    press_create(filled)
    assert "2 rooms for Morning coffee routines" in said(filled)
    assert aseed.calls.count(CREATE) == 2


def test_surplus_rooms_are_kept_and_said(filled: AppTest, aseed: Aseed, store: Store) -> None:
    project = str(filled.selectbox("project").value)
    aseed.answers[CREATE] = once(aseed, lambda: made_by_hand(project, aseed, store, 3))
    press_create(filled)
    assert "**You asked for 2, and 3 came.**" in said(filled)
    assert "3 rooms for Morning coffee routines" in said(filled)
    assert aseed.calls.count(CREATE) == 1


def as_asked(filled: AppTest, store: Store) -> list[dict[str, Any]]:
    """Two rooms of the sandbox, as if they were the answer to a press of Create."""
    now = datetime.now(UTC)
    asked = {
        **SAME,
        "project_id": filled.selectbox("project").value,
        "status": "pending",
        "created_at": now.isoformat(),
        "expires_at": (now + timedelta(days=7)).isoformat(),
    }
    bare = dict.fromkeys(("voice", "realtime_provider", "language", "display_name", "respondent_email"))
    return [{**row, **bare, **asked} for row in store.rooms(store.account("sandbox"))[:2]]


def test_improper_link_is_said(filled: AppTest, aseed: Aseed, store: Store) -> None:
    rows = as_asked(filled, store)
    urls = ("javascript:alert(1)", f"{aseed.address}/interview/x")
    body = {"rooms": [{**row, "id": url, "access_token": url, "url": url} for row, url in zip(rows, urls, strict=True)]}
    aseed.answers[CREATE] = lambda: JSONResponse(body)
    press_create(filled)
    assert "1 room came with an address that is not a proper link" in said(filled)


def test_unknown_ids_and_statuses_are_shown(filled: AppTest, aseed: Aseed, store: Store) -> None:
    rows = as_asked(filled, store)
    rooms = [
        {**row, "id": f"room/{number}?", "status": "daydreaming", "url": f"{aseed.address}/interview/{number}"}
        for number, row in enumerate(rows)
    ]
    aseed.answers[CREATE] = lambda: JSONResponse({"rooms": rooms})
    press_create(filled)
    assert "2 rooms for Morning coffee routines" in said(filled)
    assert not filled.exception


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (JSONResponse({"detail": "x"}, 401), "no longer accepts the API token"),
        (PlainTextResponse("boom", 500), "Aseed failed"),
        (HTMLResponse("<html>Please sign in</html>"), "not what its API promises"),
    ],
)
def test_without_projects_the_page_says_why(app: AppTest, aseed: Aseed, answer: Response, words: str) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: answer
    app.run()
    assert words in said(app)
    assert app.button("create").disabled


def test_after_a_failure_trying_again_brings_the_projects(app: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: PlainTextResponse("boom", 500)
    app.run()
    aseed.answers.clear()
    app.button("look_again").click().run()
    assert len(app.selectbox("project").options) == 4


def test_page_says_network_is_down(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASEED_BASE_URL", "http://127.0.0.1:9/custdev")
    app.run()
    assert "Aseed could not be reached." in said(app)
    assert not app.exception


def test_account_without_projects_is_helped(app: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse([])
    app.run()
    assert "This account has no projects yet." in said(app)


@pytest.mark.parametrize("status", [403, 404])
def test_project_id_replaces_a_forbidden_list(app: AppTest, aseed: Aseed, projects: list[str], status: int) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({"detail": "no"}, status)
    app.run()
    app.text_input("project").set_value("not an id").run()
    assert "This is no project ID." in said(app)
    assert app.text_input("project").value == "not an id"
    app.text_input("project").set_value(str(uuid4())).run()
    assert "does not know this project" in said(app)
    app.text_input("project").set_value(projects[0].upper()).run()
    assert "**1 room** for **Morning coffee routines**" in said(app)
    press_create(app)
    assert "1 room for Morning coffee routines" in said(app)


def test_missing_guide_keeps_create_disabled(app: AppTest, projects: list[str], store: Store) -> None:
    app.run()
    app.selectbox("project").set_value(projects[2]).run()
    assert "This project has no interview guide." in said(app)
    assert app.button("create").disabled
    change = UpdateProjectRequest(interview_guide="1. What did you notice?")
    store.update_project(store.account("sandbox"), UUID(projects[2]), change)
    app.button("look_again").click().run()
    assert not app.button("create").disabled


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("count", 0, "from 1 to 10000"),
        ("count", 10_001, "from 1 to 10000"),
        ("count", None, "from 1 to 10000"),
        ("max_duration_minutes", -5, "from 1 to 1440"),
        ("expires_in_days", 0, "from 1 to 3650"),
        ("expires_in_days", 10**7, "from 1 to 3650"),
    ],
)
def test_impossible_number_is_explained_and_kept(filled: AppTest, key: str, value: int | None, words: str) -> None:
    filled.number_input(key).set_value(value).run()
    assert words in said(filled)
    assert filled.number_input(key).value == value
    assert filled.button("create").disabled
    assert not filled.exception


def test_the_token_is_nowhere_on_the_page(filled: AppTest, aseed: Aseed) -> None:
    aseed.answers[CREATE] = lambda: JSONResponse({"detail": "Bearer sandbox at https://a.b/interview/SECRET"}, 401)
    press_create(filled)
    assert "SECRET" not in said(filled)
    assert "sandbox" not in json.dumps([error.value for error in filled.error])


def test_expired_token_keeps_the_form(filled: AppTest, aseed: Aseed) -> None:
    aseed.answers[CREATE] = lambda: JSONResponse({"detail": "Signature has expired"}, 401)
    press_create(filled)
    assert "no longer accepts" in said(filled)
    aseed.answers.clear()
    assert unchanged(filled)
    press_create(filled)
    assert "2 rooms for Morning coffee routines" in said(filled)


def test_same_named_projects_are_told_apart(app: AppTest, store: Store) -> None:
    account = store.account("sandbox")
    twins = [
        store.create_project(
            account, CreateProjectRequest(name="Twins", research_goals="Goals", interview_guide="Guide")
        )
        for _ in range(2)
    ]
    app.run()
    shown = [option for option in app.selectbox("project").options if option.startswith("Twins")]
    assert len(set(shown)) == 2
    app.selectbox("project").set_value(twins[0]["id"]).run()
    press_create(app)
    assert {room["project_id"] for room in store.rooms(account)[:1]} == {twins[0]["id"]}


def test_list_forbidden_later_leaves_the_id(app: AppTest, aseed: Aseed) -> None:
    app.run()
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({"detail": "no"}, 403)
    st.cache_data.clear()
    app.run()
    assert "Paste the project's ID instead" in said(app)


def test_lost_press_shows_the_newest_rooms(app: AppTest, projects: list[str]) -> None:
    app.query_params["batch"] = "a press before the server was restarted"
    app.run()
    assert "What came of your last press of Create cannot be shown." in said(app)
    app.selectbox("project").set_value(projects[0]).run()
    app.button("look").click().run()
    assert not app.exception
    app.button("forget").click().run()
    assert "cannot be shown" not in said(app)


def test_address_holds_the_names_of_presses(filled: AppTest) -> None:
    before = filled.query_params["next"]
    press_create(filled)
    assert before and filled.query_params["batch"] == before
    assert filled.query_params["next"] != before


def test_plan_says_chosen_language_and_voice(filled: AppTest) -> None:
    filled.selectbox("language").set_value("Russian")
    filled.selectbox("voice").set_value("marin").run()
    assert "language **Russian**, voice **marin**." in said(filled)


def test_changed_token_does_not_lock_the_button(filled: AppTest, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    filled.button("create").click().run()
    monkeypatch.setenv("ASEED_API_TOKEN", "sandbox-other")
    process.deployment.cache_clear()
    st.cache_data.clear()
    theirs = store.projects(store.account("sandbox-other"))[0]["id"]
    filled.run()
    filled.selectbox("project").set_value(theirs).run()
    before = len(store.rooms(store.account("sandbox-other")))
    press_create(filled)
    assert len(store.rooms(store.account("sandbox-other"))) == before + 2


def test_press_that_arrives_after_a_reload_is_found(filled: AppTest) -> None:
    reloaded = AppTest.from_file(filled._script_path, default_timeout=30)
    reloaded.query_params["next"] = filled.query_params["next"]
    reloaded.run()
    assert not reloaded.header
    press_create(filled)
    reloaded.run()
    assert [each.value for each in reloaded.header] == [each.value for each in filled.header] != []


def test_press_is_found_again_with_its_token(filled: AppTest, aseed: Aseed) -> None:
    pressed = filled.query_params["next"]
    press_create(filled)

    reloaded = AppTest.from_file(filled._script_path, default_timeout=30)
    reloaded.query_params |= {"next": pressed, "batch": "an older press"}
    state(reloaded, Pasted).token = SecretStr("sandbox-of-another-person")
    reloaded.run()
    assert "What came of your last press of Create cannot be shown." in said(reloaded)
    assert reloaded.query_params["batch"] == pressed

    state(reloaded, Pasted).token = SecretStr("sandbox")
    reloaded.run()
    assert "2 rooms for Morning coffee routines" in said(reloaded)
    assert aseed.calls.count(CREATE) == 1
