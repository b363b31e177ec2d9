"""Tokens of persons are kept sealed, and open for nothing else."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from services.journal.database import Database
from services.journal.person_tokens import PersonTokens
from services.people.vault import Vault
from tests.postgres import fresh_database

TOKEN = SecretStr("aseed-token-of-anna")


def key() -> str:
    return Fernet.generate_key().decode()


def test_sealed_token_opens_for_its_person_alone() -> None:
    vault = Vault(SecretStr(key()))
    sealed = vault.seal("anna", "https://aseed.example", TOKEN)
    assert TOKEN.get_secret_value() not in sealed
    assert vault.open("anna", "https://aseed.example", sealed) == TOKEN
    assert vault.open("ben", "https://aseed.example", sealed) is None
    assert vault.open("anna", "https://other.example", sealed) is None
    assert vault.open("anna", "https://aseed.example", sealed[:-4] + "AAAA") is None


def test_new_key_opens_what_the_old_one_sealed() -> None:
    old, new = key(), key()
    sealed = Vault(SecretStr(old)).seal("anna", "aseed", TOKEN)
    assert Vault(SecretStr(f"{new} {old}")).open("anna", "aseed", sealed) == TOKEN
    assert Vault(SecretStr(new)).open("anna", "aseed", sealed) is None


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PersonTokens]:
    if request.param == "sqlite":
        with closing(Database(f"sqlite:///{tmp_path}/journal.sqlite3")) as database:
            yield PersonTokens(database)
        return
    with fresh_database(request.getfixturevalue("postgres")) as url, closing(Database(url)) as database:
        yield PersonTokens(database)


def test_person_has_one_token_for_a_service(kept: PersonTokens) -> None:
    kept.keep("anna", "aseed", "one")
    kept.keep("anna", "aseed", "two")
    kept.keep("ben", "aseed", "three")
    assert [kept.find(person, "aseed") for person in ("anna", "ben", "carl")] == ["two", "three", None]
    kept.forget("anna")
    assert [kept.find(person, "aseed") for person in ("anna", "ben")] == [None, "three"]
