"""Files that say who made them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from services.export.made_by import MadeBy
from services.export.offline.page import offline_pack
from services.texts.speech import speaking

BERLIN = ZoneInfo("Europe/Berlin")

MADE_BY = MadeBy("anna<b>@example.org", datetime(2026, 11, 30, 21, 13, tzinfo=UTC), BERLIN)


def pack(made_by: MadeBy | None) -> str:
    made = offline_pack([], pack_id="pack", title="Coffee", station="Clinic", zone=BERLIN, made_by=made_by)
    return made.decode()


def test_moment_is_in_the_viewers_zone() -> None:
    assert MADE_BY.words == "Made by anna<b>@example.org on Mon 30 Nov 2026, 22:13 (Europe/Berlin)."


def test_properties_of_files_are_english() -> None:
    with speaking("ru"):
        assert MADE_BY.words.startswith("Файл создан: ")
        assert MADE_BY.properties.startswith("Made by ")


def test_pack_says_it_as_text() -> None:
    assert '<p class="about">Made by anna&lt;b&gt;@example.org on ' in pack(MADE_BY)
    assert "Made by" not in pack(None)
