"""When a request leaves, and what the service's own clock says."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from services.aseed.errors import OutcomeUnknown, Overdue
from services.texts.speech import N_


class ServiceClock:
    """The service's own clock, as its last answer told it; this machine's clock, which may be wrong, is not asked."""

    def __init__(self) -> None:
        self._heard: tuple[float, datetime] | None = None

    def hear(self, response: httpx.Response) -> None:
        """Sets it by the Date of an answer (RFC 9110, 6.6.1), where that can be read."""
        with suppress(LookupError, TypeError, ValueError, OverflowError):
            moment = parsedate_to_datetime(response.headers["Date"])
            self._heard = time.monotonic(), moment.replace(tzinfo=moment.tzinfo or UTC)

    @property
    def now(self) -> datetime | None:
        """The moment; None before an answer told it."""
        if self._heard is None:
            return None
        then, moment = self._heard
        return moment + timedelta(seconds=time.monotonic() - then)


_may_send: ContextVar[Callable[[], bool] | None] = ContextVar("may_send", default=None)


@contextmanager
def sent_only_if(may_send: Callable[[], bool]) -> Iterator[None]:
    """Sends nothing to create rooms in this block unless `may_send` says yes.

    It is asked right before the first byte, and once more before the body, without which nothing can be done: this
    process may stand still between any two steps.
    """
    token = _may_send.set(may_send)
    try:
        yield
    finally:
        _may_send.reset(token)


def before_sending(event: str, _: dict[str, Any]) -> None:
    """httpcore's trace of a request. Raises Overdue or OutcomeUnknown where it may not leave any more."""
    may_send = _may_send.get()
    if may_send is None:
        return
    if event.endswith(".send_request_headers.started") and not may_send():
        raise Overdue(N_("The request was not sent: this process had stood still for too long."))
    if event.endswith(".send_request_body.started") and not may_send():
        raise OutcomeUnknown(N_("The request was broken off: this process had stood still for too long."))
