"""Names of downloaded files: safe everywhere, and never twice the same."""

from datetime import datetime

import pytest

from services.export.names import LONGEST, code_name, file_name

MOMENT = datetime(2026, 11, 23, 22, 13)


def test_file_name_has_project_date_and_time() -> None:
    assert file_name("Morning coffee", MOMENT, "csv").startswith("Morning-coffee_2026-11-23_2213_")


def test_two_files_of_one_minute_have_two_names() -> None:
    assert len({file_name("Coffee", MOMENT, "csv") for _ in range(20)}) > 15


@pytest.mark.parametrize(
    "name", ['a/b\\c:d*e?f"g<h>i|j', "../../etc/passwd", "CON .", "![x](http://e) <b>=1", "\u202eevil\0"]
)
def test_name_means_nothing_to_a_file_system(name: str) -> None:
    stem = file_name(name, MOMENT, "csv").removesuffix(".csv")
    assert not set(stem) & set('/\\:*?"<>|.=!()[] \0\u202e')


def test_letters_of_every_script_stay() -> None:
    assert file_name("Выбор оператора", MOMENT, "csv").startswith("Выбор-оператора_")


def test_long_name_is_cut_and_empty_replaced() -> None:
    assert len(file_name("x" * 300, MOMENT, "csv")) < LONGEST + 30
    assert file_name("???", MOMENT, "csv").startswith("rooms_")


def test_code_name_has_number_and_label() -> None:
    first = code_name("Coffee", MOMENT, "nonce", 7, "Anna, pilot", "png")
    second = code_name("Coffee", MOMENT, "nonce", 12, "", "svg")
    assert first.startswith("Coffee_2026-11-23_2213_") and first.endswith("_007_Anna-pilot.png")
    assert second.endswith("_012.svg") and second[:27] == first[:27]
    assert code_name("Coffee", MOMENT, "other", 7, "Anna, pilot", "png") != first
