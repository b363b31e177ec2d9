"""XML parts of spreadsheets as events, by local names: one program's namespaces are not those of another."""

from collections.abc import Iterator
from typing import IO, Protocol, TypeVar
from xml.parsers import expat

from services.roster.sheet import RosterError, save_as
from services.texts.speech import _

_BLOCK = 1 << 16
"""Bytes that are read at a time."""

Row = TypeVar("Row")


class Target(Protocol[Row]):
    """What takes the events of a part and makes rows of them."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...

    def taken(self) -> list[Row]:
        """Returns the rows that are complete, once."""
        ...


def rows_of(part: IO[bytes], target: Target[Row]) -> Iterator[Row]:
    """Yields the rows that a target makes of an XML part, block by block, so that reading can end early.

    Raises RosterError for a part with a document type, and expat's own error for one that is not XML.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: target.start(_local(name), _locals(attributes))
    parser.EndElementHandler = lambda name: target.end(_local(name))
    parser.CharacterDataHandler = target.data
    while block := part.read(_BLOCK):
        parser.Parse(block, False)
        yield from target.taken()
    parser.Parse(b"", True)
    yield from target.taken()


def read_all(part: IO[bytes], target: Target[object]) -> None:
    """Gives a whole part to a target that makes no rows. Raises the same errors as rows_of."""
    for _row in rows_of(part, target):
        pass


def _refuse(*_doctype: object) -> None:
    # No spreadsheet program writes one. With it, entities could multiply without end, or name files of this machine.
    raise RosterError(
        _("The file holds a document type, as no spreadsheet program writes it. {advice}", advice=save_as())
    )


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _locals(attributes: dict[str, str]) -> dict[str, str]:
    return {_local(name): value for name, value in attributes.items()} if attributes else attributes
