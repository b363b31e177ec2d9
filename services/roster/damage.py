"""What spreadsheets make of ids: a number loses its zeros or its last digits, and what looks like a date becomes one.

A damaged id cannot be mended by itself, but it can be recognised where the id is known.
"""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

_NUMBER = re.compile(r"[+-]?(\d+)(?:[.,](\d*))?(?:[eE]([+-]?\d{1,3}))?")
_DIGITS_STORED = 15
"""Significant digits that a spreadsheet keeps."""

_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_CLOCK = re.compile(r"(\d{1,4}):(\d{1,2})(?::(\d{1,2}))?(?: ?([AaPp])[Mm])?")
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_DATE = re.compile(r"(?:\d{1,4}|[^\W\d_]{3,10}\.?)(?:[-/. ,]*(?:\d{1,4}|[^\W\d_]{3,10}\.?)){1,2}\.?")

_MONTHS = (
    ("jan", "янв", "ene", "gen"),
    ("feb", "фев", "fév", "fev"),
    ("mar", "мар", "mär"),
    ("apr", "апр", "avr", "abr"),
    ("may", "mai", "май", "мая", "mag"),
    ("jun", "июн", "juin", "giu"),
    ("jul", "июл", "juil", "lug"),
    ("aug", "авг", "aoû", "ago"),
    ("sep", "сен", "set"),
    ("oct", "okt", "окт", "out", "ott"),
    ("nov", "ноя"),
    ("dec", "dez", "дек", "déc", "dic"),
)
"""How the names of months begin in English, Russian, German, French, Spanish, Italian and Portuguese."""

_TRUTHS = (
    ("true", "истина", "wahr", "vrai", "verdadero", "vero", "1"),
    ("false", "ложь", "falsch", "faux", "falso", "0"),
)

_DAY_ZERO = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Days since then that are dates of our time: 1954 to 2119."""

_Day = tuple[int | None, int, int | None]
"""Year, month and day; None where they are not written."""


def is_damaged(known: str, read: str) -> bool:
    """Whether a text is what a spreadsheet may have made of an id. Two equal texts are not damaged."""
    known, read = known.strip(), read.strip()
    if not known or not read or known == read:
        return False
    return _as_number(known, read) or _as_date(known, read) or _as_clock(known, read) or _as_truth(known, read)


def _number(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _as_number(known: str, read: str) -> bool:
    """Zeros, signs and exponents that went, and digits beyond those that are stored or shown."""
    first, second = _number(known), _number(read)
    # A spreadsheet writes no zeros in front: those were typed by a person.
    if first is None or second is None or re.match(r"\+|-?0\d", read):
        return False
    if first == second:
        return True
    found = _NUMBER.fullmatch(read)
    assert found is not None
    digits = len((found[1] + (found[2] or "")).lstrip("0")) if found[3] else _DIGITS_STORED
    digits = min(digits, _DIGITS_STORED)
    # The last digit may be rounded or cut off.
    return first != 0 and _is_long(known) and abs(first - second) <= abs(Decimal(10) ** (first.adjusted() + 1 - digits))


def _is_long(known: str) -> bool:
    """Whether a number has more digits than a column shows without an exponent."""
    return sum(map(str.isdigit, known)) > 11 or "e" in known.casefold()


def _as_date(known: str, read: str) -> bool:
    read = _MIDNIGHT.sub("", read)
    meant = _days(known)
    if meant and read.isdecimal() and int(read) in _SERIALS:
        day = _DAY_ZERO + timedelta(days=int(read))
        return any(_agree(one, (day.year, day.month, day.day)) for one in meant)
    return any(_agree(one, other) for one in meant for other in _days(read))


def _days(text: str) -> set[_Day]:
    """The days that a text may mean, with its numbers in any order that is written somewhere."""
    if not _DATE.fullmatch(text):
        return set()
    parts = _PARTS.findall(text)
    named = [month for part in parts if (month := _month(part))]
    numbers = [part for part in parts if part.isdecimal()]
    if len(named) > 1 or len(named) + len(numbers) != len(parts):
        return set()
    found = _with_name(named[0], numbers) if named else _without_name(numbers)
    return {(year, month, day) for year, month, day in found if 1 <= month <= 12 and (day is None or 1 <= day <= 31)}


def _month(part: str) -> int | None:
    small = part.casefold()
    return next((number for number, names in enumerate(_MONTHS, start=1) if small.startswith(names)), None)


def _with_name(month: int, numbers: list[str]) -> set[_Day]:
    if len(numbers) == 1:
        return {(None, month, int(numbers[0])), (_year(numbers[0]), month, None)}
    return {(_year(year), month, int(day)) for day, year in (numbers, numbers[::-1])}


def _without_name(numbers: list[str]) -> set[_Day]:
    if len(numbers) == 2:
        first, second = numbers
        return {
            (None, int(second), int(first)),
            (None, int(first), int(second)),
            (_year(second), int(first), None),
            (_year(first), int(second), None),
        }
    if len(numbers) != 3:
        return set()
    first, second, third = numbers
    return {
        (_year(first), int(second), int(third)),
        (_year(third), int(second), int(first)),
        (_year(third), int(first), int(second)),
    }


def _year(text: str) -> int:
    """A year of two digits is one of our time."""
    number = int(text)
    if len(text) > 2:
        return number
    return number + (2000 if number < 30 else 1900)


def _agree(first: _Day, second: _Day) -> bool:
    """Whether two days may be the same one; a month without a day is its first."""
    if (first[0] is None and second[2] is None) or (second[0] is None and first[2] is None):
        # One is a day without a year, the other a month of a year.
        return False
    years = first[0] is None or second[0] is None or first[0] == second[0]
    return years and first[1] == second[1] and (first[2] or 1) == (second[2] or 1)


def _as_clock(known: str, read: str) -> bool:
    seconds = _seconds(known)
    if seconds is None:
        return False
    part = _number(read)
    if part is not None:
        return "." in read.replace(",", ".") and abs(part * 86_400 - seconds) < 1
    return _seconds(read) == seconds


def _seconds(text: str) -> int | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hours = int(found[1]) % 12 + 12 * (found[4] in "Pp") if found[4] else int(found[1])
    return hours * 3600 + int(found[2]) * 60 + int(found[3] or 0)


def _as_truth(known: str, read: str) -> bool:
    small, other = known.casefold(), read.casefold()
    return any(small in names[:-1] and other in names for names in _TRUTHS)
