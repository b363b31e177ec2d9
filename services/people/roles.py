"""What each role may do: the one table that everything is held against."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a person is here, from the least to the most."""

    VIEWER = "viewer"
    DESK = "desk"
    RESEARCHER = "researcher"
    ADMIN = "admin"


class Right(StrEnum):
    """What a person may do.

    SEE: projects, batches, rooms and their states, without links. HAND_OUT: give links at a desk, one at a time.
    LINKS: see links, and take them away, in files, too. CREATE: create rooms, which costs tokens. CHANGE: extend,
    cancel and label rooms, and keep what the team shares, such as presets. CONNECT: use another token in place of the
    deployment's, reset the sandbox. PEOPLE: read who has done what.
    """

    SEE = "see"
    HAND_OUT = "hand_out"
    LINKS = "links"
    CREATE = "create"
    CHANGE = "change"
    CONNECT = "connect"
    PEOPLE = "people"


_RESEARCH = frozenset({Right.SEE, Right.HAND_OUT, Right.LINKS, Right.CREATE, Right.CHANGE})

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.DESK: frozenset({Right.HAND_OUT}),
    Role.RESEARCHER: _RESEARCH,
    Role.ADMIN: _RESEARCH | {Right.CONNECT, Right.PEOPLE},
}
"""The rights of each role, as README.md tells them."""
