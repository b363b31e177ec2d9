"""The journal's database: SQLite beside the app, or PostgreSQL for several replicas; opened, and brought up to date."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Float,
    create_engine,
    event,
    inspect,
    literal_column,
    make_url,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, TimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from services import events

# Named once more: what uses the journal knows it by this module.
from services.journal.errors import Clash as Clash
from services.journal.errors import JournalError as JournalError
from services.journal.file import JournalFile, is_newer
from services.journal.quiet import keep_rows_out_of_logs
from services.journal.tls import NOT_VERIFIED, is_about_tls, with_tls
from services.journal.unreached import why_not_reached
from services.texts.kept import kept
from services.texts.speech import N_

keep_rows_out_of_logs()

NEWEST = "0011"
"""The revision that this code needs: the head of migrations/versions."""

DOES_NOT_WORK = kept("The journal's database does not work ({reason}).")
NEWER = N_("The journal was written by a newer version of this dashboard. Update the dashboard.")

_MIGRATION_LOCK = 7_215_036_419
"""A number of our own for PostgreSQL's advisory lock: one process migrates at a time."""

_MIGRATING = Lock()
"""Alembic keeps what it works on in its own module: one thread migrates at a time."""

BUSY_SECONDS = 10
"""How long a writer waits for another one on SQLite."""


class Database:
    """Transactions on the journal's database, which is opened and migrated when this is made.

    url: such as sqlite:////srv/data/journal.sqlite3 or postgresql://user:secret@host/name. Raises JournalError.
    """

    def __init__(self, url: str) -> None:
        address = _address(url)
        is_file = address.get_backend_name() == "sqlite"
        self._file = JournalFile(_path(address), NEWEST, BUSY_SECONDS) if is_file else None
        self._engine = _sqlite(self._file) if self._file else _postgresql(address)
        # SQLite lets those who wait for its lock sleep for up to 100 ms at a time; ours are woken at once.
        self._turn: AbstractContextManager[object] = Lock() if is_file else nullcontext()
        # SQLite keeps writers waiting while a transaction reads. PostgreSQL's default shows each select something else.
        self._reading: dict[str, Any] = (
            {"reading": True} if is_file else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        )
        self.now = _clock(self._engine.dialect.name)
        try:
            if self._file:
                self._file.open(_fill)
            with self.writing() as db:
                _migrate(db)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction: all of it, or nothing. On SQLite it holds the write lock from its start."""
        with self._turn, self._plain_errors(), self._engine.begin() as db:
            yield db

    @contextmanager
    def reading(self, *, in_turn: bool = True) -> Iterator[Connection]:
        """One transaction that only reads, and sees one snapshot: the database as its first select finds it.

        On PostgreSQL it keeps no writer waiting; on SQLite a writer commits once it is over.

        in_turn: False for one short select that must not wait for the writers of this process.
        """
        with (
            self._turn if in_turn else nullcontext(),
            self._plain_errors(),
            self._engine.connect().execution_options(**self._reading) as db,
            db.begin(),
        ):
            yield db

    def check(self) -> None:
        """Raises JournalError where nothing can be read."""
        with self.reading(in_turn=False) as db:
            _revision(db)

    def close(self) -> None:
        self._engine.dispose()
        if self._file:
            self._file.close()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        # Not chained: a driver's error may quote the address, and with it the password, or a row, and with it a link.
        try:
            if self._file:
                self._file.watch()
            yield
        except IntegrityError:
            raise Clash(N_("The journal holds something else in the same place.")) from None
        except JournalError:
            events.tell("journal.error", reason="file")
            raise
        except DBAPIError as error:
            # Such as SQLITE_FULL, or DiskFull.
            events.tell("journal.error", reason=getattr(error.orig, "sqlite_errorname", type(error.orig).__name__))
            raise JournalError(self._said(error)) from None
        except TimeoutError:
            events.tell("journal.error", reason="no_connection_left")
            raise JournalError(N_("The journal's database has no connection left.")) from None

    def _said(self, error: DBAPIError) -> str:
        if self._file:
            try:
                self._file.watch()
            except JournalError as gone:
                return gone.kept
            if why := self._file.explanation(error.orig):
                return why
        return _does_not_work(error)


def _does_not_work(error: DBAPIError) -> str:
    if is_about_tls(error.orig):
        return NOT_VERIFIED
    return why_not_reached(error.orig) or DOES_NOT_WORK(reason=type(error.orig).__name__)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise JournalError(N_("DATABASE_URL is not the address of a database.")) from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        return address.set(drivername="sqlite")
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    raise JournalError(N_("DATABASE_URL must be the address of a PostgreSQL or SQLite database."))


def _path(address: URL) -> Path:
    if not address.database:
        raise JournalError(N_("DATABASE_URL must name the file of the journal."))
    return Path(address.database)


def _sqlite(file: JournalFile) -> Engine:
    # Never made by being opened: where the file is gone, an empty one in its place would hide that.
    address = URL.create("sqlite", database=file.uri, query={"mode": "rw", "uri": "true"})
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        # Python's own late BEGIN would let two read the same "next" before either writes.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # A power cut must not forget a call that was sent.
        connection.execute("PRAGMA synchronous = FULL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


def _postgresql(address: URL) -> Engine:
    # No statements are kept prepared: behind PgBouncer, the next transaction may have another connection without them.
    options = {"connect_timeout": BUSY_SECONDS, "prepare_threshold": None}
    return create_engine(with_tls(address), hide_parameters=True, pool_pre_ping=True, connect_args=options)


def _fill(file: JournalFile) -> None:
    """Makes the tables of a new journal."""
    engine = _sqlite(file)
    try:
        with engine.begin() as db:
            _migrate(db)
    except DBAPIError as error:
        raise JournalError(file.explanation(error.orig) or _does_not_work(error)) from None
    finally:
        engine.dispose()


def _clock(dialect: str) -> ColumnElement[float]:
    """The database's own clock, in seconds since 1970: the one that all its users share."""
    expression = (
        "(julianday('now') - 2440587.5) * 86400.0"
        if dialect == "sqlite"
        else "extract(epoch FROM clock_timestamp())::double precision"
    )
    return literal_column(expression, Float)


def _migrate(db: Connection) -> None:
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
    found = _revision(db)
    if found == NEWEST:
        return
    if is_newer(found, NEWEST):
        raise JournalError(NEWER)
    # Imported only where there is something to do: it would cost every start a third of a second.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": db})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    try:
        with _MIGRATING:
            command.upgrade(config, NEWEST)
    except CommandError:
        raise JournalError(NEWER) from None


def _revision(db: Connection) -> str | None:
    if not inspect(db).has_table("alembic_version"):
        return None
    found: Any = db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found is not None else None
