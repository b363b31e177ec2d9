"""The quick way to a symbol's modules, held to the plain one: not a module may differ."""

import random
import string
from typing import get_args

import pytest
import qrcode

from services.export.codes.symbol import LARGEST, Level, modules

LEVELS = {"M": qrcode.ERROR_CORRECT_M, "Q": qrcode.ERROR_CORRECT_Q}
URL_CHARACTERS = string.ascii_letters + string.digits + "-._~:/?#[]@!$&'()*+,;=%"


def plain(link: str, level: Level) -> tuple[str, ...]:
    symbol = qrcode.QRCode(error_correction=LEVELS[level])
    symbol.add_data(link)
    symbol.make()
    return tuple("".join("1" if dark else "0" for dark in row) for row in symbol.modules)


def links(count: int, longest: int) -> list[str]:
    """Random URLs, some with long stretches of digits or of capitals, which a symbol holds in a mode of their own."""
    made = random.Random(8)
    stretches = [string.digits, string.ascii_uppercase + string.digits, URL_CHARACTERS, URL_CHARACTERS]
    return [
        "https://app.aseed.ai/interview/"
        + "".join(
            "".join(made.choices(made.choice(stretches), k=made.randint(1, longest // 3)))
            for _ in range(made.randint(1, 3))
        )
        for _ in range(count)
    ]


@pytest.mark.parametrize("level", get_args(Level))
def test_every_symbol_equals_the_plain_one(level: Level) -> None:
    for link in links(200, 120):
        assert modules(link, level) == plain(link, level), link


@pytest.mark.parametrize("length", range(1, 700, 13))
def test_any_length_gives_the_plain_symbol(length: int) -> None:
    link = (URL_CHARACTERS * 10)[length : 2 * length]
    assert modules(link) == plain(link, "M")


@pytest.mark.parametrize(
    "link", ["1", "12345678901234567890123", "HTTPS://ASEED.AI/A", "x" * 11, "кириллица", "\0\0\0"]
)
def test_any_text_gives_the_plain_symbol(link: str) -> None:
    assert modules(link) == plain(link, "M")


def test_largest_symbols_are_left_to_qrcode() -> None:
    link = "https://app.aseed.ai/" + "x" * 800
    assert len(modules(link)) > 17 + 4 * LARGEST
    assert modules(link) == plain(link, "M")


@pytest.mark.parametrize(("level", "most"), [("M", 2331), ("Q", 1663)])
def test_what_no_symbol_holds_is_refused(level: Level, most: int) -> None:
    assert len(modules("x" * most, level)) == 177
    with pytest.raises(ValueError, match="41"):
        modules("x" * (most + 1), level)
