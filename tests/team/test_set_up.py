"""README.md's "Set it up": its blocks as nginx and systemd read them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from services.settings import SECRETS_FILE_NAMED, Settings, load
from tests.servers import ROOT, free_port
from tests.team.blocks import doors_block, elsewhere, environment_block, settings_of, unit_block
from tests.team.proxy import configuration, program


def test_nginx_takes_the_block(tmp_path: Path) -> None:
    found = program()
    assert found, "nginx is needed"
    file, _ = configuration(tmp_path, (8501, 8502))
    told = subprocess.run([found, "-t", "-p", str(tmp_path), "-c", str(file)], capture_output=True, text=True)
    assert told.returncode == 0 and "warn" not in told.stderr, told.stderr


def test_nginx_takes_the_block_of_doors(tmp_path: Path) -> None:
    file, _ = configuration(tmp_path, (8501, 8502))
    # Beside the other one, as it stands in the same folder.
    changes = {"listen 443 ssl;": f"listen 127.0.0.1:{free_port()} ssl;", "/var/log/nginx/": f"{tmp_path}/"}
    changes |= {"listen 80;": f"listen 127.0.0.1:{free_port()};"}
    changes |= {"/etc/ssl/doors/fullchain.pem": str(tmp_path / "tls.crt")}
    changes |= {"/etc/ssl/doors/privkey.pem": str(tmp_path / "tls.key")}
    around = file.read_text().rstrip().removesuffix("}")
    file.write_text(f"{around}{elsewhere(doors_block(), changes)}}}\n")
    command = [program() or "", "-t", "-p", str(tmp_path), "-c", str(file)]
    told = subprocess.run(command, capture_output=True, text=True)
    assert told.returncode == 0 and "warn" not in told.stderr, told.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is on Linux alone")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "rooms@.service"
    # It looks for the program, which is elsewhere here.
    unit.write_text(unit_block().replace("/srv/rooms/.venv/bin/streamlit", shutil.which("true") or ""))
    command = ["systemd-analyze", "verify", "--man=no", str(tmp_path / "rooms@8501.service")]
    (tmp_path / "rooms@8501.service").symlink_to(unit)
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    # It goes through the units of this machine, too.
    ours = [line for line in told.stderr.splitlines() if "rooms@" in line]
    assert told.returncode == 0 and not ours, told.stderr


def test_settings_of_the_set_up_exist(tmp_path: Path) -> None:
    lines = [value for name, value in settings_of(unit_block()) if name == "Environment"]
    named = {pair.partition("=")[0] for line in lines for pair in line.split()} - {"HOME"}
    given = dict(settings_of(environment_block()))
    named |= {name for name in given if not name.startswith("STREAMLIT_")}
    aliases = {field.alias for field in Settings.model_fields.values()}
    assert {name.removesuffix("_FILE") for name in named - {SECRETS_FILE_NAMED}} <= aliases
    load(given, tmp_path / "absent.toml")


def test_no_secret_stands_in_the_unit() -> None:
    assert "EnvironmentFile=/etc/rooms/rooms.env" in unit_block()
    assert not [name for name, _ in settings_of(environment_block()) if "TOKEN" in name or "DATABASE" in name]
    assert (ROOT / "app.py").exists() and "run app.py" in unit_block()
