"""How letters are stored: the file tells, or the researcher chooses by looking."""

import pytest

from services.roster.charsets import MOST_OFFERED, decode
from services.roster.reading import read_file
from services.roster.sheet import CharsetNeeded, RosterError

LIST = "ФИО;Почта\r\nКаренина, Анна;a@example.com\r\nЁжиков, Андрей;b@example.com\r\n"


def needed(content: bytes, charset: str | None = None) -> CharsetNeeded:
    with pytest.raises(CharsetNeeded) as error:
        decode(content, charset)
    return error.value


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_that_tells_itself_is_read_without_asking(charset: str) -> None:
    assert decode(LIST.encode(charset)) == LIST


def test_marked_big_endian_utf_16_is_read() -> None:
    assert decode(b"\xfe\xff" + LIST.encode("utf-16-be")) == LIST


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "ibm866", "mac-cyrillic", "utf-16-le", "utf-16-be"])
def test_readable_russian_charset_is_offered_first(charset: str) -> None:
    content = LIST.encode(charset)
    error = needed(content)
    assert next(iter(error.previews.items())) == (charset, "\n".join(LIST.split()).replace(",\n", ", "))
    assert read_file(content, "list.csv", charset).rows[1] == ("Каренина, Анна", "a@example.com")


@pytest.mark.parametrize("names", ["анна\nборис\n", "АННА\nБОРИС\n", "Анна"])
@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
def test_short_lists_get_right_charset_first(names: str, charset: str) -> None:
    assert next(iter(needed(names.encode(charset)).previews.values())) == names.strip()


@pytest.mark.parametrize("names", ["Müller\nGroß", "José", "Björn\nÅsa\nÉlodie", "Zoë “Z” Ångström – 5 €"])
def test_western_names_are_offered_in_their_charset_first(names: str) -> None:
    previews = needed(names.encode("windows-1252")).previews
    assert next(iter(previews.items())) == ("windows-1252", names)


LISTS = [
    ("windows-1250", "Łukasz Żółć\nMałgorzata Wiśniewska"),
    ("windows-1250", "Jiří Dvořák\nTomáš Růžička"),
    ("windows-1250", "Kovács Ágnes\nSzőke Gyöngyi"),
    ("windows-1250", "Ştefan\nIonuţ Vlădescu"),
    ("windows-1250", "Ivana Šimić\nŽeljko Đurić"),
    ("windows-1251", "Олена Ковальчук\nЇжак Юрій"),
    ("windows-1251", "Ђорђе Јовановић"),
    ("windows-1251", "АННА ИВАНОВА"),
    ("windows-1252", "Jürgen Müller\nKäthe Groß"),
    ("windows-1252", "François Lefèvre\nZoé Béranger"),
    ("windows-1252", "Åsa Sjöström\nBjørn Ødegård"),
    ("windows-1253", "Γιώργος Παπαδόπουλος\nΕλένη Νικολάου"),
    ("windows-1254", "Ayşe Yılmaz\nMehmet Öztürk\nİbrahim Şahin"),
    ("windows-1257", "Jānis Bērziņš\nKristīne Kļaviņa"),
    ("windows-1257", "Žydrūnas Šukys\nRūta Kairytė"),
    ("windows-1257", "Ülo Õunapuu\nÜlle Mägi"),
    ("koi8-r", "АННА ИВАНОВА"),
    ("ibm866", "Юлия Щукина"),
    ("mac-roman", "José Muñoz\nZoë Müller\nFrançois Lefèvre"),
    ("mac-roman", "Jürgen Müller\nKäthe Groß"),
    ("mac-cyrillic", "Юлия Щукина"),
]


@pytest.mark.parametrize(("charset", "names"), LISTS, ids=lambda value: value.split("\n")[0])
def test_names_of_europe_are_offered_right_first(charset: str, names: str) -> None:
    previews = list(needed(names.encode(charset)).previews.values())
    assert previews[0] == names
    assert len(previews) <= MOST_OFFERED and len(set(previews)) == len(previews)


@pytest.mark.parametrize(
    ("charset", "name"),
    [
        *(("windows-1252", name) for name in ("Søren", "Hélène", "Þórður", "Weiß", "João")),
        *(("mac-roman", name) for name in ("Søren", "Hélène", "Weiß", "João")),
        *(("windows-1250", name) for name in ("Łukasz", "Dvořák", "Ľubomír", "Őri")),
        *(("windows-1253", name) for name in ("Αννα", "ΓΙΩΡΓΟΣ", "Κώστας")),
        *(("windows-1254", name) for name in ("Işık", "Şahin", "Ayşe")),
        *(("windows-1257", name) for name in ("Kairytė", "Jānis", "Õnne")),
    ],
)
def test_single_name_finds_its_charset_offered(charset: str, name: str) -> None:
    assert name in needed(name.encode(charset)).previews.values()


def test_preview_shows_rare_letters_late_in_file() -> None:
    names = "\n".join(["Müller"] * 50 + ["Groß", "Šimić"])
    assert needed(names.encode("windows-1250")).previews["windows-1250"].split("\n")[-2:] == ["Groß", "Šimić"]


def test_long_file_is_ranked_from_a_sample() -> None:
    content = "\n".join(f"Łukasz Wiśniewski {number}" for number in range(20_000)).encode("windows-1250")
    assert next(iter(needed(content).previews)) == "windows-1250"


def test_only_charsets_that_fit_are_offered() -> None:
    previews = needed("Анна".encode("windows-1251") + b"\x98").previews
    assert "windows-1251" not in previews and "koi8-r" in previews
    assert set(needed("Anna\r\nBob\r\n".encode("utf-16-le")).previews) == {"utf-16-le"}


def test_preview_shows_lines_where_charsets_differ() -> None:
    content = ("plain\n" * 100 + ("Анна " * 100 + "\n") * 100).encode("windows-1251")
    shown = needed(content).previews["windows-1251"].split("\n")
    assert shown == [("Анна " * 20)] * 5


def test_preview_holds_no_controls() -> None:
    shown = needed("Анна\x1b[2J\u00ad Каренина, Москва".encode("windows-1251", "ignore")).previews["windows-1251"]
    assert shown.isprintable() and shown.startswith("Анна")


def test_unusable_charset_is_asked_for_again() -> None:
    content = "Анна".encode("windows-1251")
    for charset in ("zip", "utf-8", "utf-16-le", ""):
        assert needed(content, charset).previews


def test_choice_does_not_override_a_marked_file() -> None:
    assert decode("Анна".encode(), "koi8-r") == "Анна"
    assert decode("Анна".encode("utf-16"), "koi8-r") == "Анна"


def test_few_nuls_do_not_make_utf_16() -> None:
    assert decode(b"An\0na,\0Bob\n") == "An\0na,\0Bob\n"


@pytest.mark.parametrize("content", [b"\xff\xfeA", b"\xef\xbb\xbf\xff", b"\xff\xfe\x00\xd8"])
def test_false_unicode_mark_means_damaged(content: bytes) -> None:
    with pytest.raises(RosterError, match="damaged"):
        decode(content)


def test_binary_file_is_offered_in_no_charset() -> None:
    with pytest.raises(RosterError, match="not text"):
        decode(bytes(range(256)) * 20)


def test_message_says_what_to_do_without_names() -> None:
    error = needed("Анна".encode("windows-1251"))
    assert "Choose" in str(error) and "Анна" not in repr(error)
