"""The languages that the dashboard speaks: one `.po` file each, compiled when the language is first spoken."""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent
"""Where the catalogues are: `ru.po` for Russian."""

SOURCE = "en"
"""The language of the texts in the code, which needs no catalogue."""


@cache
def languages(more: Path | None = None) -> dict[str, Path | None]:
    """The file of each language by its code, English first, which has none.

    more: a folder with further catalogues.
    """
    folders = [FOLDER, more] if more else [FOLDER]
    files = [file for folder in folders for file in sorted(folder.glob("*.po"))]
    return {SOURCE: None, **{file.stem: file for file in files}}


@cache
def catalogue(file: Path | None) -> gettext.NullTranslations:
    """What a language says; without a file, the texts as they are.

    Raises ValueError for a file that is no catalogue.
    """
    if file is None:
        return gettext.NullTranslations()
    with file.open("rb") as source:
        # By the name: without a language, Babel leaves out the rule of plurals.
        read = read_po(source, locale=file.stem)
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
