"""A journal that is taken away from a running dashboard: its pages say so, and nothing is created."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from services.settings import ROOT
from tests.pages.conftest import CREATE, Aseed

UNDER_IT: dict[str, tuple[Callable[[Path], object], str]] = {
    "removed": (lambda file: file.unlink(), "is gone. Stop the dashboard"),
    "emptied": (lambda file: file.write_bytes(b""), "is empty now. Stop the dashboard"),
}


def told(app: AppTest) -> str:
    """The errors on the page, without the marks that keep their text literal."""
    return " ".join(error.value for error in app.error).replace("\\", "")


@pytest.mark.parametrize("what", UNDER_IT)
def test_pages_say_that_the_journal_is_gone(app: AppTest, aseed: Aseed, tmp_path: Path, what: str) -> None:
    do, said = UNDER_IT[what]
    file = tmp_path / "journal.sqlite3"
    app.run()
    app.selectbox("project").select_index(0).run()
    assert not app.exception and app.button("create")
    do(file)
    app.button("create").click().run()
    assert not app.exception and CREATE not in aseed.calls
    assert said in told(app)
    app.switch_page(str(ROOT / "pages" / "batches.py")).run()
    assert not app.exception and said in told(app)
    assert not file.exists() or not file.stat().st_size
