"""How the pages of a door are made: templates, the texts of one language, and headers that protect links."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from babel import Locale
from starlette.responses import HTMLResponse, Response
from starlette.templating import Jinja2Templates

from services.door.notices import Notice
from services.headers import UNUSED
from services.journal.door.records import Door, DoorTexts
from services.languages import own_name
from services.texts.scripts import texts_of
from services.texts.speech import _, language, pgettext

FILES = Path(__file__).parent / "templates" / "files"

_SCRIPT = (FILES / "door.js").read_text(encoding="utf-8")

_TEMPLATES = Jinja2Templates(Path(__file__).parent / "templates").env
# The tags of a template leave no empty lines: a phone may have a poor network.
_TEMPLATES.trim_blocks = _TEMPLATES.lstrip_blocks = True

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    # The only pages that use it: visitors try theirs before the interview.
    "Permissions-Policy": ", ".join(f"{name}=({'self' if name == 'microphone' else ''})" for name in UNUSED),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def headers(sources: Sequence[str] = ()) -> dict[str, str]:
    """The headers of a door's answers. sources: where a form may lead besides, for the way to a room."""
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        " ".join(("form-action 'self'", *sources)),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
    return {"Content-Security-Policy": "; ".join(policy), **HEADERS}


def address_of(name: str) -> str:
    """The address of a file of ours, which is another one once the file changes: so browsers may keep it."""
    return f"/door/files/{name}?{digest((FILES / name).read_text(encoding='utf-8'))[:10]}"


def digest(text: str) -> str:
    """Tells one text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


_ADDRESSES = {name: address_of(name) for name in ("door.css", "door.js")}


def words() -> dict[str, str]:
    """What the templates say, in the language that is spoken."""
    return {
        "address": _("Your email address"),
        "address_why": _("It tells whose interview this is. There is one interview for each address."),
        "again": _("Try again"),
        "agree": _("I have read this and agree"),
        "code": _("Your code"),
        "consent": _("What you agree to"),
        "contact": _("Questions?"),
        "copied": _("Copied"),
        "copy_this": pgettext("button", "Copy"),
        "enter": _("Continue"),
        "languages": _("Language"),
        "look": _("Some answers are missing or wrong. They are marked below."),
        "microphone": _("Your microphone"),
        "microphone_check": _("Check the microphone"),
        "microphone_level": _("How loud you are"),
        "microphone_why": _("Press, allow the microphone, and say a few words. Nothing is recorded."),
        "needed": _("What you need"),
        "needed_browser": _("This browser: you talk, and listen"),
        "needed_microphone": _("A microphone; headphones help"),
        "needed_quiet": _("A quiet place"),
        "next": _("Next person"),
        "offline": _("No connection. This page goes on when it is back."),
        "pin": _("PIN of the day"),
        "pin_why": _("Four digits. The people at the entrance tell you."),
        "questions": _("About you"),
        "rehearsal": _("Rehearsal: nothing is recorded."),
        "start": _("Open the first page"),
    }


def page(
    template: str,
    context: Mapping[str, Any],
    status: int = 200,
    sources: Sequence[str] = (),
    more: Mapping[str, str] | None = None,
) -> Response:
    """A page in the language that is spoken. more: further headers."""
    return HTMLResponse(rendered(template, context), status, {**headers(sources), **(more or {})})


def rendered(template: str, context: Mapping[str, Any]) -> str:
    spoken = language()
    known = {
        "words": words(),
        "files": _ADDRESSES,
        "spoken": spoken.replace("_", "-"),
        "direction": Locale.parse(spoken).text_direction,
        "script_texts": {text: said for text, said in texts_of(_SCRIPT).items() if said != text},
    }
    return _TEMPLATES.get_template(template).render({**known, **context})


def about(door: Door, chosen: str, path: str, query: str = "") -> dict[str, Any]:
    """What every page of a door has.

    chosen: the language that the visitor reads. path: of the page. query: what else its address has.
    """
    texts: DoorTexts = door.settings.texts_in(chosen)
    rest = f"&{query}" if query else ""
    others = [(code, own_name(code), f"{path}?lang={code}{rest}") for code in door.settings.languages]
    return {
        "door": door,
        "texts": texts,
        "chosen": chosen,
        "tag": chosen.replace("_", "-"),
        "languages": others if len(others) > 1 else [],
        "rehearses": door.service == "sandbox",
        "here": f"/door/{door.code}",
    }


def notice_page(
    notice: Notice, context: Mapping[str, Any], status: int = 200, more: Mapping[str, str] | None = None
) -> Response:
    return page("notice.html", {"notice": notice, **context}, status, more=more)
