"""Ids that a spreadsheet has damaged are recognised beside the id that is known, and corrections are not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.roster.damage import is_damaged


@pytest.mark.parametrize(
    ("known", "read"),
    [
        ("007", "7"),
        ("0", "0.0"),
        ("7", "7.0"),
        ("+79161234567", "79161234567"),
        ("00120", "120"),
        ("1.10", "1.1"),
        ("1,50", "1.5"),
        ("3.0", "3"),
        ("1e5", "100000"),
        ("1E5", "1.00E+05"),
        ("12e3", "12000"),
        ("79161234567012345", "79161234567012300"),
        ("79161234567012345", "79161234567012304"),
        ("79161234567012345", "7.91612E+16"),
        ("79161234567012345", "7,91612E+16"),
        ("79161234567012345", "7.9161234567012304e+16"),
        ("447911123456", "4.47911E+11"),
        ("447911123456", "4,4791E+11"),
        ("-12345678901234567890", "-1.23457E+19"),
        ("1-2", "2026-02-01"),
        ("1-2", "2026-01-02 00:00:00"),
        ("1-2", "01.фев"),
        ("1-2", "Feb 01"),
        ("1-2", "1-Feb"),
        ("1/2", "01.02.2026"),
        ("1.2", "2026-02-01"),
        ("3.10", "03.окт"),
        ("12-11", "12. Nov"),
        ("2-26", "Feb-26"),
        ("2026-02", "Feb-26"),
        ("2026-02", "2026-02-01"),
        ("MAR1", "1-Mar"),
        ("SEPT2", "2-Sep"),
        ("1-2-3", "2003-02-01"),
        ("1-2-2026", "46054"),
        ("1-2", "46054"),
        ("10:30", "10:30:00"),
        ("10:30", "0.4375"),
        ("22:15", "10:15 PM"),
        ("1:2", "01:02:00"),
        ("true", "TRUE"),
        ("True", "ИСТИНА"),
        ("FALSE", "0"),
    ],
)
def test_damage_by_a_spreadsheet_is_recognised(known: str, read: str) -> None:
    assert is_damaged(known, read)


@pytest.mark.parametrize(
    ("known", "read"),
    [
        ("007", "007"),
        ("", "7"),
        ("007", ""),
        ("7", "007"),
        ("007", "8"),
        ("P-001", "P-1"),
        ("Anna", "Anna K."),
        ("100", "101"),
        ("79161234567012345", "79161234999999999"),
        ("447911123456", "4.48E+12"),
        ("1-2", "1-3"),
        ("1-2", "2026-03-01"),
        ("1-2", "12"),
        ("Jan", "Feb"),
        ("MAR1", "2-Mar"),
        ("Anna 1", "1-Jan"),
        ("10:30", "10:31:00"),
        ("10:30", "10"),
        ("13-40", "2026-01-13"),
        ("true", "FALSE"),
        ("0", "5"),
    ],
)
def test_correction_by_a_person_is_no_damage(known: str, read: str) -> None:
    assert not is_damaged(known, read)


@given(st.integers(0, 10**25), st.integers(0, 4))
def test_numbers_as_spreadsheets_store_and_show_them(number: int, zeros: int) -> None:
    known = "0" * zeros + str(number)
    stored = str(int(Decimal(f"{number:.14e}")))
    assert stored == known or is_damaged(known, stored)
    if number >= 10**11:
        assert is_damaged(known, f"{number:.5E}") and is_damaged(known, f"{number:.2E}".replace(".", ","))


@given(st.text(st.sampled_from("0123456789-+/.,: eEjanфевtru")), st.text(st.sampled_from("0123456789-+/.,: eEjanфев")))
def test_no_id_is_too_odd(known: str, read: str) -> None:
    assert is_damaged(known, read) in (True, False)
    assert not is_damaged(known, known)
