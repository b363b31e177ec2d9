"""Why a connection to PostgreSQL did not come about, in words that say what to look at."""

import re

from services.texts.speech import N_

_REASONS = {
    re.compile("password authentication failed"): N_(
        "The journal's database does not work: it refuses the password in DATABASE_URL."
    ),
    re.compile("no password supplied"): N_(
        "The journal's database does not work: it wants a password, and DATABASE_URL has none."
    ),
    re.compile("peer authentication failed"): N_(
        "The journal's database does not work: it does not let this account in under the name in DATABASE_URL."
    ),
    re.compile("connection refused|no such file or directory"): N_(
        "The journal's database does not work: nothing answers at the address in DATABASE_URL."
    ),
    re.compile("could not translate host name|failed to resolve host"): N_(
        "The journal's database does not work: the host in DATABASE_URL is not known."
    ),
}
"""By what libpq says: its own words, and those of a server that speaks English."""

_MISSING = N_(
    "The journal's database does not work: there is no such database, or no such role, as DATABASE_URL names."
)


def why_not_reached(error: BaseException | None) -> str | None:
    """What to say of a driver's error; None for one that is about something else. Its own text may quote an address."""
    text = str(error).lower()
    # First what the server itself says: of several addresses, others may not have answered.
    if found := next((said for sign, said in _REASONS.items() if sign.search(text)), None):
        return found
    return _MISSING if "fatal:" in text and "does not exist" in text else None
