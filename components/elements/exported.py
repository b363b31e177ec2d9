"""A file together with what the audit is told of it: which kind it is, and of which rooms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from components.state import process, viewer
from services.export.made_by import MadeBy
from services.journal.deeds import Deed, Export
from services.people.acting import current
from services.rooms.entry import Entry


@dataclass(frozen=True)
class Exported:
    """What came of making a file. rooms: the ids of its rooms. projects: those of their projects."""

    kind: Export
    content: bytes
    rooms: Sequence[str] = ()
    projects: Sequence[str] = ()

    def note(self) -> None:
        """Tells the audit that the file goes to the person at work. Raises JournalError: then it does not."""
        projects = sorted(set(self.projects))
        process.journal().audit.note(Deed.EXPORT, kind=self.kind, rooms=list(self.rooms), projects=projects)


def exported(kind: Export, entries: Sequence[Entry], make: Callable[[Sequence[Entry]], bytes]) -> Exported:
    """The file that `make` gives of these rooms."""
    projects = [entry.room.project_id for entry in entries]
    return Exported(kind, make(entries), [entry.id for entry in entries], projects)


def made_by() -> MadeBy | None:
    """Who makes a file now; None where no one signs in."""
    email = current().email
    return MadeBy(email, datetime.now(UTC), viewer.zone()) if email else None
