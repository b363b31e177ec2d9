"""The invitations to begin with: who invites, what to do, how long it takes, until when it works.

A browser inside a messenger never asks for the microphone, so each names browsers that do.
"""

from services.export.messages import Template

ENGLISH = Template(
    "Your invitation to an interview: {project}",
    "Hello,\n\n"
    "we would like to invite you to an interview for our study “{project}”. It is a conversation by voice with an AI "
    "interviewer, takes about {minutes} minutes, and has no right or wrong answers.\n\n"
    "Your personal link:\n{link}\n\n"
    "1. Find a quiet place. Headphones help.\n"
    "2. Open the link in Safari or Chrome. Should it open inside a messenger, copy it into the browser.\n"
    "3. Allow the microphone when the browser asks.\n\n"
    "The link works once, until {expires}. It is meant for you alone, so please do not pass it on.\n\n"
    "Thank you for your time!\n",
)

RUSSIAN = Template(
    "Приглашение на интервью: {project}",
    "Здравствуйте!\n\n"
    "Приглашаем вас на интервью для нашего исследования «{project}». Это голосовая беседа с ИИ-интервьюером, она "
    "займёт около {minutes} мин., правильных и неправильных ответов в ней нет.\n\n"
    "Ваша личная ссылка:\n{link}\n\n"
    "1. Найдите тихое место. Наушники помогут.\n"
    "2. Откройте ссылку в Safari или Chrome. Если она открылась внутри мессенджера, скопируйте её в браузер.\n"
    "3. Разрешите доступ к микрофону, когда браузер спросит.\n\n"
    "Ссылка сработает один раз, до {expires}. Она только для вас, пожалуйста, не передавайте её.\n\n"
    "Спасибо за ваше время!\n",
)

DEFAULTS = {"English": ENGLISH, "Russian": RUSSIAN}
"""By the language that a room may be created in."""
