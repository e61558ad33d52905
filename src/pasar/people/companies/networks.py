"""From which networks may staff work? Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

MOST_NETWORKS: Final = 50
_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class NetworkError(ValueError):
    """Not a network. `text` is what was written; the message says how to write one, in English."""

    def __init__(self, text: str) -> None:
        super().__init__(
            "Write networks as 203.0.113.0/24 or 2001:db8::/32, and single addresses as they are."
        )
        self.text = text


def normalise_networks(texts: Iterable[str]) -> tuple[str, ...]:
    """Networks in CIDR form, each once, in the order given: `10.1.2.3/8` is `10.0.0.0/8`.

    IPv4 written as IPv6 (`::ffff:203.0.113.7`) is kept as the IPv4 that it is. Raises `NetworkError`.
    """
    found: dict[str, None] = {}
    for text in texts:
        try:
            network = _plain(ipaddress.ip_network(text.strip(), strict=False))
        except ValueError:
            raise NetworkError(text) from None
        found[str(network)] = None
    return tuple(found)


def admits(networks: Iterable[str], address: str) -> bool:
    """Whether staff at `address` may work: always, when no network is named."""
    listed = [ipaddress.ip_network(network) for network in networks]
    if not listed:
        return True
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in listed)


def _plain(network: Network) -> Network:
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        assert mapped is not None, "the whole network is of mapped addresses"
        return ipaddress.IPv4Network((mapped, network.prefixlen - 96))
    return network
