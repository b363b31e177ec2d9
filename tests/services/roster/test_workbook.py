"""The child process that reads spreadsheets: it is killed in time, knows no secrets, and may break."""

import io
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from services.roster import workbook
from services.roster.sheet import RosterError, Wish, title_in_words
from services.roster.workbook import COMMAND, read_workbook
from services.settings import ROOT
from services.texts import speech
from services.texts.speech import speaking
from tests.servers import PATIENCE

BIG = bytes(5_000_000)
"""More than a pipe holds."""


def instead(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(workbook, "COMMAND", (sys.executable, "-c", script))


def test_a_child_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[subprocess.Popen[bytes]] = []

    class Popen(subprocess.Popen[bytes]):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, **kwargs)  # type: ignore[call-overload]  # passed on as it came
            made.append(self)

    monkeypatch.setattr(subprocess, "Popen", Popen)
    monkeypatch.setattr(workbook, "MAX_SECONDS", 0.2)
    instead(monkeypatch, "while True: pass")
    started = time.monotonic()
    with pytest.raises(RosterError, match="could not be read"):
        read_workbook(BIG)
    assert time.monotonic() - started < PATIENCE
    assert [child.returncode for child in made] == [-9]


@pytest.mark.parametrize(
    "script",
    [
        "",
        "raise SystemExit(1)",
        "import os; os.abort()",
        "print('Traceback')",
        "print('[]')",
        "print('{}')",
        "print('7')",
        r"import sys; sys.stdout.buffer.write(b'\xff')",
        """print('{"title": "", "rows": [[1, ["An')""",
    ],
)
def test_a_child_that_breaks_ends_in_plain_words(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    instead(monkeypatch, script)
    with pytest.raises(RosterError, match="save the list alone as CSV"):
        read_workbook(BIG)


def test_answer_of_child_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ANSWER", 1000)
    instead(monkeypatch, "while True: print(' ' * 1000)")
    with pytest.raises(RosterError, match="could not be read"):
        read_workbook(BIG)


def test_child_that_cannot_start_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "COMMAND", ("/nowhere/python",))
    with pytest.raises(RosterError, match="could not be read"):
        read_workbook(b"")


def test_the_child_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASEED_API_TOKEN", "SECRET")
    monkeypatch.setenv("OTHER_PASSWORD", "SECRET")
    instead(
        monkeypatch,
        "import json, os;"
        "A = dict.fromkeys(('titles', 'hidden_rows', 'hidden_columns', 'merged', 'notes', 'shortened'), ());"
        "A['title'] = ''; print(json.dumps(dict(A, rows=[[1, [*os.environ, *os.environ.values()]]])))",
    )
    (cells,) = read_workbook(b"").rows
    assert "PATH" in cells and not {"ASEED_API_TOKEN", "OTHER_PASSWORD", "SECRET"} & set(cells)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps to a limit of the address space")
def test_child_limits_memory_time_and_dumps() -> None:
    script = (
        "from services.roster.spreadsheet import _limit_ourselves as limit; limit(); import resource as r;"
        "print(*(r.getrlimit(what)[1] for what in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_CORE)))"
    )
    said = subprocess.run([COMMAND[0], "-c", script], capture_output=True, check=True, text=True, cwd=ROOT)
    assert said.stdout.split() == [str(1 << 30), "12", "0"]


def test_a_full_roster_is_read_within_the_limits() -> None:
    book, file = openpyxl.Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("People")
    for number in range(5_000):
        sheet.append([f"Анна {number}", f"a{number}@example.com"])
    book.save(file)
    assert len(read_workbook(file.getvalue()).rows) == 5_000


def test_child_speaks_the_language_of_the_reader() -> None:
    with speaking("ru"), pytest.raises(RosterError, match=r"^Файл повреждён или пришёл не целиком"):
        read_workbook(b"PK\x03\x04 and no more")


def test_child_speaks_further_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "de.po").write_text(
        'msgid "The file is damaged, or only a part of it arrived. {advice}"\nmsgstr "Die Datei ist kaputt. {advice}"\n'
    )
    monkeypatch.setattr(speech._Asked, "more", tmp_path)
    with speaking("de"), pytest.raises(RosterError, match=r"^Die Datei ist kaputt\. Open it in a spreadsheet program"):
        read_workbook(b"PK\x03\x04 and no more")


def test_table_is_chosen_in_any_language() -> None:
    page = "<table><tr><td>{}</td></tr></table>"
    content = (page.format("Anna") + page.format("Boris")).encode()
    first, second = read_workbook(content).titles
    with speaking("ru"):
        assert (title_in_words(second), title_in_words("Table of people")) == ("Таблица 2", "Table of people")
        assert read_workbook(content, Wish(sheet=second)).rows == (("Boris",),)
        assert read_workbook(content, Wish(sheet=first)).rows == (("Anna",),)
