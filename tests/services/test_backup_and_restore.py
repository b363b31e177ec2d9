"""The two commands, as a person types them."""

import os
import re
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from services.journal.journal import Journal
from tests.journals import empty_journal
from tests.postgres import fresh_database, programs
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


def test_readme_brings_back_a_journal_in_postgresql(postgres: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    (commands,) = (block for block in blocks if "pg_dump" in block)
    with fresh_database(postgres) as url, fresh_database(postgres) as new:
        # It has a name of its own already; the rest is as the README says.
        commands = re.sub("createdb.*", "true", commands)
        for name, value in (("NEW_ADDRESS", new), ("ADDRESS", url), ("FILE", f"{tmp_path}/backup")):
            commands = re.sub(rf"\b{name}\b", shlex.quote(value).replace("\\", r"\\"), commands)
        commands = commands.replace(".venv/bin/python", sys.executable)
        with closing(Journal(url)) as journal:
            batch, work = started(journal, press())
            claimed(work)
            path = f"{programs() or ''}:{os.environ['PATH']}"
            # The dashboard is at work all the while.
            done = subprocess.run(
                ["bash", "-euc", commands],
                cwd=ROOT,
                env={**os.environ, "PATH": path},
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
        assert done.returncode == 0, done.stderr
        assert "Batches that were not over: 1. Resume them" in done.stdout
        assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
        with closing(Journal(new)) as journal:
            restored = journal.batches.find(batch.id, MINE)
        assert restored is not None and restored.interrupted and restored.lost == 1
