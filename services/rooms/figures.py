"""What a researcher reports of a study, counted from its rooms."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, PENDING, InterviewConfigResponse
from services.local_time import local
from services.rooms.entry import Entry


@dataclass(frozen=True)
class Figures:
    """What a researcher reports of a study.

    statuses: how many rooms have each status.
    median_minutes: the length of a completed interview; None without one.
    completed_on: completed interviews by day, without gaps.
    reserved, spent, releasable: tokens by our reading of the price; releasable are those of the reserved tokens that
        cancelling every pending room would release.
    """

    statuses: Mapping[str, int]
    median_minutes: float | None
    completed_on: Mapping[date, int]
    reserved: int
    spent: int
    releasable: int

    @property
    def completed(self) -> int:
        return self.statuses.get(COMPLETED, 0)

    @property
    def completion_rate(self) -> float | None:
        """Completed interviews as a share of all links that were not cancelled; None where there are none."""
        valid = sum(self.statuses.values()) - self.statuses.get(CANCELLED, 0)
        return self.completed / valid if valid else None


def figures(listed: Sequence[Entry], price: InterviewConfigResponse | None, zone: ZoneInfo) -> Figures:
    """Counts the rooms of a study.

    price: None where it is not known; then the tokens are 0.
    zone: in which days begin and end.
    """
    lengths = [entry.length / timedelta(minutes=1) for entry in listed if entry.length is not None]
    tokens: Counter[str] = Counter()
    if price:
        for entry in listed:
            tokens[entry.room.status] += price.tokens_for(entry.room.max_duration_minutes)
    return Figures(
        statuses=Counter(entry.room.status for entry in listed),
        median_minutes=median(lengths) if lengths else None,
        completed_on=_by_day(listed, zone),
        reserved=tokens[PENDING] + tokens[ACTIVE],
        spent=tokens[COMPLETED],
        releasable=tokens[PENDING],
    )


def _by_day(listed: Sequence[Entry], zone: ZoneInfo) -> dict[date, int]:
    counted = Counter(
        local(entry.room.finished_at, zone).date()
        for entry in listed
        if entry.room.status == COMPLETED and entry.room.finished_at
    )
    if not counted:
        return {}
    first, last = min(counted), max(counted)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: counted[day] for day in days}
