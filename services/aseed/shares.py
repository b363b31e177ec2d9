"""A share of the process's connections for each account, so that one slow project does not stop another's."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from weakref import WeakValueDictionary

import httpx

MOST_AT_ONCE = 64
"""Connections for creations, and as many for the rest, of all accounts together."""

ACCOUNT_AT_ONCE = 16
"""Connections of each kind for one account: as many as a batch may use (ROOMS_CALLS_AT_ONCE)."""


class Shares:
    """Who may use connections of one pool now. wait: seconds for which a call waits for its account's share."""

    def __init__(self, wait: float) -> None:
        self._wait = wait
        self._lock = Lock()
        # Kept only while a call of the account is on its way.
        self._of: WeakValueDictionary[str, BoundedSemaphore] = WeakValueDictionary()

    @contextmanager
    def of(self, account: str) -> Iterator[None]:
        """Holds one connection of the account's share.

        Raises httpx.PoolTimeout, as a full pool does, where the share stays in use: nothing was sent then.
        """
        with self._lock:
            share = self._of.get(account)
            if share is None:
                share = self._of[account] = BoundedSemaphore(ACCOUNT_AT_ONCE)
        if not share.acquire(timeout=self._wait):
            raise httpx.PoolTimeout("the account's share of the connections is in use")
        try:
            yield
        finally:
            share.release()
