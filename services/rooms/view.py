"""Which rooms of a study are shown: by tab, search and filters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.folding import folded, wanted
from services.rooms.entry import Entry, Tab, having
from services.rooms.flags import Flag


@dataclass(frozen=True)
class View:
    """Which rooms of a study are shown. None, an empty text or an empty set stands for all.

    text: words that each room shown contains, or one code with spaces in it; how they are spelt: services.folding.
    batch: the number of a batch.
    expiring: only pending rooms whose link expires within so many hours.
    flag: only rooms that have it.
    """

    tab: Tab | None = None
    text: str = ""
    statuses: frozenset[str] = frozenset()
    batch: int | None = None
    expiring: int | None = None
    flag: Flag | None = None


def matching(listed: Sequence[Entry], view: View, now: datetime, flags: Mapping[str, Collection[Flag]]) -> list[Entry]:
    """The entries that a view shows, in the order given.

    now: the moment by which links expire.
    flags: the result of services.rooms.flags.flagged.
    """
    return _with_text(_filtered(listed, view, now, flags), view.text)


def _filtered(
    listed: Sequence[Entry], view: View, now: datetime, flags: Mapping[str, Collection[Flag]]
) -> Sequence[Entry]:
    """The entries that pass the filters, whatever their text."""
    if replace(view, text="") == View():
        return listed
    soon = now + timedelta(hours=view.expiring or 0)
    return [
        entry
        for entry in listed
        if (view.tab is None or entry.tab == view.tab)
        and (not view.statuses or entry.room.status in view.statuses)
        and (view.batch is None or entry.batch_id == view.batch)
        and (view.expiring is None or entry.runs_out(now, soon))
        and (view.flag is None or view.flag in flags.get(entry.id, ()))
    ]


def _with_text(listed: Sequence[Entry], text: str) -> list[Entry]:
    """The entries that have every word of a text; where none has, those with a code that is written so in parts.

    A text without letters and digits leaves nothing out.
    """
    found = list(listed)
    # Word by word: the second is looked for in few.
    for word in wanted(text):
        found = having(found, word)
    return found or having(listed, folded(text))
