"""Lists and answers that are made to take long: each takes a time that grows with its length alone, or is cut first."""

import re
import sys
import time
import unicodedata
from collections.abc import Callable

import pytest
from pydantic import SecretStr

from services.aseed.errors import without_secrets
from services.labels import LONGEST_READ, without_addresses
from services.normal_form import MOST_MARKS, normal_form, without_piles
from services.roster import workbook
from services.roster.fields import Field
from services.roster.people import people
from services.roster.reading import SMALL, read_file, read_text
from services.roster.recipients import named_address
from services.roster.sheet import RosterError, Sheet
from services.settings import ROOT

PILE = "\u0301\u0323"
"""Two marks that Unicode wants in the other order."""

PROCESSOR_SECONDS = 10
"""What each of these took many times longer than, and takes a tenth of now."""

BY_THEMSELVES = {"services/normal_form.py", "services/roster/cells.py", "services/trust.py"}
"""The modules that normalise texts: ours, one that has removed piles before, and one that looks at a single sign."""


def quickly(work: Callable[[], object]) -> None:
    started = time.process_time()
    work()
    assert time.process_time() - started < PROCESSOR_SECONDS


def test_every_sign_that_piles_up_is_cut() -> None:
    signs = map(chr, range(sys.maxunicode + 1))
    piling = [sign for sign in signs if unicodedata.combining(unicodedata.normalize("NFKD", sign)[0])]
    assert len(piling) > 900
    assert not [sign for sign in piling if len(without_piles(f"a{sign * 100}")) > 1 + MOST_MARKS]


EMOJI = "\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    "text", ["", "Анна", "e\u0301" * 1000, "각" * 100, "नमस्ते " * 50, EMOJI * 50, f"a{PILE * 15}" * 9]
)
def test_text_without_piles_stays(text: str) -> None:
    assert without_piles(text) == text
    assert normal_form("NFC", text) == unicodedata.normalize("NFC", text)


def test_no_other_module_normalises_by_itself() -> None:
    files = [*(ROOT / "services").rglob("*.py"), *(ROOT / "components").rglob("*.py")]
    found = {str(file.relative_to(ROOT)) for file in files if re.search(r"unicodedata\.normalize\(", file.read_text())}
    assert found == BY_THEMSELVES


def test_list_of_piled_marks_is_read_quickly() -> None:
    text = "\n".join(["name,id", *(f"a{PILE * 4990},{number}" for number in range(200))])
    sheets: list[Sheet] = []
    quickly(lambda: sheets.append(read_text(text)))
    (sheet,) = sheets
    assert len(sheet.rows) == 201 and {len(row[0]) for row in sheet.rows[1:]} == {MOST_MARKS}
    assert sheet.cleaned == set(range(2, 202))


@pytest.mark.parametrize("size", [SMALL, SMALL + 1])
def test_only_short_text_is_read_in_our_process(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(workbook, "COMMAND", (sys.executable, "-c", ""))
    text = "Anna\n".ljust(size, "x")
    ways: tuple[Callable[[], Sheet], ...] = (lambda: read_text(text), lambda: read_file(text.encode(), "list.csv"))
    for read in ways:
        if size <= SMALL:
            assert read().rows[0] == ("Anna",)
        else:
            with pytest.raises(RosterError, match="too large or complex"):
                read()


HOSTILE_CELLS = (PILE, "@", "a@", "a@b.co ", "<a@b>", "((", " ", "#", "1.", "a.", "\ufdfa", "=?x?q?")


@pytest.mark.parametrize("unit", HOSTILE_CELLS)
@pytest.mark.parametrize("field", [Field.LABEL, Field.EMAIL, Field.EXTERNAL_ID, Field.LANGUAGE, Field.MINUTES])
def test_hostile_cells_of_people_take_no_time(field: Field, unit: str) -> None:
    mapping: dict[Field, int] = {field: 0, Field.LABEL: 1} if field not in (Field.LABEL, Field.EMAIL) else {field: 0}
    rows = tuple(((unit * 10_000)[:size], "Anna") for size in (LONGEST_READ, 990, 9_990) for _ in range(50))
    sheet = Sheet((("head", "name"), *rows), tuple(range(1, len(rows) + 2)))
    quickly(lambda: people(sheet, mapping, header=True))


def test_addresses_in_long_text_are_looked_for_quickly() -> None:
    quickly(lambda: [without_addresses("@" + sign * 1_000_000) for sign in ("a", "(", " ", "@")])
    quickly(lambda: [named_address(sign * 999) for sign in ("@a", "<a@", " a") for _ in range(500)])


def test_secrets_in_long_answer_are_looked_for_quickly() -> None:
    token = SecretStr("SECRET/TOKEN")
    quickly(lambda: without_secrets("a" * 4_000_000, token))
    quickly(lambda: without_secrets("a=" * 2_000_000, token))
    for place in range(3_960, 4_020):
        # Where the words are cut, no piece of the token or of a link is left over.
        for secret in ("SECRET/TOKEN", "https://app.aseed.ai/interview/SECRET"):
            assert "SEC" not in without_secrets(f"https://{'x' * (place - 20)} said: {secret}", token)
