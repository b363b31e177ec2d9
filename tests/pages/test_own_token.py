"""A person's own token is there at the next sign-in where the deployment keeps it, and its end is told in time."""

import json
import time
from base64 import urlsafe_b64encode

import pytest
from cryptography.fernet import Fernet
from streamlit.testing.v1 import AppTest

from components.state import person, process
from services.people.acting import Person
from services.people.roles import Role
from services.settings import ROOT
from tests.pages.conftest import go, said

TOKEN = "sandbox-of-anna"


@pytest.fixture
def signed_in(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """The person who is signed in, last; the deployment has no token of its own, and a key for those of persons."""
    assert app is not None
    people = [Person("anna", "anna@example.org", Role.RESEARCHER)]
    monkeypatch.delenv("ASEED_API_TOKEN")
    monkeypatch.setenv("ROOMS_TOKEN_KEY", Fernet.generate_key().decode())
    monkeypatch.setattr(person, "_current", lambda: people[-1])
    process.vault.cache_clear()
    return people


def opened() -> AppTest:
    return go(AppTest.from_file(str(ROOT / "components" / "shell.py"), default_timeout=30).run(), "settings")


def paste(token: str) -> AppTest:
    app = opened()
    next(each for each in app.text_input if str(each.key).startswith("token_")).input(token)
    return app.button("use_token").click().run()


def is_connected(app: AppTest) -> bool:
    return any(button.key == "disconnect" for button in app.button)


def test_own_token_is_there_at_next_sign_in(signed_in: list[Person]) -> None:
    assert is_connected(paste(TOKEN))
    again = opened()
    assert is_connected(again) and "Your token is kept, encrypted" in said(again)
    signed_in.append(Person("ben", "ben@example.org", Role.RESEARCHER))
    assert not is_connected(opened())


def test_disconnected_token_is_forgotten_everywhere(signed_in: list[Person]) -> None:
    app = paste(TOKEN)
    app.button("disconnect").click().run()
    assert signed_in and not is_connected(app) and not is_connected(opened())


@pytest.mark.usefixtures("signed_in")
def test_without_key_token_is_kept_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROOMS_TOKEN_KEY")
    process.deployment.cache_clear()
    assert is_connected(paste(TOKEN)) and not is_connected(opened())


def test_token_that_ends_soon_is_told(signed_in: list[Person]) -> None:
    def token(minutes: float) -> str:
        claims = json.dumps({"exp": time.time() + 60 * minutes}).encode()
        return f"sandbox.{urlsafe_b64encode(claims).decode().rstrip('=')}.x"

    assert "Your API token runs out at" in said(paste(token(5)))
    signed_in.append(Person("ben", "ben@example.org", Role.RESEARCHER))
    assert "Your API token runs out at" not in said(paste(token(50)))
