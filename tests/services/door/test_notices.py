"""A shut door says when it opens next, by its own clock."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.door.notices import of_door
from services.journal.door.records import Door, DoorSettings, DoorState

SUNDAY = datetime(2026, 10, 25, 10, tzinfo=UTC)
"""In Berlin, the clock is set back in the night before."""

DOOR = Door(
    id=1,
    code="code",
    secret="",
    service="sandbox",
    account="",
    project_id="",
    settings=DoorSettings.model_validate({"texts": {"en": {"name": "Fair"}}, "zone": "Europe/Berlin"}),
    version=1,
    made=SUNDAY,
)

WEEKDAYS = {"days": [0, 1, 2, 3, 4], "since": "10:00", "until": "18:00"}


@pytest.mark.parametrize(
    ("state", "how", "expected"),
    [
        (DoorState.FULL_TODAY, {}, "It opens on Mon 26 Oct 2026, 00:00 (Europe/Berlin)."),
        (DoorState.FULL_TODAY, {"hours": WEEKDAYS}, "It opens on Mon 26 Oct 2026, 10:00 (Europe/Berlin)."),
        (DoorState.FULL_TODAY, {"closes": datetime(2026, 10, 25, 20, tzinfo=UTC)}, "Thank you for your interest!"),
        (DoorState.OUT_OF_HOURS, {"hours": WEEKDAYS}, "It opens on Mon 26 Oct 2026, 10:00 (Europe/Berlin)."),
        (
            DoorState.EARLY,
            {"opens": datetime(2026, 10, 28, 9, tzinfo=UTC)},
            "It opens on Wed 28 Oct 2026, 10:00 (Europe/Berlin).",
        ),
    ],
)
def test_shut_door_says_when_it_opens(state: DoorState, how: dict[str, object], expected: str) -> None:
    settings = DoorSettings.model_validate({**DOOR.settings.model_dump(), **how})
    assert of_door(replace(DOOR, settings=settings), state, SUNDAY).lines == (expected,)


def test_each_state_has_words_of_its_own() -> None:
    shut = [state for state in DoorState if state != DoorState.OPEN]
    assert len({of_door(DOOR, state, SUNDAY).heading for state in shut}) == len(shut)
