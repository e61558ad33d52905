"""Is this the name of a host, and how is it kept? As browsers send it: lower case, ASCII, without a port."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

import idna

LONGEST_HOST: Final = 253
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_ANYBODYS: Final = frozenset({"localhost"})


class HostError(ValueError):
    """Not a host that a site can have. The message says how to write one, in English."""


def normalise_host(text: str) -> str:
    """The host in lower case and IDNA (UTS 46): `Café.Example.` is `xn--caf-dma.example`. Raises `HostError`.

    A name of at least two parts, nothing before and behind it. Addresses (`203.0.113.7`) and `localhost` are
    refused: whoever has them shares them with every other company of the installation.
    """
    told = "Write the bare host, such as shop.example.com: no https://, port or path."
    plain = text.strip().removesuffix(".").lower()
    try:
        host = plain if plain.isascii() else idna.encode(plain, uts46=True, std3_rules=True).decode()
    except idna.IDNAError:
        raise HostError(told) from None
    labels = host.split(".")
    if len(host) > LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise HostError(told)
    if len(labels) < 2 or host in _ANYBODYS or _is_address(host) or labels[-1].isdigit():
        raise HostError("Write a name of your own with at least two parts, such as shop.example.com.")
    return host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
