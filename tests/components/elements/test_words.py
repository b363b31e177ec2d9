"""Words that several pages share."""

from components.elements.words import told_apart


def test_equal_names_are_told_apart() -> None:
    assert told_apart(["Anna", "Ben", "Anna"], ["1.1", "1.2", "2.1"]) == ["Anna (1.1)", "Ben", "Anna (2.1)"]
