"""Which address does a text name?"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from pasar.kernel.config.edge import Address


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


def _is_port(text: str) -> bool:
    return text.startswith(":") and text[1:].isascii() and text[1:].isdigit()
