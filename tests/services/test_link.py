"""Which links are proper, and that no other becomes one."""

import pytest

from services.link import Link, LinkCheck

ASEED = "https://app.aseed.ai/custdev"
LOOPBACK = "http://127.0.0.1:8501"
LOOPBACK_V6 = "http://[::1]:8501"
BRITISH = "https://rooms.example.co.uk"
HOSTED = "https://ours.streamlit.app"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://app.aseed.ai/interview/abc", ASEED),
        ("https://app.aseed.ai", ASEED),
        ("https://aseed.ai/interview/abc", ASEED),
        ("https://rooms.eu.aseed.ai/abc", ASEED),
        ("https://app.aseed.ai:8443/abc", ASEED),
        ("HTTPS://APP.ASEED.AI/abc", ASEED),
        ("https://app.aseed.ai/abc?x=1&y=%20#part", ASEED),
        ("https://xn--e1afmkfd.aseed.ai/abc", ASEED),
        ("http://127.0.0.1:8501/interview/abc", LOOPBACK),
        ("https://127.0.0.1/interview/abc", LOOPBACK),
        ("http://localhost:8501/interview/abc", "http://localhost:8501"),
        ("http://192.168.1.5:8501/interview/abc", "http://192.168.1.5:8501"),
        ("http://[::1]:8501/interview/abc", LOOPBACK_V6),
        ("https://a.rooms.example.co.uk/abc", BRITISH),
        ("https://example.co.uk/abc", BRITISH),
        ("https://ours.streamlit.app/abc", HOSTED),
        ("https://app.aseed.ai/abc;v=1,2", ASEED),
        ("https://xn--strae-oqa.example.co.uk/abc", "https://xn--strae-oqa.example.co.uk"),
    ],
)
def test_link_of_an_origin_is_proper(url: str, origin: str) -> None:
    assert LinkCheck((origin,))(url).is_proper


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("", ASEED),
        (" ", ASEED),
        ("abc", ASEED),
        ("/interview/abc", ASEED),
        ("//app.aseed.ai/interview/abc", ASEED),
        ("app.aseed.ai/interview/abc", ASEED),
        ("https:app.aseed.ai", ASEED),
        ("https:/app.aseed.ai", ASEED),
        ("https:///app.aseed.ai", ASEED),
        ("https://", ASEED),
        ("https://:443/abc", ASEED),
        ("javascript:alert(1)", ASEED),
        ("javascript://app.aseed.ai/%0aalert(1)", ASEED),
        ("data:text/html,app.aseed.ai", ASEED),
        ("file://app.aseed.ai/abc", ASEED),
        ("ftp://app.aseed.ai/abc", ASEED),
        ("wss://app.aseed.ai/abc", ASEED),
        ("https://user@app.aseed.ai/abc", ASEED),
        ("https://user:word@app.aseed.ai/abc", ASEED),
        ("https://@app.aseed.ai/abc", ASEED),
        ("https://app.aseed.ai@evil.com/abc", ASEED),
        ("https://app.aseed.ai:443@evil.com/abc", ASEED),
        ("https://evil.com\\@app.aseed.ai/abc", ASEED),
        ("https://evil.com\\.aseed.ai/abc", ASEED),
        ("https://app.aseed.ai/a\nb", ASEED),
        ("https://app.aseed.ai/abc\n", ASEED),
        ("https://app.aseed.ai/a\tb", ASEED),
        ("https://app.aseed.ai/a\0b", ASEED),
        ("https://app.aseed.ai/a\x7fb", ASEED),
        ("https://app.aseed.ai/a b", ASEED),
        (" https://app.aseed.ai/abc", ASEED),
        ("https://app.aseed.ai/abc ", ASEED),
        ('https://app.aseed.ai/"onclick="x', ASEED),
        ("https://app.aseed.ai/<script>", ASEED),
        ("https://app.aseed.ai/a|b", ASEED),
        ("https://app.aseed.ai/{a}", ASEED),
        ("https://evil.com/abc", ASEED),
        ("https://aseed.ai.evil.com/abc", ASEED),
        ("https://app-aseed.ai/abc", ASEED),
        ("https://evilaseed.ai/abc", ASEED),
        ("https://aseed.com/abc", ASEED),
        ("https://ai/abc", ASEED),
        ("https://evil.com/https://app.aseed.ai/", ASEED),
        ("https://evil.com?app.aseed.ai", ASEED),
        ("https://evil.com#app.aseed.ai", ASEED),
        ("https://.aseed.ai/abc", ASEED),
        ("https://[::1].aseed.ai/abc", ASEED),
        ("https://[app.aseed.ai]/abc", ASEED),
        ("https://[app.aseed.ai/abc", ASEED),
        ("http://app.aseed.ai/interview/abc", ASEED),
        ("http://127.0.0.1:8501/interview/abc", ASEED),
        ("https://app.aseed.ai:99999/abc", ASEED),
        ("https://app.aseed.ai:-1/abc", ASEED),
        ("https://app.aseed.ai:http/abc", ASEED),
        ("https://аseed.ai/abc", ASEED),
        ("https://app.aseed.ai/пример", ASEED),
        ("https://app.aseed.ai。evil.com/abc", ASEED),
        ("https://ａpp.aseed.ai/abc", ASEED),
        ("http://127.0.0.2:8501/abc", LOOPBACK),
        ("http://0.0.1/abc", LOOPBACK),
        ("http://localhost:8501/abc", LOOPBACK),
        ("http://[::2]:8501/abc", LOOPBACK_V6),
        ("http://127.0.0.1:8501/abc", LOOPBACK_V6),
        ("https://other.co.uk/abc", BRITISH),
        ("https://co.uk/abc", BRITISH),
        ("https://theirs.streamlit.app/abc", HOSTED),
        ("https://evil.com%2f.aseed.ai/abc", ASEED),
        ("http://[::1]evil.example", LOOPBACK_V6),
        ("http://evil.example[::1]", LOOPBACK_V6),
        ("http://[::1]evil.example:8501/abc", LOOPBACK_V6),
        ("http://[::1]]/abc", LOOPBACK_V6),
        ("http://::1/abc", LOOPBACK_V6),
        ("https://a..aseed.ai/abc", ASEED),
        ("https://app.aseed.ai./abc", ASEED),
        ("https://-.aseed.ai/abc", ASEED),
        (f"https://{'a' * 64}.aseed.ai/abc", ASEED),
        (f"https://{'a.' * 130}aseed.ai/abc", ASEED),
        ("https://xn--.aseed.ai/abc", ASEED),
        ("https://xn--a.aseed.ai/abc", ASEED),
        ("https://xn--abc-.aseed.ai/abc", ASEED),
        ("https://app.aseed.ai:/abc", ASEED),
        ("https://app.aseed.ai:0/abc", ASEED),
        ("https://app.aseed.ai:22/abc", ASEED),
        ("https://app.aseed.ai:65536/abc", ASEED),
        ("https://app.aseed.ai/a;=1+1", ASEED),
        ("https://app.aseed.ai/a?b=c,-1", ASEED),
    ],
)
def test_anything_else_is_not_proper(url: str, origin: str) -> None:
    assert not LinkCheck((origin,))(url).is_proper


def test_link_of_any_origin_is_proper() -> None:
    assert LinkCheck((LOOPBACK, ASEED))("https://app.aseed.ai/abc").is_proper
    assert LinkCheck((ASEED, LOOPBACK))("http://127.0.0.1:8501/abc").is_proper
    assert not LinkCheck(())("https://app.aseed.ai/abc").is_proper


def test_plain_http_needs_a_plain_origin() -> None:
    assert not LinkCheck((ASEED, LOOPBACK))("http://app.aseed.ai/abc").is_proper


def test_link_over_2000_characters_is_not_proper() -> None:
    start = "https://app.aseed.ai/"
    assert LinkCheck((ASEED,))(start.ljust(2000, "x")).is_proper
    assert not LinkCheck((ASEED,))(start.ljust(2001, "x")).is_proper


def test_origins_are_needed_for_a_proper_link() -> None:
    assert not LinkCheck()("https://app.aseed.ai/abc").is_proper


def test_policy_names_where_links_may_lead() -> None:
    check = LinkCheck(("https://app.aseed.ai/custdev", "http://127.0.0.1:8501", "http://localhost:1", "http://[::1]:2"))
    app = ("https://app.aseed.ai:*", "https://aseed.ai:*", "https://*.aseed.ai:*")
    assert check.sources == (*app, "http://127.0.0.1:*", "http://localhost:*", "http://[::1]:*")


def test_repr_masks_the_text() -> None:
    assert "SECRET" not in repr(LinkCheck((ASEED,))("https://app.aseed.ai/interview/SECRET"))


def test_improper_link_has_no_target() -> None:
    link = LinkCheck((ASEED,))("https://evil.example/abc")
    with pytest.raises(ValueError, match="not a proper link"):
        _ = link.target
    assert link.marked == "not a link: https://evil.example/abc"
    assert Link("https://app.aseed.ai/abc").is_proper is False


@pytest.mark.parametrize(
    ("kept", "told", "expected"),
    [
        ("", "https://app.aseed.ai/told", "https://app.aseed.ai/told"),
        ("https://app.aseed.ai/kept", "https://app.aseed.ai/told", "https://app.aseed.ai/kept"),
        ("https://app.aseed.ai/kept", "https://evil.example/", "https://app.aseed.ai/kept"),
        ("http://127.0.0.1/kept", "https://app.aseed.ai/told", "https://app.aseed.ai/told"),
        ("http://127.0.0.1/kept", "https://evil.example/", "http://127.0.0.1/kept"),
    ],
)
def test_link_of_a_room_never_changes(kept: str, told: str, expected: str) -> None:
    check = LinkCheck((ASEED,))
    assert check.of_room(kept, told) == check(expected)
