"""Presses are counted by device and by network."""

import pytest
from limits import RateLimitItemPerMinute

from services.door.limits import BY_ADDRESS, PINS_A_DAY, Limits, network_of


def test_devices_at_one_address_are_counted_apart() -> None:
    limits = Limits()
    assert [limits.may_press("10.0.0.1", "a") for _ in range(21)] == [True] * 20 + [False]
    assert limits.may_press("10.0.0.1", "b") and limits.may_press("10.0.0.2", "")


def test_one_address_cannot_press_without_end() -> None:
    limits = Limits()
    presses = [limits.may_press("10.0.0.1", str(number)) for number in range(BY_ADDRESS.amount + 1)]
    assert presses[-1] is False and all(presses[:-1])


def test_wrong_pins_from_new_devices_are_counted() -> None:
    limits = Limits()
    for number in range(30):
        assert limits.may_try_pin("10.0.0.1", str(number))
        limits.note_wrong_pin("10.0.0.1", str(number))
    assert not limits.may_try_pin("10.0.0.1", "new") and limits.may_try_pin("10.0.0.2", "new")


def test_pins_cannot_be_tried_all_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.door.limits.PINS_BY_ADDRESS", RateLimitItemPerMinute(1000, 10))
    limits = Limits()
    for number in range(PINS_A_DAY.amount):
        limits.note_wrong_pin("10.0.0.1", str(number))
    assert not limits.may_try_pin("10.0.0.1", "new") and limits.may_try_pin("10.0.0.2", "new")


def test_long_addresses_count_by_their_network() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff") != network_of("2001:db8:0:1::1")
    assert network_of("10.0.0.1") == "10.0.0.1" and network_of("") == ""
