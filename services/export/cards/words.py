"""What a card says to the respondent, who may have no one to ask, in each language."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from services.languages import language_name
from services.local_time import local, offset_in_words

Language = Literal["en", "ru"]

INSTRUCTIONS = {
    "en": (
        "Open in Safari or Chrome",
        "Allow the microphone",
        "Find a quiet place",
        "Have your email ready",
    ),
    "ru": (
        "Откройте в Safari или Chrome",
        "Разрешите доступ к микрофону",
        "Найдите тихое место",
        "Приготовьте свой email",
    ),
}

RULER_SAYS = {
    "en": "This line is 100 mm long if printed at 100 % (actual size).",
    "ru": "Эта линия длиной 100 мм, если печатать в масштабе 100 % (реальный размер).",
}
"""What stands beside the ruler of a page."""

NUMBER = {"en": "No. {}", "ru": "№ {}"}
"""What a card without a name is called."""

CODE = {"en": "Staff code", "ru": "Служебный код"}

_VALID = {"en": "Valid until", "ru": "Действует до"}
_DAYS = {"en": "Mon Tue Wed Thu Fri Sat Sun", "ru": "пн вт ср чт пт сб вс"}
_MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "ru": "янв. февр. марта апр. мая июня июля авг. сент. окт. нояб. дек.",
}
_DATE = {"en": "{} {} {} {}", "ru": "{}, {} {} {}"}


def language_of(room_language: str | None) -> Language:
    """Returns the language of a card for a room in that language, which other tools may write as `ru`."""
    return "ru" if language_name(room_language) == "Russian" else "en"


def minutes(count: int, language: Language) -> str:
    """How long the interview may take."""
    if language == "ru":
        return f"До {count} {'минуты' if count % 10 == 1 and count % 100 != 11 else 'минут'}"
    return f"Up to {count} {'minute' if count == 1 else 'minutes'}"


def valid_until(moment: datetime, zone: ZoneInfo, language: Language) -> str:
    """The end of a link in that zone, with no-break spaces; the offset says whose time it is, as a card travels."""
    there = local(moment, zone)
    day, month = _DAYS[language].split()[there.weekday()], _MONTHS[language].split()[there.month - 1]
    date = _DATE[language].format(day, there.day, month, there.year)
    words = (_VALID[language], f"{date},", f"{there:%H:%M} ({offset_in_words(there)})")
    # Each of the three stays on one line if it can.
    return " ".join(part.replace(" ", "\u00a0") for part in words)
