"""The texts of the respondent's page, in English and Russian, and which of them a respondent gets."""

import re

_SPOKEN = {"English": "en", "Russian": "ru"}
"""The languages of the page, by the API's names of languages."""

_WISH = re.compile(r"\s*([A-Za-z]{1,8})(?:-[\w-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")
"""One language that a browser asks for, and how much it is wanted (RFC 9110, 12.5.4)."""

_LONGEST_WISH = 400
"""Characters of what a browser asks for that are looked at."""

WORDS = {
    "en": {
        "lang": "en",
        "title": "Interview",
        "rehearsal": "Rehearsal: there is no voice behind this link. Nothing is recorded.",
        "language": "Language",
        "topics": "What we will talk about",
        "valid_until": "Valid until",
        "email": "Your email",
        "email_why": "So that only you can come back to this interview.",
        "start": "Start",
        "return": "Come back",
        "bad_email": "That does not look like an email address. Please check it.",
        "other_respondent": "A person is already in this interview. If it was you, enter the email you started with.",
        "active": "This interview is going on. Were you cut off? Enter the same email to come back.",
        "in_session": "You are in the interview.",
        "left": "Time left",
        "ends_at": "It ends by itself at",
        "end": "End the interview",
        "pending_unready": "This interview is not ready yet. Please ask the person who invited you.",
        "completed": "This interview is finished. Thank you for taking part!",
        "expired": "This link has expired. Please ask the person who invited you for a new one.",
        "cancelled": "This link was cancelled. Please ask the person who invited you for a new one.",
        "unknown": "This link leads nowhere. Please check that it is complete, or ask the person who invited you.",
    },
    "ru": {
        "lang": "ru",
        "title": "Интервью",
        "rehearsal": "Репетиция: за этой ссылкой нет голоса. Ничего не записывается.",
        "language": "Язык",
        "English": "английский",
        "French": "французский",
        "German": "немецкий",
        "Italian": "итальянский",
        "Polish": "польский",
        "Portuguese": "португальский",
        "Russian": "русский",
        "Spanish": "испанский",
        "Turkish": "турецкий",
        "Ukrainian": "украинский",
        "topics": "О чём мы поговорим",
        "valid_until": "Действует до",
        "email": "Ваш email",
        "email_why": "Чтобы вернуться в это интервью могли только вы.",
        "start": "Начать",
        "return": "Вернуться",
        "bad_email": "Это не похоже на адрес почты. Проверьте его, пожалуйста.",
        "other_respondent": "В этом интервью уже кто-то есть. Если это были вы, введите тот же email.",
        "active": "Интервью идёт. Связь прервалась? Введите тот же email, чтобы вернуться.",
        "in_session": "Вы в интервью.",
        "left": "Осталось",
        "ends_at": "Закончится само в",
        "end": "Закончить интервью",
        "pending_unready": "Интервью ещё не готово. Спросите, пожалуйста, того, кто вас пригласил.",
        "completed": "Интервью завершено. Спасибо за участие!",
        "expired": "Срок ссылки истёк. Попросите новую у того, кто вас пригласил.",
        "cancelled": "Ссылка отменена. Попросите новую у того, кто вас пригласил.",
        "unknown": "Эта ссылка никуда не ведёт. Проверьте её или спросите того, кто вас пригласил.",
    },
}


def language_for(room_language: str | None, accepted: str) -> str:
    """Returns the page's language: the room's, else the one that the browser wants most; English without either.

    accepted: the header Accept-Language.
    """
    if room_language in _SPOKEN:
        return _SPOKEN[room_language]
    wishes = [found for part in accepted[:_LONGEST_WISH].split(",") if (found := _WISH.fullmatch(part))]
    wanted = [(float(wish[2] or 1), wish[1].lower()) for wish in wishes]
    # Of equal wishes the first counts, as browsers write them.
    return max((wish for wish in wanted if wish[1] in WORDS and wish[0]), key=lambda wish: wish[0], default=(1, "en"))[
        1
    ]


def duration(minutes: int, language: str) -> str:
    """How long the interview may take."""
    if language == "ru":
        return f"До {minutes} {'минуты' if minutes % 10 == 1 and minutes % 100 != 11 else 'минут'}"
    return f"Up to {minutes} {'minute' if minutes == 1 else 'minutes'}"
