"""The person who looks at the page: time zone, spreadsheets, and the address under which the browser reached us."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from services.export.delimited import Delimiter, delimiter_of


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
