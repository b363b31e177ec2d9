"""Ids that are not one's own, in addresses and in a session: they show nothing, and take no key of the journal.

Keys of the journal have no account: a room is in one batch and at one desk, for every account. So it counts that a page
writes only about what Aseed has just shown to this session's token.
"""

from contextlib import closing

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from starlette.responses import JSONResponse
from streamlit.testing.v1 import AppTest

from components.state import process
from components.state.connection import Pasted
from components.state.desk import DeskState
from components.state.dialogs import Dialogs, Wanted
from services.journal.database import Database
from services.journal.tables import metadata
from services.sandbox.store import Store
from tests.pages.conftest import LIST_PROJECTS, Aseed, app, aseed, go, said, state
from tests.pages.test_desk import opened, project, start

__all__ = ["app", "aseed", "project"]

THEIRS = "sandbox-of-another-person"


@pytest.fixture
def attacked(app: AppTest, project: str, store: Store) -> tuple[AppTest, str, str]:
    """Another person's session, which knows the ids of a project and of its room; nothing is in the journal yet."""
    room = next(room for room in store.rooms(store.account("sandbox")) if room["project_id"] == project)
    app.run()
    state(app, Pasted).token = SecretStr(THEIRS)
    return app, project, str(room["id"])


def lines_about(*ids: str) -> list[str]:
    """The tables of the journal in which one of the ids stands."""
    with closing(Database(process.deployment().journal_url)) as database, database.reading() as db:
        return [
            table.name
            for table in metadata.tables.values()
            for row in db.execute(select(table)).all()
            if set(ids) & {str(value) for value in row}
        ]


ADDRESSES = {
    "links": ("study", "manage"),
    "desk": ("desk", "hand_out"),
    "batches": ("open", ""),
    "create": ("batch", ""),
}
"""What the address of each page may name, and the dialog that is about one room."""


@pytest.mark.parametrize("page", ADDRESSES)
@pytest.mark.parametrize("answer", [None, 403, 503])
def test_foreign_ids_show_and_write_nothing(
    attacked: tuple[AppTest, str, str], aseed: Aseed, page: str, answer: int | None
) -> None:
    app, foreign, room_id = attacked
    # Where projects are not listed, the one of the address is taken as it is.
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, answer) if answer else None
    named, dialog = ADDRESSES[page]
    app.query_params[named] = foreign
    app.session_state["project"] = foreign
    for wanted in (None, Wanted(dialog, room_id) if dialog else None):
        state(app, Dialogs).wanted = wanted
        assert "Anna" not in said(go(app, page))
        assert "Anna" not in said(app.run())
    assert not lines_about(foreign, room_id)


def test_foreign_project_by_typed_id_takes_no_key(attacked: tuple[AppTest, str, str], aseed: Aseed) -> None:
    app, foreign, room_id = attacked
    aseed.answers[LIST_PROJECTS] = lambda: JSONResponse({}, 403)
    go(app, "create")
    app.text_input("project").input(foreign).run()
    assert "Aseed does not know this project." in said(app)
    assert app.button("create").disabled
    assert not lines_about(foreign, room_id)


def test_rightful_desk_opens_after_the_attack(attacked: tuple[AppTest, str, str]) -> None:
    app, foreign, _ = attacked
    go(app, "desk")
    state(app, Pasted).token = None
    start(opened(app, foreign), "Desk A")
    assert state(app, DeskState).is_at_work and {"stations", "hand_outs"} <= set(lines_about(foreign))
