"""Browsers inside of messengers and other apps: most of them give a page no microphone."""

import re

_APPS = (
    ("Telegram", re.compile(r"Telegram")),
    ("Instagram", re.compile(r"Instagram")),
    ("Messenger", re.compile(r"FBAN/Messenger|MessengerLite|Orca-Android|FB_IAB/(?:MESSENGER|Orca)")),
    ("Facebook", re.compile(r"FBAN|FBAV|FB_IAB")),
    ("WhatsApp", re.compile(r"WhatsApp")),
    ("LINE", re.compile(r"\bLine/\d")),
    ("WeChat", re.compile(r"MicroMessenger")),
    ("VK", re.compile(r"\bVKAndroidApp|\bVKClient|\bvkShare|\bVK/\d|com\.vk\.")),
    ("TikTok", re.compile(r"musical_ly|BytedanceWebview|\bTikTok|trill_")),
    ("Snapchat", re.compile(r"Snapchat")),
    ("LinkedIn", re.compile(r"LinkedInApp")),
)
"""How they name themselves, those first whose sign holds another one's."""

_WEB_VIEW = re.compile(r"; wv\)")
"""How Android marks a page within any other app."""

_LONGEST = 1000
"""Characters that are looked at."""


def app_of(user_agent: str) -> str | None:
    """The app within which a page is open: its name, empty for one that is not known; None for a browser."""
    looked_at = user_agent[:_LONGEST]
    named = next((name for name, sign in _APPS if sign.search(looked_at)), None)
    return named or ("" if _WEB_VIEW.search(looked_at) else None)
