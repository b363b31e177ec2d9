"""The audit's old lines and respondents' old data go by themselves where a setting says so."""

from contextlib import closing
from pathlib import Path

from sqlalchemy import text

from services.journal.audit import Which
from services.journal.deeds import Deed
from services.journal.journal import Journal
from services.retention import Retention
from tests.journals import empty_journal
from tests.servers import eventually
from tests.services.journal.personal.respondents import ANNA, made, pressed


def test_old_lines_go_while_the_process_runs(tmp_path: Path) -> None:
    with closing(Journal(empty_journal(tmp_path))) as journal:
        journal.audit.note(Deed.CREATE)
        with journal._database.writing() as db:
            db.execute(text("UPDATE audit SET at = at - 31 * 86400"))
        journal.audit.note(Deed.CANCEL)
        with closing(Retention(journal, 30)):
            eventually(lambda: [line.deed for line in journal.audit.every(Which())] == ["cancel", "forget"])


def test_old_data_of_people_goes_once(tmp_path: Path) -> None:
    with closing(Journal(empty_journal(tmp_path))) as journal:
        made(journal, pressed("old", [ANNA]), "a")
        with journal._database.writing() as db:
            db.execute(text("UPDATE batches SET ended_at = ended_at - 31 * 86400"))
        with closing(Retention(journal, None, 30)), closing(Retention(journal, None, 30)):
            eventually(lambda: journal.personal.find(ANNA.email) == [])
        deeds = [line.deed for line in journal.audit.every(Which())]
        assert deeds.count(Deed.WITHDRAW) == 1 and Deed.FORGET not in deeds
