"""Presets: settings of the form that are kept under a name."""

import json

from sqlalchemy import Connection, and_, case, delete, func, insert, select, true, update

from services.journal.audit import note_deed
from services.journal.database import Database
from services.journal.deeds import Deed, PresetDeed
from services.journal.records import Preset
from services.journal.rows import preset_of
from services.journal.tables import presets
from services.journal.visibility import Visibility, visible
from services.people.acting import needs
from services.people.roles import Right


class Presets:
    """The journal's verbs for presets; each is one transaction, and may raise JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, visibility: Visibility) -> list[Preset]:
        """Returns the presets that are visible, by name."""
        with self._database.reading() as db:
            found = db.execute(select(presets).where(visible(visibility, presets)).order_by(func.lower(presets.c.name)))
            return [preset_of(row) for row in found]

    @needs(Right.CHANGE)
    def save(self, visibility: Visibility, project_id: str, name: str, settings: dict[str, object]) -> None:
        """Keeps settings under a name; a preset of that name is replaced.

        settings: by the keys of the form's widgets.

        Raises Clash where two processes save the same name at once.
        """
        with self._database.writing() as db:
            same = and_(visible(visibility, presets), presets.c.project_id == project_id, presets.c.name == name)
            text = json.dumps(settings)
            if db.execute(update(presets).where(same).values(settings=text)).rowcount == 0:
                whose = {"service": visibility.service, "account": visibility.account, "project_id": project_id}
                db.execute(insert(presets).values(**whose, name=name, settings=text))
            note_deed(db, self._database, Deed.PRESET, kind=PresetDeed.SAVED, project=project_id)

    @needs(Right.CHANGE)
    def delete(self, visibility: Visibility, preset_id: int) -> None:
        with self._database.writing() as db:
            db.execute(delete(presets).where(visible(visibility, presets), presets.c.id == preset_id))
            note_deed(db, self._database, Deed.PRESET, kind=PresetDeed.DELETED, preset=preset_id)

    @needs(Right.CHANGE)
    def set_default(self, visibility: Visibility, preset_id: int | None) -> None:
        """Makes one preset the one that a new session begins with; None for none."""
        with self._database.writing() as db:
            chosen = case((presets.c.id == preset_id, true()), else_=False) if preset_id else False
            db.execute(update(presets).where(visible(visibility, presets)).values(is_default=chosen))
            note_deed(db, self._database, Deed.PRESET, kind=PresetDeed.DEFAULT, preset=preset_id)


def forget_presets(db: Connection, visibility: Visibility) -> None:
    """Deletes the presets that are visible."""
    db.execute(delete(presets).where(visible(visibility, presets)))
