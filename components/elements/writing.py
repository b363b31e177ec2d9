"""The one guard for what a page writes into the journal: a write that fails is said plainly, and the page goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from services.journal.database import JournalError
from services.texts.speech import _


@dataclass
class Attempt:
    """worked: whether everything inside `writing` was done, so far False."""

    worked: bool = False


def toast(problem: str) -> None:
    """Shows a problem for a moment at the edge of the page, also from a callback."""
    st.toast(problem, icon=":material/error:")


@contextmanager
def writing(failure: str, tell: Callable[[str], None] = toast, next_step: str | None = None) -> Iterator[Attempt]:
    """Says `failure`, the journal's reason and what to do where the journal fails inside; otherwise notes success.

    Errors of Aseed, and of the journal that need an answer of their own (Busy, AlreadyReplaced, …), are the caller's.

    failure: what did not happen, as a sentence, such as `The name was not saved.`
    tell: shows the message somewhere else than in a toast.
    next_step: what to do about it; to try again where that is not said.

        with writing("The name was not saved.") as attempt:
            process.journal().rename(batch_id, name)
        if attempt.worked: ...

    It also guards a callback that only writes: `on_click=writing("The preset was not deleted.")(delete)`.
    """
    attempt = Attempt()
    try:
        yield attempt
        attempt.worked = True
    except JournalError as error:
        todo = _("Try again.") if next_step is None else next_step
        tell(f"{failure} {error} {todo}".rstrip())
