"""For whom a thread of these tests works."""

from collections.abc import Iterator

import pytest

from services.people import acting
from services.people.acting import EVERYONE, Person


@pytest.fixture
def at_work() -> Iterator[list[Person]]:
    """The person at work, last; first everyone."""
    people = [EVERYONE]
    acting.asks_for(lambda: people[-1])
    yield people
    acting.asks_for(lambda: EVERYONE)
