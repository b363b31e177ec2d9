"""What a study has come to, in numbers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    EXPIRED,
    InterviewConfigResponse,
)
from services.rooms.figures import figures
from tests.study import NOW, completed, entry

BERLIN = ZoneInfo("Europe/Berlin")


def test_figures_count_rooms_time_days_and_tokens() -> None:
    listed = [
        entry("a"),
        entry("b", status=ACTIVE),
        completed("c", 20),
        completed("d", 10, finished_at=NOW - timedelta(days=2)),
        entry("e", status=EXPIRED),
        entry("f", status=CANCELLED),
    ]
    told = figures(listed, InterviewConfigResponse(tokens_per_30_min=40), BERLIN)
    assert (told.completed, told.median_minutes) == (2, 15)
    assert told.completion_rate == 2 / 5
    assert told.completed_on == {date(2026, 3, 8): 1, date(2026, 3, 9): 0, date(2026, 3, 10): 1}
    assert (told.reserved, told.spent, told.releasable) == (80, 80, 40)


def test_days_are_those_of_the_viewer() -> None:
    late = completed("a", finished_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    assert figures([late], None, BERLIN).completed_on == {date(2026, 3, 10): 1}


def test_without_rooms_there_are_no_rates() -> None:
    told = figures([], None, BERLIN)
    assert (told.completion_rate, told.median_minutes, told.completed_on) == (None, None, {})
