"""Which network addresses may be called on behalf of a merchant who names a picture by its address?

Only public ones: an import must not become a tool that looks into the network behind this server. The host is
resolved here, every address of it is judged, and the connection then goes to a judged address and no other:
a name that changes between the look and the call gains nothing.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final, Protocol

Address = IPv4Address | IPv6Address

_NAT64: Final = IPv6Network("64:ff9b::/96")


class HostUnknown(Exception):
    """The host has no address, for now or for ever."""


class Network(Protocol):
    """What a fetch asks before it connects; tests hand in one that lets their own server through."""

    async def addresses_of(self, host: str, port: int) -> Sequence[Address]:
        """All addresses of `host`, at least one. Raises `HostUnknown`."""

    def allows(self, address: Address) -> bool:
        """Whether a fetch may connect to `address`."""


class PublicNetwork:
    """The network as this machine resolves it, public addresses only."""

    async def addresses_of(self, host: str, port: int) -> Sequence[Address]:
        """All addresses of `host`, at least one. Raises `HostUnknown`."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as reason:
            raise HostUnknown(f"{host} has no address: {reason}") from None
        addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        if not addresses:
            raise HostUnknown(f"{host} has no address.")
        return list(dict.fromkeys(addresses))

    def allows(self, address: Address) -> bool:
        """Whether a fetch may connect to `address`."""
        return is_public(address)


def is_public(address: Address) -> bool:
    """Whether `address` is one of the public internet, with every address that it carries inside."""
    inner = _carried(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not (
        address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


def _carried(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, Teredo or NAT64."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
