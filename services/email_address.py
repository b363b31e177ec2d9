"""Email addresses, by their form alone: no server is asked about a domain."""

from collections.abc import Callable
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

from services.normal_form import normal_form

LONGEST = 320
"""More characters than any address has (RFC 5321: 64 before the @, 255 behind it)."""


def is_email_address(text: str) -> bool:
    """Whether a text is one address and nothing more: no name around it, no second address, no local host."""
    if len(text) > LONGEST:
        return False
    try:
        # Strict: a part before the @ of more than 64 characters is refused.
        validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True


def folded_address(text: str) -> str:
    """An address in the form in which it is compared: one case, and one spelling of an international domain.

    `почта.рф` and `xn--80a1acny.xn--p1ai` are one domain (RFC 5890). A part such as `+study` stays: only the owner of
    a mailbox knows what it means. Other text is folded too, so that any two texts can be compared.
    """
    return _folded(text) if len(text) <= LONGEST else text.strip().casefold()


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    composed = normal_form("NFC", text.strip())
    plain = composed.casefold()
    if composed.isascii() and "xn--" not in plain:
        return plain
    local, _, domain = composed.rpartition("@")
    try:
        # The domain before its case is folded: ß belongs to a domain of its own, which is not the one with ss.
        ascii_domain = validate_email(f"a@{domain}", check_deliverability=False).ascii_domain
    except EmailNotValidError:
        return plain
    return f"{local.casefold()}@{ascii_domain.casefold()}"


def same_address(first: str, second: str) -> bool:
    """Whether two texts are one address, however it is spelled."""
    return folded_address(first) == folded_address(second)


def spellings(email: str) -> tuple[str, ...]:
    """Returns how an address may be written: as it is, and with its domain in Unicode and in ASCII (RFC 3492).

    An address with a plain domain is returned alone; so is text that is no address.
    """
    return tuple({email: None, _with_domain(email, _in_unicode): None, _with_domain(email, _in_ascii): None})


_PUNYCODE = "xn--"
"""What a part of a domain begins with that stands for letters outside ASCII."""


def _with_domain(email: str, write: Callable[[str], str]) -> str:
    """The address with each part of its domain written in one way; a plain domain and other text stay as they are."""
    name, at, domain = email.rpartition("@")
    if not at or (domain.isascii() and _PUNYCODE not in domain.lower()):
        return email
    labels = normal_form("NFKC", domain).lower().replace("。", ".").split(".")
    return f"{name}@{'.'.join(map(write, labels))}"


def _in_unicode(label: str) -> str:
    if not label.startswith(_PUNYCODE):
        return label
    try:
        return label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _in_ascii(label: str) -> str:
    return label if label.isascii() else f"{_PUNYCODE}{label.encode('punycode').decode()}"
