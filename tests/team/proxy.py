"""nginx with the block of README.md, as a process of the test's own."""

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import PATIENCE, eventually, free_port
from tests.team.blocks import elsewhere, nginx_block

HOST = "rooms.example"
"""The name in README.md, which the tests' browser finds on loopback."""

AROUND = """
{account}
pid {folder}/nginx.pid;
error_log {folder}/start.log;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {block}
}}
"""
"""What a machine's own nginx.conf has around it."""


def program() -> str | None:
    """Where nginx is; Debian keeps it off the path of people who are not root."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/opt/homebrew/bin:/usr/local/bin")


@dataclass(frozen=True)
class Proxy:
    """nginx before two replicas. plain: the address at which it only leads to TLS."""

    address: str
    plain: str
    folder: Path

    def lines(self) -> list[list[str]]:
        """Its log: address, time, method, beginning of the path, status, bytes, seconds, replica."""
        return [line.split(" ", 7) for line in (self.folder / "rooms.log").read_text().splitlines()]

    def logged(self) -> str:
        """All that it wrote down anywhere."""
        return "".join(file.read_text() for file in self.folder.glob("*.log"))


def configuration(folder: Path, ports: Sequence[int]) -> tuple[Path, Proxy]:
    """Writes the whole configuration, with a certificate of its own; nothing runs yet."""
    certificate, key, tls, plain = folder / "tls.crt", folder / "tls.key", free_port(), free_port()
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    made += ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    block = elsewhere(
        nginx_block(),
        {
            "8501": str(ports[0]),
            "8502": str(ports[1]),
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ssl;": f"listen 127.0.0.1:{tls} ssl;",
            "/etc/ssl/rooms/fullchain.pem": str(certificate),
            "/etc/ssl/rooms/privkey.pem": str(key),
            "/var/log/nginx/": f"{folder}/",
        },
    )
    # As root, nginx would give its work to an account that may not enter this folder.
    account = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(AROUND.format(account=account, folder=folder, block=block))
    return file, Proxy(f"https://{HOST}:{tls}", f"http://127.0.0.1:{plain}", folder)


@contextmanager
def running_proxy(folder: Path, ports: Sequence[int]) -> Iterator[Proxy]:
    """Runs nginx before the replicas at these ports, whether they answer or not."""
    found = program()
    assert found, "nginx is needed"
    file, proxy = configuration(folder, ports)
    server = subprocess.Popen([found, "-p", str(folder), "-c", str(file), "-g", "daemon off;"])
    try:
        eventually(lambda: server.poll() is not None or _accepts(proxy))
        assert server.poll() is None, (folder / "start.log").read_text()
        yield proxy
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _accepts(proxy: Proxy) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(proxy.address.rpartition(":")[2]))).close()
    except OSError:
        return False
    return True
