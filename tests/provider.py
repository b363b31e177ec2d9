"""A real provider of sign-ins on loopback, and the settings of a dashboard that has people sign in at it."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.servers import PATIENCE, eventually, free_port

COOKIE_SECRET = "known to the tests, and to no one else"


def login_address(dashboard: str) -> str:
    """Where the dashboard's button leads, for a test that is not about the button."""
    asked = {"provider": "default", "exp": int(time.time()) + 600}
    return f"{dashboard}/auth/login?provider={jwt.encode({'alg': 'HS256'}, asked, OctKey.import_key(COOKIE_SECRET))}"


class Provider:
    """OpenID Connect, as a process of its own, which can be down for a while.

    people: the claims of each, by subject.
    """

    def __init__(self, people: Mapping[str, Mapping[str, object]]) -> None:
        self._people = people
        self._port = free_port()
        self.address = f"http://127.0.0.1:{self._port}"
        self.start()

    def start(self) -> None:
        claims = (f"--user-claims={json.dumps({'sub': sub, **told})}" for sub, told in self._people.items())
        self._process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", f"--port={self._port}", *claims],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        eventually(self._answers)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)

    def settings(self, folder: Path, address: str = "http://127.0.0.1:{port}", **more: str) -> dict[str, str]:
        """The environment of a dashboard whose secrets are in this folder. address: its own, as browsers have it."""
        (folder / "client_secret").write_text("secret of the client\n")
        file = folder / "secrets.toml"
        file.touch(mode=0o600)
        file.write_text(
            "[auth]\n"
            f'redirect_uri = "{address}/oauth2callback"\n'
            f'cookie_secret = "{COOKIE_SECRET}"\n'
            'client_id = "rooms"\n'
            f'client_secret_file = "{folder / "client_secret"}"\n'
            f'server_metadata_url = "{self.address}/.well-known/openid-configuration"\n'
        )
        return {"ROOMS_SECRETS_FILE": str(file), **more}

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/jwks", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False
