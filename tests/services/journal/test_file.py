"""A journal's file that is not as it was is refused in one sentence, before anything of it is changed."""

import errno
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import pytest

from services.journal import file as journal_file
from services.journal.database import Database, JournalError
from services.journal.journal import Journal
from services.journal.place import put as named
from tests.journals import empty_journal
from tests.servers import PATIENCE, ROOT
from tests.services.journal.damage import DAMAGE, emptied, no_sqlite
from tests.services.journal.presses import MINE, claimed, press, started

NOT_ROOT = 65534
"""The number of an account that may do nothing."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    empty_journal(tmp_path)
    return tmp_path / "journal.sqlite3"


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


@contextmanager
def without_rights() -> Iterator[None]:
    """This process as an account that owns nothing; only root can become one."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOT_ROOT)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_file_is_told_and_left_alone(file: Path, damage: str) -> None:
    do, said = DAMAGE[damage]
    do(file)
    file.chmod(0o644)
    status, beside = file.stat(), sorted(file.parent.iterdir())
    content = file.read_bytes() if file.is_file() else b""
    with pytest.raises(JournalError, match=said) as refused:
        Journal(url_of(file))
    assert str(file) in str(refused.value) and "\n" not in str(refused.value)
    now = file.stat()
    assert (now.st_mode, now.st_mtime_ns, now.st_ino) == (status.st_mode, status.st_mtime_ns, status.st_ino)
    assert sorted(file.parent.iterdir()) == beside
    assert not file.is_file() or file.read_bytes() == content


@pytest.mark.parametrize("missing", ["the file", "its folder"])
def test_missing_rights_are_told(missing: str) -> None:
    # Not pytest's own folder, which only its owner may enter.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        inner = Path(folder) / "data"
        inner.mkdir()
        empty_journal(inner)
        file = inner / "journal.sqlite3"
        inner.chmod(0o777 if missing == "the file" else 0o555)
        file.chmod(0o444 if missing == "the file" else 0o666)
        with without_rights(), pytest.raises(JournalError, match="Give it the rights to the file and to its folder"):
            Journal(url_of(file))
        assert file.stat().st_mode & 0o777 == (0o444 if missing == "the file" else 0o666)


def test_large_journal_opens_after_a_short_look(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
    with closing(sqlite3.connect(file)) as db, db:
        db.execute(f"CREATE TABLE large AS {numbers} SELECT i, randomblob(900) FROM n")
    monkeypatch.setattr(journal_file, "LOOK_SECONDS", 0.0)
    Journal(url_of(file)).close()


# Coming into being


def test_new_journal_is_never_seen_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "journal.sqlite3"
    seen = list[bool]()

    def put(new: Path, path: Path) -> bool:
        seen.append(path.exists())
        assert new.stat().st_size and new.stat().st_mode & 0o777 == 0o600
        return named(new, path)

    monkeypatch.setattr(journal_file, "put", put)
    Journal(url_of(file)).close()
    assert seen == [False] and list(tmp_path.iterdir()) == [file]


def test_new_journal_needs_no_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    url, gate = url_of(tmp_path / "journal.sqlite3"), Barrier(4)

    def open_it(number: int) -> None:
        gate.wait()
        with closing(Journal(url)) as journal:
            journal.presets.save(MINE, "p", f"Preset {number}", {})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(open_it, range(4)))
    with closing(Journal(url)) as journal:
        assert len(journal.presets.all(MINE)) == 4


def test_link_to_no_file_yet_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link.sqlite3").symlink_to(tmp_path / "data" / "journal.sqlite3")
    Journal(url_of(tmp_path / "link.sqlite3")).close()
    assert (tmp_path / "data" / "journal.sqlite3").stat().st_size
    Journal(url_of(tmp_path / "link.sqlite3")).close()


def test_what_is_left_of_a_journal_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3-journal").write_bytes(b"rolled back into whatever comes")
    with pytest.raises(JournalError, match=r"journal\.sqlite3-journal is left of it"):
        Journal(url_of(tmp_path / "journal.sqlite3"))
    assert not (tmp_path / "journal.sqlite3").exists()


def test_a_full_disk_is_told_at_first_start(tmp_path: Path) -> None:
    # A limit on the size of files stands for a disk that is full.
    code = (
        "import resource, signal, sys; from services.journal.database import Database, JournalError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try: Database(sys.argv[1])\nexcept JournalError as error: sys.exit(str(error))"
    )
    started = subprocess.run(
        [sys.executable, "-c", code, url_of(tmp_path / "journal.sqlite3")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert started.returncode and "journal" in started.stderr and "Traceback" not in started.stderr
    assert not list(tmp_path.iterdir())


# While it is open


def _removed(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))


def _exchanged(file: Path) -> None:
    _removed(file)
    file.write_bytes(file.with_name("elsewhere").read_bytes())


UNDER_IT: dict[str, tuple[Callable[[Path], None], str]] = {
    "removed": (_removed, "is gone. Stop the dashboard, put the file back or restore"),
    "emptied": (emptied, "is empty now. Stop the dashboard. Restore a backup"),
    "exchanged": (_exchanged, "is not the one that was opened. Start the dashboard again."),
    "overwritten": (no_sqlite, "is damaged, or is no journal. Restore a backup"),
}


@pytest.mark.parametrize("what", UNDER_IT)
def test_file_changed_under_dashboard_is_told(file: Path, what: str) -> None:
    do, said = UNDER_IT[what]
    with closing(Journal(url_of(file))) as journal:
        batch, run = started(journal, press())
        claimed(run)
        do(file)
        before = {each.name: each.read_bytes() for each in file.parent.iterdir()}
        for verb in (lambda: journal.batches.find(batch.id, MINE), run.claim, lambda: started(journal, press("other"))):
            with pytest.raises(JournalError, match=said) as refused:
                verb()
            assert "journal.sqlite3" in str(refused.value)
        assert {each.name: each.read_bytes() for each in file.parent.iterdir()} == before


def test_removed_file_that_is_put_back_works(file: Path) -> None:
    with closing(Journal(url_of(file))) as journal:
        _removed(file)
        with pytest.raises(JournalError, match="is gone"):
            started(journal, press())
        file.with_name("elsewhere").rename(file)
        batch, _ = started(journal, press())
        assert journal.batches.find(batch.id, MINE) is not None


def test_file_gone_between_look_and_write_stays(file: Path) -> None:
    with closing(Database(url_of(file))) as opened:
        with pytest.raises(JournalError, match="is gone"), opened.writing() as db:
            file.rename(file.with_name("elsewhere"))
            db.exec_driver_sql("INSERT INTO targets VALUES ('s', 'a', 'p', 1)")
        assert not file.exists()
