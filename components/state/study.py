"""The rooms of a study as Aseed last described them, with what the journal knows: read again while a person looks."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import inf

import streamlit as st

from components.state import connection, process, reads, viewer, visibility
from services.aseed.errors import AseedError, Failed
from services.aseed.models import InterviewConfigResponse, InterviewRoomResponse
from services.journal.database import JournalError
from services.rooms.entry import Entry, Tab, entries
from services.rooms.figures import Figures, figures
from services.rooms.flags import Flag, flagged
from services.rooms.view import View, matching

REST = 20
"""After a list that took long, how many times as long Aseed is left alone: a project may hold 10,000 rooms."""

VIEWS = 8
"""How many views are remembered: each tab has its own, and one counts them."""

SETTLED = 5.0
"""Seconds for which a list is good enough for a page that is drawn again because a person pressed something."""


@dataclass
class Study:
    """What is on show. of: whose rooms, and of which project. problem: why the last try to ask again failed.

    moment: when Aseed last answered; None as long as it never did. asked, took: by the monotonic clock, in seconds.
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
    """The rooms that have been ticked, on whichever page of the table."""
    heard: int = 0
    """The turn of the newest tick that was taken over; the table numbers them."""
    cleared: int = 0
    """Up to which turn the ticks have been taken back."""
    _views: dict[View, list[Entry]] = field(default_factory=dict)
    _found: dict[View, dict[Tab, int]] = field(default_factory=dict)

    def seen(self, view: View) -> list[Entry]:
        """The entries of a view; searched once for each list that Aseed gives."""
        if view not in self._views:
            if len(self._views) >= VIEWS:
                self._views.clear()
            self._views[view] = matching(self.entries, view, datetime.now(UTC), self.flags)
        return self._views[view]

    def found(self, view: View) -> dict[Tab, int]:
        """How many rooms like those of a view each tab has."""
        everywhere = replace(view, tab=None)
        if everywhere not in self._found:
            self._found = {everywhere: Counter(entry.tab for entry in self.seen(everywhere))}
        return self._found[everywhere]

    def due(self, every: int | None) -> bool:
        """Whether it is time to ask again. every: how often a person wants it, in seconds; None for never."""
        age = time.monotonic() - self.asked
        # A second less: the browser's tick may come a little early, and would then be wasted.
        return self.asked == -inf or (every is not None and age >= max(every - 1, SETTLED - 1, REST * self.took))

    def ask(self) -> None:
        """Asks Aseed again; where it fails, what it said last stays."""
        started = time.monotonic()
        try:
            listed = connection.client().rooms(self.of[1])
            self._know(listed, datetime.now(UTC))
        except AseedError as error:
            self.problem = error
        except JournalError as error:
            self.problem = Failed(str(error))
        finally:
            self.asked, self.took = time.monotonic(), time.monotonic() - started

    def _know(self, listed: Sequence[InterviewRoomResponse], now: datetime) -> None:
        """Put together what Aseed and the journal say; all of it, or nothing where the journal fails."""
        records, visible = process.journal().rooms, visibility.current()
        known, settled = records.known(visible, self.of[1]), records.settled_flags(visible, self.of[1])
        self.entries = entries(listed, known, _project_names(), connection.current().check)
        self.by_id = {entry.id: entry for entry in self.entries}
        self.flags = flagged(self.entries, now, settled)
        self.figures = figures(self.entries, _price(), viewer.zone())
        self.moment, self.problem, self._views, self._found = now, None, {}, {}


def study(project_id: str | None, every: int | None) -> Study:
    """The rooms of a project, or of all (None), not much older than wanted; `look_again` makes the next one new."""
    of = (connection.client().account, project_id)
    kept: Study | None = st.session_state.get("study_shown")
    if kept is None or kept.of != of:
        # Ticks in the rooms that were shown before are none of these.
        turn = kept.heard if kept else 0
        kept = st.session_state["study_shown"] = Study(of, heard=turn, cleared=turn)
    if kept.due(every):
        kept.ask()
    return kept


def look_again() -> None:
    """Ask Aseed when the rooms are shown next, however young the list is."""
    kept: Study | None = st.session_state.get("study_shown")
    if kept:
        kept.asked = -inf


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
