"""PostgreSQL on another machine: its certificate is verified, or it is said what to set."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from sqlalchemy import make_url

from services.journal.database import JournalError
from services.journal.journal import Journal
from services.journal.tls import with_tls
from tests.postgres import running_postgres
from tests.servers import eventually

ELSEWHERE = "0.0.0.0"
"""An address that leads here, and is no loopback address."""


@pytest.mark.parametrize(
    "host",
    ["", "localhost", "127.0.0.1", "127.8.8.8", "[::1]"],
)
def test_this_machine_needs_no_tls(host: str) -> None:
    address = make_url(f"postgresql://user@{host}/rooms")
    assert with_tls(address) == address


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user@db/rooms",
        "postgresql://user@10.0.0.5:5433/rooms",
        "postgresql://user@localhost.evil.example/rooms",
        "postgresql://user@/rooms?host=db",
        "postgresql://user@/rooms?host=localhost,db",
        "postgresql://user@/rooms?host=localhost&host=db",
        "postgresql://user@localhost/rooms?hostaddr=10.0.0.5",
    ],
)
def test_another_machine_is_verified(url: str) -> None:
    asked = with_tls(make_url(url)).query
    assert (asked["sslmode"], asked["sslrootcert"]) == ("verify-full", "system")


def test_host_of_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "db")
    assert with_tls(make_url("postgresql:///rooms")).query["sslmode"] == "verify-full"
    monkeypatch.setenv("PGSSLMODE", "verify-ca")
    assert not with_tls(make_url("postgresql:///rooms")).query


def test_what_the_address_says_is_kept() -> None:
    for told in ("sslmode=disable", "sslmode=verify-ca&sslrootcert=ca.pem"):
        address = make_url(f"postgresql://user@db/rooms?{told}")
        assert with_tls(address) == address
    assert with_tls(make_url("postgresql://db/rooms?sslrootcert=ca.pem")).query["sslrootcert"] == "ca.pem"


@pytest.fixture(scope="module")
def with_certificate() -> Iterator[tuple[str, Path]]:
    """A server that speaks TLS: its address under a name that is not loopback, and its certificate."""
    with _public_folder() as folder, _public_folder() as keys:
        certificate, key = keys / "server.crt", keys / "server.key"
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=rooms"]
        made += ["-addext", f"subjectAltName=IP:{ELSEWHERE}", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(made, check=True, capture_output=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = (f"ssl_cert_file={certificate}", f"ssl_key_file={key}")
        if os.geteuid() == 0:
            # PostgreSQL takes a key of root's or of its own.
            key.chmod(0o640)
            shutil.chown(key, "root", "postgres")
        with running_postgres(folder, *settings, "listen_addresses=127.0.0.1", port=port):
            url = f"postgresql://postgres@{ELSEWHERE}:{port}/postgres"
            set_tls(url, "on")
            yield url, certificate


def set_tls(url: str, state: Literal["on", "off"]) -> None:
    """Has the server speak TLS from now on, or no more."""
    with psycopg.connect(f"{url}?sslmode=prefer", autocommit=True) as server:
        server.execute(f"ALTER SYSTEM SET ssl = {state}")
        server.execute("SELECT pg_reload_conf()")
    # It reads its settings again in its own time.
    eventually(lambda: speaks_tls(url) == (state == "on"))


def speaks_tls(url: str) -> bool:
    try:
        psycopg.connect(f"{url}?sslmode=require").close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _public_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="tls") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_verified_server_is_used(with_certificate: tuple[str, Path]) -> None:
    url, certificate = with_certificate
    with closing(Journal(f"{url}?sslrootcert={certificate}")) as journal, journal.batches._database.reading() as db:
        assert db.exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar() is True


@pytest.mark.parametrize("told", ["", "?sslrootcert=/nowhere/ca.pem"])
def test_unverified_server_is_refused_in_plain_words(with_certificate: tuple[str, Path], told: str) -> None:
    with pytest.raises(JournalError, match=r"Add \?sslrootcert=FILE to DATABASE_URL"):
        Journal(with_certificate[0] + told)


def test_server_without_tls_is_refused(with_certificate: tuple[str, Path]) -> None:
    url, certificate = with_certificate
    set_tls(url, "off")
    with pytest.raises(JournalError, match="no verified TLS"):
        Journal(f"{url}?sslrootcert={certificate}")
    Journal(f"{url}?sslmode=disable").close()
