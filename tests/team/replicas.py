"""Two replicas as README.md's unit starts them, on one PostgreSQL, with nginx before them."""

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.servers import PATIENCE, ROOT, STREAMLIT, eventually, free_port
from tests.team.blocks import elsewhere, environment_block, restart_block, settings_of, unit_block
from tests.team.proxy import Proxy, running_proxy

SYSTEMCTL = """#!/bin/sh
echo "${2#rooms@}" >"$WANTED.new" && mv "$WANTED.new" "$WANTED"
while [ -e "$WANTED" ]; do sleep 0.05; done
"""
"""In the place of systemd's: it has the test restart the replica, and waits until that is begun."""


@dataclass
class Replica:
    """One dashboard, as the unit starts it. secrets: by the names of their files."""

    port: int
    folder: Path
    aseed: str
    secrets: Mapping[str, str]
    more: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for name, secret in self.secrets.items():
            (self.folder / name).write_text(secret)
        unit = settings_of(elsewhere(unit_block(), self._places()))
        environment = dict(settings_of(elsewhere(environment_block(), {"https://app.aseed.ai/custdev": self.aseed})))
        for name, value in unit:
            if name == "Environment":
                environment |= dict(pair.split("=", 1) for pair in shlex.split(value))
        (command,) = (value for name, value in unit if name == "ExecStart")
        path = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        with (self.folder / "dashboard.log").open("a") as log:
            self.process = subprocess.Popen(
                shlex.split(command), cwd=ROOT, env={**path, **environment, **self.more}, stdout=log, stderr=log
            )

    def stop(self, how: int = signal.SIGTERM) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(PATIENCE)

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def events(self) -> list[str]:
        """What it told in its log."""
        lines = (self.folder / "dashboard.log").read_text().splitlines()
        return [json.loads(line)["event"] for line in lines if line.startswith("{")]

    @property
    def is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request("GET", "/readyz", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def _places(self) -> dict[str, str]:
        """What the unit names, and where it is in a test."""
        return {
            "/srv/rooms/.venv/bin/streamlit": STREAMLIT[0],
            "/var/lib/rooms": str(self.folder),
            "%d": str(self.folder),
            # A port of the test's own need not be one with a 1 before it.
            "1%i": str(free_port()),
            "%i": str(self.port),
        }


@dataclass(frozen=True)
class Pair:
    """Both replicas behind nginx."""

    first: Replica
    second: Replica
    proxy: Proxy

    @property
    def address(self) -> str:
        return self.proxy.address

    def at(self, replica: Replica) -> list[dict[str, str]]:
        """The cookie of a browser whose session is in this replica."""
        return [{"name": "rooms_replica", "value": str(replica.port), "url": self.address}]

    def run_both(self) -> None:
        """Starts what does not run, at the same moment, and waits until both are ready."""
        for each in (self.first, self.second):
            if not each.runs:
                each.start()
        eventually(lambda: self._alive() and self.first.is_ready and self.second.is_ready)

    def _alive(self) -> bool:
        for each in (self.first, self.second):
            assert each.runs, (each.folder / "dashboard.log").read_text()
        return True

    @contextmanager
    def restarting(self, folder: Path) -> Iterator["Restart"]:
        """README.md's commands run, and restart one replica after the other as the test lets them."""
        (folder / "systemctl").write_text(SYSTEMCTL)
        (folder / "systemctl").chmod(0o755)
        commands = elsewhere(restart_block(), {"8501": str(self.first.port), "8502": str(self.second.port)})
        wanted = folder / "wanted"
        with subprocess.Popen(
            ["bash", "-euc", commands],
            env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "WANTED": str(wanted)},
        ) as shell:
            try:
                yield Restart({each.port: each for each in (self.first, self.second)}, wanted, shell)
            finally:
                shell.kill()


@dataclass(frozen=True)
class Restart:
    """A restart of both replicas under way."""

    replicas: Mapping[int, Replica]
    wanted: Path
    shell: subprocess.Popen[bytes]

    def next(self) -> Replica:
        """Stops the replica whose turn it is, as systemd would, and starts it again once that is asked for."""
        eventually(self.wanted.exists)
        replica = self.replicas[int(self.wanted.read_text())]
        replica.stop()
        return replica

    def begin(self, replica: Replica) -> None:
        replica.start()
        self.wanted.unlink()

    def is_over(self) -> bool:
        """Whether the commands came to their end."""
        return self.shell.poll() == 0


@contextmanager
def running_pair(
    folder: Path, aseed: str, token: str, journal: str, more: Callable[[str], Sequence[Mapping[str, str]]]
) -> Iterator[Pair]:
    """Runs both. aseed, journal: their addresses. more: further settings of each, by the address of the team.

    Without sign-in, unless `more` names another file of secrets.
    """
    for name in ("first", "second", "nginx"):
        (folder / name).mkdir()
    secrets = {"token": token, "database": journal, "secrets.toml": ""}
    ports = free_port(), free_port()
    with running_proxy(folder / "nginx", ports) as proxy:
        first, second = (
            Replica(port, folder / name, aseed, secrets, its)
            for port, name, its in zip(ports, ("first", "second"), more(proxy.address), strict=True)
        )
        pair = Pair(first, second, proxy)
        try:
            pair.run_both()
            yield pair
        finally:
            for each in (first, second):
                if each.runs:
                    each.stop(signal.SIGKILL)
