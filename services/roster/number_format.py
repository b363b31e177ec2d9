"""What the cell of a spreadsheet shows, from its number and its number format (ECMA-376, 18.8.31).

It is as shown, save for what depends on the viewer's language and on the width of the column: thousands are not
separated, the decimal sign is a point, dates and times are ISO, and all digits stand where a format would round them
to a power of ten. Fractions, such as 1/2, are written as decimals.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

GENERAL = "General"

_DATE, _TIME = "yyyy-mm-dd", "hh:mm:ss"

BUILT_IN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"},
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58), _DATE),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47, 55, 56), _TIME),
    **{37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 46: "[h]:mm:ss"},
    **{48: "##0.0E+0", 49: "@"},
}
"""The formats that a file names by their numbers alone."""

_LONGEST_FORMAT = 255
"""Characters: the most that spreadsheet programs allow."""

_MOST_DIGITS = 21
"""Digits before the point from which a number is written with a power of ten."""

_LAST_DAY = 2_958_466
"""The day after 31 December 9999, counted from 1900."""

_DAYS_UNTIL_1904 = 1_462

_PRECISE = Context(prec=80)

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.)"
    r"|(?P<space>[_*].)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General|Standard)"
    r"|(?P<half>AM/PM|A/P)"
    r"|(?P<power>E[+-])"
    r"|(?P<date>[ymdhs])"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)


@dataclass(frozen=True)
class Section:
    """One of the parts of a format that semicolons separate.

    tokens: kind and text of each; the kinds are `text`, `sign` (what has a meaning in a number), `general`.
    """

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, Decimal] | None = None
    is_date: bool = False
    is_duration: bool = False
    is_power: bool = False

    @property
    def signs(self) -> str:
        return "".join(text for kind, text in self.tokens if kind == "sign")


def number_of(text: str) -> Decimal | None:
    """Returns a number at the 15 digits of spreadsheets, a whole one with all its digits; None for other text."""
    if re.fullmatch(r"-?[0-9]{1,40}", text):
        return Decimal(text)
    try:
        value = float(text)
    except ValueError:
        return None
    return Decimal(f"{value:.15g}") if abs(value) < float("inf") else None


def general(value: Decimal) -> str:
    """Returns a number in full, as in a wide column without a format."""
    if value == value.to_integral_value() and value.adjusted() < max(_MOST_DIGITS, len(value.as_tuple().digits)):
        return str(int(value))
    return f"{float(value):.15g}"


def shown(value: Decimal, code: str, *, from_1904: bool = False) -> str:
    """Returns what a cell with a number shows.

    value: as number_of returns it.
    code: the number format.
    from_1904: whether the workbook counts its days from 1904.
    """
    if code == GENERAL:
        return general(value)
    sections = sections_of(code)
    section, signed = _section_for(value, sections)
    if section.is_date or section.is_duration:
        return _moment(value, from_1904, as_duration=section.is_duration)
    if section.is_power or "/" in section.signs:
        return general(value)
    minus = "-" if signed and value < 0 else ""
    return (minus + _formatted(abs(value), section)).strip()


def shown_text(text: str, code: str) -> str:
    """Returns what a cell with a text shows: formats such as `"P-"@` put words around it."""
    if "@" not in code or code == "@":
        return text
    section = sections_of(code)[-1]
    if "@" not in section.signs:
        return text
    return "".join(text if sign == "@" else sign for _, sign in section.tokens)


@lru_cache(maxsize=1_000)
def sections_of(code: str) -> tuple[Section, ...]:
    """Returns the sections of a number format, at least one. What no program allows counts as General."""
    if len(code) > _LONGEST_FORMAT:
        code = GENERAL
    found: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["other"] == ";":
            found.append([])
        else:
            found[-1].append(token)
    return tuple(map(_section, found))


def _section(found: list[re.Match[str]]) -> Section:
    kinds = {token.lastgroup for token in found}
    brackets = [token["bracket"] for token in found if token["bracket"] is not None]
    conditions = [said for bracket in brackets if (said := _CONDITION.fullmatch(bracket))]
    return Section(
        tuple(map(_token, found)),
        (conditions[0][1], number_of(conditions[0][2]) or Decimal(0)) if conditions else None,
        is_date=bool(kinds & {"date", "half"}) and "general" not in kinds,
        is_duration=any(map(_ELAPSED.fullmatch, brackets)),
        is_power="power" in kinds,
    )


def _token(token: re.Match[str]) -> tuple[str, str]:
    match token.lastgroup:
        case "quoted" | "escaped":
            return "text", token[token.lastgroup]
        case "bracket":
            # `[$€-407]` names a currency and a language; the other brackets are colours and conditions.
            inner = token["bracket"]
            return "text", inner[1:].split("-")[0] if inner.startswith("$") else ""
        case "space":
            return "text", " " if token["space"].startswith("_") else ""
        case "general":
            return "general", ""
        case _:
            return ("sign" if token[0] in "0#?.,%@/" else "text"), token[0]


def _section_for(value: Decimal, sections: tuple[Section, ...]) -> tuple[Section, bool]:
    """Returns the section that a number is shown in, and whether a negative number keeps its sign there."""
    sections = sections[:3]
    if any(section.condition for section in sections):
        return next((one for one in sections if _holds(value, one.condition)), sections[-1]), True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], True


def _holds(value: Decimal, condition: tuple[str, Decimal] | None) -> bool:
    if condition is None:
        return True
    sign, limit = condition
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def _formatted(value: Decimal, section: Section) -> str:
    tokens = section.tokens
    if any(kind == "general" for kind, _ in tokens):
        return "".join(general(value) if kind == "general" else text for kind, text in tokens)
    places = [place for place, (kind, text) in enumerate(tokens) if kind == "sign" and text in "0#?"]
    if not places:
        return "".join(general(value) if (kind, text) == ("sign", "@") else text for kind, text in tokens)
    point = next((place for place, token in enumerate(tokens) if token == ("sign", ".")), places[-1] + 1)
    decimals = sum(place > point for place in places)
    whole, fraction = _digits(_scaled(value, section.signs), decimals)
    after = tokens[point + (("sign", ".") in tokens) :]
    digits_needed = any(token == ("sign", "0") for token in after)
    point_shown = "." if decimals and (digits_needed or fraction.strip("0")) else ""
    return _whole(tokens[:point], whole) + point_shown + _decimals(after, fraction)


def _scaled(value: Decimal, signs: str) -> Decimal:
    """Returns a number in percent, and in thousands where commas follow its last digit."""
    thousands = re.search(r"[0#?](,+)(?![0#?,])", signs)
    power = 2 * signs.count("%") - 3 * (len(thousands[1]) if thousands else 0)
    return value.scaleb(power, _PRECISE)


def _digits(value: Decimal, decimals: int) -> tuple[str, str]:
    if value.adjusted() > 40:
        return general(value), ""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=decimals + 80))
    whole, _, fraction = f"{rounded:f}".partition(".")
    return whole.lstrip("0"), fraction


def _whole(tokens: tuple[tuple[str, str], ...], digits: str) -> str:
    """Fills the places before the point from the right; the first place takes all digits that are left."""
    left = sum(kind == "sign" and text in "0#?" for kind, text in tokens)
    if not left:
        return "".join(text for kind, text in tokens if kind == "text" or text == "%") + digits
    done: list[str] = []
    for kind, text in reversed(tokens):
        if kind == "text" or text == "%":
            done.append(text)
        elif text in "0#?":
            left -= 1
            taken, digits = (digits[-1:], digits[:-1]) if left else (digits, "")
            done.append(taken or ("0" if text == "0" else ""))
    return "".join(reversed(done))


def _decimals(tokens: tuple[tuple[str, str], ...], digits: str) -> str:
    """Fills the places after the point from the left; zeros at the end stand only where the format has a 0."""
    done: list[str] = []
    for kind, text in tokens:
        if kind == "sign" and text in "0#?":
            digit, digits = digits[:1], digits[1:]
            done.append(digit if text == "0" or (digit + digits).strip("0") else "")
        elif kind == "text" or text == "%":
            done.append(text)
    return "".join(done)


def _moment(value: Decimal, from_1904: bool, *, as_duration: bool) -> str:
    """Returns a date, a time or a duration; the number itself where no calendar has it."""
    if as_duration:
        return _duration(value)
    days = value + (_DAYS_UNTIL_1904 if from_1904 and value >= 1 else 0)
    if not 0 <= days < _LAST_DAY:
        return general(value)
    # Spreadsheets know a 29 February 1900, which is day 60.
    first = datetime(1899, 12, 31) if 1 <= days < 60 else datetime(1899, 12, 30)
    moment = first + timedelta(seconds=round(days * 86_400))
    if days < 1:
        return moment.time().isoformat()
    return in_words(moment)


def in_words(moment: datetime) -> str:
    """Returns a moment as ISO; midnight is left out."""
    return moment.isoformat(" ", "seconds").removesuffix(" 00:00:00")


def _duration(value: Decimal) -> str:
    seconds = round(abs(value) * 86_400)
    return f"{'-' if value < 0 else ''}{seconds // 3_600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
