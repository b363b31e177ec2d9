"""The blocks of README.md's "Set it up", with other addresses, ports, paths and certificates, and nothing else."""

import re
from collections.abc import Mapping

from tests.servers import ROOT


def block(language: str, sign: str, heading: str = "Set it up") -> str:
    """The one block in this language that has these words, below a heading."""
    section = (ROOT / "README.md").read_text().split(f"\n### {heading}\n")[1].split("\n### ")[0]
    found = re.findall(rf"^```{language}\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    (only,) = (each for each in found if sign in each)
    return str(only)


def environment_block() -> str:
    return block("ini", "ASEED_BASE_URL=")


def unit_block() -> str:
    return block("ini", "[Service]")


def nginx_block() -> str:
    return block("nginx", "server {")


def doors_block() -> str:
    return block("nginx", "server {", "Doors under a name of their own")


def restart_block() -> str:
    return block("sh", "systemctl restart")


def elsewhere(text: str, changes: Mapping[str, str]) -> str:
    """The text with each of these replaced, the longest first; all of them have to be there."""
    assert not [old for old in changes if old not in text]
    # In one go: what is put in may look like what is still to be replaced.
    longest_first = sorted(changes, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: changes[found[0]], text)


def settings_of(lines: str) -> list[tuple[str, str]]:
    """Names and values, of a unit or of an environment file."""
    pairs = (line.partition("=") for line in lines.splitlines() if line and line[0] not in "[#")
    return [(name, value) for name, _, value in pairs]
