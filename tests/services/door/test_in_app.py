"""Browsers inside of apps are told apart from browsers."""

import pytest

from services.door.in_app import app_of

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A; wv) AppleWebKit/537.36 Version/4.0 Chrome/139.0"


@pytest.mark.parametrize(
    ("agent", "app"),
    [
        (f"{IPHONE} Version/18.5 Mobile/15E148 Safari/604.1", None),
        (f"{IPHONE} CriOS/139.0 Mobile/15E148 Safari/604.1", None),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/139.0 Mobile Safari/537.36", None),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", None),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/139.0 Mobile Safari/537.36 OPR/80.0", None),
        (f"{ANDROID} Mobile Safari/537.36", ""),
        (f"{ANDROID} Mobile Safari/537.36 Telegram-Android/11.2 (Google Pixel 8)", "Telegram"),
        (f"{IPHONE} Mobile/15E148 Instagram 300.0.0.1 (iPhone14,5)", "Instagram"),
        (f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/500.0]", "Facebook"),
        (f"{IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/480.0]", "Messenger"),
        (f"{ANDROID} [FB_IAB/FB4A;FBAV/500.0]", "Facebook"),
        (f"{IPHONE} Mobile/15E148 WhatsApp/2.24", "WhatsApp"),
        (f"{IPHONE} Mobile/15E148 Safari Line/14.0.0", "LINE"),
        (f"{ANDROID} MMWEBID/1 MicroMessenger/8.0.50", "WeChat"),
        (f"{IPHONE} Mobile/15E148 VK/9.5", "VK"),
        (f"{ANDROID} Mobile Safari/537.36 VKAndroidApp/8.90", "VK"),
        (f"{ANDROID} BytedanceWebview/d8a21c6 musical_ly_2023", "TikTok"),
        (f"{IPHONE} Mobile/15E148 Snapchat/12.90", "Snapchat"),
        (f"{IPHONE} Mobile/15E148 [LinkedInApp]/9.30", "LinkedIn"),
        ("", None),
    ],
)
def test_apps_are_told_from_browsers(agent: str, app: str | None) -> None:
    assert app_of(agent) == app
