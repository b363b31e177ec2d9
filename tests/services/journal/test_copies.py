"""A backup of the journal's file is whole whatever goes on meanwhile, and is restored whole or not at all."""

import errno
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from services.journal import copies
from services.journal.copies import back_up, restore
from services.journal.database import JournalError
from services.journal.file import check_database
from services.journal.journal import Journal
from services.journal.presence import alone
from services.journal.records import State
from tests.journals import empty_journal
from tests.servers import eventually
from tests.services.journal.damage import DAMAGE, emptied, no_sqlite
from tests.services.journal.presses import MINE, claimed, press, rooms, started


@pytest.fixture
def file(tmp_path: Path) -> Path:
    empty_journal(tmp_path)
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def backup(file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the journal with the preset `kept`, to which the preset `later` has been added since."""
    made = tmp_path_factory.mktemp("backup") / "backup.sqlite3"
    save(file, "kept")
    back_up(file, made)
    save(file, "later")
    return made


def save(file: Path, name: str) -> None:
    with closing(Journal(f"sqlite:///{file}")) as journal:
        journal.presets.save(MINE, "p", name, {})


def presets(file: Path) -> list[str]:
    with closing(Journal(f"sqlite:///{file}")) as journal:
        return [preset.name for preset in journal.presets.all(MINE)]


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


# Backing up


@pytest.fixture
def writer(file: Path) -> Iterator[None]:
    """Another dashboard, which writes without a pause."""
    stop, count = threading.Event(), iter(range(10**9))
    with closing(Journal(f"sqlite:///{file}")) as journal:

        def write() -> None:
            while not stop.is_set():
                number = next(count)
                _, run = started(journal, press(f"press {number}", (2,)))
                pair = [room.model_copy(update={"id": f"{number}{room.id}"}) for room in rooms("ab")]
                run.record_answer(claimed(run), pair)
                run.end()

        thread = threading.Thread(target=write)
        thread.start()
        eventually(lambda: len(journal.batches.newest(MINE, 100)) > 5)
        yield
        stop.set()
        thread.join()


@pytest.mark.usefixtures("writer")
def test_backup_is_whole_while_dashboards_write(file: Path) -> None:
    for number in range(5):
        backup = file.with_name(f"backup-{number}.sqlite3")
        back_up(file, backup)
        assert backup.stat().st_mode & 0o777 == 0o600
        with closing(Journal(f"sqlite:///{backup}")) as journal:
            *_, newest = sorted(journal.batches.newest(MINE, 10**6), key=lambda batch: batch.id)
            assert newest.id > number
            for batch in journal.batches.newest(MINE, 100):
                assert batch.state != State.DONE or batch.rooms == 2


def test_backup_replaces_no_file(file: Path, backup: Path) -> None:
    before = backup.read_bytes()
    for there in (backup, file, file.parent):
        with pytest.raises(JournalError, match=r"stays as it is\. Name another"):
            back_up(file, there)
    assert backup.read_bytes() == before and presets(file) == ["kept", "later"]


@pytest.mark.parametrize("damage", ["emptied", "no SQLite", "broken pages", "newer", "foreign"])
def test_only_a_whole_journal_is_backed_up(file: Path, damage: str) -> None:
    do, said = DAMAGE[damage]
    do(file)
    with pytest.raises(JournalError, match=said):
        back_up(file, file.with_name("backup.sqlite3"))
    assert list(file.parent.iterdir()) == [file]


def test_missing_journal_and_folder_are_told(file: Path) -> None:
    with pytest.raises(JournalError, match="there is nothing to back up"):
        back_up(file.with_name("other.sqlite3"), file.with_name("backup.sqlite3"))
    with pytest.raises(JournalError, match=r"cannot be written \(No such file or directory\)"):
        back_up(file, file.parent / "no" / "backup.sqlite3")
    assert list(file.parent.iterdir()) == [file]


def test_backup_that_fails_leaves_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaging(path: Path, newest: str, mode: str, patience: float, seconds: float | None) -> None:
        no_sqlite(path)
        check_database(path, newest, mode, patience, seconds)

    monkeypatch.setattr(copies, "check_database", damaging)
    with pytest.raises(JournalError, match="is damaged"):
        back_up(file, file.with_name("backup.sqlite3"))
    assert list(file.parent.iterdir()) == [file]


# Restoring


def test_restored_journal_keeps_the_old_beside_it(file: Path, backup: Path) -> None:
    old, unfinished = restore(backup, file)
    assert presets(file) == ["kept"] and unfinished == 0
    assert old is not None and presets(old) == ["kept", "later"]
    assert old.name.startswith("journal-until-20") and old.parent == file.parent
    assert file.stat().st_mode & 0o777 == old.stat().st_mode & 0o777 == 0o600
    assert sorted(file.parent.iterdir()) == sorted([file, old]) and presets(backup) == ["kept"]


@pytest.mark.parametrize("damage", DAMAGE)
def test_only_a_whole_backup_is_restored(file: Path, backup: Path, damage: str) -> None:
    do, said = DAMAGE[damage]
    do(backup)
    before = contents(file.parent)
    with pytest.raises(JournalError, match=f"{said.replace('Restore a backup', 'Take another backup')}|is no backup"):
        restore(backup, file)
    assert contents(file.parent) == before


def test_journal_is_no_backup_of_itself(file: Path, backup: Path) -> None:
    for wrong in (file, backup.with_name("never-was")):
        with pytest.raises(JournalError, match="is no backup"):
            restore(wrong, file)


def test_journal_in_use_is_not_replaced(file: Path, backup: Path) -> None:
    before = contents(file.parent)
    with closing(Journal(f"sqlite:///{file}")), pytest.raises(JournalError, match="Stop every dashboard first"):
        restore(backup, file)
    assert contents(file.parent) == before


def test_sign_of_life_elsewhere_stops_the_restore(file: Path, backup: Path) -> None:
    # As from another machine, whose locks this one does not see.
    with closing(Journal(f"sqlite:///{file}")) as journal:
        started(journal, press())
    before = contents(file.parent)
    with pytest.raises(JournalError, match="wait 15 seconds, and restore again"):
        restore(backup, file)
    assert contents(file.parent) == before


def test_no_dashboard_starts_during_a_restore(file: Path) -> None:
    with alone(file.parent), pytest.raises(JournalError, match="is being restored just now"):
        Journal(f"sqlite:///{file}")
    Journal(f"sqlite:///{file}").close()


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_journal_is_replaced_and_kept(file: Path, backup: Path, damage: str) -> None:
    DAMAGE[damage][0](file)
    if not file.is_file():
        # What is no file has no place beside a journal.
        with pytest.raises(JournalError, match=r"is no file\. Move it away"):
            restore(backup, file)
        return
    before = file.read_bytes()
    old, _ = restore(backup, file)
    assert old is not None and old.read_bytes() == before and presets(file) == ["kept"]


def test_missing_journal_is_restored(file: Path, backup: Path) -> None:
    shutil.rmtree(file.parent)
    assert restore(backup, file) == (None, 0)
    assert presets(file) == ["kept"] and list(file.parent.iterdir()) == [file]


def test_restore_needs_no_hard_links(file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    old, _ = restore(backup, file)
    assert presets(file) == ["kept"] and old is not None and presets(old) == ["kept", "later"]


def test_what_a_crash_left_goes_with_the_old(file: Path, backup: Path) -> None:
    emptied(file)
    file.with_name("journal.sqlite3-journal").write_bytes(b"of the old journal")
    old, _ = restore(backup, file)
    assert old is not None and presets(file) == ["kept"]
    assert old.with_name(f"{old.name}-journal").read_bytes() == b"of the old journal"


def test_restore_that_fails_changes_nothing(file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    before = file.read_bytes()
    with monkeypatch.context() as failing:
        failing.setattr(os, "replace", refuse)
        with pytest.raises(JournalError, match="cannot be written"):
            restore(backup, file)
    assert file.read_bytes() == before and presets(file) == ["kept", "later"]
