"""Whom a room is for."""

from dataclasses import dataclass, field

from services.texts.speech import N_

WITHDRAWN = N_("Withdrawn")
"""What stands in place of a person whose data was taken out of the journal, to be said by `_`."""


@dataclass(frozen=True, kw_only=True)
class Participant:
    """One person of a roster, who gets a room of their own.

    label: the room's name at Aseed. email and external_id stay here, and the email is not shown in logs and tracebacks.
    The rest are settings of this person's room, where None is the value of the form.
    """

    label: str = ""
    email: str = field(default="", repr=False)
    external_id: str = ""
    language: str | None = None
    max_duration_minutes: int | None = None
    voice: str | None = None
    topics_for_respondent: str | None = None

    @property
    def known_as(self) -> str:
        """How this person is told from others on our own pages; it may be their email, so it is never sent."""
        return self.label or self.external_id or self.email
