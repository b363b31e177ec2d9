"""A press in a tab whose person was signed out elsewhere does nothing, and leads to the entrance."""

import pytest
from streamlit.testing.v1 import AppTest

from components.state import person, process
from services.journal.audit import Which
from services.people.acting import Person
from services.people.admission import Admitted, Reason, Refused
from services.people.roles import Role
from services.sandbox.store import Store
from tests.pages.conftest import go, mine, press_create, said

ANNA = Admitted(Person("key of anna", "anna@example.org", Role.ADMIN), "sign-in")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[Admitted | Refused]:
    """What is found of the sign-in of the page, last; first that it lets Anna in."""
    found: list[Admitted | Refused] = [ANNA]
    monkeypatch.setattr(person, "found", lambda: found[-1])
    # A page without a browser has no address.
    monkeypatch.setattr(person, "_with_origin", lambda who: who)
    monkeypatch.setattr(person, "_noted", set())
    return found


@pytest.fixture
def batch(at: list[Admitted | Refused], app: AppTest, store: Store) -> int:
    """The number of a batch that Anna has open."""
    assert at
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"]).run()
    press_create(app)
    (made,) = process.journal().batches.newest(mine(), 1)
    go(app, "batches").button(f"open_{made.id}").click().run()
    return made.id


def assert_at_the_entrance(app: AppTest) -> None:
    assert not app.exception and not app.error and not app.toast
    assert "You are signed out." in said(app) and [each.value for each in app.title] == ["Interview rooms"]


def test_name_typed_after_the_end_is_not_kept(app: AppTest, batch: int, at: list[Admitted | Refused]) -> None:
    app.text_input(f"name_{batch}").set_value("Wave 1").run()
    at.append(Refused(Reason.ENDED, "anna@example.org"))
    app.text_input(f"name_{batch}").set_value("After the end").run()
    assert_at_the_entrance(app)
    (kept,) = process.journal().batches.newest(mine(), 1)
    at.append(ANNA)
    assert kept.name == "Wave 1"


def test_create_pressed_after_the_end_creates_nothing(
    app: AppTest, batch: int, at: list[Admitted | Refused], store: Store
) -> None:
    go(app, "create")
    app.button("create_more").click().run()
    before = len(store.rooms(store.account("sandbox")))
    at.append(Refused(Reason.ENDED, "anna@example.org"))
    app.button("create").click().run()
    assert_at_the_entrance(app)
    assert len(store.rooms(store.account("sandbox"))) == before
    at.append(ANNA)
    assert [each.id for each in process.journal().batches.newest(mine(), 9)] == [batch]


def buttons(app: AppTest, page: str, batch: int) -> list[str]:
    """Comes back to a page, and gives the keys of what can be pressed there."""
    go(app.run(), page)
    if (key := f"open_{batch}") in {each.key for each in app.button}:
        app.button(key).click().run()
    # Without the one that signs out, which leaves for the provider.
    return [str(each.key) for each in app.button if each.key and not each.disabled and each.key != "sign_out"]


@pytest.mark.parametrize("page", ["create", "links", "desk", "batches", "settings"])
def test_no_button_does_anything_after_the_end(
    app: AppTest, batch: int, at: list[Admitted | Refused], page: str
) -> None:
    before = process.journal().audit.every(Which())
    waiting, pressed = buttons(app, page, batch), set[str]()
    while waiting:
        at.append(Refused(Reason.ENDED, "anna@example.org"))
        app.button(waiting[0]).click().run()
        assert_at_the_entrance(app)
        pressed.add(waiting[0])
        at.append(ANNA)
        waiting = [key for key in buttons(app, page, batch) if key not in pressed]
    assert pressed
    assert process.journal().audit.every(Which()) == before
