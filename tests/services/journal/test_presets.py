"""Presets on both databases: kept by name, one the default."""

from services.journal.journal import Journal
from services.journal.visibility import Visibility
from tests.services.journal.presses import MINE, OTHER_PROJECT, PROJECT, SERVICE


def test_preset_of_the_same_name_is_replaced(journal: Journal) -> None:
    journal.presets.save(MINE, str(PROJECT), "Зимняя волна", {"minutes": 30})
    journal.presets.save(MINE, str(PROJECT), "autumn", {"minutes": 45, "voice": None})
    journal.presets.save(MINE, str(PROJECT), "Зимняя волна", {"minutes": 60})
    assert {preset.name: preset.settings for preset in journal.presets.all(MINE)} == {
        "autumn": {"minutes": 45, "voice": None},
        "Зимняя волна": {"minutes": 60},
    }


def test_two_projects_may_share_a_preset_name(journal: Journal) -> None:
    journal.presets.save(MINE, str(PROJECT), "weekly", {"minutes": 30})
    journal.presets.save(MINE, str(OTHER_PROJECT), "weekly", {"minutes": 45})
    assert [preset.settings["minutes"] for preset in journal.presets.all(MINE)] == [30, 45]


def test_stranger_neither_sees_nor_changes_presets(journal: Journal) -> None:
    journal.presets.save(MINE, str(PROJECT), "mine", {})
    (mine,) = journal.presets.all(MINE)
    stranger = Visibility(SERVICE, "another", frozenset({str(OTHER_PROJECT)}))
    colleague = Visibility(SERVICE, "another", frozenset({str(PROJECT)}))
    assert journal.presets.all(stranger) == [] and journal.presets.all(colleague) == [mine]
    journal.presets.set_default(stranger, mine.id)
    journal.presets.delete(stranger, mine.id)
    assert journal.presets.all(MINE) == [mine]
    journal.presets.delete(colleague, mine.id)
    assert journal.presets.all(MINE) == []


def test_one_preset_at_the_most_is_the_default(journal: Journal) -> None:
    for name in "ab":
        journal.presets.save(MINE, str(PROJECT), name, {})
    first, second = journal.presets.all(MINE)

    def defaults() -> list[str]:
        return [preset.name for preset in journal.presets.all(MINE) if preset.is_default]

    assert defaults() == []
    journal.presets.set_default(MINE, first.id)
    assert defaults() == ["a"]
    journal.presets.set_default(MINE, second.id)
    assert defaults() == ["b"]
    journal.presets.save(MINE, str(PROJECT), "b", {"minutes": 60})
    assert defaults() == ["b"]
    journal.presets.set_default(MINE, None)
    assert defaults() == []
