"""Until when a token works, as far as it tells: Aseed's live for about an hour."""

import json
from base64 import urlsafe_b64decode
from contextlib import suppress
from datetime import UTC, datetime

from pydantic import SecretStr


def runs_out(token: SecretStr | None) -> datetime | None:
    """When the token runs out by its own account (`exp` of RFC 7519); None where it does not tell.

    Nothing is verified: it is for a warning alone, and Aseed decides.
    """
    parts = token.get_secret_value().split(".") if token else []
    if len(parts) != 3:
        return None
    with suppress(ValueError, KeyError, TypeError, OverflowError, OSError, RecursionError):
        told = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))["exp"]
        return datetime.fromtimestamp(told, UTC) if not isinstance(told, bool) else None
    return None
