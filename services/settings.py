"""What the deployment decides, once: one frozen object from the environment and the secrets file."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from services import sign_in
from services.loopback import is_loopback
from services.people.vault import Vault
from services.secret_file import content
from services.sign_in import SignIn
from services.texts.check import problem_of_folder

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder."""

SECRETS_FILE = ROOT / ".streamlit" / "secrets.toml"
"""Where the secrets are, where SECRETS_FILE_NAMED names no other file."""

SECRETS_FILE_NAMED = "ROOMS_SECRETS_FILE"
"""The variable of the environment that names another one."""

ASEED = "https://app.aseed.ai/custdev"
"""The published address of Aseed's API."""


SANDBOX_TOKEN_PREFIX = "sandbox"
"""Bearer tokens that begin so are the sandbox's, each an account of its own."""


OPEN_TO_NETWORK = "everyone who reaches this address may use its token"
"""What ROOMS_OPEN_TO_NETWORK has to say: what it means, in words."""


IN_FILE = "_FILE"
"""What a secret's name ends with where its value is a file that holds it: systemd, Docker and Kubernetes give such."""


class SettingsError(ValueError):
    """A setting with an impossible value. Its text names the setting and never the value."""


def _http_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        # Not chained: its text quotes the value.
        usable = False
    if not usable or not text.isprintable() or set(" @?#") & set(text):
        raise ValueError("must be an http or https address without user, query, fragment or spaces") from None
    return text.rstrip("/")


def is_token(text: str) -> bool:
    """Whether text can be a bearer token: printable ASCII without spaces (RFC 6750 allows less), and not empty."""
    return bool(text) and text.isascii() and text.isprintable() and " " not in text


def _content(given: object) -> object:
    """A secret as it is given, or as the file of a path holds it; neither the path nor the content is told."""
    return content(ROOT / given) if isinstance(given, Path) else given


def _token(secret: SecretStr) -> SecretStr:
    if not is_token(secret.get_secret_value()):
        raise ValueError("must be printable ASCII without spaces")
    return secret


def _safe_for_tokens(text: str) -> str:
    """An address to which a token may be sent: over TLS, or on this machine."""
    parts = urlsplit(_http_url(text))
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError("must begin with https, as the token would be read on its way over plain http")
    return text.rstrip("/")


def _agreed(text: str) -> str:
    if text != OPEN_TO_NETWORK:
        raise ValueError(f'must be "{OPEN_TO_NETWORK}", or not be set')
    return text


def _key(keys: SecretStr) -> SecretStr:
    try:
        Vault(keys)
    except ValueError:
        # Not chained: its text may quote the value.
        raise ValueError("must be keys of 32 bytes in URL-safe base64, with spaces between them") from None
    return keys


def _speakable(folder: Path) -> Path:
    if problem := problem_of_folder(ROOT / folder):
        raise ValueError(problem)
    return ROOT / folder


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Secret = Annotated[SecretStr, BeforeValidator(_content)]


class Settings(BaseModel):
    """The settings of this deployment; each field's alias is its name in the environment."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    base_url: Annotated[str, AfterValidator(_safe_for_tokens)] | None = Field(default=None, alias="ASEED_BASE_URL")
    """Where the API is; without it and without a token, the sandbox."""

    api_token: Annotated[Secret, AfterValidator(_token)] | None = Field(default=None, alias="ASEED_API_TOKEN")
    """The bearer token of everyone who uses this deployment."""

    data_dir: Path = Field(default=ROOT / "data", alias="ROOMS_DATA_DIR")
    """Where the files of the journal and of the sandbox live; relative paths count from the project's folder."""

    database_url: Secret | None = Field(default=None, alias="DATABASE_URL")
    """The journal's database, where several copies of the dashboard share it: PostgreSQL. Without it, a file."""

    calls_at_once: int = Field(default=4, ge=1, le=16, alias="ROOMS_CALLS_AT_ONCE")
    """How many calls of one batch are made at once."""

    lost_answer_seconds: float = Field(default=120, ge=0, le=3600, alias="ROOMS_LOST_ANSWER_SECONDS")
    """How long a call whose answer was lost may still create rooms, before they are looked for."""

    sandbox_public_url: HttpUrl | None = Field(default=None, alias="SANDBOX_PUBLIC_URL")
    """Under which address respondents reach the sandbox; without it, the one its caller used."""

    door_url: HttpUrl | None = Field(default=None, alias="ROOMS_DOOR_URL")
    """Under which address visitors reach doors; without it, the one at which the dashboard was opened."""

    log: Literal["json"] | None = Field(default=None, alias="ROOMS_LOG")
    """Whether the log is lines of JSON, one for each event."""

    metrics_port: int | None = Field(default=None, ge=1, le=65535, alias="ROOMS_METRICS_PORT")
    """Where Prometheus reads numbers of this process; without it, nowhere."""

    metrics_address: str = Field(default="127.0.0.1", alias="ROOMS_METRICS_ADDRESS")
    """The address of this machine on which it does."""

    token_key: Annotated[Secret, AfterValidator(_key)] | None = Field(default=None, alias="ROOMS_TOKEN_KEY")
    """The keys that seal tokens of persons, which are kept then; without them, the session alone remembers a token."""

    audit_days: int | None = Field(default=None, ge=1, le=36_500, alias="ROOMS_AUDIT_DAYS")
    """For how many days the audit keeps who did what; without it, for ever."""

    people_days: int | None = Field(default=None, ge=1, le=36_500, alias="ROOMS_PEOPLE_DAYS")
    """How many days after a batch ended its respondents' names, codes and addresses go; without it, they stay."""

    open_to_network: Annotated[str, AfterValidator(_agreed)] | None = Field(default=None, alias="ROOMS_OPEN_TO_NETWORK")
    """The agreement, in words, that other machines may reach a deployment that creates real rooms."""

    languages_folder: Annotated[Path, AfterValidator(_speakable)] | None = Field(default=None, alias="LANGUAGES_FOLDER")
    """Catalogues of further languages, `<code>.po` each; relative paths count from the project's folder."""

    sign_in: SignIn | None = None
    """How people sign in; None where they do not, and all who reach the dashboard use it alike."""

    @property
    def rehearses(self) -> bool:
        """Whether this deployment has a sandbox: where it names neither another address nor a real token."""
        token = self.api_token.get_secret_value() if self.api_token else SANDBOX_TOKEN_PREFIX
        return self.base_url is None and token.startswith(SANDBOX_TOKEN_PREFIX)

    @property
    def sandbox_file(self) -> Path:
        return ROOT / self.data_dir / "sandbox.sqlite3"

    @property
    def journal_url(self) -> str:
        """The address of the journal's database, which may hold a password."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{ROOT / self.data_dir / 'journal.sqlite3'}"

    @property
    def journal_file(self) -> Path | None:
        """The journal's file; None where it is in PostgreSQL."""
        scheme, _, path = self.journal_url.partition(":///")
        return Path(path) if scheme.startswith("sqlite") else None


SECRETS = ("ASEED_API_TOKEN", "DATABASE_URL", "ROOMS_TOKEN_KEY")
"""The settings of which a file may hold the value, under their name and IN_FILE."""


OURS = "ROOMS_"
"""What the names of our own settings begin with."""


def _known_names() -> frozenset[str]:
    fields = (field.alias for field in Settings.model_fields.values() if field.alias)
    files = (f"{name}{IN_FILE}" for name in SECRETS)
    return frozenset((*fields, *files, *sign_in.SETTINGS, SECRETS_FILE_NAMED))


def load(environ: Mapping[str, str] = os.environ, secrets_file: Path | None = None) -> Settings:
    """Reads the settings; the environment wins over the secrets file, and an empty value counts as none.

    secrets_file: in place of the one that the environment names. Raises SettingsError.
    """
    file = secrets_file or secrets_file_of(environ)
    # Not silently: sign-in may be in it.
    if not secrets_file and environ.get(SECRETS_FILE_NAMED) and not file.exists():
        raise SettingsError(f"{SECRETS_FILE_NAMED}: names a file that is not there")
    secrets = _secrets(file)
    found: dict[str, Any] = {**secrets, **environ}
    names = [field.alias for field in Settings.model_fields.values() if field.alias]
    values = {name: found[name] for name in names if found.get(name)}
    if unknown := ", ".join(sorted(name for name in found if name.startswith(OURS) and name not in _known_names())):
        # Not silently: a list of admins, or of days after which data goes, may be meant.
        raise SettingsError(f"{unknown}: there is no such setting; README.md has the names")
    files = {name: Path(str(found[f"{name}{IN_FILE}"])) for name in SECRETS if found.get(f"{name}{IN_FILE}")}
    if both := ", ".join(name for name in files if name in values):
        raise SettingsError(f"{both}: set either it or the same name with {IN_FILE}, not both")
    try:
        signing_in = sign_in.read(secrets.get("auth"), found, ROOT)
        return Settings.model_validate({**values, **files, "sign_in": signing_in})
    except ValidationError as error:
        problems = (
            f"{name}{IN_FILE if name in files else ''}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False)
            for name in problem["loc"][:1]
        )
        raise SettingsError("; ".join(problems)) from None
    except sign_in.SignInError as error:
        raise SettingsError(str(error)) from None


class _Started:
    """What this process was started with; None where it serves no pages, as in commands and in tests."""

    settings: Settings | None = None


def start_with(settings: Settings) -> None:
    """Has the whole process keep to these, whatever becomes of the secrets file while it runs."""
    _Started.settings = settings


def of_process() -> Settings:
    """What this process was started with, else what is set now. Raises SettingsError."""
    return _Started.settings or load(os.environ)


def secrets_file_of(environ: Mapping[str, str] = os.environ) -> Path:
    """The one file from which secrets are read."""
    named = environ.get(SECRETS_FILE_NAMED)
    return ROOT / named if named else SECRETS_FILE


def refuse_sign_in_elsewhere(settings: Settings, others: Iterable[str]) -> None:
    """Raises SettingsError where sign-in is off, but another secrets file has a section for it.

    others: the files in which Streamlit looks for secrets. Only one is read here: sign-in must not be off unnoticed.
    """
    if settings.sign_in is None and any("auth" in _secrets(Path(file)) for file in others if file.endswith(".toml")):
        raise SettingsError(
            f"A secrets file of Streamlit's has a section [auth], but sign-in is read from {secrets_file_of()} alone. "
            f"Move it there, or name the file in {SECRETS_FILE_NAMED}."
        )


def readable_by_others(secrets_file: Path | None = None) -> str | None:
    """What to say where other users of this machine can read the secrets file, else None."""
    secrets_file = secrets_file or secrets_file_of()
    try:
        is_open = secrets_file.stat().st_mode & 0o077
    except OSError:
        return None
    return f"{secrets_file} can be read by other users of this machine: chmod 600 {secrets_file}" if is_open else None


def _secrets(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError:
        raise SettingsError(f"{file} cannot be read by the account of the dashboard") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SettingsError(f"{file.name} is not valid TOML") from None
