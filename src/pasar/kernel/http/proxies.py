"""Who really calls, when a proxy stands in front of us?

`X-Forwarded-For`, `-Proto` and `-Host` are believed from peers in `TRUSTED_PROXIES` and from nobody else:
anybody can write a header. The client is the right-most hop that is no trusted proxy, since each proxy adds
the address that it saw at the end; what stands further left, the client may have made up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from pasar.kernel.config.edge import Address, Networks
from pasar.kernel.network_addresses import address_of

FORWARDED: Final = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"})
SCHEMES: Final = frozenset({"http", "https"})
HOST: Final = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
LONGEST_HOST: Final = 261  # a name of 255 and a port


def believe(scope: Any, networks: Networks) -> None:
    """Put what trusted proxies say of the call into its ASGI `scope`: client, scheme and host.

    Does nothing when the peer is not in `networks`. What cannot be read is passed over.
    """
    client = scope.get("client")
    peer = address_of(client[0]) if client else None
    if peer is None or peer not in networks:
        return
    said: dict[bytes, list[str]] = {}
    for name, value in scope["headers"]:
        if name in FORWARDED:
            said.setdefault(name, []).extend(part.strip() for part in value.decode("latin-1").split(","))
    scope["client"] = (str(_client(peer, said.get(b"x-forwarded-for", ()), networks)), 0)
    # The nearest proxy's word, the last, is the one that is surely a proxy's.
    scheme = said.get(b"x-forwarded-proto", [""])[-1].lower()
    if scheme in SCHEMES:
        scope["scheme"] = scheme
    host = said.get(b"x-forwarded-host", [""])[-1]
    if len(host) <= LONGEST_HOST and HOST.fullmatch(host):
        _replace_host(scope, host.lower().encode())


def _client(peer: Address, hops: Sequence[str], networks: Networks) -> Address:
    """The right-most hop that is no trusted proxy; the last one that could be read when none is."""
    found = peer
    for text in reversed(hops):
        hop = address_of(text)
        if hop is None:
            break
        found = hop
        if hop not in networks:
            break
    return found


def _replace_host(scope: Any, host: bytes) -> None:
    """One `Host` becomes another. Two stay as they are: such a call is refused for it."""
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if len(hosts) <= 1:
        others = [(name, value) for name, value in scope["headers"] if name != b"host"]
        scope["headers"] = [(b"host", host), *others]
