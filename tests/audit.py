"""Compares what is installed with the locks, and asks for known vulnerabilities of what they lock.

    python -m tests.audit

The first needs no network. The second asks PyPI about each package; where that has no answer, it says so, and no more.
The exit code is 1 where something differs from the locks, or is known to be vulnerable.
"""

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path

import httpx
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

LOCKS = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")

COME_WITH_PYTHON = {"pip", "setuptools"}
"""What an environment holds from its start, and no lock names."""

DATABASE = "https://pypi.org/pypi/"
"""Answers NAME/VERSION/json with the vulnerabilities that are known of a version."""

VULNERABLE = ("jinja2", "2.10")
"""A version with known vulnerabilities. A mirror that knows of none has no advisories, and its silence says nothing."""

AT_ONCE = 8

SECONDS = 30.0
"""How long all questions together may take."""


@dataclass(frozen=True)
class Pin:
    """One version of a package, as a lock has it. is_for_here: whether this machine and this Python need it."""

    name: str
    version: str
    is_for_here: bool = True


@dataclass(frozen=True)
class Findings:
    """What is known of packages. vulnerable: what, by package. unanswered: how many packages no answer came about."""

    asked: int
    vulnerable: Mapping[Pin, Sequence[str]]
    unanswered: int

    def __str__(self) -> str:
        if self.vulnerable:
            lines = [f"  {pin.name} {pin.version}: {', '.join(ids)}" for pin, ids in self.vulnerable.items()]
            return "\n".join(
                [
                    "these packages have known vulnerabilities:",
                    *lines,
                    "Take newer versions: bash tests/lock --upgrade-package NAME",
                ]
            )
        if self.unanswered == self.asked:
            return "NOT ASKED: the advisory database cannot be reached"
        if self.unanswered:
            return f"NOT ASKED about {self.unanswered} of {self.asked} packages: the advisory database did not answer"
        return f"no known vulnerability in {self.asked} packages"


def read_lock(text: str) -> tuple[list[Pin], list[str]]:
    """The versions of a lock, and what is wrong with it."""
    pins, problems = [], []
    for line in text.replace("\\\n", " ").splitlines():
        wanted, *hashes = line.strip().split("--hash=sha256:")
        if not wanted or wanted.startswith("#"):
            continue
        try:
            requirement = Requirement(wanted.strip())
        except InvalidRequirement:
            problems.append(f"a line is no package of one version: {wanted.strip()}")
            continue
        exact = [one.version for one in requirement.specifier if one.operator == "=="]
        if len(exact) != 1 or len(requirement.specifier) != 1 or requirement.url:
            problems.append(f"{requirement.name} is not locked to one version")
            continue
        if not hashes:
            problems.append(f"{requirement.name} {exact[0]} is locked without a hash")
        is_for_here = requirement.marker is None or requirement.marker.evaluate()
        pins.append(Pin(canonicalize_name(requirement.name), exact[0], is_for_here))
    return pins, problems


def differences(pins: Iterable[Pin], installed: Mapping[str, str]) -> list[str]:
    """Where the installed packages, version by name, are not those that are locked for here."""
    locked = {pin.name: pin.version for pin in pins if pin.is_for_here}
    missing = [f"{name} {locked[name]} is locked, and not installed" for name in locked.keys() - installed.keys()]
    unlocked = installed.keys() - locked.keys() - COME_WITH_PYTHON
    surplus = [f"{name} {installed[name]} is installed, and not locked" for name in unlocked]
    other = [
        f"{name} is locked at {locked[name]}, and {installed[name]} is installed"
        for name in locked.keys() & installed.keys()
        if locked[name] != installed[name]
    ]
    return sorted(missing + surplus + other)


def ask(http: httpx.Client, pins: Sequence[Pin], seconds: float = SECONDS) -> Findings:
    """What a database knows of these versions. http: a client whose base is the database's address."""
    end = time.monotonic() + seconds
    nothing = Findings(len(pins), {}, len(pins))
    # Without it, an index that carries no advisories would pass for one that knows of none.
    if not _known_of(http, Pin(*VULNERABLE), end):
        return nothing
    with ThreadPoolExecutor(AT_ONCE) as threads:
        known = dict(zip(pins, threads.map(lambda pin: _known_of(http, pin, end), pins), strict=True))
    vulnerable = {pin: ids for pin, ids in known.items() if ids}
    return Findings(len(pins), vulnerable, sum(ids is None for ids in known.values()))


def _known_of(http: httpx.Client, pin: Pin, end: float) -> list[str] | None:
    """The vulnerabilities that are known of a version; None where no answer says."""
    left = end - time.monotonic()
    if left <= 0:
        return None
    try:
        answer = http.get(f"{pin.name}/{pin.version}/json", timeout=min(5.0, left))
        if answer.status_code != 200:
            return None
        known = answer.json()["vulnerabilities"]
        return [f"{one['id']} ({' '.join(one['aliases'])})" for one in known if not one.get("withdrawn")]
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None


def main() -> None:
    pins: set[Pin] = set()
    problems: list[str] = []
    for lock in LOCKS:
        found, wrong = read_lock(lock.read_text(encoding="utf-8"))
        pins |= set(found)
        problems += [f"{lock.relative_to(ROOT)}: {problem}" for problem in wrong]
    installed: dict[str, str] = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    problems += differences(pins, installed)
    if problems:
        problems.append(
            "Install what is locked: rm -f .venv/lock && bash tests/install; .venv/bin/pip uninstall the rest."
        )
        sys.exit("\n".join(problems))
    sys.stdout.write(f"{len(installed)} installed packages are as locked.\n")
    with httpx.Client(base_url=DATABASE) as http:
        findings = ask(http, sorted(pins, key=lambda pin: pin.name))
    sys.stdout.write(f"Vulnerabilities: {findings}.\n")
    sys.exit(bool(findings.vulnerable))


if __name__ == "__main__":
    main()
