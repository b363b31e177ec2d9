"""Many people at once: what a rerun takes, what a session costs, and whether anything grows.

Each researcher goes through the pages and enters something every THINKING seconds; each desk asks whether its
interview has begun, as its page does. Streamlit draws the pages of one process one at a time, in effect.
"""

import asyncio
import itertools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr
from starlette.applications import Starlette

from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateRoomsRequest
from services.desk import Desk
from services.journal.desk.records import Kind, Station
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from services.link import LinkCheck
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.bench.processes import Usage, growth
from tests.bench.tabs import Tab
from tests.bench.timing import at_most, note
from tests.postgres import fresh_database, running_postgres
from tests.servers import serving, watched_dashboard

RESEARCHERS, DESKS = 50, 20
"""To each process of the dashboard."""

THINKING = 10.0
"""How many seconds a researcher looks at a page on average, before the next press."""

LASTING = 120.0
"""How many seconds the load is measured."""

SOAK_MINUTES = float(os.environ.get("SOAK_MINUTES", "60"))

ROUNDS_ALONE = 3

STAY = 8
"""After so many rounds a researcher closes the page and opens another, while it is watched whether anything grows."""

Step = Callable[[Tab], Awaitable[float]]

_numbers = itertools.count(2)

STEPS: dict[str, Step] = {
    "another number on Create": lambda tab: tab.enter("count", next(_numbers) % 50 + 1),
    "to Links": lambda tab: tab.go("links"),
    "a search on Links": lambda tab: tab.enter("find", f"interview {next(_numbers)}"),
    "to Batches": lambda tab: tab.go("batches"),
    "to Create": lambda tab: tab.go(""),
}
"""What a researcher does, round after round."""


@dataclass
class Team:
    """The dashboards of a team, by their addresses, and the desks at work on each."""

    processes: dict[str, int]
    desks: dict[str, list[str]]
    project: str
    usual: dict[str, float] = field(default_factory=dict)


def bench_load() -> None:
    """50 researchers and 20 desks on one process, against one researcher alone."""
    with _team(1) as team:
        asyncio.run(_load(team, LASTING))


def bench_load_two() -> None:
    """Twice as many, on two processes and one PostgreSQL."""
    with _team(2) as team:
        asyncio.run(_load(team, LASTING))


def bench_soak() -> None:
    """An hour of it, in which researchers come and go."""
    with _team(1) as team:
        asyncio.run(_soak(team, SOAK_MINUTES * 60))


async def _load(team: Team, seconds: float) -> None:
    people = f"{RESEARCHERS * len(team.processes)} researchers, {DESKS * len(team.processes)} desks"
    alone = await asyncio.gather(*(_alone(team, address) for address in team.processes))
    before = _usage(team)
    tabs = await _all_tabs(team)
    times = await _at_work(team, tabs, seconds)
    after = _usage(team)
    for tab in [*tabs, *alone]:
        await tab.close()
    median, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    told = f"{len(times)} reruns; alone {1000 * statistics.mean(team.usual.values()):.0f} ms"
    note(f"{people}: median of a rerun / alone", median, "x", None, told)
    note(f"{people}: 95th percentile / median alone", high, "x", at_most(3))
    mebibytes = (after.memory - before.memory) / len(tabs) / 2**20
    note(f"{people}: memory of a session", mebibytes, "MiB", at_most(15))


async def _soak(team: Team, seconds: float) -> None:
    alone = await asyncio.gather(*(_alone(team, address) for address in team.processes))
    tabs = await _all_tabs(team)
    samples: list[Usage] = []

    async def watch() -> None:
        while True:
            await asyncio.sleep(10)
            samples.append(_usage(team))

    watching = asyncio.create_task(watch())
    times = await _at_work(team, tabs, seconds, stay=STAY)
    watching.cancel()
    for tab in [*tabs, *alone]:
        await tab.close()
    # In the first part caches fill, and the first sessions that were closed are still kept.
    settled = samples[len(samples) // 3 :]
    for what, unit in (("memory", "MiB"), ("files", ""), ("threads", "")):
        figures = [getattr(sample, what) / (2**20 if unit else 1) for sample in settled]
        slope, spread = growth([sample.at for sample in settled], figures)
        told = (
            f"{slope:+.1f} {unit} an hour at {statistics.mean(figures):.0f}, spread {spread:.1f}; {len(times)} reruns"
        )
        # A line that rises by less than what the figures spread anyway is flat.
        note(f"soak: {what} gained in an hour / their spread", abs(slope) / max(spread, 1), "x", at_most(2), told)


async def _alone(team: Team, address: str) -> Tab:
    """One researcher with a process of their own: notes how long each step usually takes. The page stays open.

    At the pace of all others, as what Aseed said is asked for again after a while.
    """
    tab = await _open(team, address)
    taken: dict[str, list[float]] = {name: [] for name in STEPS}
    chance = random.Random(0)
    for _ in range(ROUNDS_ALONE):
        for name, step in STEPS.items():
            await asyncio.sleep(chance.uniform(0, 2 * THINKING))
            taken[name].append(await step(tab))
    team.usual = {name: statistics.median(times) for name, times in taken.items()}
    return tab


async def _open(team: Team, address: str) -> Tab:
    tab = await Tab.open(address)
    await tab.enter("project", team.project)
    return tab


async def _all_tabs(team: Team) -> list[Tab]:
    tabs = []
    for address in team.processes:
        tabs += [await _open(team, address) for _ in range(RESEARCHERS)]
        tabs += [await Tab.open(address, "desk", "desk=on", {"rooms_desk": key}) for key in team.desks[address]]
    return tabs


async def _at_work(team: Team, tabs: list[Tab], seconds: float, stay: int | None = None) -> list[float]:
    """How many times as long as usual each step took. The desks' pages go on by themselves."""
    times: list[float] = []
    until = time.monotonic() + seconds

    async def work(place: int) -> None:
        chance = random.Random(place)
        for turn in itertools.count(1):
            for name, step in STEPS.items():
                await asyncio.sleep(chance.uniform(0, 2 * THINKING))
                if time.monotonic() > until:
                    return
                times.append(await step(tabs[place]) / team.usual[name])
            if stay and (turn + place) % stay == 0:
                await tabs[place].close()
                tabs[place] = await _open(team, tabs[place].address)

    researchers = [place for place, tab in enumerate(tabs) if not tab.query]
    await asyncio.gather(*(work(place) for place in researchers))
    return times


def _usage(team: Team) -> Usage:
    used = [Usage.of(process) for process in team.processes.values()]
    return Usage(
        used[0].at,
        sum(each.memory for each in used),
        sum(each.files for each in used),
        sum(each.threads for each in used),
    )


@contextmanager
def _team(count: int) -> Iterator[Team]:
    """So many dashboards, with one journal where there are several, in front of one sandbox."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = Store(folder / "sandbox.sqlite3", balance=10**9)
        aseed = stack.enter_context(serving(Starlette(routes=sandbox_routes(store))))
        journal_url = f"sqlite:///{folder}/journal.sqlite3"
        if count > 1:
            server = stack.enter_context(running_postgres(folder))
            journal_url = stack.enter_context(fresh_database(server))
        settings = {"ASEED_BASE_URL": f"{aseed}/custdev", "ASEED_API_TOKEN": "sandbox", "DATABASE_URL": journal_url}
        processes = dict(stack.enter_context(watched_dashboard(folder, **settings)) for _ in range(count))
        project = store.projects(store.account("sandbox"))[0]
        for _ in range(DESKS * count // 100 + 1):
            store.create_rooms(store.account("sandbox"), CreateRoomsRequest(project_id=UUID(project["id"]), count=100))
        desks = _open_desks(journal_url, aseed, list(processes), project["id"])
        yield Team(processes, desks, project["name"])


def _open_desks(journal_url: str, aseed: str, addresses: Sequence[str], project_id: str) -> dict[str, list[str]]:
    """Desks at work on each dashboard: their devices' keys."""
    with ExitStack() as stack:
        connections = stack.enter_context(Connections(trust_env=False))
        journal = Journal(journal_url)
        stack.callback(journal.close)
        client = AseedClient(f"{aseed}/custdev", SecretStr("sandbox"), connections)
        visibility = Visibility(client.service, client.account)
        Desk(client, journal, visibility, LinkCheck((aseed,))).fill(project_id)
        opened: dict[str, list[str]] = {}
        for place, address in enumerate(addresses):
            keys = [f"bench-{place}-{number:010}" for number in range(DESKS)]
            for key in keys:
                journal.stations.open(visibility, Station(key, Kind.DESK, project_id, key))
            opened[address] = keys
        return opened
