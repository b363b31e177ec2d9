"""PgBouncer before a PostgreSQL of the tests': each transaction may get another connection."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

from tests.postgres import answers, start_as, unprivileged
from tests.servers import PATIENCE, eventually

CONFIGURATION = """
[databases]
* = host={host} port={port} user=postgres
[pgbouncer]
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = 3
"""


def program() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/opt/homebrew/bin:/usr/local/bin")


@contextmanager
def pooled(url: str, folder: Path) -> Iterator[str]:
    """The URL by which the database at `url` is reached through PgBouncer. folder: as for `running_postgres`."""
    found, account = program(), unprivileged()
    assert found, "PgBouncer is needed"
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    place = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    file = folder / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(folder=folder, **place))
    through = urlsplit(url)._replace(query=f"host={quote(str(folder), safe='')}&port=6432").geturl()
    with (folder / "log").open("w") as log:
        server = start_as(account, [found, str(file)], folder, log)
        try:
            eventually(lambda: server.poll() is not None or answers(through))
            assert server.poll() is None, (folder / "log").read_text()
            yield through
        finally:
            # At once, without waiting for clients.
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE)
