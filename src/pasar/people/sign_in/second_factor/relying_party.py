"""For which host is a passkey made, and from which pages may its answer come?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection

from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site, host_of

LONGEST_HOST: Final = 253


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """`id` is the host (WebAuthn, section 4), `origins` the beginnings of addresses that may speak for it."""

    id: str
    name: str
    origins: tuple[str, ...]


def relying_party(
    connection: ASGIConnection[Any, Any, Any, Any], runtime: Runtime, site: Site
) -> RelyingParty:
    """The relying party of this call.

    In production it is a host that was configured, the site's own or `PASAR_PUBLIC_URL`'s, if there is one: a
    `Host` header that somebody made up decides nothing. Elsewhere it is the host that was asked for.
    """
    public = urlsplit(runtime.settings.public_url)
    asked = host_of(connection)[:LONGEST_HOST]
    known = [host for host in (site.host, public.hostname) if host]
    unknown_here = runtime.settings.production and known and asked not in known
    host = known[0] if unknown_here else asked
    origins = [f"https://{host}"]
    if public.hostname == host:
        origins.append(f"{public.scheme}://{public.netloc}")
    if asked == host:
        origins.append(f"{connection.scope['scheme']}://{connection.headers.get('host', '').lower()}")
    return RelyingParty(host, site.name, tuple(dict.fromkeys(origins)))
