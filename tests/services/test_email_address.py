"""Which texts are email addresses; no test needs a network, and none uses one."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.email_address import folded_address, is_email_address, same_address, spellings


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("an address is judged by its form alone")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "sendto", refuse)


@pytest.mark.parametrize(
    "text", ["a@x.org", "a.b+c@mail.x.co.uk", "анна@почта.рф", "a@xn--80a1acny.xn--p1ai", "A_B@X-Y.ORG", "a&b=c?@x.org"]
)
def test_address_is_accepted(text: str) -> None:
    assert is_email_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "anna", "a@", "@x.org", "a@x", "a@@x.org", "a b@x.org", " a@x.org", "a..b@x.org", "a@x..org"),
        *("Anna <a@x.org>", "a@x.org,b@x.org", "a@x.org;b@x.org", "a@x.org\r\nBcc: b@x.org", "mailto:a@x.org"),
        *('"a b"@x.org', "a@[127.0.0.1]", "a@1.2.3.4", "a\u200b@x.org", "a\0@x.org", "a@x_y.org", "a@-x.org"),
        *("x" * 65 + "@x.org", "a@" + "x" * 64 + ".org", "a@" + "x." * 150 + "org"),
    ],
    ids=repr,
)
def test_other_text_is_refused(text: str) -> None:
    assert not is_email_address(text)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("anna@почта.рф", "anna@xn--80a1acny.xn--p1ai"),
        ("Anna@ПОЧТА.рф ", "anna@XN--80A1ACNY.xn--p1ai"),
        ("anna@bücher.example.de", "ANNA@xn--bcher-kva.example.de"),
        ("anna@bu\u0308cher.de", "anna@bücher.de"),
        ("анна@почта.рф", "АННА@xn--80a1acny.xn--p1ai"),
        ("anna@straße.de", "anna@xn--strae-oqa.de"),
        ("a+study@x.org", "A+Study@X.org"),
        ("not an address", "NOT an address"),
        ("", " "),
    ],
)
def test_one_address_has_many_spellings(first: str, second: str) -> None:
    assert same_address(first, second) and same_address(second, first)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a+study@x.org", "a@x.org"),
        ("a.b@x.org", "ab@x.org"),
        ("anna@почта.рф", "anna@почта.com"),
        ("anna@straße.de", "anna@strasse.de"),
        ("a@xn--x.org", "a@x.org"),
        ("a@x.org", ""),
    ],
)
def test_different_addresses_stay_different(first: str, second: str) -> None:
    assert not same_address(first, second)


@given(
    st.text(st.sampled_from("aЖß@.xn-+ İ\u0308"))
    | st.from_regex(r"[a-zäж]{1,5}@[a-zäж]{1,5}\.(org|рф)", fullmatch=True)
)
def test_folded_address_folds_to_itself(text: str) -> None:
    assert folded_address(folded_address(text)) == folded_address(text)


@pytest.mark.parametrize("email", ["anna@straße.example", "anna@пример.рф", "anna@mail.bücher.example", "a@日本.jp"])
def test_domain_is_known_in_both_spellings(email: str) -> None:
    (_, ascii_form) = spellings(email)
    assert ascii_form.isascii() and set(spellings(ascii_form)) == {email, ascii_form}
    assert same_address(email, f" {ascii_form.upper()} ")


@pytest.mark.parametrize("text", ["", "anna", "anna@example.org", "@", "Anna@Example.org"])
def test_plain_address_has_one_spelling(text: str) -> None:
    assert spellings(text) == (text,)


@pytest.mark.parametrize("email", ["anna@xn--.example", "anna@xn--\u00e4.example", "anna@xn--99999999999.example"])
def test_broken_domain_stays_as_it_is(email: str) -> None:
    assert email in spellings(email) and folded_address(email)


def test_accent_before_the_at_makes_another_address() -> None:
    assert not same_address("andré@example.org", "andre@example.org")
