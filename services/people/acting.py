"""For whom a thread works, and the check that every verb makes before it acts.

    @needs(Right.CREATE)
    def start(self, …): …

A page works for the person who is signed in at it; where sign-in is off, for everyone alike. What the process does by
itself, such as to finish a batch, it may do: the press that began it was checked.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from services.people.roles import RIGHTS, Right, Role

P = ParamSpec("P")
Result = TypeVar("Result")


class NotAllowed(PermissionError):
    """The person at work may not do this. right: which was missing."""

    def __init__(self, right: Right) -> None:
        super().__init__(right)
        self.right = right


@dataclass(frozen=True)
class Person:
    """A person at work. role: None where who they are is not known, so that they may do nothing.

    key: tells one from all others; of no use to sign in. came_from: the address of their browser, as far as known.
    """

    key: str
    email: str
    role: Role | None
    came_from: str = ""

    def may(self, right: Right) -> bool:
        return self.role is not None and right in RIGHTS[self.role]


EVERYONE = Person("", "", Role.ADMIN)
"""All who reach a dashboard without sign-in, and the process itself."""

UNKNOWN = Person("", "", None)
"""A person who has not signed in where that is needed."""


class _Asked:
    """How the person is found; set once, at the start."""

    person: Callable[[], Person] = staticmethod(lambda: EVERYONE)
    key: Callable[[], str] = staticmethod(lambda: EVERYONE.key)
    leave: Callable[[], object] = staticmethod(lambda: None)


_begun_by: ContextVar[str] = ContextVar("begun_by", default="")
"""The key of the person who set this thread to work."""


def asks_for(
    person: Callable[[], Person],
    key: Callable[[], str] | None = None,
    leave: Callable[[], object] = lambda: None,
) -> None:
    """Has the person at work found by this function.

    key: finds the key alone, and asks neither the journal nor anyone else; None where `person` does not either.
    leave: called before a person is refused; breaks off what is at work where they are not signed in any more.
    """
    _Asked.person = staticmethod(person)
    _Asked.key = staticmethod(key or (lambda: person().key))
    _Asked.leave = staticmethod(leave)


def current() -> Person:
    """For whom this thread works."""
    return _Asked.person()


def key_at_work() -> str:
    """The key of the person at work or, in a thread that goes on with what they began, of that person.

    Empty where no one signs in, and for what the process does by itself. For the log: it gives no rights, and can be
    asked for where nothing else works.
    """
    return _Asked.key() or _begun_by.get()


@contextmanager
def begun_by(key: str) -> Iterator[None]:
    """Has what this thread does inside told as begun by the person with this key."""
    before = _begun_by.set(key)
    try:
        yield
    finally:
        _begun_by.reset(before)


def may(right: Right) -> bool:
    """Whether the person at work may do this."""
    return current().may(right)


def must(right: Right) -> None:
    """Raises NotAllowed where the person at work may not do this."""
    if not may(right):
        _Asked.leave()
        raise NotAllowed(right)


VERBS: dict[str, tuple[Right, Callable[..., object]]] = {}
"""The right that each verb takes, with the verb, by its name, such as `services.batches.engine.Engine.start`."""


def needs(right: Right) -> Callable[[Callable[P, Result]], Callable[P, Result]]:
    """Has a verb raise NotAllowed where the person at work lacks a right."""

    def checked(verb: Callable[P, Result]) -> Callable[P, Result]:
        @wraps(verb)
        def act(*args: P.args, **kwargs: P.kwargs) -> Result:
            must(right)
            return verb(*args, **kwargs)

        VERBS[f"{verb.__module__}.{verb.__qualname__}"] = (right, act)
        return act

    return checked
