"""The lines of a room's history: kept in English, and said in the reader's language where they are shown."""

from datetime import datetime

from services.texts.kept import kept, said
from services.texts.speech import N_

CANCELLED = N_("cancelled")
RENAMED = N_("renamed")
WHOM_CHANGED = N_("said whom it is for")
LENGTH_SET = kept("length set to {minutes} min")
_WORKS_UNTIL = kept("works until {moment} UTC")

TEXTS_CHANGED = {
    "topics_for_respondent": N_("topics for respondent changed"),
    "research_goals_override": N_("research goals override changed"),
    "interview_guide_override": N_("interview guide override changed"),
}
"""What is said of a room's own text that was changed, by the API's name."""

BETWEEN = ", "
"""What stands between changes that were made at once."""


def works_until(moment: datetime) -> str:
    """What is kept of a link that was extended. moment: in UTC."""
    return _WORKS_UNTIL(moment=f"{moment:%Y-%m-%d %H:%M}")


def line_in_words(line: str) -> str:
    """A line of a history in the language that is spoken."""
    whole = said(line)
    return whole if whole != line else BETWEEN.join(map(said, line.split(BETWEEN)))
