"""A real PostgreSQL for tests: a private server, freshly made, and an empty database for each test that asks."""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from tests.servers import PATIENCE, eventually

INSTALLED = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
"""Where Debian and Homebrew keep PostgreSQL's programs, which need not be on the path."""

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""Tests need not survive a power cut."""


def programs() -> Path | None:
    """The folder that holds initdb and postgres, or None where PostgreSQL is not installed."""
    on_path = shutil.which("initdb")
    # Resolved: beside a link to initdb, postgres need not be.
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in INSTALLED:
        folders += sorted(Path("/").glob(pattern.removeprefix("/")), key=_version, reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@contextmanager
def running_postgres(folder: Path, *more: str, port: int = 5432) -> Iterator[str]:
    """A server of our own behind a Unix socket in `folder`; gives its URL, with which psycopg and SQLAlchemy connect.

    folder, more, port: as for `restartable_postgres`.
    Where TEST_DATABASE_URL (postgresql://…) names a throwaway database, that is given and nothing is started; its
    user must be allowed to create databases.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with restartable_postgres(folder, *more, port=port) as server:
        yield server.url


@dataclass
class Server:
    """A server that a test stops and starts again. command: what runs it; account: as whom."""

    url: str
    folder: Path
    command: list[str]
    account: pwd.struct_passwd | None
    log: IO[str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = process = start_as(self.account, self.command, self.folder, self.log)
        eventually(lambda: process.poll() is not None or answers(self.url))
        assert process.poll() is None, f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}"

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """how: SIGINT for a fast shutdown, which waits for no client, SIGQUIT for an immediate one, as in a crash."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)


@contextmanager
def restartable_postgres(folder: Path, *more: str, port: int = 5432) -> Iterator[Server]:
    """The same, which the test may stop and start.

    folder: empty, closed to others (there is no password), with a path that every user may walk (PostgreSQL refuses
    to run as root; pytest's own folders are closed to others) and that is short enough for a socket (80 bytes).
    more, port: settings of the server; the port also names its socket.
    """
    installed = programs()
    if installed is None:
        raise FileNotFoundError("PostgreSQL is needed: install it, or set TEST_DATABASE_URL to a throwaway database.")
    account = unprivileged()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = str(folder / "data")
    with (folder / "log").open("w") as log:
        initdb = [str(installed / "initdb"), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
        made = start_as(account, [*initdb, "--no-sync", "-D", data], folder, log).wait(PATIENCE)
        assert made == 0, f"initdb failed:\n{(folder / 'log').read_text()}"
        ours = ("listen_addresses=", f"unix_socket_directories={folder}", f"port={port}")
        settings = [f"-c{setting}" for setting in (*FAST, *ours, *more)]
        url = f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}&port={port}"
        server = Server(url, folder, [str(installed / "postgres"), "-D", data, *settings], account, log)
        try:
            server.start()
            yield server
        finally:
            server.stop()


@contextmanager
def fresh_database(url: str) -> Iterator[str]:
    """An empty database of its own, in the server at `url`; gives its URL, and drops it, also while it is used."""
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        # Another connection: the test may have stopped the server meanwhile.
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _version(folder: Path) -> int:
    """The version in a path such as …/postgresql/17/bin or …/postgresql@17/bin; 0 where there is none."""
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def unprivileged() -> pwd.struct_passwd | None:
    """Whom the server is to run as: ourselves (None), unless we are root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def start_as(
    account: pwd.struct_passwd | None, command: list[str], folder: Path, log: IO[str]
) -> subprocess.Popen[bytes]:
    """Starts a program that refuses to be root's. account: as whom it runs; ourselves for None."""
    return subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        # macOS refuses to start it in a locale that makes the process multithreaded.
        env={**os.environ, "LC_ALL": "C"},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def answers(url: str) -> bool:
    """Whether a connection to this database succeeds."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True
