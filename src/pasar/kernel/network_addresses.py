"""Which address does a text name?"""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Final

from pasar.kernel.config.edge import Address

NETWORK_BITS: Final = 64
"""One IPv6 subscriber has a whole /64 and may call from a new address of it each time (RFC 6177)."""


@lru_cache(maxsize=4096)
def address_of(text: str) -> Address | None:
    """The address in a hop: `1.2.3.4`, `1.2.3.4:567`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:567`.

    An IPv4 address in IPv6's clothes (`::ffff:1.2.3.4`) is the IPv4 address. None for anything else, names
    and addresses with a zone (`fe80::1%eth0`) among it.
    """
    if text.startswith("["):
        inside, closed, port = text[1:].partition("]")
        if not closed or (port and not _is_port(port)):
            return None
        text = inside
    elif text.count(":") == 1:
        text, port = text.split(":")
        if not _is_port(f":{port}"):
            return None
    if "%" in text:
        return None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """What of an address one subscriber holds: all of IPv4's, the network's half of IPv6's. Every limit by
    address counts this."""
    found = address_of(address)
    if isinstance(found, ipaddress.IPv6Address):
        return f"{int(found) >> (128 - NETWORK_BITS):x}"
    return str(found) if found else "nowhere"


def _is_port(text: str) -> bool:
    return text.startswith(":") and text[1:].isascii() and text[1:].isdigit()
