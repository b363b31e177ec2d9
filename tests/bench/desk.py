"""The desk: a claim, and what a round of polls asks Aseed, against reading whole lists."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import select, update

from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateRoomsRequest
from services.desk import Desk
from services.journal.desk.records import HandOutState, Kind, Station
from services.journal.journal import Journal
from services.journal.tables import hand_outs
from services.journal.visibility import Visibility
from services.link import LinkCheck
from tests.bench.timing import at_most, compare, faster
from tests.browser.service import Service, service

ROOMS = 10_000
STATIONS = 16
OVERVIEWS = 3


def bench_claim() -> None:
    """A claim from a large pool, against reading what is free, and writing down the first."""
    with _fair() as (desk, _, project):
        keys = itertools.count()

        def ours() -> None:
            assert desk.journal.hand_outs.claim(
                desk.visibility, Station(f"key {next(keys)}", Kind.DESK, project, "Desk")
            )

        def plain() -> None:
            free = select(hand_outs).where(hand_outs.c.state == HandOutState.FREE).order_by(hand_outs.c.turn)
            with desk.journal.hand_outs._database.writing() as db:
                first = db.execute(free).all()[0]
                its = hand_outs.c.room_id == first.room_id
                db.execute(update(hand_outs).where(its).values(state=HandOutState.GIVEN, claimed_at=0))

        compare(f"a claim from {ROOMS:,} rooms / reading them first", plain, ours, faster(10), 15)
        what = f"the pool of {ROOMS:,} rooms / the list alone"
        compare(what, lambda: desk.client.rooms(project), lambda: desk.fill(project), at_most(4))


def bench_polls() -> None:
    """A round of polls of stations and overviews, against as many lists of the project."""
    with _fair() as (desk, aseed, project):
        stations = [Station(f"key {number}", Kind.DESK, project, "Desk") for number in range(STATIONS)]
        for station in stations:
            given = desk.next(station)
            assert given is not None
            desk.journal.hand_outs.give_on_paper(desk.visibility, given.room_id, station.key)
        shown = [desk.next(station) for station in stations]

        def ours() -> None:
            for hand_out in shown:
                assert hand_out is not None and desk.look(hand_out.room_id)
            for _ in range(OVERVIEWS):
                desk.look_around(project)

        def plain() -> None:
            for _ in range(STATIONS + OVERVIEWS):
                desk.client.rooms(project)

        aseed.asked.clear()
        ours()
        what = f"polls of {STATIONS} desks and {OVERVIEWS} overviews: {len(aseed.asked)} calls / lists"
        compare(what, plain, ours, faster(20), 3)


@contextmanager
def _fair() -> Iterator[tuple[Desk, Service, str]]:
    """A project with ROOMS pending rooms, in a pool."""
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as aseed, Connections(trust_env=False) as pool:
        client = AseedClient(f"{aseed.address}/custdev", SecretStr("first"), pool)
        project = client.projects()[0].id
        for _ in range(ROOMS // 100):
            account = aseed.store.account("sandbox")
            aseed.store.create_rooms(account, CreateRoomsRequest(project_id=UUID(project), count=100))
        with closing(Journal(f"sqlite:///{folder}/journal.sqlite3")) as journal:
            desk = Desk(client, journal, Visibility(client.service, client.account), LinkCheck((aseed.address,)))
            desk.fill(project)
            yield desk, aseed, project
