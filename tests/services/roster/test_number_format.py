"""What cells show of their numbers."""

import pytest

from services.roster.number_format import GENERAL, number_of, shown, shown_text


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        *(("7", "000", "007"), ("7", '"P-"000', "P-007"), ("7", "P\\-000", "P-007"), ("7", "00_)", "07")),
        *(("123456789", "000-00-0000", "123-45-6789"), ("15551234567", "(000) 000-0000", "(1555) 123-4567")),
        *(("0.5", "0%", "50%"), ("0.256", "0.0%", "25.6%"), ("-0.5", "0%", "-50%")),
        *(("-7", "0;-0", "-7"), ("-7", "0;(0)", "(7)"), ("0", "0;-0;;@", ""), ("0", '0;-0;"none"', "none")),
        *(("7.5", "0.00", "7.50"), ("7.5", "#.##", "7.5"), ("2.675", "0.00", "2.68"), ("0.05", ".00", ".05")),
        *(("1234567", "#,##0", "1234567"), ("1234567", "0,", "1235"), ("1234.5", "# ##0.00", "1 234.50")),
        *(("5551234", "[<=9999999]###-####;(###) ###-####", "555-1234"), ("7", "[Red]0;[Blue]-0", "7")),
        *(("7", '0 "€"', "7 €"), ("7", "0.00\\ [$€-407]", "7.00 €"), ("7", '"yes"', "yes"), ("7", '"no', "no")),
    ],
)
def test_number_is_shown_as_its_format_says(number: str, code: str, text: str) -> None:
    value = number_of(number)
    assert value is not None and shown(value, code) == text


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        *(("0.30000000000000004", GENERAL, "0.3"), ("1E+16", GENERAL, "10000000000000000"), ("0.5", "# ?/?", "0.5")),
        *(("4.47912345678E11", "0.00E+00", "447912345678"), ("1e300", "0", "1e+300"), ("7", "0" * 300, "7")),
        ("12345678901234567890123", GENERAL, "12345678901234567890123"),
    ],
)
def test_number_keeps_all_its_digits(number: str, code: str, text: str) -> None:
    value = number_of(number)
    assert value is not None and shown(value, code) == text


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        *(("46082", "dd.mm.yyyy", "2026-03-01"), ("46082", "[$-419]d mmmm yyyy", "2026-03-01")),
        *(("46082.3958333333", "m/d/yy h:mm", "2026-03-01 09:30:00"), ("0.395833333333333", "h:mm AM/PM", "09:30:00")),
        *(("1.10416666666667", "[h]:mm", "26:30:00"), ("1", "yyyy", "1900-01-01"), ("-1", "yyyy", "-1")),
        ("1e9", "yyyy", "1000000000"),
    ],
)
def test_date_is_iso_whatever_its_format(number: str, code: str, text: str) -> None:
    value = number_of(number)
    assert value is not None and shown(value, code) == text


def test_days_count_from_1904_where_said() -> None:
    value = number_of("44620")
    assert value is not None and shown(value, "yyyy-mm-dd", from_1904=True) == "2026-03-01"


def test_text_is_shown_with_words_around() -> None:
    assert shown_text("7", '"P-"@') == "P-7" and shown_text("7", "@") == "7" and shown_text("7", "000") == "7"
