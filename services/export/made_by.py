"""Who made a file, as the file itself tells it, where that is known."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.local_time import in_words
from services.texts.catalogues import SOURCE
from services.texts.speech import _, speaking


@dataclass(frozen=True)
class MadeBy:
    """The person who has a file made. zone: in which the moment is told."""

    email: str
    moment: datetime
    zone: ZoneInfo

    @property
    def words(self) -> str:
        """In the language that is spoken."""
        moment = f"{in_words(self.moment, self.zone)} ({self.zone.key})"
        return _("Made by {email} on {moment}.", email=self.email, moment=moment)

    @property
    def properties(self) -> str:
        """For what programs show of a file, which is English, as the files are."""
        with speaking(SOURCE):
            return self.words
