"""Runs of a page's script that Streamlit breaks off, as it does when a person presses something meanwhile."""

from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pytest
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.state import SessionStateProxy
from streamlit.testing.v1 import AppTest

from components.state import session, viewer
from components.state.links import LinksState
from components.state.press import Presses
from services.settings import ROOT
from tests.pages.conftest import state


def break_off() -> NoReturn:
    """Ends the run and has it run again, as Streamlit does at the next use of the session after a press."""
    context = get_script_run_ctx()
    assert context is not None
    raise RerunException(RerunData(query_string=context.query_string, page_script_hash=context.page_script_hash))


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
                break_off()
            write(of, name, value)

        self._patched.setattr(kind, method, written)


@pytest.mark.parametrize("page", ["create", "links", "batches", "desk", "doors", "settings", "audit"])
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


def test_broken_off_read_of_rooms_is_repeated(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    zone, breaks = viewer.zone, iter([True])

    def break_off_once() -> ZoneInfo:
        if next(breaks, False):
            break_off()
        return zone()

    fresh = AppTest.from_file(app._script_path, default_timeout=30)
    fresh.switch_page(str(ROOT / "pages" / "links.py"))
    monkeypatch.setattr("components.state.study.viewer", SimpleNamespace(zone=break_off_once))
    fresh.run()
    assert next(breaks, None) is None, "nothing was broken off"
    study = state(fresh, LinksState).study
    assert study is not None and study.moment and study.entries
