"""Backs up the journal, which is the only memory of rooms and of what was handed out; dashboards may go on meanwhile.

python -m services.backup FILE
"""

import sys
from pathlib import Path

from services import settings
from services.journal.copies import back_up
from services.journal.database import JournalError

ON_POSTGRESQL = (
    "The journal is in PostgreSQL (DATABASE_URL). Back it up with pg_dump: pg_dump --format=custom --file=FILE"
    " --dbname=ADDRESS"
)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Name the file that the backup is written to: python -m services.backup FILE")
    backup = Path(sys.argv[1])
    try:
        file = settings.load().journal_file
        if file is None:
            sys.exit(ON_POSTGRESQL)
        back_up(file, backup)
    except (settings.SettingsError, JournalError) as error:
        sys.exit(f"Nothing was backed up. {error}")
    sys.stdout.write(f"The journal is backed up in {backup}. It holds links and emails: guard it like the links.\n")


if __name__ == "__main__":
    main()
