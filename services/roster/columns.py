"""Which column holds which field: by its header, or by its content where there is no header."""

import re
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache

from services.normal_form import normal_form
from services.roster.fields import NAME_PARTS, Field
from services.roster.known_names import KNOWN_NAMES, ONE_NAME, SOMEBODY_ELSE
from services.roster.sources import Source, same, source_of

_LIKE_LETTERS = str.maketrans({"№": " номер ", "#": " number ", "ı": "i", "ł": "l", "Ł": "l", "ø": "o", "đ": "d"})
"""Signs that Unicode does not take apart, by the letters that stand for them."""

_JOINTS = re.compile(r"__|[/.:]")
"""What form tools write between a group of questions and its question."""

_GROUP = re.compile(r"(data|form|group|grp|section|page|module|survey)(?![^\W\d_])\w*", re.IGNORECASE)
"""A group by its name. Only after one is a hyphen a joint: elsewhere it belongs to words such as file-name."""

_LONGEST_HEADER = 300
"""How much of a header is looked at, in characters: the first row may hold whole answers."""

_NOTHING = frozenset(("", "anonymous"))
"""Cells that hold nothing; Microsoft Forms writes `anonymous` in the place of an email."""

Claims = dict[Field, list[int]]
Rows = Sequence[Sequence[str]]


def _plain(header: str) -> str:
    """The letters and digits of a header: no case, spaces or punctuation, and no marks on letters.

    A name that begins with an underscore is one that a tool keeps for itself, such as `_id`: nothing is left of it.
    """
    return _plain_start(header[:_LONGEST_HEADER])


@lru_cache(maxsize=50_000)
def _plain_start(header: str) -> str:
    if header.lstrip().startswith("_"):
        return ""
    text = normal_form("NFKD", header.casefold().translate(_LIKE_LETTERS))
    return "".join(filter(str.isalnum, text))


def _split(names: str) -> frozenset[str]:
    return frozenset(_plain(name) for name in names.split(";"))


_OWN = {_plain(field): field for field in Field if field not in NAME_PARTS}
_FIELDS = {_plain(name): field for field, names in KNOWN_NAMES.items() for name in names.split(";")}
_ONE_NAME = _split(ONE_NAME)
_SOMEBODY_ELSE = _split(SOMEBODY_ELSE)


def recognise(header: Sequence[str], rows: Rows = ()) -> dict[Field, int]:
    """Returns the columns with a known header, numbered from 0.

    header: the names of the columns, in any of the languages of services.roster.known_names, or those that a tool
        of services.roster.sources writes.
    rows: the rows of people, where they are known: a column that is blank throughout gives way to one that is not.

    The column of a tool is preferred, then one with the name of our own links file. Where several columns remain
    for a field, none is taken: `ambiguous` gives them.
    """
    return {field: columns[0] for field, columns in _claims(header, rows).items() if len(columns) == 1}


def ambiguous(header: Sequence[str], rows: Rows = ()) -> dict[Field, tuple[int, ...]]:
    """Returns the columns that claim one field, such as two emails, for the researcher to choose from."""
    return {field: tuple(columns) for field, columns in _claims(header, rows).items() if len(columns) > 1}


def known_fields(header: Sequence[str]) -> frozenset[Field]:
    """Returns the fields for which a row names a column, as far as it can be a header: none where it has an address."""
    if any("@" in cell for cell in header):
        return frozenset()
    return frozenset(_claims(header, ()))


def field_of(name: str) -> Field | None:
    """Returns the field of a column by its name alone."""
    return _FIELDS.get(_plain(name))


def is_links_file(header: Sequence[str]) -> bool:
    """Returns whether a header is the one of our own links file or mail merge (services.export.table)."""
    return "link" in header and not {"room_id", "expires_at_local"}.isdisjoint(header)


def guess(rows: Rows) -> dict[Field, int]:
    """Returns the likely fields of a list without a header: addresses by their @, and a single other column as label.

    A column of addresses with names around them is one of labels, from which the addresses are taken out.
    """
    width = len(rows[0]) if rows else 0
    addresses = [column for column in range(width) if _holds_addresses(rows, column)]
    others = [column for column in range(width) if column not in addresses]
    found = {Field.EMAIL: addresses[0]} if len(addresses) == 1 else {}
    return {**found, Field.LABEL: others[0]} if len(others) == 1 else found


def _holds_addresses(rows: Rows, column: int) -> bool:
    cells = [row[column] for row in rows if row[column]]
    alone = sum(" " not in cell for cell in cells)
    return bool(cells) and all("@" in cell for cell in cells) and alone * 2 >= len(cells)


def _claims(header: Sequence[str], rows: Rows) -> Claims:
    """The columns that claim each field. Columns that are blank throughout count only where no other claims it."""
    everywhere = _claims_of(header, range(len(header)))
    used = {column for columns in everywhere.values() for column in columns}
    blank = {column for column in used if _is_blank(rows, column)}
    if not blank:
        return everywhere
    filled = _claims_of(header, [column for column in range(len(header)) if column not in blank])
    return {**{field: everywhere[field] for field in everywhere if field not in filled}, **filled}


def _is_blank(rows: Rows, column: int) -> bool:
    return bool(rows) and all(row[column].casefold() in _NOTHING for row in rows)


def _claims_of(header: Sequence[str], among: Container[int]) -> Claims:
    """The columns that claim each field: by a tool's name, else by our own, by a known name, by the end of a name."""
    source = None if is_links_file(header) else source_of(header)
    names = {column: name for column, name in enumerate(header) if name and column in among}
    if source:
        names = _without(names, source.never)
    claims: Claims = {}
    plain = {column: _plain(name) for column, name in names.items()}
    if source:
        _add(claims, _of_source(source, names))
    _add(claims, {column: _OWN.get(name) for column, name in plain.items()})
    _add(claims, {column: _FIELDS.get(name) for column, name in plain.items()})
    hyphens = source is not None and source.hyphens
    _add(claims, {column: _FIELDS.get(_plain(_last_part(name, hyphens))) for column, name in names.items()})
    return _with_parts_of_names(claims, plain)


def _add(claims: Claims, found: Mapping[int, Field | None]) -> None:
    """Adds the columns of fields that no column has claimed so far, and no column twice."""
    settled = frozenset(claims)
    taken = {column for columns in claims.values() for column in columns}
    for column, field in found.items():
        if field and field not in settled and column not in taken:
            claims.setdefault(field, []).append(column)


def _without(names: Mapping[int, str], never: Sequence[str]) -> dict[int, str]:
    unwanted = frozenset(map(same, never))
    return {column: name for column, name in names.items() if same(name) not in unwanted}


def _of_source(source: Source, names: Mapping[int, str]) -> dict[int, Field | None]:
    """The best column of each field that a tool writes; of two with one name, the first."""
    columns = {same(name): column for column, name in reversed(list(names.items()))}
    found: dict[int, Field | None] = {}
    for field, best_first in source.columns.items():
        column = next((columns[same(name)] for name in best_first if same(name) in columns), None)
        if column is not None:
            found[column] = field
    return found


def _last_part(name: str, hyphens: bool) -> str:
    """The question's own name behind the groups of a form; empty without groups, and where they are of others.

    hyphens: whether every hyphen joins a group to its question.
    """
    parts = _JOINTS.split(name)
    if len(parts) == 1:
        hyphens = hyphens or bool(_GROUP.match(name))
        parts = name.split("-") if hyphens else parts
    if len(parts) == 1 or any(_plain(part) in _SOMEBODY_ELSE for part in parts):
        return ""
    return parts[-1].strip()


def _with_parts_of_names(claims: Claims, plain: Mapping[int, str]) -> Claims:
    """The claims, with a column such as Name taken as the family name beside a first name, and the other way round.

    A middle name alone is no name.
    """
    given, family = Field.GIVEN_NAME in claims, Field.FAMILY_NAME in claims
    labels = claims.get(Field.LABEL, [])
    bare = [column for column in labels if plain[column] in _ONE_NAME]
    if bare and given != family:
        claims = {**claims, Field.FAMILY_NAME if given else Field.GIVEN_NAME: bare}
        claims[Field.LABEL] = [column for column in labels if column not in bare]
        claims = {field: columns for field, columns in claims.items() if columns}
    elif not (given or family):
        claims.pop(Field.MIDDLE_NAME, None)
    return claims
