"""Every text of the dashboard is marked to be translated, and each catalogue has it, whole."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from services.texts.catalogues import FOLDER
from tests.catalogues import KEYWORDS, ROOT, extracted, files, forms, pseudo, read
from tests.screenshots.spoken import Spoken

CATALOGUES = sorted(FOLDER.glob("*.po"))

ENGLISH_ON_PURPOSE = {
    "components/elements/browser.py": "writes scripts",
    "services/backup.py": "said at a terminal",
    "services/restore.py": "said at a terminal",
    "services/metrics.py": "said to Prometheus, and at a terminal",
    "services/ready.py": "said to load balancers",
    "services/settings.py": "said at a terminal, by names of settings",
    "services/sign_in.py": "said at a terminal, by names of settings",
    "services/gate": "answers to what may not come in, before there is a page",
    "services/aseed/shares.py": "an error of httpx's, of which only the kind is told",
    "services/journal/copies.py": "said at a terminal",
    "services/journal/tables.py": "names of the database",
    "services/journal/migrations": "names of the database",
    "services/sandbox/api.py": "the API's own words",
    "services/sandbox/rules.py": "the API's own words",
    "services/sandbox/demo.py": "made-up projects",
    "services/export/cards/embedding.py": "words of PDF",
    "services/export/cards/scripts.py": "names of scripts and fonts",
    "services/export/cards/words.py": "a card's own words, in the respondent's language",
    "services/export/poster/words.py": "a poster's own words, in the visitors' languages",
    "services/door/panel_file.py": "names of columns",
    "services/export/codes/pack.py": "a file, which is English",
    "services/export/codes/qr.py": "a picture",
    "services/export/default_messages.py": "messages in the respondent's language",
    "services/export/person.py": "a file, which is English",
    "services/export/workbook.py": "a file, which is English",
    "services/roster/headers.py": "headers of tools",
    "services/roster/known_names.py": "names of columns",
    "services/roster/number_format.py": "formats as Excel names them",
    "services/roster/sources.py": "names of tools and of their columns",
    "services/door/__main__.py": "said at a terminal",
    "services/door/in_app.py": "names of apps",
    "services/sandbox/interview/words.py": "the page's own words, in the respondent's language",
    "services/sandbox/__main__.py": "said at a terminal",
    "services/sandbox/database.py": "SQL",
    "services/sandbox/queries.py": "SQL, and the API's own words",
    "services/sandbox/store.py": "SQL, and the API's own words",
    "services/languages.py": "the API's names of languages",
    "services/texts": "speaks of texts",
    "components/desk/words.py": "what visitors read, in their own languages",
}
"""Files, or folders, whose texts stay as they are, and why."""

ENGLISH_TEXTS = {
    "Batch {}": "the subject of a line of the log",
    "Closed": "the API's own word",
    "Prolific": "the name of a panel",
    "not a link: ": "what stands in files",
    "in conflict: {}": "what stands in files",
    "label,email,external_id,language,minutes\r\nAnna K.,anna@example.org,P-001,English,30\r\n": "a file",
    "not support ssl": "the database's own words",
    "Internal Server Error": "HTTP",
    "this machine has no room for another thread": "an error of which only the kind is told",
}
"""Texts that stay as they are, and why."""

NO_TEXT = {"key", "icon", "type", "width", "height", "gap", "kind", "format", "css", "js", "html", "encoding", "mode"}
"""Arguments that are not shown."""

NOT_FOR_PEOPLE = {
    "compile",
    "sub",
    "fullmatch",
    "search",
    "match",
    "split",
    "exec_driver_sql",
    "text",
    "Literal",
    "TypeVar",
    "setViewerPreference",
}
"""Functions whose texts are patterns, SQL, or names of types and of PDF."""

_WORDS = re.compile(r"[^\W\d_]{2,} +[^\W\d_]|^[A-Z][a-z]{2,}(?: |$|[.:!?…])")
"""What reads like a text: words with a space between them, or a word that begins with a capital letter."""

_CODES = re.compile(r"(?:[a-z]{2,3}(?:-\w+)?(?: |$)){6,}|#[^ #].*")
"""Rows of languages' codes, and what a spreadsheet shows for an error."""

_CODE = re.compile(
    r"\[data-testid=|(?:SELECT|PRAGMA|BEGIN|REPEATABLE|extract\(epoch)\b"
    r"|(?:Authorization|Bearer \{\}|Connection|Date|Location)$"
)
"""SQL, selectors of a style, and the names of HTTP headers."""

_SCRIPT_TEXT = re.compile(r"""(?<!_\()(["`])([A-Z][a-z]+(?:[ …][^"`<>]*)?[.:!?]?)\1""")
_KEYS = {"Enter", "Tab", "Escape", "Space", "Backspace", "Delete", "Home", "End"}


def test_every_text_is_marked() -> None:
    unmarked = [f"{place}: {text!r}" for place, text in _unmarked()]
    assert not unmarked, "\n".join(unmarked)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_catalogue_has_each_text_and_no_other(file: Path) -> None:
    wanted = {(message.context, str(message.id)) for message in extracted() if message.id}
    there = {(message.context, str(message.id)) for message in read(file) if message.id}
    assert wanted - there == set(), "python -m tests.catalogues brings them in"
    assert there - wanted == set(), "python -m tests.catalogues takes them out"


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_translation_keeps_what_is_filled_in(file: Path) -> None:
    wrong = [f"{message.id}: {said}" for message, said in _said(file) if not _fits(message, said)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.stem)
def test_no_translation_is_missing_or_guessed(file: Path) -> None:
    wrong = [str(message.id) for message in read(file) if message.id and (message.fuzzy or not all(forms(message)))]
    assert not wrong, "\n".join(wrong)


def test_pseudo_language_is_longer_and_fits() -> None:
    messages = [message for message in extracted() if message.id]
    for message in messages:
        for text in message.id if isinstance(message.id, tuple) else [str(message.id)]:
            assert _fits(message, pseudo(text)), text
    assert pseudo("**Copied** {count} links.") == "**Çópíéd** {count} ĺíñkš ãëîõüãë."


def test_steps_name_what_another_language_says() -> None:
    said = Spoken(FOLDER / "ru.po").said
    assert re.fullmatch(said("Table 3", True), "Таблица 3")
    assert re.search(said("3 columns", False), "Это 3 столбца")
    assert re.search(said("Your email", True), "Ваш email")
    assert said("Morning coffee routines", False) == "Morning coffee routines"


def _said(file: Path) -> Iterator[tuple[Message, str]]:
    for message in read(file):
        if message.id:
            yield from ((message, said) for said in forms(message))


def _fits(message: Message, said: str) -> bool:
    """Whether a translation has the places and the marks of one of the message's own forms."""
    own = message.id if isinstance(message.id, (tuple, list)) else [message.id]
    return any(_marks(said) == _marks(one) for one in own)


def _marks(text: str) -> tuple[list[str], int, int, bool, bool]:
    """The places in braces, the bold and code marks, icons, and the spaces at the ends."""
    places = sorted(set(re.findall(r"\{\w*\}|:material/\w+:|%\w", text)))
    return places, text.count("**"), text.count("`"), text[:1].isspace(), text[-1:].isspace()


def _unmarked() -> Iterator[tuple[str, str]]:
    for file in files():
        name = file.relative_to(ROOT).as_posix()
        if any(name == known or name.startswith(f"{known}/") for known in ENGLISH_ON_PURPOSE):
            continue
        source = file.read_text(encoding="utf-8")
        found = _in_python(ast.parse(source)) if file.suffix == ".py" else _in_script(source)
        yield from ((f"{name}:{line}", text) for line, text in found)


def _in_python(node: ast.AST) -> Iterator[tuple[int, str]]:
    """The texts of a piece of code that nothing marks."""
    match node:
        case ast.Expr(value=ast.Constant()):  # a docstring
            return
        case ast.Call() if _called(node) in {*KEYWORDS, *NOT_FOR_PEOPLE} or _is_log(node):
            yield from (found for value in node.keywords for found in _in_python(value))
            return
        case ast.Raise(exc=ast.Call(func=ast.Name(id=name))) if name in ("ValueError", "TypeError", "AssertionError"):
            return
        case ast.Assert() | ast.Subscript(value=ast.Name(id="Literal")):
            return
        # What is compared or looked up is not shown, and no annotation is.
        case ast.Compare():
            yield from _in_parts(part for part in (node.left, *node.comparators) if not _is_data(part))
            return
        case ast.Subscript(ctx=ast.Load()):
            yield from _in_parts(part for part in (node.value, node.slice) if not _is_data(part))
            return
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(), *others]):
            yield from _in_parts((node.func, *others, *node.keywords))
            return
        case ast.FunctionDef():
            yield from _in_parts((*node.decorator_list, node.args, *node.body))
            return
        case ast.arg():
            return
        case ast.keyword(arg=name) if name in NO_TEXT:
            return
        case ast.JoinedStr():
            whole = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            if _is_text(whole):
                yield node.lineno, whole
            yield from (
                found for part in node.values if not isinstance(part, ast.Constant) for found in _in_python(part)
            )
            return
        case ast.Constant(value=str() as value):
            if _is_text(value):
                yield node.lineno, value
            return
    yield from _in_parts(ast.iter_child_nodes(node))


def _in_parts(parts: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    for part in parts:
        yield from _in_python(part)


def _is_data(part: ast.AST) -> bool:
    """Whether it is a text, or texts, and no code that may say some."""
    match part:
        case ast.Tuple() | ast.Set() | ast.List():
            return all(map(_is_data, part.elts))
    return isinstance(part, ast.Constant)


def _is_text(value: str) -> bool:
    return (
        bool(_WORDS.search(value))
        and value not in ENGLISH_TEXTS
        and not (_CODE.match(value) or _CODES.fullmatch(value))
    )


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _is_log(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") in ("log", "logging")


def _in_script(source: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(source.splitlines(), 1):
        if not line.lstrip().startswith(("//", "*", "/*")):
            yield from ((number, text) for _, text in _SCRIPT_TEXT.findall(line) if text not in _KEYS)
