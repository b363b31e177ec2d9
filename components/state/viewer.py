"""The person who looks at the page: time zone, spreadsheets, and the address under which the browser reached us."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from services.export.delimited import Delimiter, delimiter_of


def session_id() -> str:
    """By what Streamlit knows this page; empty outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context else ""


def came_back_too_late() -> bool:
    """Whether this page asked for a session of its own that is over: what it knew is forgotten."""
    # A page that lost its connection names its session as the third subprotocol; a page that is loaded names none.
    asked = st.context.headers.get("Sec-WebSocket-Protocol", "").split(",")[2:3]
    return any(name.strip() not in ("", session_id()) for name in asked)


def zone() -> ZoneInfo:
    """The viewer's time zone; UTC where the browser does not tell it."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def delimiter() -> Delimiter:
    """Returns what stands between cells in the CSV files that the viewer's spreadsheets open by a double click."""
    return delimiter_of(st.context.locale)


def origin() -> str:
    """The address by which the viewer's browser knows us, such as http://192.168.1.5:8501."""
    url = urlsplit(st.context.url or "")
    return f"{url.scheme}://{url.netloc}" if url.scheme in ("http", "https") and url.netloc else own_address()


def own_address() -> str:
    """The address under which this server reaches itself."""
    host = st.get_option("server.address")
    named = host if host and host not in ("0.0.0.0", "::") else "127.0.0.1"
    return f"http://{named}:{st.get_option('server.port')}"
