"""The design has one place, .streamlit/config.toml: its texts can be read, and nothing else brings own colours."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPONENTS = ROOT / "components"
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]

HUES = ("blue", "gray", "green", "orange", "red", "violet")

READABLE, VISIBLE = 4.5, 3.0
"""The least contrast of texts, and of what is no text (WCAG 2.2, AA)."""

CAPTION = 0.6
"""How opaque Streamlit writes a caption."""

COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|light-dark)\(", re.IGNORECASE)

OWN = re.compile(r"--[a-z-]+:[^;]*;")
"""A variable of our own: what the theme does not offer, said once."""

MEASURE = re.compile(
    r"(?<![-\w])(font-size|gap|row-gap|column-gap|padding[a-z-]*|margin[a-z-]*|border-radius): ([^;{}]+)"
)
"""What stands on the scales of space, type and corners in page.css."""

LENGTH = re.compile(r"^(?!.*\b(?:clamp|min)\().*(?:\drem|\d\dpx)\b")
"""A length said by itself: no hairline, and none that follows the size of the screen."""

BLACK_ON_WHITE = {"batches/room_table.js", "desk/screen.css"}
"""What is held towards a camera, whatever the theme."""


def _channels(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def _luminance(channels: list[float]) -> float:
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(text: str, ground: str, opacity: float = 1.0) -> float:
    """The contrast of two colours such as #0f6b5c, from 1 to 21."""
    below = _channels(ground)
    mixed = [opacity * over + (1 - opacity) * under for over, under in zip(_channels(text), below, strict=True)]
    dark, light = sorted((_luminance(mixed), _luminance(below)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(scheme: str) -> None:
    theme = THEME[scheme]
    grounds = [theme["backgroundColor"], theme["secondaryBackgroundColor"]]
    pairs = {f"caption on {ground}": contrast(theme["textColor"], ground, CAPTION) for ground in grounds}
    pairs |= {f"link on {ground}": contrast(theme["linkColor"], ground) for ground in grounds}
    pairs["primary button"] = contrast("#ffffff", theme["primaryColor"])
    for hue in (*HUES, "yellow"):
        for ground in (theme["backgroundColor"], theme[f"{hue}BackgroundColor"]):
            pairs[f"{hue} on {ground}"] = contrast(theme[f"{hue}TextColor"], ground)
    assert not {pair: found for pair, found in pairs.items() if found < READABLE}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bars_and_buttons_stand_out(scheme: str) -> None:
    colours = {hue: THEME[f"{hue}Color"] for hue in HUES} | {"primary": THEME[scheme]["primaryColor"]}
    found = {name: contrast(colour, THEME[scheme]["backgroundColor"]) for name, colour in colours.items()}
    assert not {name: value for name, value in found.items() if value < VISIBLE}


def test_components_bring_no_colours_of_their_own() -> None:
    files = [*COMPONENTS.rglob("*.css"), *COMPONENTS.rglob("*.js"), *COMPONENTS.rglob("*.py")]
    texts = {file.relative_to(COMPONENTS).as_posix(): file.read_text(encoding="utf-8") for file in files}
    found = {name: COLOUR.findall(OWN.sub("", text)) for name, text in texts.items() if name not in BLACK_ON_WHITE}
    assert not {name: colours for name, colours in found.items() if colours}


def test_space_and_type_stand_on_the_scales() -> None:
    files = {
        file.relative_to(COMPONENTS).as_posix(): file.read_text(encoding="utf-8") for file in COMPONENTS.rglob("*.css")
    }
    found = {
        name: [each[0] for each in MEASURE.finditer(text) if LENGTH.search(each[2])] for name, text in files.items()
    }
    assert not {name: measures for name, measures in found.items() if measures}


def test_page_and_theme_say_the_same() -> None:
    style = (COMPONENTS / "page.css").read_text(encoding="utf-8")
    title, large, _ = THEME["headingFontSizes"]
    assert {
        f"--ground: light-dark({THEME['light']['backgroundColor']}, {THEME['dark']['backgroundColor']});",
        f"--round-base: {THEME['baseRadius']};",
        f"--text-title: {title};",
        f"--text-large: {large};",
    } <= {line.strip() for line in style.splitlines()}
