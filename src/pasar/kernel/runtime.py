"""What a running process holds: handed to handlers, jobs and subscribers, never global."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import httpx

from pasar.kernel.clock import Clock
from pasar.kernel.config import Settings
from pasar.kernel.crypto import Secrets
from pasar.kernel.crypto.derived import derived_key
from pasar.kernel.db.database import Database
from pasar.kernel.files import Files
from pasar.kernel.rate_limits.limiter import RateLimiter
from pasar.kernel.tenancy import Authenticator, SiteDirectory


@dataclass(slots=True)
class Runtime:
    """One process's hold on the world. `closing` is set when it is told to stop."""

    settings: Settings
    database: Database
    clock: Clock
    sites: SiteDirectory
    authenticator: Authenticator
    http: httpx.AsyncClient
    files: Files
    secrets: Secrets
    limiter: RateLimiter = field(default_factory=RateLimiter)
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def key(self, purpose: str) -> bytes:
        """A key of 32 bytes for one purpose, derived from the installation's secret."""
        return derived_key(self.settings.secret, purpose)
