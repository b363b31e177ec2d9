"""What the desk's screen says to the person who stands before it, in the language of the room."""

from services.export.cards.words import Language

ASK: dict[Language, str] = {"en": "Scan the code with your phone", "ru": "Наведите на код камеру телефона"}

ALT: dict[Language, str] = {"en": "QR code of the interview", "ru": "QR-код интервью"}

BEGUN: dict[Language, tuple[str, str]] = {
    "en": ("Your interview has begun", "Go on with it on your phone. Thank you!"),
    "ru": ("Интервью началось", "Продолжайте на своём телефоне. Спасибо!"),
}

OWN_NAMES = {"English": "English", "Russian": "Русский"}
"""What the API's languages call themselves, where a card speaks them."""
