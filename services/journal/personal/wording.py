"""The free texts of batches without the people who are taken out: names, topics, problems, histories."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, Update, and_, select, update

from services.aseed.models import InterviewRoomResponse, RoomSettings
from services.journal.batch_search import searched
from services.journal.parts import in_parts
from services.journal.personal.records import Spot, Trace
from services.journal.personal.texts import Names
from services.journal.personal.traces import ROOMS_PER_QUESTION, is_listed
from services.journal.rows import AnyRow
from services.journal.tables import (
    batch_texts,
    batches,
    calls,
    events,
    hand_outs,
    participants,
    presets,
    room_events,
    rooms,
    stations,
)
from services.journal.withdrawn import OWN_TEXTS

FEW = 50
"""Names of so many are looked for in the wishes of all calls; of more, in those of their own calls alone."""


class Wording:
    """The texts of all batches of some people. changed: how many texts are not what they were.

    theirs: the rooms and places that were for them.
    """

    def __init__(self, db: Connection, traces: Sequence[Trace], theirs: Collection[Spot]) -> None:
        self.changed = 0
        self._db, self._traces = db, traces
        self._theirs = {(spot.batch_id, spot.place) for spot in theirs}
        self._by_place: defaultdict[tuple[int | None, int | None], list[Trace]] = defaultdict(list)
        self._by_room: defaultdict[tuple[str, str], list[Trace]] = defaultdict(list)
        for trace in traces:
            self._by_place[trace.spot.batch_id, trace.spot.place].append(trace)
            self._by_room[trace.spot.service, trace.spot.room_id].append(trace)
        self._are_few = len(self._by_place) + len(self._by_room) <= FEW
        self._batches: dict[int, AnyRow] = {}
        self._calls: dict[int, AnyRow] = {}
        for batch_id in sorted({trace.spot.batch_id for trace in traces if trace.spot.batch_id is not None}):
            self._batches[batch_id] = db.execute(select(batches).where(batches.c.id == batch_id)).one()
            for row in db.execute(select(calls).where(calls.c.batch_id == batch_id).order_by(calls.c.id)):
                places = json.loads(row.places)
                if self._are_few or any((batch_id, place) in self._by_place for place in places):
                    self._calls[row.id] = row
        self._own = {call_id for call_id, row in self._calls.items() if self._is_own(row)}

    def topics_of(self, call_id: int, room: InterviewRoomResponse) -> str | None:
        """The topics that may stay in a room: none where they were for people who go alone.

        What a call asked for and what came of it stay alike, as later answers are held against that.
        """
        row = self._calls.get(call_id)
        if row is None or room.topics_for_respondent is None or call_id in self._own:
            return None
        return self._names_of(row).without(room.topics_for_respondent)

    def run(self) -> None:
        for row in self._batches.values():
            self._batch(row, _names(trace for trace in self._traces if trace.spot.batch_id == row.id))
        for row in self._calls.values():
            self._call(row)
        self._histories()
        self._elsewhere()

    def _batch(self, row: AnyRow, names: Names) -> None:
        settings = RoomSettings.model_validate_json(row.settings)
        topics = settings.topics_for_respondent and names.without(settings.topics_for_respondent)
        news = {"name": names.without(row.name)}
        if row.problem:
            news["problem"] = names.without_in_json(row.problem)
        if topics != settings.topics_for_respondent:
            news["settings"] = _with_topics(settings, topics)
        self._change(update(batches).where(batches.c.id == row.id), row, news)
        # Written again in any case: a search finds a batch by what it is called now.
        text = searched(news["name"], row.project_name)
        self._db.execute(update(batch_texts).where(batch_texts.c.batch_id == row.id).values(folded=text))
        for line in self._db.execute(select(events).where(events.c.batch_id == row.id)).all():
            self._change(update(events).where(events.c.id == line.id), line, {"what": names.without(line.what)})

    def _call(self, row: AnyRow) -> None:
        names, settings = self._names_of(row), RoomSettings.model_validate_json(row.settings)
        topics = settings.topics_for_respondent
        bare = None if topics is None or row.id in self._own else names.without(topics)
        news = {"settings": row.settings if bare == topics else _with_topics(settings, bare)}
        if row.problem:
            news["problem"] = names.without_in_json(row.problem)
        self._change(update(calls).where(calls.c.id == row.id), row, news)
        if bare != topics:
            self._others_of(row, names)

    def _others_of(self, call: AnyRow, names: Names) -> None:
        """The other rooms of a call, so that all of them go on having the same topics."""
        is_own = call.id in self._own
        for row in self._db.execute(select(rooms).where(rooms.c.call_id == call.id)).all():
            its = and_(hand_outs.c.service == row.service, hand_outs.c.room_id == row.room_id)
            self._change(update(rooms).where(rooms.c.id == row.id), row, {"room": _bare_room(names, row.room, is_own)})
            for desk in self._db.execute(select(hand_outs.c.room).where(its)).all():
                self._change(update(hand_outs).where(its), desk, {"room": _bare_room(names, desk.room, is_own)})

    def _histories(self) -> None:
        everyone = _names(self._traces) if self._are_few else None
        by_id = {room_id: (service, traces) for (service, room_id), traces in self._by_room.items() if room_id}
        ids = sorted(by_id)
        for some in in_parts(ids, ROOMS_PER_QUESTION):
            for line in self._db.execute(select(room_events).where(room_events.c.room_id.in_(some))).all():
                service, traces = by_id[line.room_id]
                if line.service == service:
                    names = everyone or _names(traces)
                    change = update(room_events).where(room_events.c.id == line.id)
                    self._change(change, line, {"what": names.without(line.what)})

    def _elsewhere(self) -> None:
        """What staff have written for all: an address can mean no one else there, while a name may be a colleague's."""
        emails = Names((), [trace.email for trace in self._traces if trace.email])
        for row in self._db.execute(select(stations)).all():
            news = {name: emails.without(getattr(row, name)) for name in ("name", "operator", "about")}
            self._change(update(stations).where(stations.c.key == row.key), row, news)
            at = update(hand_outs).where(hand_outs.c.station_key == row.key)
            self._change(at, row, {"operator": news["operator"]})
            if news["name"] != row.name:
                self._db.execute(at.values(station=news["name"]))
        for row in self._db.execute(select(presets)).all():
            news = {"name": emails.without(row.name), "settings": emails.without_in_json(row.settings)}
            self._change(update(presets).where(presets.c.id == row.id), row, news)

    def _change(self, change: Update, row: AnyRow, news: Mapping[str, str]) -> None:
        """Writes what is not as it was, and counts it."""
        new = {name: text for name, text in news.items() if text != getattr(row, name)}
        if new:
            self.changed += len(new)
            self._db.execute(change.values(new))

    def _is_own(self, row: AnyRow) -> bool:
        """Whether topics that are not those of the batch were for people who go, or have gone, and for no one else."""
        places = json.loads(row.places)
        others = [place for place in places if (row.batch_id, place) not in self._theirs]
        form = RoomSettings.model_validate_json(self._batches[row.batch_id].settings).topics_for_respondent
        topics = RoomSettings.model_validate_json(row.settings).topics_for_respondent
        if len(others) == len(places) or topics in (None, form):
            return False
        named = and_(participants.c.batch_id == row.batch_id, participants.c.place.in_(others), is_listed)
        return not others or self._db.execute(select(participants.c.place).where(named).limit(1)).first() is None

    def _names_of(self, row: AnyRow) -> Names:
        """The names that are looked for in a call's texts."""
        if self._are_few:
            return _names(self._traces)
        return _names(
            each for place in json.loads(row.places) for each in self._by_place.get((row.batch_id, place), ())
        )


def _names(traces: Iterable[Trace]) -> Names:
    found = list(traces)
    texts = [text for trace in found for text in (trace.label, trace.code)]
    return Names(texts, [trace.email for trace in found if trace.email])


def _with_topics(settings: RoomSettings, topics: str | None) -> str:
    return settings.model_copy(update={"topics_for_respondent": topics}).model_dump_json()


def _bare_room(names: Names, text: str, is_own: bool) -> str:
    """The room as JSON, without these names in its texts; not in its link, which a name might be a part of.

    is_own: whether it is to have no topics at all.
    """
    room = InterviewRoomResponse.model_validate_json(text)
    bare: dict[str, str | None] = {name: names.without(its) for name in OWN_TEXTS if (its := getattr(room, name))}
    if is_own and "topics_for_respondent" in bare:
        bare["topics_for_respondent"] = None
    return text if all(getattr(room, name) == its for name, its in bare.items()) else _json(room, bare)


def _json(room: InterviewRoomResponse, change: Mapping[str, str | None]) -> str:
    return room.model_copy(update=change).model_dump_json()
