"""What is installed is what is locked, and "nothing is known" is told from "nothing was asked"."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import distributions

import httpx
import pytest
from packaging.utils import canonicalize_name
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.audit import LOCKS, VULNERABLE, Findings, Pin, ask, differences, read_lock
from tests.faults.study import refusing_address
from tests.servers import serving

PINS = [Pin("anyio", "4.0"), Pin("jinja2", "3.1"), Pin("numpy", "2.0", is_for_here=False)]

KNOWN: dict[str, object] = {"id": "PYSEC-1", "aliases": ["CVE-1"], "withdrawn": None}
WITHDRAWN: dict[str, object] = {**KNOWN, "id": "PYSEC-2", "withdrawn": "2026-01-01T00:00:00Z"}

Answer = Callable[[str, str], Response]


def knowing(**known: list[dict[str, object]]) -> Answer:
    """A database that knows these vulnerabilities, by package, and those of the version that has some."""

    def answer(name: str, version: str) -> Response:
        always = [KNOWN] if (name, version) == VULNERABLE else []
        return JSONResponse({"vulnerabilities": known.get(name, always)})

    return answer


def without_version(name: str, version: str) -> Response:
    """A mirror of packages, which knows no single version."""
    return PlainTextResponse(f"{name} {version}", 404)


@contextmanager
def database(answer: Answer) -> Iterator[httpx.Client]:
    def answered(request: Request) -> Response:
        return answer(request.path_params["name"], request.path_params["version"])

    with (
        serving(Starlette(routes=[Route("/pypi/{name}/{version}/json", answered)])) as address,
        httpx.Client(base_url=f"{address}/pypi/", trust_env=False) as http,
    ):
        yield http


def asked(answer: Answer) -> Findings:
    with database(answer) as http:
        return ask(http, PINS)


def test_database_that_knows_nothing_bad_is_believed() -> None:
    assert str(asked(knowing())) == "no known vulnerability in 3 packages"
    assert str(asked(knowing(anyio=[WITHDRAWN]))) == "no known vulnerability in 3 packages"


def test_vulnerable_packages_are_named() -> None:
    findings = asked(knowing(anyio=[KNOWN, WITHDRAWN]))
    assert findings.vulnerable == {PINS[0]: ["PYSEC-1 (CVE-1)"]}
    assert "have known vulnerabilities:\n  anyio 4.0: PYSEC-1 (CVE-1)\n" in str(findings)


def nonsense(name: str, version: str) -> Response:
    return PlainTextResponse(f"<html>Sign in to see {name} {version}</html>")


def no_advisories(*_: str) -> Response:
    return JSONResponse({"vulnerabilities": []})


def no_field(*_: str) -> Response:
    return JSONResponse({"info": {}})


@pytest.mark.parametrize("answer", [without_version, nonsense, no_advisories, no_field])
def test_index_without_advisories_counts_as_not_asked(answer: Answer) -> None:
    assert str(asked(answer)) == "NOT ASKED: the advisory database cannot be reached"


def test_unreachable_database_counts_as_not_asked() -> None:
    with httpx.Client(base_url=refusing_address(), trust_env=False) as http:
        findings = ask(http, PINS)
    assert str(findings) == "NOT ASKED: the advisory database cannot be reached" and not findings.vulnerable


def test_questions_without_time_count_as_not_asked() -> None:
    with database(knowing()) as http:
        assert ask(http, PINS, seconds=0).unanswered == len(PINS)


def test_packages_without_answer_are_counted() -> None:
    def answer(name: str, version: str) -> Response:
        return without_version(name, version) if name == "numpy" else knowing()(name, version)

    assert str(asked(answer)) == "NOT ASKED about 1 of 3 packages: the advisory database did not answer"


def test_installed_packages_are_the_locked_ones() -> None:
    pins = set[Pin]()
    for lock in LOCKS:
        found, problems = read_lock(lock.read_text(encoding="utf-8"))
        assert found and not problems
        pins |= set(found)
    installed: dict[str, str] = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    assert not differences(pins, installed)


def test_each_difference_from_the_lock_is_told() -> None:
    installed = {"jinja2": "3.2", "extra": "1", "pip": "26", "setuptools": "80"}
    assert differences(PINS, installed) == [
        "anyio 4.0 is locked, and not installed",
        "extra 1 is installed, and not locked",
        "jinja2 is locked at 3.1, and 3.2 is installed",
    ]


def test_what_a_lock_must_not_have_is_told() -> None:
    lock = """# A comment
a[b]==1 ; python_version < '3' \\
    --hash=sha256:00 \\
    --hash=sha256:01
    # via c
b==1
c>=1 \\
    --hash=sha256:00
d @ https://example.com/d.whl \\
    --hash=sha256:00
-e .
"""
    assert read_lock(lock) == (
        [Pin("a", "1", is_for_here=False), Pin("b", "1")],
        [
            "b 1 is locked without a hash",
            "c is not locked to one version",
            "d is not locked to one version",
            "a line is no package of one version: -e .",
        ],
    )
