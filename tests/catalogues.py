"""Brings the catalogues of all languages up to date with the texts in the code: python -m tests.catalogues

What is new comes without a translation, and what is gone is left out. Then fill what is empty in services/texts/ru.po.
For a new language: copy ru.po to the language's code, put its plural forms into the header, and empty the translations.

python -m tests.catalogues pseudo FOLDER writes eo.po into a folder: each text 40 % longer, with marks on its letters.
So a page shows where a longer language does not fit, and which texts no one has marked.
"""

import ast
import io
import itertools
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract, extract_from_file
from babel.messages.pofile import read_po, write_po

from services.texts.catalogues import FOLDER
from services.texts.check import is_pattern

ROOT = Path(__file__).parents[1]

_CHANGING = re.compile(
    r'^"(?:Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By):.*\n',
    re.M,
)
"""The lines of a header that say when and by whom."""

KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "kept": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "counted": (2, 3),
}


def extracted() -> Catalog:
    """The texts of the code, each with the places where it is said."""
    catalog = Catalog(charset="utf-8")
    for file in files():
        kind = "python" if file.suffix == ".py" else "javascript"
        for line, message, comments, context in extract_from_file(kind, file, KEYWORDS, ("Translators:",)):
            place = (file.relative_to(ROOT).as_posix(), line)
            catalog.add(message, None, [place], auto_comments=comments, context=context)
        for line, message, context in _in_f_strings(file) if kind == "python" else ():
            catalog.add(message, None, [(file.relative_to(ROOT).as_posix(), line)], context=context)
    return catalog


def _in_f_strings(file: Path) -> Iterator[tuple[int, Any, str | None]]:
    """The texts that are marked inside f-strings, each with its line: to Python before 3.12 these are one token."""
    for part in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(part, ast.FormattedValue):
            source = io.BytesIO(ast.unparse(part.value).encode())
            for _line, message, _comments, context in extract("python", source, KEYWORDS):
                yield part.lineno, message, context


def files() -> Iterator[Path]:
    """The files of the code that may say something."""
    for folder in ("components", "pages", "services"):
        for kind in ("*.py", "*.js"):
            yield from sorted((ROOT / folder).rglob(kind))


def read(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, locale=file.stem)


def write(file: Path, catalog: Catalog) -> None:
    """Writes it without line numbers and dates, which would change with every edit of the code."""
    text = io.BytesIO()
    write_po(text, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    said = _CHANGING.sub("", text.getvalue().decode())
    file.write_text(said.lstrip(), encoding="utf-8")


def update(file: Path) -> int:
    """Brings a file up to date; returns how many translations are missing."""
    catalog = read(file)
    catalog.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    write(file, catalog)
    return sum(not all(forms(message)) for message in catalog if message.id)


PSEUDO = "eo"
"""The language whose place the pseudo-language takes; it is not spoken here."""

_LONGER = 1.4

_KEPT = re.compile(
    r"\{[^{}]*\}|:\w+/\w+:|:[\w-]+\[|`[^`]*`|\]\([^)]*\)|&\w+;|</?\w[^>]*>|%\w|https?://\S+|\w+@\w[\w.]*"
)
"""What stands in a text and is no text: places, icons, code, the targets of links."""

_MARKED = str.maketrans("aceghijlnorsuwyzACEGHIJLNORSUWYZ", "áçéĝĥíĵĺñóŕšúŵýžÁÇÉĜĤÍĴĹÑÓŔŠÚŴÝŽ")

_MORE = "ãëîõü"
"""What makes a text longer, before the sign at its end."""


def pseudo(text: str) -> str:
    """A text 40 % longer, with marks on its letters; what is filled in, marks and icons are as they were.

    The pattern of a moment stays, as no letter of it is shown.
    """
    if is_pattern(text):
        return text
    ends = [0, *(place for found in _KEPT.finditer(text) for place in found.span()), len(text)]
    parts = [text[start:end] for start, end in itertools.pairwise(ends)]
    marked = [part.translate(_MARKED) if number % 2 == 0 else part for number, part in enumerate(parts)]
    letters = sum(map(len, parts[::2]))
    more = itertools.cycle(_MORE)
    filling = "".join(itertools.islice(more, max(1, round(letters * (_LONGER - 1)))))
    # In words that a line can break between, and before the signs, marks and spaces at the end.
    filling = " ".join(filling[start : start + 8] for start in range(0, len(filling), 8))
    last = next((number for number in range(len(marked) - 1, -1, -2) if re.search(r"\w", marked[number])), None)
    if last is None:
        return text
    end = re.search(r"\W*\Z", marked[last])
    place = end.start() if end else len(marked[last])
    marked[last] = f"{marked[last][:place]} {filling}{marked[last][place:]}"
    return "".join(marked)


def write_pseudo(folder: Path) -> None:
    """Writes the pseudo-language's catalogue of all texts into a folder."""
    catalog = Catalog(locale=PSEUDO, charset="utf-8", header_comment="", fuzzy=False)
    for message in extracted():
        if message.id:
            said = tuple(map(pseudo, message.id)) if isinstance(message.id, tuple) else pseudo(str(message.id))
            catalog.add(message.id, said, context=message.context)
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / f"{PSEUDO}.po", catalog)


def forms(message: Message) -> list[str]:
    """The translations of a message, one for each plural form."""
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]


if __name__ == "__main__":
    if sys.argv[1:2] == ["pseudo"] and len(sys.argv) == 3:
        write_pseudo(Path(sys.argv[2]))
        sys.exit()
    if sys.argv[1:]:
        sys.exit(__doc__)
    missing = {file.name: update(file) for file in sorted(FOLDER.glob("*.po"))}
    sys.exit("\n".join(f"{name}: {count} without a translation" for name, count in missing.items() if count))
