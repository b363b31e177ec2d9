"""The parts of a name in the order in which they make a label."""

import re
from collections.abc import Mapping, Sequence

from services.roster.fields import NAME_PARTS, Field

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def order_of_parts(names: Sequence[str], mapping: Mapping[Field, int]) -> tuple[Field, ...]:
    """Returns the parts of a name that have a column, in the order in which they are joined.

    names: the names of all columns.

    The order is first, middle, last name. Lists with Cyrillic headers often put the last name first: their order is
    kept.
    """
    parts = tuple(part for part in NAME_PARTS if part in mapping)
    if any(_CYRILLIC.search(names[mapping[part]]) for part in parts):
        return tuple(sorted(parts, key=mapping.__getitem__))
    return parts
