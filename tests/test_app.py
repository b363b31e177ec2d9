"""The application as a whole: each of its answers carries the headers that protect links."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import pytest

from components.frame.entrance import PAGES
from services import sign_in
from services.headers import HEADERS
from services.settings import SECRETS_FILE_NAMED, Settings
from services.sign_in import Auth
from tests.servers import running_dashboard

ROOT = Path(__file__).parents[1]

NAMES = [*(field.alias for field in Settings.model_fields.values() if field.alias), *sign_in.SETTINGS]
"""Every setting that may be in the environment and in the secrets file."""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/settings",
        "/healthz",
        "/readyz",
        "/_stcore/health",
        "/_stcore/host-config",
        "/media/never-was.csv",
        "/static/never-was.js",
        "/custdev/health",
        "/custdev/projects/",
        "/custdev/never-was",
        "/interview/never-was",
        "/interview/files/interview.css",
    ],
)
def test_every_answer_carries_the_security_headers(dashboard: str, path: str) -> None:
    headers = httpx.get(f"{dashboard}{path}", trust_env=False).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"] and "microphone=()" in headers["Permissions-Policy"]
    if not path.startswith("/static/"):
        assert headers["Cache-Control"] == "no-store"


def test_what_may_be_kept_is_kept(dashboard: str) -> None:
    page = httpx.get(dashboard, trust_env=False).text
    script = re.findall(r'src="\./(static/js/index[^"]+)"', page)[0]
    assert httpx.get(f"{dashboard}/{script}", trust_env=False).headers["Cache-Control"] != "no-store"


def test_policy_allows_only_own_scripts() -> None:
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert "unsafe-inline" not in policy["script-src"] and "http" not in policy["script-src"]
    assert policy["connect-src"] == policy["form-action"] == policy["base-uri"] == "'self'"


def test_healthz_says_that_the_process_answers(dashboard: str) -> None:
    assert httpx.get(f"{dashboard}/healthz", trust_env=False).json() == {"status": "ok"}


def test_readyz_says_that_the_journal_answers(dashboard: str) -> None:
    answer = httpx.get(f"{dashboard}/readyz", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "journal": "ready"})


def test_readme_lists_exactly_the_settings() -> None:
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    table = [name for row in rows for name in re.findall(r"[A-Z_]+", row)]
    assert sorted(table) == sorted([*NAMES, SECRETS_FILE_NAMED])


def test_the_example_of_the_secrets_file_is_one() -> None:
    example = (ROOT / ".streamlit" / "secrets.toml.example").read_text()
    uncommented = tomllib.loads(re.sub(r"^# (?=[A-Z_]+ = )", "", example, flags=re.MULTILINE))
    assert uncommented and uncommented.keys() <= set(NAMES)
    section = tomllib.loads(re.sub(r"^# ", "", example.partition("# [auth]\n")[2], flags=re.MULTILINE))
    assert section.keys() == {name for name, field in Auth.model_fields.items() if field.is_required()}


def test_browser_gets_no_exceptions_and_no_statistics() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["client"]["showErrorDetails"] == "none"
    assert config["browser"]["gatherUsageStats"] is False


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt" in readme
    assert ".venv/bin/streamlit run app.py" in readme
    assert "bash tests/run" in readme and "bash tests/run" in (ROOT / ".ci" / "run").read_text()


def test_invalid_setting_is_named_at_start() -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=ROOT,
        env={**os.environ, "ASEED_BASE_URL": "nonsense"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "ASEED_BASE_URL: must be an http or https address" in started.stderr
    assert "Traceback" not in started.stderr and "nonsense" not in started.stderr


def test_unusable_journal_is_reported_without_its_password() -> None:
    started = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "postgresql://rooms:CANARY@127.0.0.1:9/rooms"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "The journal's database does not work" in started.stderr
    assert "Traceback" not in started.stderr and "CANARY" not in started.stderr


def test_lost_journal_is_told_at_start(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").touch()
    started = subprocess.run(
        [sys.executable, "-c", "import app"],
        cwd=ROOT,
        env={**os.environ, "ROOMS_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0 and "Traceback" not in started.stderr
    assert f"The journal's file {tmp_path}/journal.sqlite3 is empty: its content is lost." in started.stderr


def test_the_journal_is_readable_by_its_owner_alone(dashboard: str, data: Path) -> None:
    assert httpx.get(f"{dashboard}/healthz", trust_env=False).is_success
    assert (data / "journal.sqlite3").stat().st_mode & 0o777 == 0o600


def test_foreign_hosts_are_refused_sandbox_still_answers(tmp_path: Path) -> None:
    with (
        running_dashboard(tmp_path, STREAMLIT_SERVER_ALLOWED_HOSTS="rooms.example") as address,
        httpx.Client(base_url=address, trust_env=False) as http,
    ):
        assert http.get("/", headers={"Host": "evil.example"}).status_code == 400
        assert http.get("/", headers={"Host": "rooms.example"}).status_code == 200
        assert http.get("/custdev/health").status_code == 200


def test_there_is_no_sandbox_beside_a_real_aseed(tmp_path: Path) -> None:
    with running_dashboard(tmp_path, ASEED_API_TOKEN="real") as address:
        answer = httpx.get(f"{address}/custdev/health", trust_env=False)
        assert "application/json" not in answer.headers["Content-Type"]
        assert not (tmp_path / "sandbox.sqlite3").exists()


def test_each_page_is_known_before_sign_in() -> None:
    # Else a link to it would be forgotten on the way through the provider.
    addresses = {"" if file.stem == "create" else file.stem for file in (ROOT / "pages").glob("*.py")}
    assert set(PAGES) == addresses
