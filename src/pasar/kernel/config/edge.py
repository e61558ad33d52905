"""Whom do we believe at the edge: which proxies, which origins, and how many calls in which time?"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import urlsplit

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

WRITES: Final = 100
WINDOW_MS: Final = 60_000
MOST_CALLS: Final = 1_000_000_000
LONGEST_WINDOW_MS: Final = 24 * 3600 * 1000
# On a developer's own machine every page, test and script shares one address: no limit that tells anything.
RAISED_WRITES: Final = 1_000_000
DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class Networks:
    """Networks of addresses. `address in networks` asks; an empty one is false.

    A class rather than a tuple: msgspec, which looks through the settings' types when a handler takes the
    runtime, takes no union of two classes.
    """

    __slots__ = ("_networks",)

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks = tuple(networks)

    def __contains__(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def __iter__(self) -> Iterator[Network]:
        return iter(self._networks)

    def __len__(self) -> int:
        return len(self._networks)

    def __repr__(self) -> str:
        return f"Networks({', '.join(map(str, self._networks))})"


@dataclass(frozen=True, slots=True)
class RateLimitSettings:
    """At most `writes` changing calls of one subject in `window_ms`, and ten times that for reads."""

    writes: int = WRITES
    window_ms: int = WINDOW_MS


def proxies_from(environ: Mapping[str, str], problems: list[str]) -> Networks:
    """The networks of `TRUSTED_PROXIES`, none without it. What is wrong is added to `problems`."""
    networks: list[Network] = []
    for text in _parts(environ, "TRUSTED_PROXIES"):
        try:
            network = ipaddress.ip_network(text)
        except ValueError:
            problems.append(
                f"TRUSTED_PROXIES={text}: must be addresses or networks such as 10.0.0.0/8, fd00::/8, "
                "with commas between them."
            )
            continue
        if network.prefixlen == 0:
            problems.append(f"TRUSTED_PROXIES={text}: this is everybody. Name the proxies in front of Pasar.")
            continue
        networks.append(network)
    return Networks(networks)


def origins_from(environ: Mapping[str, str], problems: list[str]) -> frozenset[str]:
    """The origins of `CORS_ORIGINS` and `FRONTEND_URL`. What is wrong is added to `problems`."""
    found: set[str] = set()
    for name in ("CORS_ORIGINS", "FRONTEND_URL"):
        for text in _parts(environ, name):
            origin = origin_of(text)
            alone = name == "FRONTEND_URL" or urlsplit(text).path in {"", "/"}
            if origin is None or not alone:
                problems.append(
                    f"{name}={text}: must be an origin such as https://shop.example.com; * is never allowed."
                )
            else:
                found.add(origin)
    return frozenset(found)


def origin_of(address: str) -> str | None:
    """The origin (RFC 6454) of an http address, lower-cased and without a default port; None of others."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not host or "*" in host or parts.username is not None:
        return None
    if not (host.isascii() and host.isprintable()) or " " in host:
        return None
    place = f"[{host}]" if ":" in host else host
    shown = "" if port is None or port == DEFAULT_PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{place}{shown}"


def rate_limit_from(
    environ: Mapping[str, str], problems: list[str], *, own_machine: bool
) -> RateLimitSettings:
    """The limit of `RATE_LIMIT_*`. Each figure has two names; set to two values they are refused.

    `own_machine`: outside production on loopback, where the limit is raised unless it is set.
    """
    writes = _figure(environ, problems, {"RATE_LIMIT_MAX": 1, "RATE_LIMIT_MAX_REQUESTS": 1}, MOST_CALLS)
    window = _figure(
        environ, problems, {"RATE_LIMIT_TTL": 1000, "RATE_LIMIT_WINDOW_MS": 1}, LONGEST_WINDOW_MS
    )
    return RateLimitSettings(writes or (RAISED_WRITES if own_machine else WRITES), window or WINDOW_MS)


def _figure(
    environ: Mapping[str, str], problems: list[str], names: Mapping[str, int], most: int
) -> int | None:
    """What the `names` say, each times its unit; None when none of them is set."""
    said: dict[str, int] = {}
    for name, unit in names.items():
        text = (environ.get(name) or "").strip()
        if not text:
            continue
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) * unit <= most:
            problems.append(f"{name}={text}: must be a whole number from 1 to {most // unit}.")
            continue
        said[name] = int(text) * unit
    if len(set(said.values())) > 1:
        told = ", ".join(f"{name}={environ[name]}" for name in said)
        problems.append(f"{told}: these mean the same limit and disagree. Set one of them.")
    return next(iter(said.values()), None)


def _parts(environ: Mapping[str, str], name: str) -> list[str]:
    return [part.strip() for part in (environ.get(name) or "").split(",") if part.strip()]
