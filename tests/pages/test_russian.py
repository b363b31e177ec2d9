"""Create and Batches in Russian: what is said, what is typed there, and what is kept in English all the same."""

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from components.state import language, process
from services.journal.tables import events
from services.sandbox.store import Store
from tests.pages.conftest import go, press_create, said


@pytest.fixture
def russian(app: AppTest, store: Store) -> AppTest:
    """The form in Russian, for 22 rooms of a project that is ready."""
    app.session_state[language.KEY] = "ru"
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.number_input("count").set_value(22).run()
    return app


def history() -> list[str]:
    """The lines of all histories as the journal keeps them."""
    with process.journal()._database.reading() as db:
        return list(db.execute(select(events.c.what).order_by(events.c.id)).scalars())


def test_russian_batch_is_kept_in_english(russian: AppTest) -> None:
    assert russian.button("create").label == "Создать 22 комнаты"
    assert "**22 комнаты** для **Morning coffee routines**" in said(russian)
    press_create(russian)
    assert "22 комнаты для Morning coffee routines" in said(russian)
    assert history() == ["Create was pressed: 22 rooms", "done: 22 of 22 rooms"]
    go(russian, "batches").button("open_1").click().run()
    assert ":green[Готово]" in said(russian)
    told = [text.value for text in russian.text]
    assert any("Нажато «Создать», комнат: 22" in line for line in told)
    assert any("готово, комнат: 22 из 22" in line for line in told)


@pytest.mark.parametrize("typed", ["как в проекте", "Project default"])
def test_default_may_be_typed_in_either_language(app: AppTest, store: Store, typed: str) -> None:
    app.session_state[language.KEY] = "ru"
    app.session_state["project"] = store.projects(store.account("sandbox"))[0]["id"]
    app.session_state["voice"] = typed
    app.run()
    assert "**1 комната** для" in said(app)
    assert "голос: **" not in said(app)


def test_choices_follow_another_language(russian: AppTest) -> None:
    russian.selectbox("language").set_value("Russian").run()
    russian.selectbox(language.KEY).set_value("en").run()
    assert russian.selectbox("language").value == "Russian"
    assert russian.selectbox("language").proto.raw_value == "Russian"
    russian.selectbox(language.KEY).set_value("ru").run()
    assert russian.selectbox("language").proto.raw_value == "Русский"
    assert "язык: **русский**" in said(russian)


def test_error_of_the_form_is_said_in_russian(russian: AppTest) -> None:
    russian.number_input("count").set_value(0).run()
    assert "Укажите, сколько создать комнат: от 1 до 10000." in said(russian)
