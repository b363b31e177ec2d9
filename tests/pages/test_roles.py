"""Each role sees its pages and no more; nothing that a page sends holds a link for those who may see none."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from components.state import person, process
from services.journal.records import Batch
from services.people.acting import EVERYONE, Person
from services.people.roles import Role
from services.sandbox.store import Store
from services.settings import ROOT
from tests.pages.conftest import go, mine, press_create, said

PAGES = ("create", "links", "desk", "doors", "batches", "settings")

TITLES = {
    "create": "Create interview rooms",
    "links": "Links",
    "desk": "Desk",
    "doors": "Doors",
    "batches": "Batches",
    "settings": "Settings",
}

SEEN = {
    Role.VIEWER: {"links", "batches", "settings"},
    Role.DESK: {"desk", "doors", "settings"},
    Role.RESEARCHER: set(PAGES),
    Role.ADMIN: set(PAGES),
}
"""The pages of each role, as README.md tells them."""


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """The person who is signed in, last; first everyone."""
    people = [EVERYONE]
    monkeypatch.setattr(person, "_current", lambda: people[-1])
    return people


@pytest.fixture
def batch(app: AppTest, store: Store) -> Batch:
    """Two rooms that have just been created."""
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.number_input("count").set_value(2).run()
    press_create(app)
    (made,) = process.journal().batches.newest(mine(), 10)
    return made


def opened(at_work: list[Person], role: Role | None, page: str = "", project: str = "") -> AppTest:
    """The dashboard as a person of that role opens it."""
    at_work.append(Person("1", "anna@example.org", role))
    app = AppTest.from_file(str(ROOT / "components" / "shell.py"), default_timeout=30).run()
    if project:
        app.session_state["project"] = project
    return go(app, page) if page else app


def sent(app: AppTest) -> str:
    """Everything that the page gives to the browser, as text."""
    data = [json.dumps(json.loads(found.proto.json or "null")) for found in app.get("bidi_component")]
    return "\n".join([*data, *(text.value for text in app.text), said(app), str(app.main)])


def tokens() -> list[str]:
    batches = process.journal().batches
    made = [each.id for each in batches.newest(mine(), 10)]
    return [link.rpartition("/")[2] for number in made for link in batches.links(number)]


def press(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("page", PAGES)
def test_role_opens_its_own_pages_alone(batch: Batch, at_work: list[Person], role: Role, page: str) -> None:
    if page in SEEN[role]:
        app = opened(at_work, role, page, batch.project_id)
        assert [each.value for each in app.title] == [TITLES[page]]
    else:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            opened(at_work, role, page)


@pytest.mark.parametrize("page", ["links", "batches"])
def test_viewer_sees_states_without_links(batch: Batch, at_work: list[Person], page: str) -> None:
    secret = tokens()
    app = opened(at_work, Role.VIEWER, page, batch.project_id)
    if page == "batches":
        app.button(f"open_{batch.id}").click().run()
    assert "Not started" in sent(app)
    assert secret and not [token for token in secret if token in sent(app)]
    assert press(app) <= {"look_now", "refresh", "close_batch", f"open_{batch.id}", "clear_filters"}


def test_desk_shows_one_code_and_no_other(batch: Batch, at_work: list[Person]) -> None:
    secret = tokens()
    app = opened(at_work, Role.DESK, "desk", batch.project_id)
    app.text_input("desk_name").input("Desk A")
    app.segmented_control[0].set_value("in_order")
    app.button("desk_start").click().run()
    assert sum(token in sent(app) for token in secret) == 1


def test_researcher_sees_links_and_admin_connects(batch: Batch, at_work: list[Person]) -> None:
    app = opened(at_work, Role.RESEARCHER, "links", batch.project_id)
    assert all(token in sent(app) for token in tokens())
    # This dashboard has a token for everyone.
    assert "use_token" not in press(go(app, "settings"))
    assert "use_token" in press(opened(at_work, Role.ADMIN, "settings"))


@pytest.mark.usefixtures("batch")
def test_unknown_person_gets_no_page_of_work(at_work: list[Person]) -> None:
    app = opened(at_work, None)
    assert [each.value for each in app.title] == ["Settings"]
    assert not [token for token in tokens() if token in sent(app)]
