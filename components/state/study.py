"""The rooms of a study as Aseed last described them, with what the journal knows: read again while a person looks."""

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import inf

from components.state import connection, process, reads, viewer, visibility
from services.aseed.errors import AseedError, Failed, without_frames
from services.aseed.models import InterviewConfigResponse
from services.journal.database import JournalError
from services.rooms.entry import Entry, Tab, entries
from services.rooms.figures import Figures, figures
from services.rooms.flags import Flag, flagged
from services.rooms.view import View, matching

REST = 20
"""How many times as long as the last list took Aseed is not asked again: a project may hold 10,000 rooms."""

VIEWS = 8
"""How many views are remembered."""

SETTLED = 5.0
"""Seconds for which a list is good enough for a page that is drawn again because a person pressed something."""


@dataclass
class Study:
    """The rooms of a study, as one session has them.

    of: whose rooms, and of which project; None for every project.
    problem: why the last try to ask again failed; None where it worked.
    moment: when Aseed last answered; None as long as it never did.
    asked, took: when Aseed was asked last, by the monotonic clock, and for how many seconds.
    """

    of: tuple[str, str | None]
    entries: list[Entry] = field(default_factory=list)
    by_id: dict[str, Entry] = field(default_factory=dict)
    flags: dict[str, tuple[Flag, ...]] = field(default_factory=dict)
    figures: Figures = field(default_factory=lambda: Figures({}, None, {}, 0, 0, 0))
    moment: datetime | None = None
    problem: AseedError | None = None
    asked: float = -inf
    took: float = 0
    chosen: set[str] = field(default_factory=set)
    """The rooms that have been ticked, on any page of the table."""
    heard: int = 0
    """The turn of the newest tick that was taken over; the table numbers them."""
    cleared: int = 0
    """Up to which turn the ticks have been taken back."""
    _views: dict[View, dict[Tab | None, list[Entry]]] = field(default_factory=dict)

    def seen(self, view: View) -> list[Entry]:
        """The entries of a view; searched once for each list that Aseed gives."""
        return self._searched(view)[view.tab]

    def found(self, view: View) -> dict[Tab, int]:
        """How many rooms like those of a view each tab has that has any."""
        searched = self._searched(view)
        return {tab: len(searched[tab]) for tab in Tab if searched[tab]}

    def _searched(self, view: View) -> dict[Tab | None, list[Entry]]:
        """The entries that a view has in each tab, and under None all of them."""
        everywhere = replace(view, tab=None)
        if everywhere not in self._views:
            if len(self._views) >= VIEWS:
                self._views.clear()
            found = matching(self.entries, everywhere, datetime.now(UTC), self.flags)
            self._views[everywhere] = {None: found, **{tab: [each for each in found if each.tab is tab] for tab in Tab}}
        return self._views[everywhere]

    def due(self, every: int | None) -> bool:
        """Whether it is time to ask again. every: how often a person wants it, in seconds; None for never."""
        age = time.monotonic() - self.asked
        # A second less: the browser's tick may come a little early, and would then be wasted.
        return self.asked == -inf or (every is not None and age >= max(every - 1, SETTLED - 1, REST * self.took))

    def ask_at_once(self) -> None:
        """Makes it time to ask again."""
        self.asked = -inf

    def ask(self) -> None:
        """Asks Aseed again; where it fails, what it said last stays."""
        started = time.monotonic()
        try:
            self._read()
        except AseedError as error:
            self.problem = without_frames(error)
        except JournalError as error:
            self.problem = Failed(str(error))
        # Not in a `finally`: a run that Streamlit breaks off has read nothing, and the next one asks again.
        self.asked, self.took = time.monotonic(), time.monotonic() - started

    def _read(self) -> None:
        """Reads what Aseed and the journal say, and takes over all of it, or nothing where a part fails."""
        listed, now = connection.client().rooms(self.of[1]), datetime.now(UTC)
        records, visible = process.journal().rooms, visibility.current()
        process.journal().links.note_listed(visible, listed)
        known, settled = records.known(visible, self.of[1]), records.settled_flags(visible, self.of[1])
        found = entries(listed, known, _project_names(), connection.current().check)
        flags, totals = flagged(found, now, settled), figures(found, _price(), viewer.zone())
        if sharing := [entry.id for entry in found if entry.shares_link]:
            process.engine().confirm_links_soon(sharing, connection.client())
        # From here on nothing asks the session, so that a run that Streamlit breaks off leaves no half of it.
        self.entries, self.by_id, self.flags, self.figures = found, {entry.id: entry for entry in found}, flags, totals
        self.moment, self.problem, self._views = now, None, {}


def _project_names() -> dict[str, str]:
    try:
        return {project.id: project.name for project in reads.projects()}
    except AseedError:
        # Some tokens may not list projects, and their rooms are shown all the same.
        return {}


def _price() -> InterviewConfigResponse | None:
    try:
        return reads.interview_config()
    except AseedError:
        return None
