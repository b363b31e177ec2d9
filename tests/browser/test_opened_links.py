"""Links as a browser takes them: what we call proper, it opens, and at the host that we have checked."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page

from services.link import _NEVER_OPENED, LinkCheck
from tests.browser.conftest import OpenContext

ORIGINS = {
    "aseed.ai": "https://app.aseed.ai/custdev",
    "[::1]": "http://[::1]:8501",
    "127.0.0.1": "http://127.0.0.1:8501",
    "localhost": "http://localhost:8501",
}

HOSTS = (
    *("{}", "a.{}", "{}.", ".{}", "a..{}", "-.{}", "a-.{}", "a_b.{}", "1.{}", "0x1.{}", "{}.5", "{}evil.example"),
    *("evil.example{}", "evil.example.{}", "{}.evil.example", "xn--.{}", "xn--a.{}", "xn--abc-.{}", "xn--ls8h.{}"),
    *("xn--e1afmkfd.{}", "xn--strae-oqa.{}", "XN--E1AFMKFD.{}", "xn--999999999.{}", "xn--a-0hc.{}", "xn--0.{}"),
    *("%61.{}", "a%2e{}", "[{}]", "{}]", "[{}", "a@{}", "{}@evil.example", "{}%25eth0", "::1", "[::1%25lo]"),
    *("0:0::1", "[0:0:0:0:0:0:0:1]", "127.1", "0x7f.0.0.1", "127.0.0.1.nip.io", "2130706433", "{}\\\\evil.example"),
    *(f"{'a' * 63}.{{}}", f"{'a' * 64}.{{}}", f"{'a.' * 130}{{}}"),
)
PORTS = ("", ":", ":0", ":1", ":80", ":22", ":443", ":8501", ":6667", ":065535", ":65536", ":99999", ":-1", ":8x")
PATHS = ("/interview/abc", "", "?a=b", "#x", "/a%2", "/a;b=1,2")


@pytest.fixture
def page(open_context: OpenContext) -> Iterator[Page]:
    yield open_context().new_page()


def test_browser_opens_what_is_proper_where_we_think(page: Page) -> None:
    urls = {
        f"{scheme}://{host.format(known)}{port}{path}": known
        for known in ORIGINS
        for host in HOSTS
        for port in PORTS
        for path in PATHS
        for scheme in ("http", "https")
    }
    hosts = page.evaluate(
        '(urls) => urls.map((text) => { try { const url = new URL(text); return url.username ? "" : url.hostname }'
        ' catch { return "" } })',
        list(urls),
    )
    check = LinkCheck(tuple(ORIGINS.values()))
    proper = {url: host for url, host in zip(urls, hosts, strict=True) if check(url).is_proper}
    assert len(proper) > 200
    wrong = {url: host for url, host in proper.items() if host not in ORIGINS and not host.endswith(".aseed.ai")}
    assert not wrong


def test_browser_refuses_the_ports_that_we_refuse(page: Page) -> None:
    # Two are refused by other browsers alone.
    for port in sorted(_NEVER_OPENED - {0, 4190, 6679}):
        with pytest.raises(Error, match="ERR_UNSAFE_PORT"):
            page.goto(f"http://127.0.0.1:{port}/")
    with pytest.raises(Error, match=re.escape("ERR_")):
        page.goto("http://127.0.0.1:0/")
