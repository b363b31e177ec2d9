"""What a visitor's browser keeps and sends: a cookie that tells devices apart, and the token of each form.

Both are signed with the secret of the door, so that no one can make them up, and of no use at another door.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, SignatureExpired, Signer, URLSafeSerializer, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from services.journal.door.records import Door

COOKIE_SECONDS = 180 * 86_400
"""How long a device is known: longer than a study takes."""

FORM_SECONDS = 6 * 3600
"""How long a page may be open before its form is sent."""

_LETTERS = 32


@dataclass(frozen=True)
class Form:
    """What the token of a form says. is_old: whether it was open for too long. told: what it carries."""

    is_old: bool
    told: Mapping[str, Any]


def device_of(request: Request, door: Door) -> str | None:
    """The id of the device that asks; None where it has none of this door."""
    kept = request.cookies.get(cookie_name(request, door), "")
    try:
        return Signer(door.secret, "device").unsign(kept).decode()
    except BadData:
        return None


def new_device() -> str:
    return secrets.token_urlsafe(18)


def keep_device(response: Response, request: Request, door: Door, device: str) -> None:
    """Has the device keep its id."""
    signed = Signer(door.secret, "device").sign(device).decode()
    _keep(response, request, cookie_name(request, door), signed)


def digest_of(door: Door, device: str) -> str:
    """Stands for a device in the journal."""
    return hmac.digest(door.secret.encode(), f"device {device}".encode(), "sha256").hex()[:_LETTERS]


def keep_panel_id(response: Response, request: Request, door: Door, panel_id: str) -> None:
    """Has the device keep the panel's id of its visitor, who is sent back with it. The journal may forget it before."""
    _keep(response, request, _panel_cookie(request, door), URLSafeSerializer(door.secret, "panel-id").dumps(panel_id))


def kept_panel_id(request: Request, door: Door) -> str:
    """The id that the device keeps; empty for none."""
    try:
        kept = request.cookies.get(_panel_cookie(request, door), "")
        return str(URLSafeSerializer(door.secret, "panel-id").loads(kept))
    except BadData:
        return ""


def forget_panel_id(response: Response, request: Request, door: Door) -> None:
    """Has the device forget the id: another person uses it now."""
    response.delete_cookie(_panel_cookie(request, door), secure=request.url.scheme == "https", httponly=True)


def form_token(door: Door, device: str, told: Mapping[str, Any] | None = None) -> str:
    """What makes a form this door's and this device's. told: what it is to carry."""
    return _forms(door).dumps({"device": digest_of(door, device), "told": told or {}})


def form_of(door: Door, device: str, token: str) -> Form | None:
    """What the token of a form says; None where it is none, or of another device or door."""
    is_old = False
    try:
        said = _forms(door).loads(token, FORM_SECONDS)
    except SignatureExpired:
        said, is_old = _forms(door).loads(token), True
    except BadData:
        return None
    return Form(is_old, said["told"]) if hmac.compare_digest(said["device"], digest_of(door, device)) else None


def cookie_name(request: Request, door: Door) -> str:
    """A browser takes a cookie of the prefix only over TLS, from this very host."""
    return f"__Host-door_{door.code}" if request.url.scheme == "https" else f"door_{door.code}"


def _panel_cookie(request: Request, door: Door) -> str:
    return f"{cookie_name(request, door)}_panel"


def _forms(door: Door) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(door.secret, "form")


def _keep(response: Response, request: Request, name: str, value: str) -> None:
    is_secure = request.url.scheme == "https"
    response.set_cookie(name, value, COOKIE_SECONDS, secure=is_secure, httponly=True, samesite="lax")
