"""Runs of a page's script that Streamlit breaks off, as it does when a person presses something meanwhile."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.state import SessionStateProxy
from streamlit.testing.v1 import AppTest

from components.state import session
from components.state.press import Presses
from services.settings import ROOT
from tests.pages.conftest import state


class Breaks:
    """Breaks a run off in place of one write, and has it run again.

    It counts the writes to the session and those to the objects that it keeps (components.state.session).
    """

    def __init__(self, patched: pytest.MonkeyPatch, moment: int, moments: Iterator[int]) -> None:
        self._patched, self._moment, self._moments = patched, moment, moments
        self._classes: set[type] = set()
        self._break_writes(SessionStateProxy, "__setitem__")
        find = session.state

        def found(kind: type[Any]) -> object:
            kept = find(kind)
            if kind not in self._classes:
                self._classes.add(kind)
                self._break_writes(kind, "__setattr__")
            return kept

        patched.setattr(session, "state", found)

    def _break_writes(self, kind: type[Any], method: str) -> None:
        write = getattr(kind, method)

        def written(of: object, name: str, value: object) -> None:
            if next(self._moments) == self._moment:
                now = get_script_run_ctx()
                assert now is not None
                raise RerunException(RerunData(query_string=now.query_string, page_script_hash=now.page_script_hash))
            write(of, name, value)

        self._patched.setattr(kind, method, written)


@pytest.mark.parametrize("page", ["create", "links", "batches", "desk", "settings"])
def test_broken_off_first_run_comes_up_whole(page: str, app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    for moment in count(1):
        fresh, moments = AppTest.from_file(app._script_path, default_timeout=30), count(1)
        fresh.query_params["batch"] = "the last press"
        fresh.switch_page(str(ROOT / "pages" / f"{page}.py"))
        with monkeypatch.context() as patched:
            Breaks(patched, moment, moments)
            fresh.run()
        assert not fresh.exception, f"broken off at write {moment}"
        presses = state(fresh, Presses)
        assert presses.last == "the last press" and presses.next
        if next(moments) <= moment:
            assert moment > 4, "nothing was broken off"
            break
