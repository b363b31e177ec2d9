"""The settings of sign-in: what is taken, what keeps the dashboard from starting, and that no value is told."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from services.gate.listening import check
from services.people.roles import Role
from services.settings import Settings, SettingsError, load, refuse_sign_in_elsewhere, secrets_file_of
from services.sign_in import SignIn

CANARY = "CANARY"
COOKIE_SECRET = f"{CANARY}-0123456789-0123456789-0123456789"

AUTH = {
    "redirect_uri": "https://rooms.example.org/oauth2callback",
    "cookie_secret": COOKIE_SECRET,
    "client_id": "rooms",
    "client_secret": CANARY,
    "server_metadata_url": "https://id.example.org/.well-known/openid-configuration",
}
ADMIN = {"ROOMS_ADMINS": "anna@example.org"}


def settings(folder: Path, environ: dict[str, str] = ADMIN, more: str = "", /, **changes: Any) -> Settings:  # noqa: ANN401 - any value
    """The settings with an `[auth]` of which some values are others; None leaves one out. more: before that section."""
    values = {name: value for name, value in {**AUTH, **changes}.items() if value is not None}
    lines = [
        f"{name} = {value}" if name == "client_kwargs" else f'{name} = "{value}"' for name, value in values.items()
    ]
    (folder / "secrets.toml").write_text("\n".join([more, "[auth]", *lines]), encoding="utf-8")
    return load(environ, folder / "secrets.toml")


def sign_in(folder: Path, environ: dict[str, str] = ADMIN, more: str = "", /, **changes: Any) -> SignIn:  # noqa: ANN401 - any value
    found = settings(folder, environ, more, **changes).sign_in
    assert found is not None
    return found


def refused(folder: Path, environ: dict[str, str] = ADMIN, more: str = "", /, **changes: Any) -> str:  # noqa: ANN401 - any value
    with pytest.raises(SettingsError) as error:
        settings(folder, environ, more, **changes)
    assert CANARY.lower() not in f"{error.value} {error.value!r}".lower() and error.value.__cause__ is None
    return str(error.value)


def test_no_section_means_no_sign_in(tmp_path: Path) -> None:
    assert load({}, tmp_path / "absent.toml").sign_in is None


def test_whole_section_turns_it_on(tmp_path: Path) -> None:
    found = sign_in(tmp_path, client_kwargs='{ scope = "openid email" }')
    assert found.rules.addresses == {"anna@example.org": Role.ADMIN} and found.rules.max_age == 12 * 3600
    assert found.auth.told() == {**AUTH, "client_kwargs": {"scope": "openid email"}}
    assert found.is_secure and found.address(8501) == "https://rooms.example.org"
    shown = f"{found} {found!r} {found.model_dump()} {settings(tmp_path)}"
    assert CANARY not in shown


def test_lists_give_the_highest_role(tmp_path: Path) -> None:
    lists = {
        "ROOMS_VIEWERS": "@example.org, Anna@Example.org\nboris@other.org; @Пример.рф",
        "ROOMS_DESKS": "boris@other.org  @example.org",
        "ROOMS_RESEARCHERS": "",
        "ROOMS_ADMINS": "anna@example.org",
    }
    rules = sign_in(tmp_path, lists).rules
    assert rules.addresses == {"anna@example.org": Role.ADMIN, "boris@other.org": Role.DESK}
    assert rules.domains == {"example.org": Role.DESK, "xn--e1afmkfd.xn--p1ai": Role.VIEWER}


def test_list_may_be_one_of_toml(tmp_path: Path) -> None:
    rules = sign_in(tmp_path, {}, 'ROOMS_DESKS = ["a@example.org", "@other.org"]\nROOMS_SIGN_IN_HOURS = 8').rules
    assert (rules.addresses, rules.domains) == ({"a@example.org": Role.DESK}, {"other.org": Role.DESK})
    assert rules.max_age == 8 * 3600


def test_claim_alone_is_enough(tmp_path: Path) -> None:
    assert sign_in(tmp_path, {"ROOMS_ROLE_CLAIM": "groups"}).rules.role_claim == "groups"


def test_nobody_let_in_is_told(tmp_path: Path) -> None:
    told = refused(tmp_path, {})
    assert all(name in told for name in ("ROOMS_ADMINS", "ROOMS_VIEWERS", "ROOMS_ROLE_CLAIM"))


@pytest.mark.parametrize("name", ["ROOMS_VIEWERS", "ROOMS_ADMINS", "ROOMS_ROLE_CLAIM", "ROOMS_SIGN_IN_HOURS"])
def test_lists_without_sign_in_are_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name}: sign-in is off"):
        load({name: "8"}, tmp_path / "absent.toml")


@pytest.mark.parametrize("name", AUTH)
@pytest.mark.parametrize("value", [None, ""])
def test_incomplete_section_is_told(tmp_path: Path, name: str, value: str | None) -> None:
    assert refused(tmp_path, **{name: value}).startswith(f"[auth] {name}: ")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("cookie_secret", CANARY, "must have 32 characters or more"),
        ("redirect_uri", "http://canary.example/oauth2callback", "must begin with https"),
        ("redirect_uri", "http://localhost.canary.org/oauth2callback", "must begin with https"),
        ("redirect_uri", "ftp://canary/oauth2callback", "must be an https address"),
        ("redirect_uri", "https://u:canary@rooms.org/oauth2callback", "must be an https address"),
        ("redirect_uri", "https://canary.org:x/oauth2callback", "must be an https address"),
        ("redirect_uri", "https://canary.org/", "/oauth2callback behind it"),
        ("redirect_uri", "https://canary.org/oauth2callback?a=b", "/oauth2callback behind it"),
        ("redirect_uri", "https://Canary.org/oauth2callback", "written as browsers do"),
        ("redirect_uri", "https://canary.org:443/oauth2callback", "written as browsers do"),
        ("redirect_uri", "https://canary.рф/oauth2callback", "written as browsers do"),
        ("server_metadata_url", "http://id.canary.org/", "must begin with https"),
        ("expose_tokens", "canary", "is not known here"),
        ("client_kwargs", '["canary"]', "valid dictionary"),
    ],
)
def test_unsafe_section_is_refused(tmp_path: Path, name: str, value: str, told: str) -> None:
    said = refused(tmp_path, **{name: value})
    assert said.startswith(f"[auth] {name}") and told in said


@pytest.mark.parametrize("address", ["http://localhost:8501", "http://127.0.0.1:{port}", "http://[::1]:8501"])
def test_this_machine_needs_no_tls(tmp_path: Path, address: str) -> None:
    found = sign_in(tmp_path, redirect_uri=f"{address}/oauth2callback")
    assert not found.is_secure and found.address(8501) == address.replace("{port}", "8501")


@pytest.mark.parametrize("content", ["auth = 1", 'auth = "CANARY"', "auth = []"])
def test_auth_must_be_a_section(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.toml").write_text(content)
    with pytest.raises(SettingsError, match=r"^auth: must be a section"):
        load(ADMIN, tmp_path / "secrets.toml")


@pytest.mark.parametrize(
    "entry", ["canary", "@", "@canary", "canary@", "a@@canary.org", "*@canary.org", "@canary_.org"]
)
def test_unknown_entry_is_told_by_its_number(tmp_path: Path, entry: str) -> None:
    told = refused(tmp_path, {"ROOMS_DESKS": f"a@example.org {entry}"})
    assert told.startswith("ROOMS_DESKS: entry 2 is neither")


@pytest.mark.parametrize("hours", ["-1", "721", "1.5", "soon", "1e9"])
def test_impossible_age_is_told(tmp_path: Path, hours: str) -> None:
    assert refused(tmp_path, {**ADMIN, "ROOMS_SIGN_IN_HOURS": hours}).startswith("ROOMS_SIGN_IN_HOURS: must be")


def test_secrets_may_be_in_files(tmp_path: Path) -> None:
    for name in ("client_secret", "cookie_secret"):
        (tmp_path / name).write_text(f"{AUTH[name]}\n")
    files = {f"{name}_file": str(tmp_path / name) for name in ("client_secret", "cookie_secret")}
    assert sign_in(tmp_path, client_secret=None, cookie_secret=None, **files) == sign_in(tmp_path)
    assert refused(tmp_path, client_secret_file=files["client_secret_file"]) == (
        "[auth] client_secret: set either it or client_secret_file, not both"
    )
    assert refused(tmp_path, client_secret=None, client_secret_file=str(tmp_path / CANARY)) == (
        "[auth] client_secret_file: names a file that is not there"
    )


def test_environment_names_the_secrets_file(tmp_path: Path) -> None:
    settings(tmp_path)
    named = {"ROOMS_SECRETS_FILE": str(tmp_path / "secrets.toml")}
    assert secrets_file_of(named) == tmp_path / "secrets.toml"
    assert load({**named, **ADMIN}).sign_in is not None
    with pytest.raises(SettingsError, match=r"^ROOMS_SECRETS_FILE: names a file that is not there$"):
        load({"ROOMS_SECRETS_FILE": str(tmp_path / CANARY)})


def test_section_in_another_file_is_refused(tmp_path: Path) -> None:
    on, off = settings(tmp_path), load({}, tmp_path / "absent.toml")
    others = [str(tmp_path / "absent.toml"), str(tmp_path / "secrets.toml"), str(tmp_path)]
    refuse_sign_in_elsewhere(on, others)
    refuse_sign_in_elsewhere(off, others[:1])
    with pytest.raises(SettingsError, match="ROOMS_SECRETS_FILE"):
        refuse_sign_in_elsewhere(off, others)


def test_network_is_open_with_hosts_and_sign_in(tmp_path: Path) -> None:
    real = settings(tmp_path, {**ADMIN, "ASEED_API_TOKEN": "real"})
    check("0.0.0.0", real, ["rooms.example.org"])
    for hosts in ([], ["*"]):
        with pytest.raises(SettingsError, match=r"server\.allowedHosts"):
            check("0.0.0.0", real, hosts)


@pytest.mark.parametrize(
    ("hosts", "is_reached"),
    [
        (["rooms.example.org"], True),
        ([" Rooms.Example.org ", "other.example"], True),
        (["*.example.org"], True),
        (["rooms.example"], False),
        ([], False),
    ],
)
def test_people_come_back_where_the_dashboard_answers(tmp_path: Path, hosts: list[str], *, is_reached: bool) -> None:
    real = settings(tmp_path, {**ADMIN, "ASEED_API_TOKEN": "real"})
    with nullcontext() if is_reached else pytest.raises(SettingsError, match=r"redirect_uri: .* rooms\.example\.org"):
        check("127.0.0.1", real, hosts)
