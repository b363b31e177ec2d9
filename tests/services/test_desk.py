"""What a desk shows: only rooms that Aseed calls pending, in the right order, asking about few rooms."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import stamina
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import NotReached
from services.aseed.models import ACTIVE, CANCELLED, CreateRoomsRequest, InterviewRoomResponse, UpdateRoomRequest
from services.desk import LOOKS, Desk, NoLink, lasts_until
from services.journal.desk.records import HandOut, HandOutState, Kind, Station
from services.journal.journal import Journal
from services.journal.records import RoomRecord
from services.journal.visibility import Visibility
from services.link import LinkCheck
from services.participants import Participant
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.conftest import Clock
from tests.journals import empty_journal
from tests.servers import serving


@pytest.fixture(autouse=True)
def each_request_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


@dataclass
class Counted:
    """A sandbox that notes which calls came."""

    app: Starlette
    calls: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.calls.append(f"{scope['method']} {scope['path']}")
        await self.app(scope, receive, send)


@dataclass
class Fair:
    """A project with pending rooms, and a desk before them."""

    desk: Desk
    station: Station
    rooms: list[InterviewRoomResponse]
    sandbox: Counted

    @property
    def client(self) -> AseedClient:
        return self.desk.client

    def next(self, station: Station | None = None, room_id: str | None = None) -> HandOut:
        found = self.desk.next(station or self.station, room_id)
        assert found is not None and found.state == HandOutState.SHOWN
        return found

    def given(self) -> HandOut:
        found = self.next()
        assert self.desk.journal.hand_outs.give_on_paper(self.desk.visibility, found.room_id, self.station.key)
        return found

    def asked(self) -> list[str]:
        """The calls since this was asked last."""
        calls, self.sandbox.calls[:] = list(self.sandbox.calls), []
        return calls


@pytest.fixture
def fair(store: Store, tmp_path: Path, connections: Connections) -> Iterator[Fair]:
    counted = Counted(Starlette(routes=sandbox_routes(store)))
    journal = Journal(empty_journal(tmp_path))
    with serving(counted) as address, closing(journal):
        client = AseedClient(f"{address}/custdev", SecretStr("sandbox"), connections)
        project = client.projects()[0].id
        for room in client.rooms(project):
            if room.status == "pending":
                client.cancel_room(room.id)
        rooms = client.create_rooms(CreateRoomsRequest(project_id=UUID(project), count=6))
        visibility = Visibility(client.service, client.account)
        desk = Desk(client, journal, visibility, LinkCheck((address,)))
        station = journal.stations.open(visibility, Station("key", Kind.DESK, project, "Desk A"))
        desk.fill(project)
        counted.calls.clear()
        yield Fair(desk, station, rooms, counted)


def test_every_room_is_shown_once_in_order(fair: Fair) -> None:
    assert [fair.given().room_id for _ in fair.rooms] == [room.id for room in fair.rooms]
    assert fair.desk.next(fair.station) is None


def test_aseed_is_asked_about_the_shown_room(fair: Fair) -> None:
    one = fair.next()
    fair.desk.look(one.room_id)
    path = f"GET /custdev/api/interviews/rooms/{one.room_id}"
    assert fair.asked() == [path, path]


def test_used_rooms_are_skipped_with_one_list(fair: Fair, store: Store) -> None:
    used, cancelled, next_one = fair.rooms[0], fair.rooms[1], fair.rooms[3]
    store.join(used.access_token, "anna@example.org")
    fair.client.cancel_room(cancelled.id)
    fair.client.cancel_room(fair.rooms[2].id)
    fair.asked()
    assert fair.next().room_id == next_one.id
    lists = [call for call in fair.asked() if call == "GET /custdev/api/interviews/rooms"]
    assert len(lists) == 1
    found = fair.desk.journal.hand_outs.find(fair.desk.visibility, used.id)
    assert found is not None and found.state == HandOutState.GONE


def test_rooms_that_ran_out_are_passed_over(fair: Fair, clock: Clock) -> None:
    late = UpdateRoomRequest(expires_at=clock.now + timedelta(days=20))
    fair.client.update_room(fair.rooms[5].id, late)
    clock.advance(days=10)
    assert fair.next().room_id == fair.rooms[5].id


def test_a_link_becomes_given_when_its_interview_begins(fair: Fair, store: Store) -> None:
    one = fair.next()
    store.join(one.room.access_token, "anna@example.org")
    looked = fair.desk.look(one.room_id)
    assert looked is not None and looked.state == HandOutState.GIVEN and looked.status == ACTIVE
    assert fair.next().room_id != one.room_id


def test_room_stays_in_hand_while_aseed_fails(fair: Fair) -> None:
    away = AseedClient("http://127.0.0.1:9/custdev", SecretStr("sandbox"), fair.client._connections)
    with pytest.raises(NotReached):
        replace(fair.desk, client=away).next(fair.station)
    held = fair.desk.journal.hand_outs.in_hand("key")
    assert held is not None and held.state == HandOutState.CLAIMED
    assert fair.next().room_id == held.room_id


def test_those_that_run_out_first_are_given_first(fair: Fair, clock: Clock) -> None:
    soon = UpdateRoomRequest(expires_at=clock.now + timedelta(days=1))
    fair.client.update_room(fair.rooms[4].id, soon)
    # What is in the pool keeps its turn; here the pool is made again.
    fair.desk.journal.forget(fair.desk.visibility)
    fair.desk.fill(fair.station.project_id)
    assert fair.next().room_id == fair.rooms[4].id


def test_rooms_without_a_participant_come_first(fair: Fair) -> None:
    project, visibility, journal = fair.station.project_id, fair.desk.visibility, fair.desk.journal
    journal.forget(visibility)
    journal.rooms.relabel(
        visibility, project, {fair.rooms[0].id: Participant(label="", email="anna@example.org", external_id="")}
    )
    fair.desk.fill(project)
    assert fair.next().room_id == fair.rooms[1].id
    people = journal.hand_outs.people(visibility, project)
    # The email is for staff; another person may stand before the screen.
    assert [(each.known_as, each.label) for each in people] == [("anna@example.org", "")]


def test_external_id_that_is_an_email_stays_hidden(fair: Fair) -> None:
    project, visibility, journal = fair.station.project_id, fair.desk.visibility, fair.desk.journal
    journal.forget(visibility)
    journal.rooms.relabel(visibility, project, {fair.rooms[0].id: Participant(external_id="anna@example.org")})
    fair.desk.fill(project)
    people = journal.hand_outs.people(visibility, project)
    assert [(each.known_as, each.label) for each in people] == [("anna@example.org", "")]


def test_what_has_been_replaced_is_not_offered(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    known = {fair.rooms[0].id: RoomRecord(fair.rooms[0].id, replaced_by="another")}
    monkeypatch.setattr(fair.desk.journal.rooms, "known", lambda *_: known)
    fair.desk.fill(fair.station.project_id)
    assert fair.next().room_id == fair.rooms[1].id


def test_improper_link_is_neither_offered_nor_shown(fair: Fair) -> None:
    elsewhere = replace(fair.desk, check=LinkCheck(("https://app.aseed.ai/custdev",)))
    with pytest.raises(NoLink):
        elsewhere.next(fair.station)
    assert fair.desk.journal.hand_outs.in_hand("key") is None
    elsewhere.fill(fair.station.project_id)
    assert elsewhere.next(fair.station) is None


def test_many_windows_ask_about_a_room_once(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        fair.given()
    fair.asked()
    monkeypatch.setattr("services.desk.LOOK_EVERY", -1.0)
    assert fair.desk.look_around(fair.station.project_id) is None
    assert len(fair.asked()) == 3 <= LOOKS
    monkeypatch.setattr("services.desk.LOOK_EVERY", 15.0)
    for _ in range(5):
        fair.desk.look_around(fair.station.project_id)
    assert fair.asked() == []


def test_looking_around_tells_what_is_in_the_way(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    fair.given()
    monkeypatch.setattr("services.desk.LOOK_EVERY", -1.0)
    away = AseedClient("http://127.0.0.1:9/custdev", SecretStr("sandbox"), fair.client._connections)
    assert isinstance(replace(fair.desk, client=away).look_around(fair.station.project_id), NotReached)


def test_a_certain_room_is_shown_or_nothing(fair: Fair) -> None:
    wanted = fair.rooms[3]
    assert fair.next(room_id=wanted.id).room_id == wanted.id
    fair.desk.journal.hand_outs.give_on_paper(fair.desk.visibility, wanted.id, "key")
    assert fair.desk.next(fair.station, wanted.id) is None
    fair.client.cancel_room(fair.rooms[4].id)
    assert fair.desk.next(fair.station, fair.rooms[4].id) is None
    gone = fair.desk.journal.hand_outs.find(fair.desk.visibility, fair.rooms[4].id)
    assert gone is not None and gone.status == CANCELLED


def test_recalled_room_returns_and_another_comes(fair: Fair) -> None:
    one = fair.next()
    fair.desk.journal.hand_outs.recall(fair.desk.visibility, one.room_id)
    assert fair.next().room_id != one.room_id


def test_pool_lasts_at_the_last_hours_pace() -> None:
    now = datetime(2026, 3, 1, 15, tzinfo=UTC)
    given = [now - timedelta(minutes=minutes) for minutes in (30, 20, 10, 300)]
    assert lasts_until(given, 4, now) == now + timedelta(minutes=40)
    assert lasts_until(given, 0, now) == now
    assert lasts_until(given[:2], 4, now) is None
    assert lasts_until([now - timedelta(seconds=seconds) for seconds in (30, 20, 10)], 4, now) is None
