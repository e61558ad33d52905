"""What a provider publishes of itself: where its endpoints are, by which keys it signs. Kept for an hour."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx
import msgspec
import structlog

from pasar.kernel.config.openid import OpenIdProvider, acceptable
from pasar.kernel.runtime import Runtime

log = structlog.get_logger(__name__)

KEEP_SECONDS: Final = 3600.0
# Anybody can send us a token that names a key which nobody has.
ASK_AGAIN_SECONDS: Final = 60.0
LARGEST: Final = 500_000
"""Bytes of a document."""


class ProviderAway(Exception):
    """The provider does not answer, or not what the standard asks for. The text is for logs."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """A provider's addresses. `userinfo` is empty where it has none; `by_form`: it takes the client's secret
    in the form only."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    by_form: bool


class Documents:
    """The documents of all providers, as this process last read them."""

    def __init__(self) -> None:
        self._endpoints: dict[str, tuple[float, Endpoints]] = {}
        self._keys: dict[str, tuple[float, Sequence[Mapping[str, Any]]]] = {}

    async def endpoints(self, runtime: Runtime, provider: OpenIdProvider) -> Endpoints:
        """Where to send browsers, codes and questions. Raises `ProviderAway`."""
        at, known = self._endpoints.get(provider.issuer, (0.0, None))
        if known is not None and time.monotonic() - at < KEEP_SECONDS:
            return known
        address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        found = _endpoints_in(
            await get_json(runtime, address), provider, production=runtime.settings.production
        )
        self._endpoints[provider.issuer] = (time.monotonic(), found)
        return found

    async def keys(
        self, runtime: Runtime, provider: OpenIdProvider, *, missed: bool = False
    ) -> Sequence[Mapping[str, Any]]:
        """The provider's keys. With `missed`, one was not among them: asked again, at most once a minute.

        Raises `ProviderAway`.
        """
        at, known = self._keys.get(provider.issuer, (0.0, None))
        old = time.monotonic() - at
        if known is not None and old < (ASK_AGAIN_SECONDS if missed else KEEP_SECONDS):
            return known
        endpoints = await self.endpoints(runtime, provider)
        keys = (await get_json(runtime, endpoints.keys)).get("keys")
        if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
            raise ProviderAway("its keys are no list")
        self._keys[provider.issuer] = (time.monotonic(), keys)
        return keys


documents: Final = Documents()


async def get_json(runtime: Runtime, address: str, *, bearer: str = "") -> dict[str, Any]:
    """The JSON object at `address`. Raises `ProviderAway`."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    try:
        return json_object(await runtime.http.get(address, headers=headers))
    except httpx.HTTPError as problem:
        raise ProviderAway(type(problem).__name__) from problem


def json_object(answer: httpx.Response) -> dict[str, Any]:
    """The object that a provider answered. Raises `ProviderAway` for anything else."""
    if answer.status_code != 200:
        raise ProviderAway(f"answered {answer.status_code}")
    if len(answer.content) > LARGEST:
        raise ProviderAway("answered too much")
    try:
        return msgspec.json.decode(answer.content, type=dict[str, Any])
    except msgspec.DecodeError as problem:
        raise ProviderAway("answered no JSON object") from problem


def _endpoints_in(document: Mapping[str, Any], provider: OpenIdProvider, *, production: bool) -> Endpoints:
    """Raises `ProviderAway` when the document is another issuer's, or sends secrets over the open wire."""
    if document.get("issuer") != provider.issuer:
        raise ProviderAway(f"says it is {str(document.get('issuer'))[:200]}")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
    found = [document.get(name) or "" for name in names]
    for name, address in zip(names, found, strict=True):
        optional = name == "userinfo_endpoint" and not address
        if not optional and not (isinstance(address, str) and acceptable(address, production=production)):
            raise ProviderAway(f"its {name} is no https:// address")
    methods = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    authorization, token, keys, userinfo = (str(address) for address in found)
    return Endpoints(authorization, token, keys, userinfo, by_form="client_secret_basic" not in methods)
