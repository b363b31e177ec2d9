"""Names as they are written: real glyphs of the right fonts, joined, stacked, and in the right order."""

import pytest

from services.export.cards.lettering import REPLACEMENT, fitted, missing, printable, width
from services.export.cards.scripts import clusters, east_asian_language
from services.export.cards.shaping import runs, shaped

NAMES = {
    "Arabic": "محمد عبد الله",
    "Persian": "علی‌رضا",
    "Hebrew": "שלום עולם",
    "Chinese": "王小明",
    "Japanese": "山田 たろう",
    "Korean": "김민수",
    "Thai": "สมชาย ผู้เข้าร่วม",
    "Devanagari": "प्रियंका शर्मा",
    "Bengali": "অনন্যা",
    "Tamil": "ஐஸ்வர்யா",
    "Khmer": "ភាសាខ្មែរ",
    "Burmese": "မြန်မာ",
    "Amharic": "አበበ",
    "Georgian": "აკაკი",
    "emoji": "👩‍👩‍👧 🙂 🇫🇷 1️⃣",
    "marks": "Z̸̡̛a̵l̶g̷o Tẹ́ju",
}
BRACKETS = str.maketrans("()", ")(")


def glyphs(text: str) -> list[int]:
    return [glyph.index for glyph in shaped(text).glyphs]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_each_script_has_real_glyphs(name: str) -> None:
    assert (printable(name), missing(name)) == (name, "")
    assert 0 not in glyphs(name)
    assert shaped(name).width > 0


def test_arabic_letters_are_joined() -> None:
    assert set(glyphs("ههه")) != set(glyphs("ه"))
    assert glyphs("ه ه")[0] == glyphs("ه ه")[-1] == glyphs("ه")[0]
    assert glyphs("لا") != glyphs("ا") + glyphs("ل")


def test_joiner_parts_persian_letters() -> None:
    assert glyphs("علی‌رضا") != glyphs("علیرضا")
    assert width("ی‌ر", "DejaVuSans-Bold", 10) != width("یر", "DejaVuSans-Bold", 10)


@pytest.mark.parametrize("name", ["क्ष", "श्री", "👩‍👩‍👧", "🇫🇷", "👍🏽"])
def test_what_belongs_together_is_one_glyph(name: str) -> None:
    assert len(glyphs(name)) < len(name)
    assert list(clusters(name)) == [name]


@pytest.mark.parametrize("name", ["กุ้", "ป้ำ", "के", "é", "ﷺ", "각"])
def test_marks_stay_with_their_letter(name: str) -> None:
    assert len(list(clusters(name + name))) == 2


def test_thai_marks_stand_above_their_letter() -> None:
    alone, marked = shaped("ก"), shaped("กั้")
    assert marked.width == pytest.approx(alone.width)
    assert marked.top > alone.top


@pytest.mark.parametrize(
    ("line", "drawn"),
    [
        ("Anna", "Anna"),
        ("שלום עולם", "םלוע םולש"),
        ("مرحبا", "ابحرم"),
        ("Anna שלום, pilot", "Anna םולש, pilot"),
        ("שלום Anna 12", "Anna 12 םולש"),
        ("שלום (א)", "(א) םולש"),
        ("(שלום)", "(םולש)"),
        ("12 שלום 34", "34 םולש 12"),
        ("Константин (12) «Анна»", "Константин (12) «Анна»"),
    ],
)
def test_right_to_left_name_is_drawn_so(line: str, drawn: str) -> None:
    shown = [run.text[::-1].translate(BRACKETS) if run.is_from_the_right else run.text for run in runs(line)]
    assert "".join(shown) == drawn


def test_line_keeps_the_direction_of_its_name() -> None:
    assert runs("Anna א", from_the_right=True)[-1].text == "Anna"
    assert runs("Anna א")[0].text.startswith("Anna")


def test_glyphs_go_from_left_to_right() -> None:
    first, *_, last = shaped("אב").glyphs
    assert (first.text, last.text) == ("ב", "א") and first.x < last.x


@pytest.mark.parametrize(
    ("name", "room", "language"),
    [
        ("山田", "Japanese", "Japanese"),
        ("山田たろう", "English", "Japanese"),
        ("金민수", "English", "Korean"),
        ("王", "Korean", "Korean"),
        ("王", None, ""),
    ],
)
def test_chinese_characters_have_the_rooms_form(name: str, room: str | None, language: str) -> None:
    assert east_asian_language(name, room) == language


def test_forms_differ_between_countries() -> None:
    assert len({shaped("直", language).glyphs[0].index for language in ("Japanese", "Chinese")}) == 2


@pytest.mark.parametrize(
    ("name", "shown", "lacking"),
    [
        ("Li བོད་", f"Li {REPLACEMENT * 4}", "བོད་"),
        ("ܫܠܡ 12", f"{REPLACEMENT * 3} 12", "ܫܠܡ"),
        ("\ud83d lone", f"{REPLACEMENT} lone", "\ud83d"),
        ("\ue000\ue000", REPLACEMENT * 2, "\ue000"),
        ("א\u0e49", f"א{REPLACEMENT}", "\u0e49"),
        ("Anna", "Anna", ""),
        ("An\u200dna\u200b\ufe0f", "Anna", ""),
    ],
)
def test_missing_characters_are_named(name: str, shown: str, lacking: str) -> None:
    assert (printable(name), missing(name)) == (shown, lacking)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_long_names_shrink_then_wrap_then_end(name: str) -> None:
    whole = width(name, "DejaVuSans-Bold", 15)
    size, lines = fitted(name, "DejaVuSans-Bold", 15, 10, whole * 0.8)
    assert size < 15 and lines == [name]
    long = " ".join([name] * 30)
    size, lines = fitted(long, "DejaVuSans-Bold", 15, 10, whole)
    assert (size, len(lines)) == (10, 2) and lines[-1].endswith("…")
    assert all(width(line, "DejaVuSans-Bold", size) <= whole for line in lines)
    assert all(part in list(clusters(long)) for line in lines for part in clusters(line.removesuffix("…")))
