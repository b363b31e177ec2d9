"""No page makes a link or a code of a URL that is not one of Aseed's: every page that shows rooms is walked."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from components.state.dialogs import Dialogs, Wanted
from services.sandbox.store import Store
from tests.pages.conftest import CREATE, Aseed, go, press_create, said, state

LIST = "GET /custdev/api/interviews/rooms"
HOSTILE = "https://app.aseed.ai@evil.example/interview/x"


@pytest.fixture
def created(app: AppTest, aseed: Aseed, store: Store) -> AppTest:
    """Two rooms just created, and listed: the first has a hostile URL, the second a proper link."""
    project = str(store.projects(store.account("sandbox"))[0]["id"])
    row = {**store.rooms(store.account("sandbox"))[0], "project_id": project, "status": "pending"}
    urls = (HOSTILE, proper(aseed))
    rooms = [{**row, "id": str(n), "access_token": f"token-{n}", "url": url} for n, url in enumerate(urls)]
    aseed.answers[CREATE] = lambda: JSONResponse({"rooms": rooms})
    app.run()
    app.selectbox("project").set_value(project)
    app.number_input("count").set_value(2).run()
    press_create(app)
    # Not before: rooms that were listed already are not new ones.
    aseed.answers[LIST] = lambda: JSONResponse(rooms)
    return app


def proper(aseed: Aseed) -> str:
    return f"{aseed.address}/interview/y"


def records(app: AppTest) -> Iterator[dict[str, Any]]:
    """Every JSON object that the page gives to a component, at any depth."""

    def walk(value: object) -> Iterator[dict[str, Any]]:
        if isinstance(value, dict):
            yield value
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from walk(inner)

    for found in app.get("bidi_component"):
        yield from walk(json.loads(found.proto.json or "null"))


def assert_harmless(app: AppTest) -> None:
    """Wherever the hostile URL is, it is text: marked as not usable, or no part of a component at all."""
    assert HOSTILE not in said(app)
    for record in records(app):
        for name, value in record.items():
            if isinstance(value, str) and HOSTILE in value:
                assert name == "link" and record["usable"] is False


def test_result_shows_a_hostile_url_as_text(created: AppTest, aseed: Aseed) -> None:
    assert {record["link"]: record["usable"] for record in records(created) if "usable" in record} == {
        HOSTILE: False,
        proper(aseed): True,
    }
    assert_harmless(created)


def test_table_has_no_hostile_code(created: AppTest, aseed: Aseed) -> None:
    assert [record["link"] for record in records(created) if record.get("code")] == [proper(aseed)]
    assert_harmless(created)


def test_links_page_shows_a_hostile_url_as_text(created: AppTest, aseed: Aseed) -> None:
    go(created, "links")
    assert {record["link"]: record["usable"] for record in records(created) if "usable" in record} == {
        HOSTILE: False,
        proper(aseed): True,
    }
    assert_harmless(created)


def test_room_dialog_has_no_hostile_code(created: AppTest) -> None:
    go(created, "links")
    state(created, Dialogs).wanted = Wanted("manage", "0")
    created.run()
    assert "Not a proper link of Aseed's" in said(created)
    assert not [record for record in records(created) if "svg" in record]
    assert HOSTILE in [text.value for text in created.text]
    assert_harmless(created)
