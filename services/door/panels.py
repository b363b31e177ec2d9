"""Panels: what their addresses tell of a visitor, and the way back to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode, urlsplit

from services.email_address import is_email_address
from services.journal.door.records import CODE_PLACE, ID_PLACE, DoorSettings, Panel, PanelKind, Visit, VisitState
from services.loopback import is_loopback

LONGEST_VALUE = 100
"""Characters of what a panel's address may tell."""


@dataclass(frozen=True)
class Sent:
    """What the address of a visitor told. kept: further parameters that are written down."""

    panel_id: str = field(default="", repr=False)
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


def sent_by(panel: Panel | None, told: Mapping[str, str]) -> Sent:
    """What of the parameters of an address counts; those that are too long, or cannot be printed, do not."""
    if panel is None:
        return Sent()
    return Sent(_value(told, panel.id_parameter), {name: value for name in panel.kept if (value := _value(told, name))})


def query_of(panel: Panel | None, sent: Sent) -> str:
    """The same as the end of an address; empty for nothing."""
    own = {panel.id_parameter: sent.panel_id} if panel and sent.panel_id else {}
    return urlencode({**own, **sent.kept})


def alias_of(settings: DoorSettings, panel_id: str) -> str:
    """The address under which a panel itself forwards mail to its person; empty where there is none."""
    if settings.panel is None or settings.panel.kind != PanelKind.PROLIFIC or not panel_id:
        return ""
    alias = f"{panel_id}@email.prolific.com"
    return alias if is_email_address(alias) else ""


def code_of(settings: DoorSettings, visit: Visit) -> str:
    """The code that tells the panel, or the team, what became of the visitor; empty for none."""
    panel = settings.panel
    if visit.state == VisitState.DONE:
        return (panel.done_code if panel else "") or visit.code
    if visit.state == VisitState.SCREENED_OUT:
        return panel.screened_code if panel else ""
    return panel.full_code if panel and visit.state == VisitState.QUOTA_FULL else ""


def way_back(panel: Panel | None, code: str, panel_id: str) -> str:
    """The address to which the visitor returns; empty for none, and where it lacks what it is to tell."""
    address = panel.return_address if panel else ""
    if (CODE_PLACE in address and not code) or (ID_PLACE in address and not panel_id):
        return ""
    filled = address.replace(CODE_PLACE, quote(code, safe="")).replace(ID_PLACE, quote(panel_id, safe=""))
    return filled if _may_be_opened(filled) else ""


def name_of(panel: Panel) -> str:
    """What people call the panel; empty where that is not known."""
    return "Prolific" if panel.kind == PanelKind.PROLIFIC else (_host(panel.return_address) or "")


def _value(told: Mapping[str, str], name: str) -> str:
    value = told.get(name, "").strip()
    return value if len(value) <= LONGEST_VALUE and value.isprintable() else ""


def _may_be_opened(address: str) -> bool:
    if not address.isascii() or not address.isprintable() or " " in address:
        return False
    host = _host(address)
    return bool(host) and (
        address.startswith("https://") or (address.startswith("http://") and is_loopback(host or ""))
    )


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
