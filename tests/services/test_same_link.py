"""When two rooms have one link, however it is spelt; and that no two links that differ pass for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.same_link import link_keys, sharing

TOKEN = "q7Xw2-kLm9_PzR4t"
LINK = f"https://app.aseed.ai/interview/{TOKEN}"


def are_one(first: tuple[str, str], second: tuple[str, str]) -> bool:
    return sharing({"a": link_keys(*first), "b": link_keys(*second)}) == {"a", "b"}


@pytest.mark.parametrize(
    "url",
    [
        LINK,
        LINK.upper(),
        f"{LINK}/",
        f"{LINK}//",
        f"{LINK}?utm_source=mail",
        f"{LINK}#start",
        f" {LINK}",
        f"http://127.0.0.1:8501/interview/{TOKEN}",
        LINK.replace("q7Xw2", "q%37Xw2"),
        f"https://app.aseed.ai/de/interview/{TOKEN}",
    ],
)
def test_other_spelling_of_a_link_is_the_same(url: str) -> None:
    assert are_one((LINK, TOKEN), (url, TOKEN))
    # Also where the other room has a token of its own, and where its token is not known.
    assert are_one((LINK, TOKEN), (url, "another-token-00000"))
    assert are_one((LINK, TOKEN), (url, ""))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((LINK, TOKEN), ("https://app.aseed.ai/interview/other-00000000", TOKEN)),
        ((LINK, TOKEN), ("", TOKEN.lower())),
        (("https://app.aseed.ai/i/abc", "abc"), ("https://app.aseed.ai/i/abc", "def")),
        (("https://app.aseed.ai/i/abc", "abc"), ("https://app.aseed.ai/i/ABC/?x#y", "abc")),
        (("https://app.aseed.ai/join?t=abc", "abc"), ("https://app.aseed.ai/join/?t=ABC", "def")),
        (("https://app.aseed.ai/", "abc"), ("https://app.aseed.ai", "def")),
    ],
)
def test_url_or_token_alone_makes_two_links_one(first: tuple[str, str], second: tuple[str, str]) -> None:
    assert are_one(first, second)


@pytest.mark.parametrize(
    "form",
    [
        "https://app.aseed.ai/interview/{}",
        "https://app.aseed.ai/interview/{}/start",
        "https://app.aseed.ai/join?token={}",
        "https://app.aseed.ai/app#/interview/{}",
        "https://app.aseed.ai/interview-room-2026?room={}",
        "javascript:alert(1)",
        "",
    ],
)
@pytest.mark.parametrize(
    ("first", "second"), [("abc", "abd"), (TOKEN, f"{TOKEN}x"), ("r0om-000000001", "r0om-000000002")]
)
def test_different_tokens_are_different_links(form: str, first: str, second: str) -> None:
    assert not are_one((form.format(first), first), (form.format(second), second))


def test_rooms_without_link_and_token_share_nothing() -> None:
    assert sharing({"a": link_keys("", ""), "b": link_keys("", " "), "c": link_keys("javascript:x", "")}) == frozenset()


@given(st.text(), st.text())
def test_no_text_breaks_the_comparison(url: str, token: str) -> None:
    assert link_keys(url, token) == link_keys(url, token)
    if link_keys(url, token):
        assert are_one((url, token), (url, token))


def test_room_is_no_twin_of_itself() -> None:
    assert sharing({"a": [*link_keys(LINK, TOKEN), *link_keys(f"{LINK}/", TOKEN)]}) == frozenset()
