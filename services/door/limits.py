"""How often something may be pressed at a door: in the memory of this process, so that it holds for a while alone."""

from ipaddress import IPv6Network, ip_address

from limits import RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

BY_ADDRESS = RateLimitItemPerMinute(1200)
"""Presses from one address: two hundred visitors of a fair may sit behind it, and come at once."""

BY_DEVICE = RateLimitItemPerMinute(20)

PINS_BY_DEVICE = RateLimitItemPerMinute(10, 10)
"""Wrong PINs in ten minutes."""

PINS_BY_ADDRESS = RateLimitItemPerMinute(30, 10)
"""The same of all devices at one address: more, as visitors of a fair share one, and each may mistype the PIN."""

PINS_A_DAY = RateLimitItemPerDay(100)
"""Wrong PINs from one address on a day: of ten thousand, one is right until midnight."""


class Limits:
    """Counts what is pressed. Keys are digests or addresses of clients, and are written down nowhere."""

    def __init__(self) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def may_press(self, address: str, device: str) -> bool:
        """Whether one more press is allowed; it counts. device: empty where it is not known."""
        shared = network_of(address)
        return self._limiter.hit(BY_ADDRESS, shared) and (not device or self._limiter.hit(BY_DEVICE, device))

    def may_try_pin(self, address: str, device: str) -> bool:
        """Whether a PIN may be tried."""
        shared = network_of(address)
        by_address = all(self._limiter.test(limit, "pin", shared) for limit in (PINS_BY_ADDRESS, PINS_A_DAY))
        return by_address and self._limiter.test(PINS_BY_DEVICE, "pin", device)

    def note_wrong_pin(self, address: str, device: str) -> None:
        for limit in (PINS_BY_ADDRESS, PINS_A_DAY):
            self._limiter.hit(limit, "pin", network_of(address))
        self._limiter.hit(PINS_BY_DEVICE, "pin", device)


def network_of(address: str) -> str:
    """The address, or the network of it that one household or machine has whole."""
    try:
        is_long = ip_address(address).version == 6
    except ValueError:
        return address
    return str(IPv6Network(f"{address.partition('%')[0]}/64", strict=False)) if is_long else address
