"""How people sign in, as the deployment decides it: the provider, who is let in with which role, and for how long.

The section `[auth]` of the secrets file has Streamlit's own names. Without it, sign-in is off.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, ValidationError

from services.email_address import is_email_address
from services.loopback import is_loopback
from services.people.admission import Rules, address_key, domain_of
from services.people.roles import Role
from services.secret_file import content

LISTS: Mapping[str, Role] = {
    "ROOMS_VIEWERS": Role.VIEWER,
    "ROOMS_DESKS": Role.DESK,
    "ROOMS_RESEARCHERS": Role.RESEARCHER,
    "ROOMS_ADMINS": Role.ADMIN,
}
"""The settings that list people: which role each gives, from the least to the most."""

ROLE_CLAIM = "ROOMS_ROLE_CLAIM"
HOURS = "ROOMS_SIGN_IN_HOURS"
LONGEST_HOURS = 720
DEFAULT_HOURS = 12

SETTINGS = (*LISTS, ROLE_CLAIM, HOURS)
"""The names of all these settings."""

IN_FILE = "_file"
"""What the name of a secret in `[auth]` ends with where a file holds its value."""

SHORTEST_COOKIE_SECRET = 32
"""Characters of the secret by which sign-ins are signed: a person who guesses it may be anyone."""

CALLBACK = "/oauth2callback"
"""To where the provider sends people back."""

PORT = "{port}"
"""In `redirect_uri`, Streamlit puts its own port in this place."""


class SignInError(ValueError):
    """A setting of sign-in with an impossible value. Its text names the setting and never the value."""


def _over_tls(text: str) -> str:
    try:
        parts = urlsplit(text.replace(PORT, "1"))
        host, is_usable = parts.hostname or "", parts.scheme in ("http", "https") and parts.port != 0
    except ValueError:
        host, is_usable = "", False
    if not (host and is_usable and text.isprintable()) or " " in text or "@" in parts.netloc:
        raise ValueError("must be an https address")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError("must begin with https: over plain http, a sign-in can be read on its way")
    return text


def _callback(text: str) -> str:
    parts = urlsplit(text.replace(PORT, "1"))
    if parts.path != CALLBACK or parts.query or parts.fragment:
        raise ValueError(f"must be the address of this dashboard with {CALLBACK} behind it")
    # Streamlit compares letter by letter with what browsers send.
    default_port = {"http": ":80", "https": ":443"}[parts.scheme]
    if not parts.netloc.isascii() or parts.netloc != parts.netloc.lower() or parts.netloc.endswith(default_port):
        raise ValueError("must be written as browsers do: in lower case, international names as xn--, no default port")
    return text


def _long(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < SHORTEST_COOKIE_SECRET:
        raise ValueError(f"must have {SHORTEST_COOKIE_SECRET} characters or more, made by chance")
    return secret


def _some(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value():
        raise ValueError("is empty")
    return secret


class Auth(BaseModel):
    """The section `[auth]`."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, extra="forbid")

    redirect_uri: Annotated[str, AfterValidator(_over_tls), AfterValidator(_callback)]
    cookie_secret: Annotated[SecretStr, AfterValidator(_long)]
    client_id: Annotated[str, Field(min_length=1)]
    client_secret: Annotated[SecretStr, AfterValidator(_some)]
    server_metadata_url: Annotated[str, AfterValidator(_over_tls)]
    client_kwargs: dict[str, str | int | float | bool] = Field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        """The section as Streamlit takes it, with the secrets in clear."""
        clear = {name: getattr(self, name).get_secret_value() for name in SECRETS}
        return {**self.model_dump(), **clear}


SECRETS = ("cookie_secret", "client_secret")
"""The names of `[auth]` of which a file may hold the value."""


class SignIn(BaseModel):
    """How people sign in. rules: who is let in."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    auth: Auth
    rules: Rules

    @property
    def is_secure(self) -> bool:
        """Whether people reach the dashboard over TLS alone."""
        return self.auth.redirect_uri.startswith("https:")

    def address(self, port: int) -> str:
        """The address at which people sign in. port: that of this server."""
        return self.auth.redirect_uri.replace(PORT, str(port)).removesuffix(CALLBACK)


def read(auth: object, values: Mapping[str, object], folder: Path) -> SignIn | None:
    """How people sign in, of the section `[auth]` and the other settings; None where sign-in is off.

    folder: from which relative paths count. Raises SignInError.
    """
    given = [name for name in SETTINGS if values.get(name)]
    if auth is None:
        if given:
            raise SignInError(f"{', '.join(given)}: sign-in is off, as the secrets file has no section [auth]")
        return None
    if not any(name in given for name in (*LISTS, ROLE_CLAIM)):
        raise SignInError(
            f"The secrets file has a section [auth], but no person is let in: set ROOMS_ADMINS to your own "
            f"email address. {', '.join(LISTS)} list people, and {ROLE_CLAIM} names a claim of the provider that has "
            "their role."
        )
    listed = [(role, *entry) for name, role in LISTS.items() for entry in _entries(name, values.get(name))]
    # From the least to the most: the highest role of an address or a domain is what stays.
    addresses = {key: role for role, is_domain, key in listed if not is_domain}
    domains = {key: role for role, is_domain, key in listed if is_domain}
    rules = Rules(addresses, domains, str(values.get(ROLE_CLAIM) or ""), 3600 * _hours(values.get(HOURS)))
    return SignIn(auth=_section(auth, folder), rules=rules)


def _section(auth: object, folder: Path) -> Auth:
    if not isinstance(auth, Mapping):
        raise SignInError("auth: must be a section of the secrets file, [auth]")
    found = dict(auth)
    for name in SECRETS:
        file = found.pop(f"{name}{IN_FILE}", None)
        if file and found.get(name):
            raise SignInError(f"[auth] {name}: set either it or {name}{IN_FILE}, not both")
        if file:
            try:
                found[name] = content(folder / str(file))
            except ValueError as error:
                raise SignInError(f"[auth] {name}{IN_FILE}: {error}") from None
    try:
        return Auth.model_validate(found)
    except ValidationError as error:
        told = {"missing": "is missing", "extra_forbidden": "is not known here"}
        problems = (
            f"[auth] {problem['loc'][0]}: {told.get(problem['type'], problem['msg'].removeprefix('Value error, '))}"
            for problem in error.errors(include_input=False)
        )
        raise SignInError("; ".join(problems)) from None


def _entries(name: str, value: object) -> list[tuple[bool, str]]:
    """Whom a setting lists: whether it is a domain, and the address or domain as it is compared."""
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
    found = []
    for number, entry in enumerate(filter(None, re.split(r"[\s,;]+", text)), 1):
        is_domain = entry.startswith("@")
        address = f"a{entry}" if is_domain else entry
        # A star is part of an address, but here it is meant for all of a domain.
        if not is_email_address(address) or "*" in entry:
            raise SignInError(
                f"{name}: entry {number} is neither an email address nor a domain such as @example.org, @ before it"
            )
        found.append((is_domain, domain_of(address) if is_domain else address_key(address)))
    return found


def _hours(value: object) -> int:
    try:
        return TypeAdapter(Annotated[int, Field(ge=1, le=LONGEST_HOURS)]).validate_python(value or DEFAULT_HOURS)
    except ValidationError:
        raise SignInError(f"{HOURS}: must be a number of hours from 1 to {LONGEST_HOURS}") from None
