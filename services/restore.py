"""Puts a backup into the journal's place, while no dashboard runs; the journal that was there is kept beside it.

python -m services.restore FILE
"""

import sys
from contextlib import closing
from pathlib import Path

from services import settings
from services.journal.copies import restore
from services.journal.database import Database, JournalError
from services.journal.restored import mark_restored

ON_POSTGRESQL = (
    "The journal is in PostgreSQL (DATABASE_URL). Stop every dashboard, restore into an empty database (pg_restore"
    " --single-transaction --no-owner --dbname=ADDRESS FILE), name that in DATABASE_URL, and then run this without a"
    " file, before a dashboard is started."
)

HANDED_OUT = "What was handed out after the backup was made is not known to be given: a desk may give it again.\n"


def main() -> None:
    try:
        deployment = settings.load()
        if deployment.journal_file is None:
            if len(sys.argv) != 1:
                sys.exit(ON_POSTGRESQL)
            with closing(Database(deployment.journal_url)) as opened:
                old, unfinished = None, mark_restored(opened)
        elif len(sys.argv) == 2:
            old, unfinished = restore(Path(sys.argv[1]), deployment.journal_file)
        else:
            sys.exit("Name the file of the backup: python -m services.restore FILE")
    except (settings.SettingsError, JournalError) as error:
        sys.exit(f"Nothing was restored. {error}")
    sys.stdout.write("The journal is restored.\n")
    if old is not None:
        sys.stdout.write(f"The journal that was there is kept as {old}.\n")
    if unfinished:
        sys.stdout.write(
            f"Batches that were not over: {unfinished}. Resume them on the page Batches: rooms that came into being"
            " since the backup are looked for first, and not created again.\n"
        )
    sys.stdout.write(HANDED_OUT)


if __name__ == "__main__":
    main()
