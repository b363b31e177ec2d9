"""A token that was revoked: no page, file or desk gives a link of the journal unless Aseed answers for the token."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from math import inf

import pytest
import streamlit as st
from pydantic import SecretStr
from starlette.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.batches import BatchesState
from components.state.connection import Pasted
from components.state.dialogs import Dialogs, Wanted
from components.state.downloads import Downloads
from components.state.links import LinksState
from components.state.visibility import DESK_GRACE_SECONDS, GRACE_SECONDS, Seen, VisibilityState
from services.aseed.errors import AseedError, Failed, NotReached, RateLimited, TokenRefused
from services.sandbox.store import Store
from tests.pages.conftest import LIST_PROJECTS, Aseed, app, aseed, go, mine, press_create, said, state
from tests.pages.test_desk import opened, project, start

__all__ = ["app", "aseed", "project"]

HIDDEN = "**The links are not shown:**"

PROBLEMS = (
    TokenRefused(401),
    TokenRefused(403),
    RateLimited(429),
    Failed("Aseed failed (503).", 503),
    NotReached("No."),
)


@pytest.fixture
def created(app: AppTest, store: Store) -> AppTest:
    """Two rooms just created, with their links in view."""
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.number_input("count").set_value(2).run()
    press_create(app)
    assert links_in(app)
    return app


def links_in(app: AppTest) -> set[str]:
    """The links of the sandbox's rooms that the page shows or gives to a component."""
    assert not app.exception
    shown = "\n".join([said(app), *(str(found.proto.json) for found in app.get("bidi_component"))])
    kept = {link for batch in process.journal().batches.newest(mine(), 10) for link in links_of(batch.id)}
    return {link for link in kept if link in shown or json.dumps(link)[1:-1] in shown}


def links_of(batch_id: int) -> list[str]:
    return [kept.link for kept in process.journal().batches.rooms(batch_id)]


def fails(app: AppTest, problem: AseedError, since: float) -> None:
    """Has Aseed have failed like this for so many seconds."""
    seen, now = state(app, VisibilityState).seen, time.monotonic()
    answered(now - since)
    state(app, VisibilityState).seen = replace(seen, asked=now, problem=problem)


def answered(moment: float) -> None:
    """Has Aseed have given its last good answer then, for the token of every session."""
    process.last_answers().update(dict.fromkeys(process.last_answers(), moment))


def forbid_the_rest(aseed: Aseed) -> None:
    """Has Aseed say nothing about the project and its rooms either."""
    batch = process.journal().batches.newest(mine(), 1)[0]
    for path in (f"projects/{batch.project_id}", "api/interviews/rooms"):
        aseed.answers[f"GET /custdev/{path}"] = lambda: JSONResponse({}, 403)


def batch_page(app: AppTest) -> AppTest:
    go(app, "batches")
    state(app, BatchesState).opened = process.journal().batches.newest(mine(), 1)[0].id
    return app.run()


def links_page(app: AppTest) -> AppTest:
    return go(app, "links")


def room_page(app: AppTest) -> AppTest:
    study = state(links_page(app), LinksState).study
    assert study
    kept = process.journal().batches.rooms(process.journal().batches.newest(mine(), 1)[0].id)
    state(app, Dialogs).wanted = Wanted("manage", kept[0].room.id)
    return app.run()


@pytest.mark.parametrize("problem", PROBLEMS, ids=str)
@pytest.mark.parametrize("page", [AppTest.run, batch_page, links_page, room_page])
def test_no_page_shows_links_after_the_grace(
    created: AppTest, aseed: Aseed, page: Callable[[AppTest], AppTest], problem: AseedError
) -> None:
    assert links_in(page(created))
    forbid_the_rest(aseed)
    st.cache_data.clear()
    fails(created, problem, GRACE_SECONDS + 1)
    page(created)
    assert not links_in(created) and HIDDEN in said(created)
    aseed.answers.clear()
    created.button("try_token").click().run()
    assert links_in(page(created))


@pytest.mark.parametrize("problem", PROBLEMS[1:], ids=str)
def test_links_stay_within_the_grace(created: AppTest, problem: AseedError) -> None:
    fails(created, problem, GRACE_SECONDS - 60)
    assert links_in(created.run()) and HIDDEN not in said(created)


def test_refused_token_has_no_grace(created: AppTest) -> None:
    fails(created, TokenRefused(401), 0)
    assert not links_in(created.run())


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_new_session_waits_for_an_answer(created: AppTest, aseed: Aseed, status: int) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, status, {"Retry-After": "0"})
    forbid_the_rest(aseed)
    st.cache_data.clear()
    new_session(created)
    process.last_answers().clear()
    assert not links_in(batch_page(created)) and HIDDEN in said(created)
    aseed.answers.clear()
    created.button("try_token").click().run()
    assert links_in(created)


def test_trying_again_shortens_no_grace(created: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, 503)
    fails(created, PROBLEMS[3], GRACE_SECONDS - 60)
    (before,) = process.last_answers().values()
    state(created, VisibilityState).seen = replace(state(created, VisibilityState).seen, asked=-inf)
    st.cache_data.clear()
    assert links_in(created.run())
    assert list(process.last_answers().values()) == [before]


def test_reload_in_an_outage_keeps_the_grace(created: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, 503)
    st.cache_data.clear()
    new_session(created)
    assert links_in(batch_page(created))
    # For this token alone.
    state(created, Pasted).token = SecretStr("sandbox-of-another-person")
    assert HIDDEN in said(links_page(created))


def test_token_refused_elsewhere_has_no_grace_here(created: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, 401)
    st.cache_data.clear()
    new_session(created)
    assert not links_in(created.run())
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, 503)
    new_session(created)
    assert not links_in(created.run())


def new_session(app: AppTest) -> None:
    state(app, VisibilityState).seen = Seen()


@pytest.mark.parametrize("page", [batch_page, links_page])
def test_token_that_lists_no_projects_opens_links(
    created: AppTest, aseed: Aseed, page: Callable[[AppTest], AppTest]
) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, 403)
    st.cache_data.clear()
    new_session(created)
    process.last_answers().clear()
    assert links_in(page(created))


def test_token_for_one_project_opens_its_links(created: AppTest, aseed: Aseed) -> None:
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, 403)
    aseed.answers["GET /custdev/api/interviews/rooms"] = lambda: JSONResponse({}, 403)
    st.cache_data.clear()
    new_session(created)
    process.last_answers().clear()
    assert links_in(batch_page(created))


def test_no_file_is_made_after_the_grace(created: AppTest) -> None:
    # The press arrives with the drawing in which the button is still there.
    made = {}
    for since in (0, GRACE_SECONDS + 1):
        batch_page(created)
        created.session_state["download_csv"] = {"wanted": f"press {since}"}
        fails(created, Failed("Aseed failed (503).", 503), since)
        created.run()
        waiting = state(created, Downloads).waiting.get("download_csv")
        made[since] = waiting.made if waiting and waiting.press == f"press {since}" else None
    (early, late) = made.values()
    assert early and early.content and not (late and late.content)


@pytest.mark.parametrize("problem", PROBLEMS, ids=str)
def test_desk_code_goes_after_its_own_grace(app: AppTest, project: str, aseed: Aseed, problem: AseedError) -> None:
    opened(app, project)
    start(app, "Desk A")
    app.session_state["desk_screen"] = {"act": {"what": "next", "room": "", "text": ""}}
    assert "/interview/" in screen(app.run())
    # A fair's network: longer than other links are shown, and not for ever.
    if problem is not PROBLEMS[0]:
        fails(app, problem, GRACE_SECONDS + 60)
        assert "/interview/" in screen(app.run())
    aseed.answers |= {call: lambda: JSONResponse({}, 503) for call in aseed.calls if call.startswith("GET")}
    fails(app, problem, DESK_GRACE_SECONDS + 1)
    assert "/interview/" not in screen(app.run()) and HIDDEN in said(app)


def screen(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(str(found.proto.json) for found in app.get("bidi_component"))
