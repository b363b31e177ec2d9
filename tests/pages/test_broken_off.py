"""Runs of a page's script that Streamlit breaks off, as it does when somebody presses something meanwhile."""

from collections.abc import Iterator
from itertools import count

import pytest
from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.state import SessionStateProxy
from streamlit.testing.v1 import AppTest

from services.settings import ROOT


def breaking_off(moment: int, moments: Iterator[int]) -> object:
    """A way to write to the session that breaks the run off instead, at one moment, and has it run again."""
    write = SessionStateProxy.__setitem__

    def written(self: SessionStateProxy, key: str, value: object) -> None:
        if next(moments) == moment:
            now = get_script_run_ctx()
            assert now is not None
            raise RerunException(RerunData(query_string=now.query_string, page_script_hash=now.page_script_hash))
        write(self, key, value)

    return written


@pytest.mark.parametrize("page", ["create", "links", "batches", "desk", "settings"])
def test_a_page_whose_first_run_is_broken_off_anywhere_comes_up_whole(
    page: str, app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for moment in count(1):
        fresh, moments = AppTest.from_file(app._script_path, default_timeout=30), count(1)
        fresh.query_params["batch"] = "the last press"
        fresh.switch_page(str(ROOT / "pages" / f"{page}.py"))
        with monkeypatch.context() as patched:
            patched.setattr(SessionStateProxy, "__setitem__", breaking_off(moment, moments))
            fresh.run()
        assert not fresh.exception, f"broken off at write {moment}"
        assert fresh.session_state["batch"] == "the last press" and fresh.session_state["intent"]
        if next(moments) <= moment:
            assert moment > 2, "nothing was broken off"
            break
