"""The way back from the provider: to our own pages alone, with cookies that TLS and the clock bound."""

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from services.gate.sign_in import CALLBACK, FAILED, LOGIN, USER, WANTED, SignInRoutes
from tests.servers import serving

MONTH = 30 * 24 * 3600


async def callback(request: Request) -> Response:
    """Answers as Streamlit does: it always leads to the first page, and sets its cookies where all went well."""
    response = RedirectResponse("/", 302)
    if request.query_params.get("code") == "good":
        for name in (USER, f"{USER}_tokens", f"{USER}__1"):
            response.set_cookie(name, "signed", max_age=MONTH, httponly=True, samesite="lax")
    else:
        response.delete_cookie(USER)
    return response


async def login(request: Request) -> Response:
    match request.query_params.get("provider"):
        case "up":
            return RedirectResponse("https://id.example.org/authorize", 302)
        case "broken":
            raise RuntimeError("anything")
    return PlainTextResponse("Authentication error", 400)


@pytest.fixture(scope="module", params=[True, False], ids=["tls", "plain"])
def is_secure(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture(scope="module")
def address(is_secure: bool) -> Iterator[str]:
    app = Starlette(
        routes=[Route(CALLBACK, callback), Route(LOGIN, login)],
        middleware=[Middleware(SignInRoutes, is_secure, 12 * 3600)],
    )
    with serving(app) as at:
        yield at


def get(address: str, wanted: str = "") -> httpx.Response:
    cookie = {"Cookie": f"other=1; {WANTED}={quote(wanted, safe='')}"} if wanted else None
    return httpx.get(address, headers=cookie, trust_env=False)


@pytest.mark.parametrize("wanted", ["/", "/links", "/desk?desk=on", "/batches?state=over&project=%D1%84", "/?a=//b"])
def test_person_comes_back_to_the_page(address: str, wanted: str) -> None:
    answer = get(f"{address}{CALLBACK}?code=good&state=s", wanted)
    assert (answer.status_code, answer.headers["location"]) == (302, wanted)
    assert any(
        each.startswith(f'{WANTED}=""; ') and "Max-Age=0" in each for each in answer.headers.get_list("set-cookie")
    )


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/links/../../x",
        "/@evil.example",
        "/.evil.example",
        "/links\r\nSet-Cookie: a=b",
        "/links?a=b\nX: y",
        "/links?" + "a" * 2000,
        "/ссылки",
        "/links#x",
    ],
)
def test_no_other_place_is_gone_to(address: str, wanted: str) -> None:
    answer = get(f"{address}{CALLBACK}?code=good", wanted)
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


def test_cookies_last_as_long_as_the_sign_in(address: str, is_secure: bool) -> None:
    answer = get(f"{address}{CALLBACK}?code=good")
    ours = [each for each in answer.headers.get_list("set-cookie") if each.startswith(USER)]
    assert len(ours) == 3
    for each in ours:
        assert "Max-Age=43200" in each and "HttpOnly" in each and "SameSite=lax" in each
        assert each.endswith("; Secure") is is_secure


@pytest.mark.parametrize(
    ("path", "failure"),
    [
        (f"{LOGIN}?provider=down", "unreachable"),
        (f"{LOGIN}?provider=broken", "unreachable"),
        (f"{CALLBACK}?code=bad&state=s", "unreachable"),
        (f"{CALLBACK}?error=access_denied&state=s", "denied"),
    ],
)
def test_failure_leads_back_and_is_told(address: str, is_secure: bool, path: str, failure: str) -> None:
    answer = get(f"{address}{path}", "/links?a=b")
    assert (answer.status_code, answer.headers["location"]) == (302, "/links?a=b")
    (told,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith(FAILED)]
    assert told.startswith(f"{FAILED}={failure}; ") and "HttpOnly" in told and "Max-Age=30" in told
    assert ("; Secure" in told) is is_secure


def test_way_to_the_provider_is_left_alone(address: str) -> None:
    answer = get(f"{address}{LOGIN}?provider=up", "/links")
    assert (answer.status_code, answer.headers["location"]) == (302, "https://id.example.org/authorize")


def test_return_from_signing_out_is_no_failure(address: str) -> None:
    answer = get(f"{address}{CALLBACK}", "/links")
    assert answer.headers["location"] == "/"
    (taken_back,) = answer.headers.get_list("set-cookie")
    assert taken_back.startswith(USER) and "Max-Age=0" in taken_back
