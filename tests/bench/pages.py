"""Reruns of the pages with many rooms, against reruns with none, and the start of the server."""

import itertools
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import streamlit as st
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from components.state import process, session
from components.state.press import Presses
from services.aseed.models import CreateRoomsRequest
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from services.settings import ROOT
from tests.bench.timing import at_most, compare
from tests.servers import running_streamlit, serving

ROOMS = 10_000
PAIRS = 20

EMPTY_APP = 'import streamlit as st\n\nst.write("Hello")\n'
"""The least that `streamlit run` can serve."""


def bench_page() -> None:
    """A rerun of Create with the rooms of a batch, against one with the empty form, each in a session of its own."""
    for count in (100, ROOMS):
        with page_on_sandbox() as store:
            empty, full = _open(), _open()
            full.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"]).run()
            full.number_input("count").set_value(count).run()
            full.button("create").click().run()
            while not full.header:
                full.session_state[session.key(Presses)].next = "the next one"
                full.run()
            what = f"rerun with {count:,} rooms on show / with an empty form"
            compare(what, empty.run, full.run, at_most(2), PAIRS)
            assert not empty.exception and not full.exception


def bench_links() -> None:
    """A rerun of Links with a study of 10,000 rooms, against one with a study of none."""
    with _links() as (empty, full):
        compare(f"rerun of Links with {ROOMS:,} rooms / with none", empty.run, full.run, at_most(2), PAIRS)


def bench_search() -> None:
    """A search on Links in a study of 10,000 rooms, for other words each time, against a rerun with a study of none."""
    with _links() as (empty, full):
        numbers = itertools.count()
        # Every room has the first word, so that the second is looked for in all of them.
        for what, words in (("two words", "intérview {}"), ("one short word", "{}"), ("a code in parts", "k7m {:03}")):

            def search(words: str = words) -> None:
                full.text_input("find").set_value(words.format(next(numbers))).run()

            compare(f"search for {what} in {ROOMS:,} rooms / no rooms", empty.run, search, at_most(2), PAIRS)


@contextmanager
def _links() -> Iterator[tuple[AppTest, AppTest]]:
    """The page Links with a study without rooms, and with one of ROOMS, neither of which is read again by itself."""
    with page_on_sandbox() as store:
        account = store.account("sandbox")
        full_project, _, no_rooms = (project["id"] for project in store.projects(account)[:3])
        for _ in range(ROOMS // 100):
            store.create_rooms(account, CreateRoomsRequest(project_id=UUID(full_project), count=100))
        empty, full = _open_links(no_rooms), _open_links(full_project)
        full.segmented_control("every").set_value(0).run()
        yield empty, full
        assert not empty.exception and not full.exception


def bench_start() -> None:
    """From `streamlit run` to the first answer, against an application of two lines; each has started once before."""
    with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY_APP)

        def start(script: Path) -> None:
            with running_streamlit(script, Path(data), ASEED_BASE_URL="", ASEED_API_TOKEN=""):
                pass

        compare("first answer / of an empty app", partial(start, empty), partial(start, ROOT / "app.py"), at_most(1.5))


def _open() -> AppTest:
    return AppTest.from_file(str(ROOT / "components" / "shell.py"), default_timeout=60).run()


def _open_links(project_id: str) -> AppTest:
    app = _open()
    app.switch_page(str(ROOT / "pages" / "links.py")).run()
    app.selectbox("project").set_value(project_id).run()
    return app


@contextmanager
def page_on_sandbox() -> Iterator[Store]:
    """What the pages need: a sandbox with an account that can pay for everything, named in the environment."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "sandbox.sqlite3", balance=10**9)
        with serving(Starlette(routes=sandbox_routes(store))) as address:
            os.environ |= {"ASEED_BASE_URL": f"{address}/custdev", "ASEED_API_TOKEN": "sandbox"}
            os.environ["ROOMS_DATA_DIR"] = folder
            yield store
            process.changes().close()
            process.engine().close()
            process.journal().close()
            for kept in (process.changes, process.engine, process.deployment, process.connections):
                kept.cache_clear()
            st.cache_data.clear()
            st.cache_resource.clear()
