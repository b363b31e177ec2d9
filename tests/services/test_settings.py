"""What the deployment decides: where it is read from, what is refused, and that no value is told."""

from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from services.settings import ROOT, SECRETS, Settings, SettingsError, load, readable_by_others
from services.texts.catalogues import catalogue, languages

CANARY = "CANARY-TOKEN"
GOOD = "https://app.aseed.ai/custdev"
KEY = urlsafe_b64encode(b"k" * 32).decode()


@pytest.fixture
def secrets_file(tmp_path: Path) -> Path:
    return tmp_path / "secrets.toml"


def test_no_settings_mean_no_address_and_token(secrets_file: Path) -> None:
    settings = load({}, secrets_file)
    assert (settings.base_url, settings.api_token, settings.sandbox_public_url) == (None, None, None)


def test_settings_are_read_from_the_secrets_file(secrets_file: Path) -> None:
    secrets_file.write_text(
        f'ASEED_BASE_URL = "{GOOD}"\nASEED_API_TOKEN = "{CANARY}"\nROOMS_DATA_DIR = "/var/rooms"\n'
        'SANDBOX_PUBLIC_URL = "http://192.168.1.5:8501"\n[theme]\nbase = "dark"\n',
        encoding="utf-8",
    )
    settings = load({}, secrets_file)
    assert settings.base_url == GOOD
    assert settings.api_token is not None and settings.api_token.get_secret_value() == CANARY
    assert settings.data_dir == Path("/var/rooms")
    assert settings.sandbox_public_url == "http://192.168.1.5:8501"


def test_environment_wins_over_the_secrets_file(secrets_file: Path) -> None:
    secrets_file.write_text(f'ASEED_BASE_URL = "https://file.example"\nASEED_API_TOKEN = "{CANARY}"\n')
    settings = load({"ASEED_BASE_URL": GOOD, "PATH": "/bin"}, secrets_file)
    assert settings.base_url == GOOD
    assert settings.api_token is not None and settings.api_token.get_secret_value() == CANARY


@pytest.mark.parametrize("name", ["ASEED_BASE_URL", "ASEED_API_TOKEN", "ROOMS_DATA_DIR", "SANDBOX_PUBLIC_URL"])
def test_an_empty_value_counts_as_none(secrets_file: Path, name: str) -> None:
    unset = load({}, secrets_file)
    secrets_file.write_text(f'{name} = ""\n')
    assert load({}, secrets_file) == unset
    assert load({name: ""}, secrets_file.with_name("absent.toml")) == unset


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (GOOD, GOOD),
        (f"{GOOD}/", GOOD),
        ("http://127.0.0.1:8501//", "http://127.0.0.1:8501"),
        ("http://[::1]:8501", "http://[::1]:8501"),
        ("https://пример.рф/api", "https://пример.рф/api"),
    ],
)
@pytest.mark.parametrize("name", ["ASEED_BASE_URL", "SANDBOX_PUBLIC_URL"])
def test_address_loses_its_last_slash(secrets_file: Path, name: str, written: str, kept: str) -> None:
    settings = load({name: written}, secrets_file)
    assert (settings.base_url or settings.sandbox_public_url) == kept


@pytest.mark.parametrize("name", ["ASEED_BASE_URL", "SANDBOX_PUBLIC_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "canary.example/api",
        "ftp://canary.example",
        "javascript:canary",
        "file:///canary",
        "https://",
        "https:///canary",
        "https://:443/canary",
        "https://canary@app.aseed.ai",
        "https://canary:secret@app.aseed.ai",
        "https://app.aseed.ai/?key=canary",
        "https://app.aseed.ai/#canary",
        "https://[canary",
        "//app.aseed.ai/canary",
        "https://:canary@app.aseed.ai",
        "https://canary℀.example",
        "https://app.aseed.ai:canary",
        "https://app.aseed.ai/canary\n",
        "https://app.aseed.ai/can ary",
        " https://app.aseed.ai/canary",
        "https://app.aseed.ai/canary?",
    ],
)
def test_bad_address_is_refused_without_its_value(secrets_file: Path, name: str, address: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load({name: address}, secrets_file)
    assert str(refused.value).startswith(f"{name}: ")
    assert "canary" not in f"{refused.value} {refused.value!r}" and refused.value.__cause__ is None


def test_every_bad_setting_is_named_at_once(secrets_file: Path) -> None:
    secrets_file.write_text("ASEED_API_TOKEN = 12345\n")
    with pytest.raises(SettingsError) as refused:
        load({"ASEED_BASE_URL": "canary", "SANDBOX_PUBLIC_URL": "canary"}, secrets_file)
    said = str(refused.value)
    assert all(name in said for name in ("ASEED_BASE_URL", "ASEED_API_TOKEN", "SANDBOX_PUBLIC_URL"))
    assert "12345" not in said and "canary" not in said


@pytest.mark.parametrize(
    "content",
    [f"ASEED_API_TOKEN = {CANARY}", f'ASEED_API_TOKEN = "{CANARY}', f"{CANARY}\n".encode("utf-16"), b"\xff" * 20],
)
def test_bad_secrets_file_is_refused_without_its_text(secrets_file: Path, content: str | bytes) -> None:
    secrets_file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(SettingsError, match=r"^secrets\.toml is not valid TOML$") as refused:
        load({}, secrets_file)
    assert refused.value.__cause__ is None and refused.value.__suppress_context__


def test_token_is_masked_in_shown_settings(secrets_file: Path) -> None:
    settings = load({"ASEED_API_TOKEN": CANARY}, secrets_file)
    shown = f"{settings} {settings!r} {settings.api_token} {settings.model_dump()} {settings.model_dump_json()}"
    assert CANARY not in shown and "**********" in shown


def test_every_secret_may_be_in_a_file(tmp_path: Path) -> None:
    shown = Settings.model_json_schema(by_alias=True)["properties"]
    assert [name for name, its in shown.items() if "password" in str(its)] == list(SECRETS)
    written = dict.fromkeys(SECRETS, CANARY) | {"ROOMS_TOKEN_KEY": KEY}
    for name, value in written.items():
        # An editor ends the last line.
        (tmp_path / name).write_text(f"{value}\n")
    settings = load({f"{name}_FILE": str(tmp_path / name) for name in SECRETS}, tmp_path / "secrets.toml")
    secrets = (settings.api_token, settings.database_url, settings.token_key)
    assert [secret.get_secret_value() for secret in secrets if secret] == list(written.values())
    assert CANARY not in repr(settings) and KEY not in repr(settings)


@pytest.mark.parametrize("keys", ["short", f"{KEY} short", KEY[:-2], "ä" * 44])
def test_key_of_another_form_is_refused(tmp_path: Path, keys: str) -> None:
    with pytest.raises(SettingsError, match="ROOMS_TOKEN_KEY: must be keys of 32 bytes") as refused:
        load({"ROOMS_TOKEN_KEY": keys}, tmp_path / "secrets.toml")
    assert keys not in str(refused.value)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "names a file that is not there"),
        ("", "names a file that is empty"),
        (" \n\n", "names a file that is empty"),
        (CANARY.encode("utf-16"), "names a file that holds no text"),
    ],
)
def test_unusable_secret_file_is_told(tmp_path: Path, name: str, content: str | bytes | None, told: str) -> None:
    file = tmp_path / CANARY
    if content is not None:
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError) as refused:
        load({f"{name}_FILE": str(file)}, tmp_path / "secrets.toml")
    # The name of the file is not told either: a secret may have been put there by mistake.
    assert str(refused.value) == f"{name}_FILE: {told}"


def test_secret_in_unreadable_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^ASEED_API_TOKEN_FILE: names a file that cannot be read"):
        load({"ASEED_API_TOKEN_FILE": str(tmp_path)}, tmp_path / "secrets.toml")


def test_file_with_an_impossible_token_is_told(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{CANARY} {CANARY}")
    with pytest.raises(SettingsError) as refused:
        load({"ASEED_API_TOKEN_FILE": str(tmp_path / "token")}, tmp_path / "secrets.toml")
    assert str(refused.value) == "ASEED_API_TOKEN_FILE: must be printable ASCII without spaces"


def test_secret_and_its_file_exclude_each_other(secrets_file: Path) -> None:
    secrets_file.write_text(f'ASEED_API_TOKEN = "{CANARY}"\n')
    with pytest.raises(SettingsError) as refused:
        load({"ASEED_API_TOKEN_FILE": CANARY}, secrets_file)
    assert str(refused.value) == "ASEED_API_TOKEN: set either it or the same name with _FILE, not both"
    assert load({"ASEED_API_TOKEN_FILE": ""}, secrets_file).api_token is not None


@pytest.mark.parametrize("name", ["base_url", "api_token", "data_dir", "sandbox_public_url"])
def test_settings_cannot_change_after_they_are_read(secrets_file: Path, name: str) -> None:
    settings = load({}, secrets_file)
    with pytest.raises(ValueError, match="frozen"):
        setattr(settings, name, None)


@pytest.mark.parametrize(
    ("environ", "file"),
    [
        ({}, ROOT / "data" / "sandbox.sqlite3"),
        ({"ROOMS_DATA_DIR": "var/rooms"}, ROOT / "var" / "rooms" / "sandbox.sqlite3"),
        ({"ROOMS_DATA_DIR": "/srv/rooms"}, Path("/srv/rooms/sandbox.sqlite3")),
    ],
)
def test_data_lies_in_the_project_by_default(
    secrets_file: Path, environ: dict[str, str], file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(environ, secrets_file).sandbox_file == file


def test_project_folder_is_the_one_with_services() -> None:
    assert (ROOT / "services" / "settings.py").is_file()


@pytest.mark.parametrize(
    ("environ", "rehearses"),
    [
        ({}, True),
        ({"ASEED_API_TOKEN": "sandbox-team"}, True),
        ({"ASEED_API_TOKEN": "real"}, False),
        ({"ASEED_BASE_URL": "https://aseed.example/custdev"}, False),
        ({"ASEED_BASE_URL": "https://aseed.example/custdev", "ASEED_API_TOKEN": "sandbox"}, False),
    ],
)
def test_sandbox_needs_that_nothing_real_is_configured(
    environ: dict[str, str], rehearses: bool, secrets_file: Path
) -> None:
    assert load(environ, secrets_file).rehearses is rehearses


def test_journal_is_a_file_or_the_named_database(secrets_file: Path) -> None:
    assert load({}, secrets_file).journal_url == f"sqlite:///{ROOT}/data/journal.sqlite3"
    assert load({"ROOMS_DATA_DIR": "/var/rooms"}, secrets_file).journal_url == "sqlite:////var/rooms/journal.sqlite3"
    assert load({"ROOMS_DATA_DIR": "/var/rooms"}, secrets_file).journal_file == Path("/var/rooms/journal.sqlite3")
    named = load({"DATABASE_URL": f"postgresql://rooms:{CANARY}@db/rooms"}, secrets_file)
    assert named.journal_url == f"postgresql://rooms:{CANARY}@db/rooms"
    assert named.journal_file is None
    assert CANARY not in repr(named) and CANARY not in str(named.model_dump())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROOMS_CALLS_AT_ONCE", "0"),
        ("ROOMS_CALLS_AT_ONCE", "17"),
        ("ROOMS_CALLS_AT_ONCE", "four"),
        ("ROOMS_LOST_ANSWER_SECONDS", "-1"),
        ("ROOMS_LOST_ANSWER_SECONDS", "soon"),
    ],
)
def test_impossible_pace_is_named_at_the_start(secrets_file: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load({name: value}, secrets_file)


@pytest.mark.parametrize("address", ["http://app.aseed.ai/custdev", "http://192.168.1.5:8501", "http://localhost.evil"])
def test_tokens_leave_this_machine_over_tls(secrets_file: Path, address: str) -> None:
    with pytest.raises(SettingsError, match="ASEED_BASE_URL: must begin with https"):
        load({"ASEED_BASE_URL": address}, secrets_file)


@pytest.mark.parametrize("address", ["http://localhost:8601/custdev", "http://127.0.0.2", "http://[::1]:8501"])
def test_this_machine_needs_no_tls(secrets_file: Path, address: str) -> None:
    assert load({"ASEED_BASE_URL": address}, secrets_file).base_url == address


def test_opening_to_a_network_is_said_in_words(secrets_file: Path) -> None:
    with pytest.raises(SettingsError, match="ROOMS_OPEN_TO_NETWORK"):
        load({"ROOMS_OPEN_TO_NETWORK": "true"}, secrets_file)


def test_a_readable_secrets_file_is_said(secrets_file: Path) -> None:
    assert readable_by_others(secrets_file) is None
    secrets_file.touch(mode=0o600)
    assert readable_by_others(secrets_file) is None
    secrets_file.chmod(0o644)
    assert f"chmod 600 {secrets_file}" in (readable_by_others(secrets_file) or "")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("xx.po", 'msgid "Copy"\nmsgstr "x"\n', "xx.po is named by no language that is known"),
        ("pt-BR.po", 'msgid "Copy"\nmsgstr "x"\n', "pt-BR.po is named by no language that is known"),
        ("de.po", "no catalogue", "de.po is no catalogue of gettext"),
        ("de.po", b'msgid "Copy"\nmsgstr "\xff"\n', "de.po is no catalogue of gettext"),
        ("de.po", "", "de.po has no translation"),
        ("de.po", 'msgid "Copy"\nmsgstr ""\n', "de.po has no translation"),
        ("de.po", 'msgid "{name} is full."\nmsgstr "{nam} ist voll."\n', "de.po cannot be filled in like"),
        ("de.po", 'msgid "{name} is full."\nmsgstr "{name ist voll."\n', "de.po cannot be filled in like"),
        ("de.po", 'msgid "{name} is full."\nmsgstr "{name:>99}"\n', "de.po cannot be filled in like"),
        ("de.po", 'msgid "d MMM y, HH:mm"\nmsgstr "dddddd"\n', "de.po cannot be filled in like"),
        ("notes.txt", "nothing", "has no catalogue"),
    ],
)
def test_catalogue_that_cannot_be_spoken_is_named(tmp_path: Path, name: str, content: str | bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SettingsError, match="LANGUAGES_FOLDER: ") as refused:
        load({"LANGUAGES_FOLDER": str(tmp_path)}, tmp_path / "secrets.toml")
    assert told in str(refused.value)


def test_folder_of_languages_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LANGUAGES_FOLDER: must be a folder that can be read"):
        load({"LANGUAGES_FOLDER": str(tmp_path / "none")}, tmp_path / "secrets.toml")


def test_catalogue_with_impossible_plurals_is_named(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=1/(n-5);\\n"\n\n'
        'msgid "row"\nmsgid_plural "rows"\nmsgstr[0] "Zeile"\nmsgstr[1] "Zeilen"\n'
    )
    with pytest.raises(SettingsError, match=r"LANGUAGES_FOLDER: de\.po has a rule of plurals"):
        load({"LANGUAGES_FOLDER": str(tmp_path)}, tmp_path / "secrets.toml")


def test_third_language_needs_one_file_alone(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text('msgid "Copy {name}"\nmsgstr "{name} kopieren"\n')
    folder = load({"LANGUAGES_FOLDER": str(tmp_path)}, tmp_path / "secrets.toml").languages_folder
    assert folder == tmp_path and set(languages(folder)) == {"en", "ru", "de"}
    assert catalogue(languages(folder)["de"]).gettext("Copy {name}") == "{name} kopieren"


def test_metrics_stay_on_this_machine(secrets_file: Path) -> None:
    assert load({}, secrets_file).metrics_port is None
    assert load({"ROOMS_METRICS_PORT": "9100"}, secrets_file).metrics_address == "127.0.0.1"
    with pytest.raises(SettingsError, match="ROOMS_METRICS_PORT"):
        load({"ROOMS_METRICS_PORT": "70000"}, secrets_file)


def test_audit_is_kept_for_ever_or_for_days(secrets_file: Path) -> None:
    assert load({}, secrets_file).audit_days is None
    assert load({"ROOMS_AUDIT_DAYS": "365"}, secrets_file).audit_days == 365
    with pytest.raises(SettingsError, match="ROOMS_AUDIT_DAYS"):
        load({"ROOMS_AUDIT_DAYS": "0"}, secrets_file)


def test_peoples_data_stays_or_goes_after_days(secrets_file: Path) -> None:
    assert load({}, secrets_file).people_days is None
    assert load({"ROOMS_PEOPLE_DAYS": "90"}, secrets_file).people_days == 90
    with pytest.raises(SettingsError, match="ROOMS_PEOPLE_DAYS"):
        load({"ROOMS_PEOPLE_DAYS": "0"}, secrets_file)


@pytest.mark.parametrize("name", ["ROOMS_ADMIN", "ROOMS_PEOPLE_DAY", "ROOMS_LOG_FILE"])
def test_misspelled_setting_is_refused(secrets_file: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}: there is no such setting"):
        load({name: "CANARY", "OTHER": "1"}, secrets_file)
    secrets_file.write_text(f'{name} = "CANARY"\n')
    with pytest.raises(SettingsError, match=f"^{name}: there is no such setting"):
        load({}, secrets_file)
