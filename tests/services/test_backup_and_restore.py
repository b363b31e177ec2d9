"""The two commands, as a person types them."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from services.journal.journal import Journal
from tests.journals import empty_journal
from tests.servers import PATIENCE, ROOT
from tests.services.journal.presses import MINE, claimed, press, started


def run(command: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"services.{command}", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_commands_keep_and_bring_back_the_journal(tmp_path: Path) -> None:
    url, backup = empty_journal(tmp_path), tmp_path / "backup.sqlite3"
    with closing(Journal(url)) as journal:
        batch, work = started(journal, press())
        claimed(work)
        work.release()
        done = run("backup", str(backup), ROOMS_DATA_DIR=str(tmp_path))
        assert done.returncode == 0 and f"backed up in {backup}" in done.stdout
        journal.forget(MINE)
        refused = run("restore", str(backup), ROOMS_DATA_DIR=str(tmp_path))
        assert refused.returncode == 1 and "Nothing was restored. A dashboard uses this journal." in refused.stderr
    done = run("restore", str(backup), ROOMS_DATA_DIR=str(tmp_path))
    assert done.returncode == 0 and "Batches that were not over: 1. Resume them" in done.stdout
    assert f"kept as {tmp_path}/journal-until-" in done.stdout and "is not known to be given" in done.stdout
    with closing(Journal(url)) as journal:
        restored = journal.batches.find(batch.id, MINE)
        assert restored is not None and restored.interrupted and restored.lost == 1


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_failed_command_says_one_sentence(command: str, tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").touch()
    for arguments in ((), (str(tmp_path / "other"),)):
        failed = run(command, *arguments, ROOMS_DATA_DIR=str(tmp_path))
        assert failed.returncode == 1 and failed.stderr.count("\n") == 1 and "Traceback" not in failed.stderr
    assert (tmp_path / "journal.sqlite3").stat().st_size == 0


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_postgresql_is_left_to_its_tools(command: str, tool: str) -> None:
    told = run(command, "backup", DATABASE_URL="postgresql://rooms:CANARY@127.0.0.1:9/rooms")
    assert told.returncode == 1 and tool in told.stderr and "CANARY" not in told.stderr
