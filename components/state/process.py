"""What this process has, for every session: the deployment's settings, the engine with its journal, the connections."""

from functools import cache

from services import background, settings
from services.aseed.client import Connections
from services.batches.engine import Engine
from services.batches.pace import Pace
from services.changes.job import Changes
from services.journal.journal import Journal
from services.people.vault import Vault
from services.retention import Retention
from services.settings import Settings

# Not Streamlit's caches: the browser of any visitor may ask the server to empty those.


@cache
def deployment() -> Settings:
    return settings.of_process()


@cache
def engine() -> Engine:
    """The engine that creates rooms for all sessions, with the journal."""
    ours = deployment()
    made = Engine(Journal(ours.journal_url), Pace(ours.calls_at_once, ours.lost_answer_seconds))
    background.at_end(made.close)
    if ours.audit_days is not None or ours.people_days is not None:
        background.at_end(Retention(made.journal, ours.audit_days, ours.people_days).close)
    return made


def journal() -> Journal:
    return engine().journal


@cache
def vault() -> Vault | None:
    """What seals tokens of persons; None where they are in the memory of a session alone."""
    keys = deployment().token_key
    return Vault(keys) if keys else None


@cache
def changes() -> Changes:
    """The jobs that change many rooms, outside the page's script, for all sessions."""
    made = Changes(journal(), deployment().calls_at_once)
    background.at_end(made.close)
    return made


@cache
def last_answers() -> dict[tuple[str, str], float]:
    """When Aseed gave its last good answer, by service and account, by the monotonic clock; for all sessions.

    A tablet that is reloaded while the network fails is a new session of the same token.
    """
    return {}


@cache
def connections(direct: bool) -> Connections:
    """The process's connections; direct: past any proxy, because the other end is this machine."""
    return Connections(trust_env=not direct)
