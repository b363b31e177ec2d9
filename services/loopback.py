"""Addresses of this machine that no other machine can take."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host is one: `localhost`, or an IP address with or without brackets."""
    try:
        return host.lower() == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
