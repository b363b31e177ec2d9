"""A database that cannot be reached says what is wrong with its address, and quotes none of it."""

import psycopg
import pytest
from sqlalchemy import make_url

from services.journal.database import Database, JournalError
from services.journal.unreached import why_not_reached
from tests.servers import free_port

CANARY = "CANARY"


def told(url: str) -> str:
    with pytest.raises(JournalError) as error:
        Database(url)
    assert CANARY.lower() not in str(error.value).lower() and error.value.__cause__ is None
    return str(error.value)


def test_port_without_a_server_is_told() -> None:
    url = f"postgresql://rooms:{CANARY}@127.0.0.1:{free_port()}/rooms"
    assert "nothing answers at the address in DATABASE_URL" in told(url)


def test_folder_without_a_socket_is_told() -> None:
    assert "nothing answers at the address in DATABASE_URL" in told(f"postgresql:///rooms?host=/{CANARY}")


@pytest.mark.parametrize("changes", [{"database": CANARY}, {"username": CANARY}])
def test_missing_database_and_role_are_told(postgres: str, changes: dict[str, str]) -> None:
    url = make_url(postgres).set(**changes).render_as_string(hide_password=False)  # type: ignore[arg-type] # of any field
    assert "there is no such database, or no such role" in told(url)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('FATAL:  password authentication failed for user "rooms"', "refuses the password"),
        ("fe_sendauth: no password supplied", "wants a password"),
        ('FATAL:  Peer authentication failed for user "rooms"', "does not let this account in"),
        ("[Errno -2] Name or service not known: failed to resolve host 'db'", "the host in DATABASE_URL is not known"),
    ],
)
def test_refusal_of_a_server_is_told(text: str, said: str) -> None:
    assert said in (why_not_reached(psycopg.OperationalError(text)) or "")


def test_other_errors_are_not_taken_for_refusals() -> None:
    assert why_not_reached(psycopg.OperationalError("the connection is lost")) is None
    assert why_not_reached(psycopg.errors.UndefinedTable('relation "rooms" does not exist')) is None
