"""When two rooms have one link, however it is spelt: a link seats one respondent, so it may belong to one room only.

What counts is the secret token: as the room names it, and as it stands in the path of the link.
"""

import re
from collections.abc import Collection, Mapping
from urllib.parse import unquote

from services.aseed.models import InterviewRoomResponse

_URL = re.compile(r"https?://([^/?#]+)([^?#]*)(.*)", re.IGNORECASE | re.DOTALL)

_TOKEN = re.compile(r"(?=.*\d)[\w-]{6,}")
"""The end of a path that is a secret rather than a word, such as `join`, with which every link may end."""


def keys_of_room(room: InterviewRoomResponse, kept: str = "") -> frozenset[str]:
    """Everything by which the link of a room is told: two rooms that have one of these in common have one link.

    kept: its link as the journal has it, where that may be another one than the service tells.
    """
    told = link_keys(room.url, room.access_token)
    return told if kept in ("", room.url) else told | link_keys(kept, room.access_token)


def link_keys(url: str, token: str) -> frozenset[str]:
    """The same of a link and the token of its room. None of text that is no http(s) URL, but for the token.

    Case, slashes at the end, percent-encoding, query and fragment make no other link. Only where the token is not in
    the path, the query counts too, as the token may be there.
    """
    if url.endswith(f"/{token}") and _TOKEN.fullmatch(token):
        # As nearly all are; a project may have 10,000.
        return frozenset((f"token {token.casefold()}",))
    token = token.strip().casefold()
    keys = {f"token {token}"} if token else set()
    parts = _URL.fullmatch(url.strip())
    if parts is None:
        return frozenset(keys)
    host, path, rest = parts.groups()
    segments = [unquote(segment).casefold() for segment in path.split("/") if segment]
    last = segments[-1] if segments else ""
    is_elsewhere = bool(token) and last != token and token in unquote(url).casefold()
    if _TOKEN.fullmatch(last) and not is_elsewhere:
        keys.add(f"token {last}")
        return frozenset(keys)
    # Also where its token is in the path: one like a word may come in the link of a room whose own token is another.
    ending = "" if last == token else unquote(rest).casefold()
    keys.add(f"address {host.lower()}/{'/'.join(segments)}{ending}")
    return frozenset(keys)


def sharing(keys: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The rooms that have the link of another one too. keys: of each room, by its id."""
    first: dict[str, str] = {}
    shared: set[str] = set()
    for room_id, its in keys.items():
        for key in its:
            other = first.setdefault(key, room_id)
            if other != room_id:
                shared |= {other, room_id}
    return frozenset(shared)
