"""Which providers of OpenID Connect may say who somebody is?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

GOOGLE_ISSUER: Final = "https://accounts.google.com"
NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,30}")
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class OpenIdProvider:
    """One provider: `name` stands in addresses, `label` on the button, `issuer` is its own address."""

    name: str
    label: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)


def openid_from(
    environ: Mapping[str, str], problems: list[str], *, production: bool
) -> tuple[OpenIdProvider, ...]:
    """The providers of `OIDC_PROVIDERS`, in that order. `GOOGLE_CLIENT_ID` with its secret is one by itself.

    What is wrong is added to `problems`.
    """
    names = [name.strip().lower() for name in (environ.get("OIDC_PROVIDERS") or "").split(",")]
    names = [name for name in names if name]
    google = [environ.get(name) for name in ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")]
    if any(google) and "google" not in names:
        names.append("google")
    found = []
    for name in dict.fromkeys(names):
        if not NAME.fullmatch(name):
            problems.append(f"OIDC_PROVIDERS: {name} is no name; use letters, digits and hyphens.")
            continue
        provider = _provider(environ, name)
        missing = _missing(provider)
        if missing:
            told = ", ".join(f"{_prefix(name)}{what}" for what in missing)
            problems.append(f"OIDC_PROVIDERS: {name} also needs {told}.")
        elif not acceptable(provider.issuer, production=production):
            problems.append(f"{_prefix(name)}ISSUER={provider.issuer}: must be an https:// address.")
        else:
            found.append(provider)
    return tuple(found)


def acceptable(address: str, *, production: bool) -> bool:
    """Whether secrets may be sent to `address`: by TLS, or outside production to this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.username is not None or not address.isprintable():
        return False
    return parts.scheme == "https" or (not production and parts.scheme == "http" and host in LOOPBACK)


def _provider(environ: Mapping[str, str], name: str) -> OpenIdProvider:
    prefix, google = _prefix(name), name == "google"

    def said(what: str) -> str:
        own = environ.get(prefix + what) or ""
        return (own or (environ.get(f"GOOGLE_{what}") or "" if google else "")).strip()

    return OpenIdProvider(
        name=name,
        label=said("LABEL") or name.replace("-", " ").title(),
        issuer=said("ISSUER") or (GOOGLE_ISSUER if google else ""),
        client_id=said("CLIENT_ID"),
        client_secret=said("CLIENT_SECRET"),
    )


def _missing(provider: OpenIdProvider) -> list[str]:
    needed = {
        "ISSUER": provider.issuer,
        "CLIENT_ID": provider.client_id,
        "CLIENT_SECRET": provider.client_secret,
    }
    return [what for what, value in needed.items() if not value]


def _prefix(name: str) -> str:
    return f"OIDC_{name.upper().replace('-', '_')}_"
