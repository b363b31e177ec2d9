"""Closed pages: what their sessions hold, a pasted token among it, is forgotten for good within a stated time.

Streamlit keeps the session of a closed page, so that it can come back, and lets go of it only when some other page is
closed later: on a quiet installation, never.
"""

import asyncio
import gc
import logging
import time
from collections.abc import Callable
from typing import Protocol

log = logging.getLogger(__name__)

KEPT_SECONDS = 120.0
"""How long a session outlives its page: for a network that was away. Streamlit keeps it longer
(`server.disconnectedSessionTTL`), because it can close only what it still has."""

LOOK_SECONDS = 10.0
"""How often closed pages are looked for."""


class Sessions(Protocol):
    """What is asked of Streamlit's runtime, in the thread of its event loop."""

    def is_active_session(self, session_id: str) -> bool: ...
    def close_session(self, session_id: str) -> None: ...


class ClosedPages:
    """The sessions of this process, each closed for good once its page has been away for KEPT_SECONDS."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}
        self._has_let_go = False
        self._at_end: dict[str, Callable[[], None]] = {}
        self._told: list[Callable[[str], object]] = []

    def note(self, session_id: str) -> None:
        """A page of this session is being drawn. May be called in any thread."""
        self._seen[session_id] = time.monotonic()
        self._has_let_go = True

    @property
    def count(self) -> int:
        """How many sessions are open, or were closed a moment ago."""
        return len(self._seen)

    def at_end(self, session_id: str, forget: Callable[[], None]) -> None:
        """Has this done once the session is closed, in place of what was asked for before.

        Streamlit's own loop may hold the last session, and all that is in it, until another page is opened.
        """
        self._at_end[session_id] = forget

    def when_closed(self, tell: Callable[[str], object]) -> None:
        """Has this told of every session that is closed, by its id."""
        self._told.append(tell)

    def forget(self, sessions: Sessions, now: float) -> None:
        """Closes the sessions whose pages have been away for too long. now: by the monotonic clock."""
        for session_id, seen in list(self._seen.items()):
            if sessions.is_active_session(session_id):
                self._seen[session_id] = now
            elif now - seen >= KEPT_SECONDS:
                sessions.close_session(session_id)
                if forget := self._at_end.pop(session_id, None):
                    forget()
                for tell in self._told:
                    tell(session_id)
                del self._seen[session_id]
                self._has_let_go = True

    def _collect(self) -> None:
        """Has Python look for garbage: what pages held before, such as a token, would stay for as long as it likes."""
        if self._has_let_go:
            self._has_let_go = False
            gc.collect()

    async def keep_forgetting(self, sessions: Callable[[], Sessions]) -> None:
        """Does so every LOOK_SECONDS, until it is cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                self.forget(sessions(), time.monotonic())
                self._collect()
            except Exception as error:
                # The next look tries again: nothing else would ever forget.
                log.error("Closed pages could not be forgotten (%s).", type(error).__name__)


pages = ClosedPages()
"""Those of this process."""
