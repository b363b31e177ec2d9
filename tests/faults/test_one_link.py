"""Aseed answers with one link for two rooms: each is asked for by its own call, and what these answers show counts."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from services.aseed.client import AseedClient
from services.aseed.errors import NotFound
from services.aseed.models import InterviewRoomResponse, UpdateRoomRequest
from services.batches.engine import Engine
from services.journal.journal import Journal
from services.journal.records import State
from services.participants import Participant
from tests.faults.proxy import Decide, Fault, Request
from tests.faults.study import Study, StudyOf, no_fault

PEOPLE = [Participant(label="Anna"), Participant(label="Ben"), Participant(label="Carl")]

pytestmark = pytest.mark.usefixtures("each_request_once")


Lie = Callable[[InterviewRoomResponse], InterviewRoomResponse]


class Liar(AseedClient):
    """Some of its answers are changed. own: those about one room. told: those to its change. asked: which came."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401 - those of the client
        super().__init__(*args, **more)
        self.own: Lie = lambda room: room
        self.told: Lie = lambda room: room
        self.asked: list[str] = []

    def room(self, room_id: str) -> InterviewRoomResponse:
        self.asked.append(room_id)
        return self.own(super().room(room_id))

    def update_room(self, room_id: str, change: UpdateRoomRequest) -> InterviewRoomResponse:
        return self.told(super().update_room(room_id, change))


@contextmanager
def lying(study_with: StudyOf, decide: Decide) -> Iterator[tuple[Study, Liar]]:
    with study_with(decide, client=Liar) as it:
        assert isinstance(it.client, Liar)
        yield it, it.client


def same_link(request: Request) -> Fault:
    return Fault.SAME_LINK if Fault.SAME_LINK in request.faults else Fault.NONE


def true_links(study: Study) -> list[str]:
    """As the service has them, in the order of their making."""
    return sorted(room.url for room in study.straight.rooms(study.project_id))


def test_own_answers_give_each_room_its_link(engine: Engine, journal: Journal, study_with: StudyOf) -> None:
    with lying(study_with, same_link) as (study, client):
        batch = study.at_rest(journal, engine.start(study.pressed(3), client))
        assert (batch.state, batch.rooms, batch.shared) == (State.DONE, 3, 0)
        assert sorted(journal.batches.links(batch.id)) == true_links(study)
        # Only the two that had one link were asked for, each once.
        kept = [each.room.id for each in journal.batches.rooms(batch.id)]
        assert sorted(client.asked) == sorted([kept[0], kept[2]])


def test_single_room_with_link_of_an_older_one(engine: Engine, journal: Journal, study_with: StudyOf) -> None:
    with lying(study_with, same_link) as (study, client):
        study.elsewhere(count=1)
        batch = study.at_rest(journal, engine.start(study.pressed(1), client))
        (link,) = journal.batches.links(batch.id)
        assert batch.shared == 0 and link in true_links(study)
        assert study.straight.room(journal.batches.rooms(batch.id)[0].room.id).url == link


@pytest.mark.parametrize("own", ["same", "silent", "another's"])
def test_conflict_stays_without_two_own_links(own: str, engine: Engine, journal: Journal, study_with: StudyOf) -> None:
    with lying(study_with, same_link) as (study, client):
        firsts: list[InterviewRoomResponse] = []

        def lie(room: InterviewRoomResponse) -> InterviewRoomResponse:
            firsts.append(room)
            if room.id == firsts[0].id:
                return room
            if own == "silent":
                raise NotFound(404, "There is no such room.")
            told = {"url": firsts[0].url, "access_token": firsts[0].access_token}
            return firsts[0] if own == "another's" else room.model_copy(update=told)

        client.own = lie
        batch = study.at_rest(journal, engine.start(study.pressed(3), client))
        assert (batch.state, batch.rooms, batch.shared) == (State.DONE, 3, 2)
        assert len(journal.batches.links(batch.id)) == 1
        # Asked once more, it tells the truth.
        client.own = lambda room: room
        came = engine.confirm_links(sorted(journal.links.shared(batch.id)), client)
        assert (came.settled, came.standing, came.unknown) == (2, 0, 0)
        assert sorted(journal.batches.links(batch.id)) == true_links(study)


def test_answer_to_a_label_is_confirmed_too(engine: Engine, journal: Journal, study_with: StudyOf) -> None:
    with lying(study_with, no_fault) as (study, client):
        told: list[InterviewRoomResponse] = []

        def lie(room: InterviewRoomResponse) -> InterviewRoomResponse:
            told.append(room)
            return room.model_copy(update={"url": told[0].url, "access_token": told[0].access_token})

        client.told = lie
        batch = study.at_rest(journal, engine.start(study.pressed(people=PEOPLE), client))
        assert batch.shared == 0 and sorted(journal.batches.links(batch.id)) == true_links(study)
        assert set(client.asked) == {room.id for room in told}


def test_old_room_stays_until_new_link_is_certain(engine: Engine, journal: Journal, study_with: StudyOf) -> None:
    with lying(study_with, no_fault) as (study, client):
        first = study.at_rest(journal, engine.start(study.pressed(2), client))
        old, other = (each.room for each in journal.batches.rooms(first.id))
        same = {"url": other.url, "access_token": other.access_token}
        study.proxy.decide = same_link
        client.own = lambda room: room if room.id in (old.id, other.id) else room.model_copy(update=same)
        batch = study.at_rest(journal, engine.replace([(old, Participant(label="Anna"))], "A study", 7, client))
        shown = json.dumps([event.what for event in journal.rooms.history(study.visibility, old.id)])
        assert batch.shared == 1 and study.straight.room(old.id).status == "pending"
        assert "the new room's link is also in another room" in shown
